/** What comes after the first factor: a new password, a second factor, and in the end the tokens. */

import { toMissingAttributes } from '../attributes.ts'
import type { JsonObject, OperationContext, Reply } from '../context.ts'
import { findActiveMfaFactors, findMfaFactorsToSetUp, mfaContactOf } from '../mfa.ts'
import { resetFailedSignIns } from '../rate-limit.ts'
import { startSession, withEmptyChallengeParameters } from '../sessions.ts'
import type { MfaFactor } from '../settings.ts'
import type { MessageMfaFactor, User } from '../store/store.ts'
import type { TokenGenerationSource } from '../triggers/pre-token-generation.ts'
import { askPostAuthentication } from '../triggers/sign-in-triggers.ts'
import { type AuthSession, createAuthSession, type LaterChallenge } from './auth-session.ts'
import { sendOtp } from './otp.ts'

interface SignIn {
  readonly user: User
  readonly clientId: string
  /** what PreTokenGeneration is told; `TokenGeneration_Authentication` by default */
  readonly tokenSource?: TokenGenerationSource
}

/** @returns the next challenge after the first factor, or tokens when there is none */
export function continueSignIn(signIn: SignIn, context: OperationContext): Reply {
  const { settings } = context
  const { user } = signIn
  if (user.status === 'FORCE_CHANGE_PASSWORD') {
    const missing = toMissingAttributes(user.attributes, settings.attributeSchema)
    return createChallenge(signIn, { challenge: 'NEW_PASSWORD_REQUIRED' }, context, {
      userAttributes: JSON.stringify(Object.fromEntries(user.attributes)),
      requiredAttributes: JSON.stringify(missing.map((name) => `userAttributes.${name}`)),
    })
  }
  const active = findActiveMfaFactors(user, context)
  const [only, second] = active
  const asked = active.find(({ preferred }) => preferred) ?? (second ? undefined : only)
  if (asked) return startSecondFactor(asked.name, signIn, context)
  if (second) {
    return createChallenge(signIn, { challenge: 'SELECT_MFA_TYPE' }, context, {
      MFAS_CAN_CHOOSE: JSON.stringify(active.map(({ name }) => name)),
    })
  }
  if (settings.mfaConfiguration === 'ON') {
    return createChallenge(signIn, { challenge: 'MFA_SETUP' }, context, {
      MFAS_CAN_SETUP: JSON.stringify(findMfaFactorsToSetUp(context)),
    })
  }
  return finishSignIn(signIn, context)
}

/** @param factor one that is active for this user */
export function startSecondFactor(
  factor: MfaFactor,
  signIn: SignIn,
  context: OperationContext,
): Reply {
  switch (factor) {
    case 'SOFTWARE_TOKEN_MFA': {
      const name = context.store.findSoftwareToken(signIn.user.sub)?.friendlyDeviceName
      return createChallenge(signIn, { challenge: factor }, context, {
        ...(name !== undefined && { FRIENDLY_DEVICE_NAME: name }),
      })
    }
    case 'EMAIL_OTP':
    case 'SMS_MFA': {
      const address = signIn.user.attributes.get(mfaContactOf[factor]) ?? ''
      return startMessageMfa({ factor, address }, signIn, context)
    }
    default:
      return factor satisfies never
  }
}

/** EMAIL_OTP or SMS_MFA as second factor. */
export function startMessageMfa(
  { factor, address }: { factor: MessageMfaFactor; address: string },
  signIn: SignIn,
  context: OperationContext,
): Reply {
  const { user } = signIn
  const contact = { attribute: mfaContactOf[factor], address }
  const { code, parameters } = sendOtp({ contact, user, factor: 'second' }, context)
  const challenge = factor === 'EMAIL_OTP' ? 'EMAIL_MFA' : factor
  return createChallenge(signIn, { challenge, code, address }, context, parameters)
}

export function finishSignIn(signIn: SignIn, context: OperationContext): Reply {
  resetFailedSignIns(signIn.user.sub, context)
  askPostAuthentication(signIn.user, context)
  return withEmptyChallengeParameters(startSession(signIn, context))
}

function createChallenge(
  { user, clientId }: SignIn,
  step: { challenge: LaterChallenge } & Pick<AuthSession, 'code' | 'address'>,
  context: OperationContext,
  parameters: JsonObject,
): JsonObject {
  return {
    ChallengeName: step.challenge === 'EMAIL_MFA' ? 'EMAIL_OTP' : step.challenge,
    Session: createAuthSession({ ...step, sub: user.sub, clientId }, context),
    ChallengeParameters: { ...parameters, USER_ID_FOR_SRP: user.username },
  }
}
