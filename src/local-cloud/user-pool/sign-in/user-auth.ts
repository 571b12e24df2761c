/**
 * Choice-based sign-in, the flow USER_AUTH: the client names the factor it prefers, or chooses one of the user's.
 *
 * Under PreventUserExistenceErrors a user who is unknown, unconfirmed or disabled is simulated: a user with a
 * password and a verified address, every second one with a passkey, for whom nothing is right.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/authentication-flows-selection-sdk.html
 */

import { CognitoError, CommittedError } from '../cognito-error.ts'
import { userNotFoundError } from '../common-errors.ts'
import type { OperationContext, Reply } from '../context.ts'
import { createSimulatedAccount } from '../simulated-user.ts'
import {
  type AskedUser,
  acceptAssertion,
  incorrectPasskeyError,
} from '../webauthn/authentication.ts'
import { findAccountStatusError } from './account-status.ts'
import {
  type AuthSession,
  assertSessionOf,
  consumeAuthSession,
  createAuthSession,
  requireAuthSession,
} from './auth-session.ts'
import { continueSignIn, finishSignIn } from './continue-sign-in.ts'
import { type FirstFactorRequest, findFirstFactors, webAuthn } from './first-factors.ts'
import { assertOtp, assertSameAddress, otpMismatchError } from './otp.ts'
import { requireParameter } from './parameters.ts'

type UserAuthRequest = Omit<FirstFactorRequest, 'user' | 'isSimulated'>

/**
 * InitiateAuth with USER_AUTH.
 *
 * @returns the preferred factor's challenge, or what comes after it; SELECT_CHALLENGE where none is preferred, or one
 *   that the user does not have
 */
export function startUserAuth(request: UserAuthRequest, context: OperationContext): Reply {
  const { clientId, parameters } = request
  const asked = findAskedUser(request, context)
  const available = findFirstFactors(asked, context)
  const preferred = available.find(({ name }) => name === parameters.PREFERRED_CHALLENGE)
  if (!preferred) {
    const challenge = 'SELECT_CHALLENGE'
    const offer = available.find((factor) => factor.offer)?.offer?.(asked, context)
    return {
      ChallengeName: challenge,
      Session: createAuthSession(
        { challenge, sub: asked.user.sub, clientId, ...offer?.session },
        context,
      ),
      ChallengeParameters: { ...offer?.parameters },
      AvailableChallenges: available.map(({ name }) => name),
    }
  }
  const reply = preferred.start({ ...request, ...asked }, context)
  const isItsChallenge = typeof reply === 'object' && 'ChallengeName' in reply
  if (!isItsChallenge || reply.ChallengeName !== preferred.name) return reply
  return { ...reply, AvailableChallenges: [preferred.name] }
}

/** InitiateAuth with USER_AUTH and the Session of ConfirmSignUp, which stands for a first factor, once. */
export function signInAfterSignUp(
  { username, clientId }: UserAuthRequest,
  session: string,
  context: OperationContext,
): Reply {
  const step = requireAuthSession(session, { challenge: 'CONFIRMED_SIGN_UP' }, context)
  assertSessionOf(step.state, { username, clientId }, context)
  consumeAuthSession(step.state, context)
  return continueSignIn({ user: step.user, clientId }, context)
}

/**
 * The response to SELECT_CHALLENGE, and to PASSWORD and PASSWORD_SRP, whose fields it may have at once. A wrong
 * password does not consume the Session.
 *
 * @param answer the factor
 * @throws {CognitoError} InvalidParameterException for a factor that the user does not have
 */
export function respondWithFactor(
  answer: string,
  state: AuthSession,
  request: UserAuthRequest,
  context: OperationContext,
): Reply {
  const asked = findAskedUser(request, context)
  const factor = findFirstFactors(asked, context).find(({ name }) => name === answer)
  if (!factor) {
    throw new CognitoError('InvalidParameterException', 'Selected challenge is not available')
  }
  const reply = factor.start({ ...request, ...asked }, context, state)
  if (!(reply instanceof CommittedError)) consumeAuthSession(state, context)
  return reply
}

/**
 * The response to EMAIL_OTP and SMS_OTP as first factor. A wrong code does not consume the Session.
 *
 * @throws {CognitoError} CodeMismatchException; the account status error after the right code
 */
export function respondToOtp(
  name: 'EMAIL_OTP' | 'SMS_OTP',
  state: AuthSession,
  { clientId, parameters }: UserAuthRequest,
  context: OperationContext,
): Reply {
  assertOtp(requireParameter(parameters, `${name}_CODE`), state)
  const user = context.store.findUserBySub(state.sub)
  if (!user) throw otpMismatchError()
  const statusError = findAccountStatusError(user, context)
  if (statusError) throw statusError
  assertSameAddress(user, state, name === 'EMAIL_OTP' ? 'email' : 'phone_number')
  consumeAuthSession(state, context)
  return continueSignIn({ user, clientId }, context)
}

/**
 * The response to WEB_AUTHN. A wrong one does not consume the Session.
 *
 * @throws {CognitoError} NotAuthorizedException, the same for every cause; the account status error after the right one
 */
export function respondToWebAuthn(
  state: AuthSession,
  { username, clientId, parameters, assertion }: UserAuthRequest,
  context: OperationContext,
): Reply {
  requireParameter(parameters, 'CREDENTIAL')
  const user = context.store.findUserBySub(state.sub)
  if (!user || !assertion) throw incorrectPasskeyError('no such user')
  acceptAssertion(assertion, { user, challenge: state.webAuthnChallenge }, context)
  const statusError = findAccountStatusError(user, context)
  if (statusError) throw statusError
  // Since the challenge, the user may have turned a second factor on.
  if (!webAuthn.isSetUp({ username, user, isSimulated: false }, context)) {
    throw incorrectPasskeyError('a passkey is not enough any more')
  }
  consumeAuthSession(state, context)
  return finishSignIn({ user, clientId }, context)
}

/**
 * @returns the user, or a simulated one in place of somebody who cannot sign in
 * @throws {CognitoError} for a LEGACY client: UserNotFoundException, the account status error
 */
function findAskedUser({ username }: UserAuthRequest, context: OperationContext): AskedUser {
  const { store, settings } = context
  const user = store.findUser(username)
  // Computed for every user name, so that timing does not reveal which users exist.
  const simulated = createSimulatedAccount(username, context.simulateUser(username), settings)
  const statusError = user && findAccountStatusError(user, context)
  if (!settings.preventsUserExistenceErrors) {
    if (!user) throw userNotFoundError()
    if (statusError) throw statusError
  }
  const canSignIn = user !== undefined && statusError === undefined
  return { username, user: canSignIn ? user : simulated, isSimulated: !canSignIn }
}
