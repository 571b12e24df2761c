/**
 * Choice-based sign-in, the flow USER_AUTH: the client names the factor it prefers, or chooses one of the user's.
 *
 * Under PreventUserExistenceErrors a user who is unknown, unconfirmed or disabled is simulated: a user with a
 * password and a verified email address, for whom nothing is right.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/authentication-flows-selection-sdk.html
 */

import { CognitoError, CommittedError } from '../cognito-error.ts'
import { userNotFoundError } from '../common-errors.ts'
import type { OperationContext, Reply } from '../context.ts'
import { createSimulatedAccount } from '../simulated-user.ts'
import { findAccountStatusError } from './account-status.ts'
import {
  type AuthSession,
  assertSessionOf,
  consumeAuthSession,
  createAuthSession,
  requireAuthSession,
} from './auth-session.ts'
import { continueSignIn } from './continue-sign-in.ts'
import { assertEmailOtp, assertSameAddress, emailOtpMismatchError } from './email-otp.ts'
import { type FirstFactorRequest, findFirstFactors } from './first-factors.ts'
import { requireParameter } from './parameters.ts'

type UserAuthRequest = Pick<FirstFactorRequest, 'username' | 'clientId' | 'parameters'>

/**
 * InitiateAuth with USER_AUTH.
 *
 * @returns the preferred factor's challenge, or what comes after it; SELECT_CHALLENGE where none is preferred, or one
 *   that the user does not have
 */
export function startUserAuth(request: UserAuthRequest, context: OperationContext): Reply {
  const { clientId, parameters } = request
  const asked = findAskedUser(request, context)
  const available = findFirstFactors(asked.user, context)
  const preferred = available.find(({ name }) => name === parameters.PREFERRED_CHALLENGE)
  if (!preferred) {
    const challenge = 'SELECT_CHALLENGE'
    return {
      ChallengeName: challenge,
      Session: createAuthSession({ challenge, sub: asked.user.sub, clientId }, context),
      ChallengeParameters: {},
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
  const factor = findFirstFactors(asked.user, context).find(({ name }) => name === answer)
  if (!factor) {
    throw new CognitoError('InvalidParameterException', 'Selected challenge is not available')
  }
  const reply = factor.start({ ...request, ...asked }, context)
  if (!(reply instanceof CommittedError)) consumeAuthSession(state, context)
  return reply
}

/**
 * The response to EMAIL_OTP as first factor. A wrong code does not consume the Session.
 *
 * @throws {CognitoError} CodeMismatchException; the account status error after the right code
 */
export function respondToEmailOtp(
  state: AuthSession,
  { clientId, parameters }: UserAuthRequest,
  context: OperationContext,
): Reply {
  assertEmailOtp(requireParameter(parameters, 'EMAIL_OTP_CODE'), state)
  const user = context.store.findUserBySub(state.sub)
  if (!user) throw emailOtpMismatchError()
  const statusError = findAccountStatusError(user, context)
  if (statusError) throw statusError
  assertSameAddress(user, state)
  consumeAuthSession(state, context)
  return continueSignIn({ user, clientId }, context)
}

/**
 * @returns the user, or a simulated one in place of somebody who cannot sign in
 * @throws {CognitoError} for a LEGACY client: UserNotFoundException, the account status error
 */
function findAskedUser(
  { username }: UserAuthRequest,
  context: OperationContext,
): Pick<FirstFactorRequest, 'user' | 'isSimulated'> {
  const { store, settings } = context
  const user = store.findUser(username)
  // Computed for every user name, so that timing does not reveal which users exist.
  const simulated = createSimulatedAccount(username, context.simulateUser(username))
  const statusError = user && findAccountStatusError(user, context)
  if (!settings.preventsUserExistenceErrors) {
    if (!user) throw userNotFoundError()
    if (statusError) throw statusError
  }
  const canSignIn = user !== undefined && statusError === undefined
  return { user: canSignIn ? user : simulated, isSimulated: !canSignIn }
}
