/** Responses to challenges: the password claim, what comes after it, and in the end the tokens. */

import {
  assertRequiredAttributes,
  toChangedAttributes,
  toMissingAttributes,
} from '../attributes.ts'
import { assertClientId, assertSecretHashParameter } from '../client-authentication.ts'
import { CognitoError, CommittedError } from '../cognito-error.ts'
import type { JsonObject, OperationContext, Reply } from '../context.ts'
import { assertPassword, createCredentials, passwordPolicyMessages } from '../passwords.ts'
import { findLockoutError, recordFailedSignIn, resetFailedSignIns } from '../rate-limit.ts'
import { startSession, withEmptyChallengeParameters } from '../sessions.ts'
import { consumeSoftwareTokenCode, findActiveSoftwareToken } from '../software-token-mfa.ts'
import type { User } from '../store/store.ts'
import { updateUser, withEmailVerifiedAttribute } from '../users.ts'
import {
  type AuthSession,
  consumeAuthSession,
  createAuthSession,
  invalidSessionError,
  requireAuthSession,
  type SessionChallenge,
} from './auth-session.ts'
import { requireParameter } from './parameters.ts'
import { verifyPasswordClaim } from './password-verifier.ts'

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
 * RespondToAuthChallenge and AdminRespondToAuthChallenge.
 *
 * @throws {CognitoError}
 */
export function respondToChallenge(response: ChallengeResponse, context: OperationContext): Reply {
  const { ClientId, ChallengeName, ChallengeResponses } = response
  assertClientId(ClientId, context)
  const username = requireParameter(ChallengeResponses, 'USERNAME')
  assertSecretHashParameter({ clientId: ClientId, username }, ChallengeResponses, context)
  switch (ChallengeName) {
    case 'PASSWORD_VERIFIER': {
      const claim = {
        username,
        clientId: ClientId,
        secretBlock: requireParameter(ChallengeResponses, 'PASSWORD_CLAIM_SECRET_BLOCK'),
        signature: requireParameter(ChallengeResponses, 'PASSWORD_CLAIM_SIGNATURE'),
        timestamp: requireParameter(ChallengeResponses, 'TIMESTAMP'),
      }
      const user = verifyPasswordClaim(claim, context)
      if (user instanceof CommittedError) return user
      return continueSignIn({ user, clientId: ClientId }, context)
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
    case 'MFA_SETUP': {
      const step = requireStep(response, ChallengeName, context)
      if (!step.state.softwareTokenVerified) throw invalidSessionError('no code was verified yet')
      consumeAuthSession(step.state, context)
      return finishSignIn({ user: step.user, clientId: ClientId }, context)
    }
    default:
      throw invalidSessionError(`this pool gives no ${ChallengeName}`)
  }
}

/** @returns the next challenge after the password, or tokens when there is none */
export function continueSignIn(
  { user, clientId }: { user: User; clientId: string },
  context: OperationContext,
): Reply {
  const { settings } = context
  const next = (challenge: SessionChallenge, parameters: JsonObject) => ({
    ChallengeName: challenge,
    Session: createAuthSession({ challenge, sub: user.sub, clientId }, context),
    ChallengeParameters: { ...parameters, USER_ID_FOR_SRP: user.username },
  })
  if (user.status === 'FORCE_CHANGE_PASSWORD') {
    const missing = toMissingAttributes(user.attributes, settings.attributeSchema)
    return next('NEW_PASSWORD_REQUIRED', {
      userAttributes: JSON.stringify(Object.fromEntries(user.attributes)),
      requiredAttributes: JSON.stringify(missing.map((name) => `userAttributes.${name}`)),
    })
  }
  const token = findActiveSoftwareToken(user, context)
  if (token) {
    const { friendlyDeviceName } = token
    return next('SOFTWARE_TOKEN_MFA', {
      ...(friendlyDeviceName !== undefined && { FRIENDLY_DEVICE_NAME: friendlyDeviceName }),
    })
  }
  if (settings.mfaConfiguration === 'ON') {
    return next('MFA_SETUP', { MFAS_CAN_SETUP: JSON.stringify(['SOFTWARE_TOKEN_MFA']) })
  }
  return finishSignIn({ user, clientId }, context)
}

function finishSignIn(
  signedIn: { user: User; clientId: string },
  context: OperationContext,
): Reply {
  resetFailedSignIns(signedIn.user.sub, context)
  return withEmptyChallengeParameters(startSession(signedIn, context))
}

interface Step {
  readonly state: AuthSession
  readonly user: User
}

/** @throws {CognitoError} when the Session is missing, invalid, or of another client or user */
function requireStep(
  { ClientId, ChallengeResponses, Session }: ChallengeResponse,
  challenge: SessionChallenge,
  context: OperationContext,
): Step {
  if (Session === undefined) {
    throw new CognitoError('InvalidParameterException', 'Missing required parameter Session')
  }
  const step = requireAuthSession(Session, { challenge }, context)
  const named = context.store.findUser(requireParameter(ChallengeResponses, 'USERNAME'))
  if (step.state.clientId !== ClientId || named?.sub !== step.user.sub) {
    throw invalidSessionError('a Session of another user or client')
  }
  return step
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
  if (user.attributes.has('email') && members.some(({ Name }) => Name === 'email')) {
    throw new CognitoError('NotAuthorizedException', 'Cannot modify an already provided email')
  }
  const attributes = withEmailVerifiedAttribute(
    toChangedAttributes(user, members, 'client', settings),
  )
  assertRequiredAttributes(attributes, settings)
  const changed: User = {
    ...user,
    ...createCredentials({ username: user.username, password }, context),
    attributes,
    status: 'CONFIRMED',
    modifiedAtMs: clock.nowMs(),
  }
  updateUser(changed, context)
  consumeAuthSession(state, context)
  return continueSignIn({ user: changed, clientId: ClientId }, context)
}

/** A wrong code counts as a failed sign-in and does not consume the Session. */
function respondToSoftwareTokenMfa(
  { state, user }: Step,
  { ClientId, ChallengeResponses }: ChallengeResponse,
  context: OperationContext,
): Reply {
  const code = requireParameter(ChallengeResponses, 'SOFTWARE_TOKEN_MFA_CODE')
  const lockoutError = findLockoutError(user.sub, context)
  if (lockoutError) throw lockoutError
  try {
    consumeSoftwareTokenCode(user, code, context)
  } catch (error) {
    if (!(error instanceof CognitoError)) throw error
    recordFailedSignIn(user.sub, context)
    return new CommittedError(error)
  }
  consumeAuthSession(state, context)
  return finishSignIn({ user, clientId: ClientId }, context)
}
