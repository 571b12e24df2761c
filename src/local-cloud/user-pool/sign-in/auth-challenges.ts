/** What comes after the first factor: further challenges, their answers, and in the end the tokens. */

import {
  assertRequiredAttributes,
  toChangedAttributes,
  toMissingAttributes,
} from '../attributes.ts'
import { assertClientId, assertSignInHash } from '../clients.ts'
import { CognitoError } from '../cognito-error.ts'
import { countFailedSignIn, findLockout, forgetFailedSignIns } from '../limits.ts'
import type { JsonObject, OperationContext, Reply } from '../operations/operation.ts'
import { requireParameter } from '../operations/request-schema.ts'
import { assertPassword, createCredentials, passwordRefusals } from '../passwords.ts'
import { startSession, withoutChallenge } from '../sessions.ts'
import { findActiveSoftwareToken, useSoftwareTokenCode } from '../software-token.ts'
import type { User } from '../store/store.ts'
import { updateUser, withVerifiedFlag } from '../users.ts'
import {
  type AuthSession,
  createAuthSession,
  invalidSession,
  requireAuthSession,
  type SessionChallenge,
  spendAuthSession,
} from './auth-session.ts'
import { judgePasswordProof } from './password-verifier.ts'

/** Every challenge there is in Cognito; those this pool does not give have no Session that answers them. */
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

export interface ChallengeAnswer {
  readonly ClientId: string
  readonly ChallengeName: (typeof challengeNames)[number]
  readonly ChallengeResponses: Readonly<Record<string, string>>
  readonly Session?: string | undefined
}

/**
 * The whole of RespondToAuthChallenge and AdminRespondToAuthChallenge.
 *
 * @throws {CognitoError}
 */
export function answerChallenge(answer: ChallengeAnswer, context: OperationContext): Reply {
  const { ClientId, ChallengeName, ChallengeResponses } = answer
  assertClientId(ClientId, context)
  const username = requireParameter(ChallengeResponses, 'USERNAME')
  assertSignInHash({ clientId: ClientId, username }, ChallengeResponses, context)
  switch (ChallengeName) {
    case 'PASSWORD_VERIFIER': {
      const proof = {
        username,
        clientId: ClientId,
        secretBlock: requireParameter(ChallengeResponses, 'PASSWORD_CLAIM_SECRET_BLOCK'),
        signature: requireParameter(ChallengeResponses, 'PASSWORD_CLAIM_SIGNATURE'),
        timestamp: requireParameter(ChallengeResponses, 'TIMESTAMP'),
      }
      const judged = judgePasswordProof(proof, context)
      if (judged instanceof CognitoError) return judged
      return continueSignIn({ user: judged, clientId: ClientId }, context)
    }
    case 'NEW_PASSWORD_REQUIRED':
      return answerNewPassword(requireStep(answer, ChallengeName, context), answer, context)
    case 'SOFTWARE_TOKEN_MFA':
      return answerSoftwareToken(requireStep(answer, ChallengeName, context), answer, context)
    case 'MFA_SETUP': {
      const step = requireStep(answer, ChallengeName, context)
      if (!step.state.softwareTokenVerified) throw invalidSession('no code was verified yet')
      spendAuthSession(step.state, context)
      return finishSignIn({ user: step.user, clientId: ClientId }, context)
    }
    default:
      throw invalidSession(`this pool gives no ${ChallengeName}`)
  }
}

/** Goes on after the password: with the next challenge, or with tokens when there is none. */
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
  forgetFailedSignIns(signedIn.user.sub, context)
  return withoutChallenge(startSession(signedIn, context))
}

interface Step {
  readonly state: AuthSession
  readonly user: User
}

/** @throws {CognitoError} when the Session is missing, or not of this client and user */
function requireStep(
  { ClientId, ChallengeResponses, Session }: ChallengeAnswer,
  challenge: SessionChallenge,
  context: OperationContext,
): Step {
  if (Session === undefined) {
    throw new CognitoError('InvalidParameterException', 'Missing required parameter Session')
  }
  const step = requireAuthSession(Session, { challenge }, context)
  const named = context.store.findUser(requireParameter(ChallengeResponses, 'USERNAME'))
  if (step.state.clientId !== ClientId || named?.sub !== step.user.sub) {
    throw invalidSession('a Session of another user or client')
  }
  return step
}

/** prefix of the attributes among the responses to NEW_PASSWORD_REQUIRED */
const attributePrefix = 'userAttributes.'

function answerNewPassword(
  { state, user }: Step,
  { ClientId, ChallengeResponses }: ChallengeAnswer,
  context: OperationContext,
): Reply {
  const { settings, clock } = context
  const password = requireParameter(ChallengeResponses, 'NEW_PASSWORD')
  assertPassword(password, settings, passwordRefusals.change)
  const members = Object.entries(ChallengeResponses)
    .filter(([name]) => name.startsWith(attributePrefix))
    .map(([name, Value]) => ({ Name: name.slice(attributePrefix.length), Value }))
  if (user.attributes.has('email') && members.some(({ Name }) => Name === 'email')) {
    throw new CognitoError('NotAuthorizedException', 'Cannot modify an already provided email')
  }
  const attributes = withVerifiedFlag(toChangedAttributes(user, members, 'client', settings))
  assertRequiredAttributes(attributes, settings)
  const changed: User = {
    ...user,
    ...createCredentials({ username: user.username, password }, context),
    attributes,
    status: 'CONFIRMED',
    modifiedAtMs: clock.nowMs(),
  }
  updateUser(changed, context)
  spendAuthSession(state, context)
  return continueSignIn({ user: changed, clientId: ClientId }, context)
}

/** A wrong code counts as a failed sign-in, and the Session lives on for another try. */
function answerSoftwareToken(
  { state, user }: Step,
  { ClientId, ChallengeResponses }: ChallengeAnswer,
  context: OperationContext,
): Reply {
  const code = requireParameter(ChallengeResponses, 'SOFTWARE_TOKEN_MFA_CODE')
  const lockout = findLockout(user.sub, context)
  if (lockout) throw lockout
  try {
    useSoftwareTokenCode(user, code, context)
  } catch (error) {
    if (!(error instanceof CognitoError)) throw error
    countFailedSignIn(user.sub, context)
    return error
  }
  spendAuthSession(state, context)
  return finishSignIn({ user, clientId: ClientId }, context)
}
