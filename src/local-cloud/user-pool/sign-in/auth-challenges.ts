/** Responses to challenges: to those of the first factor, and to those that come after it. */

import { toAttributeMembers, toChangedAttributes, toMissingAttributes } from '../attributes.ts'
import { assertClientId, assertSecretHashParameter } from '../client-authentication.ts'
import { CognitoError, CommittedError } from '../cognito-error.ts'
import { type Contact, isEmail, isVerified, verificationFlagOf } from '../contacts.ts'
import type { OperationContext, Reply, UserPool } from '../context.ts'
import { findActiveMfaFactors, mfaContactOf } from '../mfa.ts'
import { assertPassword, createCredentials, passwordPolicyMessages } from '../passwords.ts'
import { findLockoutError, recordFailedSignIn } from '../rate-limit.ts'
import { contactAttributes } from '../settings.ts'
import { consumeSoftwareTokenCode } from '../software-token-mfa.ts'
import type { MessageMfaFactor, User } from '../store/store.ts'
import { updateUser, withVerificationFlags } from '../users.ts'
import { type VerifiedAssertion, verifyAssertion } from '../webauthn/authentication.ts'
import {
  type AuthSession,
  type AuthStep,
  assertSessionOf,
  consumeAuthSession,
  findWebAuthnChallenge,
  invalidSessionError,
  type LaterChallenge,
  requireAuthSession,
  requireAuthState,
} from './auth-session.ts'
import {
  continueSignIn,
  finishSignIn,
  startMessageMfa,
  startSecondFactor,
} from './continue-sign-in.ts'
import { continueAfterPassword, respondToCustomChallenge } from './custom-auth.ts'
import { assertOtp, assertSameAddress } from './otp.ts'
import { requireParameter } from './parameters.ts'
import { verifyPasswordClaim } from './password-verifier.ts'
import { respondToOtp, respondToWebAuthn, respondWithFactor } from './user-auth.ts'

/** Cognito's challenges, including those that this pool never gives. */
export const challengeNames = [
  'SMS_MFA',
  'EMAIL_OTP',
  'SOFTWARE_TOKEN_MFA',
  'SELECT_MFA_TYPE',
  'MFA_SETUP',
  'PASSWORD_VERIFIER',
  'CUSTOM_CHALLENGE',
  'SELECT_CHALLENGE',
  'DEVICE_SRP_AUTH',
  'DEVICE_PASSWORD_VERIFIER',
  'ADMIN_NO_SRP_AUTH',
  'NEW_PASSWORD_REQUIRED',
  'SMS_OTP',
  'PASSWORD',
  'WEB_AUTHN',
  'PASSWORD_SRP',
] as const

export interface ChallengeResponse {
  readonly ClientId: string
  readonly ChallengeName: (typeof challengeNames)[number]
  readonly ChallengeResponses: Readonly<Record<string, string>>
  readonly Session?: string | undefined
}

/**
 * RespondToAuthChallenge and AdminRespondToAuthChallenge: verifies what a passkey has signed, before the transaction.
 *
 * @returns the response to the challenge
 */
export async function prepareChallengeResponse(
  response: ChallengeResponse,
  pool: UserPool,
): Promise<(context: OperationContext) => Reply> {
  const { CREDENTIAL: text = '' } = response.ChallengeResponses
  if (text === '' || !['WEB_AUTHN', 'SELECT_CHALLENGE'].includes(response.ChallengeName)) {
    return (context) => respondToChallenge(response, undefined, context)
  }
  const challenge = findWebAuthnChallenge(response.Session ?? '', pool)
  const assertion = await verifyAssertion({ text, challenge }, pool)
  return (context) => respondToChallenge(response, assertion, context)
}

/** @throws {CognitoError} */
function respondToChallenge(
  response: ChallengeResponse,
  assertion: VerifiedAssertion | CognitoError | undefined,
  context: OperationContext,
): Reply {
  const { ClientId, ChallengeName, ChallengeResponses } = response
  assertClientId(ClientId, context)
  const username = requireParameter(ChallengeResponses, 'USERNAME')
  assertSecretHashParameter({ clientId: ClientId, username }, ChallengeResponses, context)
  const request = { username, clientId: ClientId, parameters: ChallengeResponses, assertion }
  switch (ChallengeName) {
    case 'SELECT_CHALLENGE': {
      const state = requireState(response, ChallengeName, context)
      return respondWithFactor(
        requireParameter(ChallengeResponses, 'ANSWER'),
        state,
        request,
        context,
      )
    }
    case 'PASSWORD': {
      const state = requireState(response, ChallengeName, context)
      requireParameter(ChallengeResponses, 'PASSWORD')
      return respondWithFactor(ChallengeName, state, request, context)
    }
    case 'PASSWORD_SRP': {
      const state = requireState(response, ChallengeName, context)
      requireParameter(ChallengeResponses, 'SRP_A')
      return respondWithFactor(ChallengeName, state, request, context)
    }
    case 'EMAIL_OTP': {
      const state = requireState(response, ['EMAIL_OTP', 'EMAIL_MFA'], context)
      return state.challenge === 'EMAIL_OTP'
        ? respondToOtp(ChallengeName, state, request, context)
        : respondToMessageMfa(
            ChallengeName,
            requireStep(response, 'EMAIL_MFA', context),
            response,
            context,
          )
    }
    case 'SMS_OTP': {
      const state = requireState(response, ChallengeName, context)
      return respondToOtp(ChallengeName, state, request, context)
    }
    case 'SMS_MFA':
      return respondToMessageMfa(
        ChallengeName,
        requireStep(response, ChallengeName, context),
        response,
        context,
      )
    case 'WEB_AUTHN':
      return respondToWebAuthn(requireState(response, ChallengeName, context), request, context)
    case 'PASSWORD_VERIFIER': {
      const claim = {
        username,
        clientId: ClientId,
        secretBlock: requireParameter(ChallengeResponses, 'PASSWORD_CLAIM_SECRET_BLOCK'),
        signature: requireParameter(ChallengeResponses, 'PASSWORD_CLAIM_SIGNATURE'),
        timestamp: requireParameter(ChallengeResponses, 'TIMESTAMP'),
        session: response.Session,
      }
      const proved = verifyPasswordClaim(claim, context)
      if (proved instanceof CommittedError) return proved
      const { user, customSession } = proved
      return customSession
        ? continueAfterPassword(user, customSession, context)
        : continueSignIn({ user, clientId: ClientId }, context)
    }
    case 'CUSTOM_CHALLENGE': {
      const state = requireState(response, ChallengeName, context)
      return respondToCustomChallenge(state, request, context)
    }
    case 'NEW_PASSWORD_REQUIRED':
      return respondToNewPasswordRequired(
        requireStep(response, ChallengeName, context),
        response,
        context,
      )
    case 'SOFTWARE_TOKEN_MFA':
      return respondToSoftwareTokenMfa(
        requireStep(response, ChallengeName, context),
        response,
        context,
      )
    case 'SELECT_MFA_TYPE':
      return respondToSelectMfaType(
        requireStep(response, ChallengeName, context),
        response,
        context,
      )
    case 'MFA_SETUP': {
      const step = requireStep(response, ChallengeName, context)
      if (Object.hasOwn(ChallengeResponses, 'EMAIL')) return setUpEmailMfa(step, response, context)
      if (!step.state.softwareTokenVerified) throw invalidSessionError('no code was verified yet')
      consumeAuthSession(step.state, context)
      return finishSignIn({ user: step.user, clientId: ClientId }, context)
    }
    default:
      throw invalidSessionError(`this pool gives no ${ChallengeName}`)
  }
}

interface Step {
  readonly state: AuthSession
  readonly user: User
}

/** @throws {CognitoError} when the Session is missing, invalid, or of another client or user */
function requireStep(
  response: ChallengeResponse,
  challenge: LaterChallenge,
  context: OperationContext,
): Step {
  const step = requireAuthSession(requireSession(response), { challenge }, context)
  assertSessionOf(step.state, toCaller(response), context)
  return step
}

/** The same for a challenge of the first factor, whose user may be a simulated one. */
function requireState(
  response: ChallengeResponse,
  challenge: AuthStep | readonly AuthStep[],
  context: OperationContext,
): AuthSession {
  const state = requireAuthState(requireSession(response), { challenge }, context)
  assertSessionOf(state, toCaller(response), context)
  return state
}

function requireSession({ Session }: ChallengeResponse): string {
  return requireParameter({ ...(Session !== undefined && { Session }) }, 'Session')
}

function toCaller({ ClientId, ChallengeResponses }: ChallengeResponse) {
  return { clientId: ClientId, username: requireParameter(ChallengeResponses, 'USERNAME') }
}

/** prefix of the attributes in the response to NEW_PASSWORD_REQUIRED */
const attributePrefix = 'userAttributes.'

function respondToNewPasswordRequired(
  { state, user }: Step,
  { ClientId, ChallengeResponses }: ChallengeResponse,
  context: OperationContext,
): Reply {
  const { settings, clock } = context
  const password = requireParameter(ChallengeResponses, 'NEW_PASSWORD')
  assertPassword(password, settings, passwordPolicyMessages.change)
  const members = Object.entries(ChallengeResponses)
    .filter(([name]) => name.startsWith(attributePrefix))
    .map(([name, Value]) => ({ Name: name.slice(attributePrefix.length), Value }))
    // A field left empty gives no attribute; only one that the user has can be deleted.
    .filter(({ Name, Value }) => Value !== '' || user.attributes.has(Name))
  const provided = contactAttributes.find(
    (name) => user.attributes.has(name) && members.some(({ Name }) => Name === name),
  )
  if (provided) {
    throw new CognitoError(
      'NotAuthorizedException',
      `Cannot modify an already provided ${provided}`,
    )
  }
  const attributes = withVerificationFlags(
    toChangedAttributes(user, toAttributeMembers(members, settings), 'client', settings),
  )
  const [missing] = toMissingAttributes(attributes, settings.attributeSchema)
  if (missing !== undefined) {
    throw new CognitoError(
      'InvalidParameterException',
      `Invalid attributes given, ${missing} is missing`,
    )
  }
  const changed: User = {
    ...user,
    ...createCredentials({ username: user.username, password }, context),
    attributes,
    status: 'CONFIRMED',
    modifiedAtMs: clock.nowMs(),
  }
  updateUser(changed, context)
  consumeAuthSession(state, context)
  const tokenSource = 'TokenGeneration_NewPasswordChallenge'
  return continueSignIn({ user: changed, clientId: ClientId, tokenSource }, context)
}

/**
 * Verifies the code of a second factor. A wrong one counts as a failed sign-in, and its Session lives on.
 *
 * @returns the error of a wrong code
 * @throws {CognitoError} for a user who is locked out
 */
function verifySecondFactor(
  { sub }: User,
  context: OperationContext,
  verify: () => void,
): CommittedError | undefined {
  const lockoutError = findLockoutError(sub, context)
  if (lockoutError) throw lockoutError
  try {
    verify()
    return undefined
  } catch (error) {
    if (!(error instanceof CognitoError)) throw error
    recordFailedSignIn(sub, context)
    return new CommittedError(error)
  }
}

function respondToSoftwareTokenMfa(
  { state, user }: Step,
  { ClientId, ChallengeResponses }: ChallengeResponse,
  context: OperationContext,
): Reply {
  const code = requireParameter(ChallengeResponses, 'SOFTWARE_TOKEN_MFA_CODE')
  const failed = verifySecondFactor(user, context, () =>
    consumeSoftwareTokenCode(user, code, context),
  )
  if (failed) return failed
  consumeAuthSession(state, context)
  return finishSignIn({ user, clientId: ClientId }, context)
}

/** The right code verifies the address or phone number that it was sent to. */
function respondToMessageMfa(
  factor: MessageMfaFactor,
  { state, user }: Step,
  { ClientId, ChallengeResponses }: ChallengeResponse,
  context: OperationContext,
): Reply {
  const code = requireParameter(ChallengeResponses, `${factor}_CODE`)
  const attribute = mfaContactOf[factor]
  assertSameAddress(user, state, attribute)
  const failed = verifySecondFactor(user, context, () => assertOtp(code, state))
  if (failed) return failed
  const contact = state.address === undefined ? undefined : { attribute, address: state.address }
  const verified = withVerifiedContact(user, contact, context)
  consumeAuthSession(state, context)
  return finishSignIn({ user: verified, clientId: ClientId }, context)
}

/** @param contact of the Session: the user's, or the one that they set up */
function withVerifiedContact(
  user: User,
  contact: Contact | undefined,
  context: OperationContext,
): User {
  if (!contact || isVerified(user, contact.attribute)) return user
  const attributes = new Map([
    ...user.attributes,
    [contact.attribute, contact.address],
    [verificationFlagOf[contact.attribute], 'true'],
  ])
  const verified = { ...user, attributes, modifiedAtMs: context.clock.nowMs() }
  updateUser(verified, context)
  return verified
}

/** @throws {CognitoError} MFAMethodNotFoundException for a factor that the user does not have on */
function respondToSelectMfaType(
  { state, user }: Step,
  { ClientId, ChallengeResponses }: ChallengeResponse,
  context: OperationContext,
): Reply {
  const answer = requireParameter(ChallengeResponses, 'ANSWER')
  const chosen = findActiveMfaFactors(user, context).find(({ name }) => name === answer)
  if (!chosen) throw new CognitoError('MFAMethodNotFoundException', 'MFA method not found.')
  consumeAuthSession(state, context)
  return startSecondFactor(chosen.name, { user, clientId: ClientId }, context)
}

/** MFA_SETUP by EMAIL: the address becomes the user's once its code is right. */
function setUpEmailMfa(
  { state, user }: Step,
  { ClientId, ChallengeResponses }: ChallengeResponse,
  context: OperationContext,
): Reply {
  const address = requireParameter(ChallengeResponses, 'EMAIL')
  if (!context.settings.mfaFactors.has('EMAIL_OTP')) {
    throw invalidSessionError('this pool has no MFA by email')
  }
  if (!isEmail(address)) {
    throw new CognitoError('InvalidParameterException', 'Invalid email address format.')
  }
  consumeAuthSession(state, context)
  return startMessageMfa({ factor: 'EMAIL_OTP', address }, { user, clientId: ClientId }, context)
}
