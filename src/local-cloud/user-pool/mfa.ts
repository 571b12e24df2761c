/**
 * Multi-factor authentication (MFA): which second factors a user has on, and which one is preferred.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-mfa.html
 */

import { CognitoError } from './cognito-error.ts'
import type { OperationContext } from './context.ts'
import { type ContactAttribute, type MfaFactor, mfaFactors } from './settings.ts'
import { findActiveSoftwareToken } from './software-token-mfa.ts'
import type { MessageMfa, MessageMfaFactor, User } from './store/store.ts'

type MfaContext = Pick<OperationContext, 'store' | 'settings'>

export interface ActiveMfaFactor {
  readonly name: MfaFactor
  readonly preferred: boolean
}

/** What the code of a second factor is sent to. */
export const mfaContactOf = {
  EMAIL_OTP: 'email',
  SMS_MFA: 'phone_number',
} as const satisfies Record<MessageMfaFactor, ContactAttribute>

/** @returns the second factors that a sign-in by password asks for one of; empty: it asks for none */
export function findActiveMfaFactors(user: User, context: MfaContext): readonly ActiveMfaFactor[] {
  return mfaFactors.flatMap((name) => {
    const found =
      name === 'SOFTWARE_TOKEN_MFA'
        ? findActiveSoftwareToken(user, context)
        : findActiveMessageMfa(user, name, context)
    return found ? [{ name, preferred: found.preferred }] : []
  })
}

/** @returns MFA by email or SMS if sign-in can ask for its code */
export function findActiveMessageMfa(
  { sub, attributes }: User,
  factor: MessageMfaFactor,
  { store, settings }: MfaContext,
): MessageMfa | undefined {
  const { mfaConfiguration } = settings
  if (mfaConfiguration === 'OFF' || !settings.mfaFactors.has(factor)) return undefined
  const mfa = store.findMessageMfa(sub, factor) ?? noMessageMfa
  // Where MFA is required, an address is all that this factor needs, whatever the preference says.
  const isActive = mfa.enabled || mfaConfiguration === 'ON'
  return isActive && attributes.has(mfaContactOf[factor]) ? mfa : undefined
}

const noMessageMfa = { enabled: false, preferred: false } as const

/** @returns the second factors that a user who has none on can set up during sign-in */
export function findMfaFactorsToSetUp({ settings }: MfaContext): readonly MfaFactor[] {
  return mfaFactors.filter((name) => settings.mfaFactors.has(name))
}

interface FactorPreference {
  readonly Enabled: boolean
  readonly PreferredMfa: boolean
}

/**
 * SetUserMFAPreference and AdminSetUserMFAPreference. A factor that becomes the preferred one takes that place from
 * the others.
 *
 * @throws {CognitoError} InvalidParameterException for a factor that is not set up, and for two preferred ones
 */
export function setMfaPreference(
  user: User,
  preference: {
    SMSMfaSettings?: FactorPreference | undefined
    EmailMfaSettings?: FactorPreference | undefined
    SoftwareTokenMfaSettings?: FactorPreference | undefined
    WebAuthnMfaSettings?: Pick<FactorPreference, 'Enabled'> | undefined
  },
  context: OperationContext,
): void {
  const { SMSMfaSettings, EmailMfaSettings, SoftwareTokenMfaSettings } = preference
  const given = [SMSMfaSettings, EmailMfaSettings, SoftwareTokenMfaSettings]
  if (given.filter((factor) => factor?.PreferredMfa).length > 1) {
    throw new CognitoError('InvalidParameterException', 'Only one MFA method can be preferred.')
  }
  if (SMSMfaSettings) setMessageMfa(user, 'SMS_MFA', SMSMfaSettings, context)
  if (EmailMfaSettings) setMessageMfa(user, 'EMAIL_OTP', EmailMfaSettings, context)
  if (SoftwareTokenMfaSettings) setSoftwareTokenMfa(user, SoftwareTokenMfaSettings, context)
  if (preference.WebAuthnMfaSettings) {
    setWebAuthnMfa(user, preference.WebAuthnMfaSettings.Enabled, context)
  }
}

/** A passkey can count as MFA only beside another second factor, where the pool lets it. */
function setWebAuthnMfa(user: User, enabled: boolean, context: OperationContext): void {
  const { factorConfiguration } = context.settings.webAuthn
  const isPossible =
    factorConfiguration === 'MULTI_FACTOR_WITH_USER_VERIFICATION' &&
    findActiveMfaFactors(user, context).length > 0
  if (enabled && !isPossible) throw mfaNotSetUpError('WEB_AUTHN')
  context.store.saveWebAuthnMfa(user.sub, enabled)
}

function setMessageMfa(
  { sub, attributes }: User,
  factor: MessageMfaFactor,
  { Enabled: enabled, PreferredMfa }: FactorPreference,
  { store, settings }: OperationContext,
): void {
  if (enabled && !(settings.mfaFactors.has(factor) && attributes.has(mfaContactOf[factor]))) {
    throw mfaNotSetUpError(factor)
  }
  const preferred = enabled && PreferredMfa
  if (preferred) clearPreferred(sub, { store })
  store.saveMessageMfa(sub, factor, { enabled, preferred })
}

function setSoftwareTokenMfa(
  { sub }: User,
  { Enabled: enabled, PreferredMfa }: FactorPreference,
  { store }: OperationContext,
): void {
  const token = store.findSoftwareToken(sub)
  if (token?.secret === undefined) {
    if (enabled) throw mfaNotSetUpError('SOFTWARE_TOKEN_MFA')
    return
  }
  const preferred = enabled && PreferredMfa
  if (preferred) clearPreferred(sub, { store })
  store.saveSoftwareToken(sub, { ...token, enabled, preferred })
}

/** No factor is the preferred one any more. */
function clearPreferred(sub: string, { store }: Pick<MfaContext, 'store'>): void {
  const token = store.findSoftwareToken(sub)
  if (token?.preferred) store.saveSoftwareToken(sub, { ...token, preferred: false })
  for (const factor of ['EMAIL_OTP', 'SMS_MFA'] as const) {
    const mfa = store.findMessageMfa(sub, factor)
    if (mfa?.preferred) store.saveMessageMfa(sub, factor, { ...mfa, preferred: false })
  }
}

/**
 * SetUserSettings and AdminSetUserSettings.
 *
 * @param options without one for SMS, MFA by SMS is turned off
 * @throws {CognitoError} InvalidParameterException in a pool without MFA by SMS, and as `setMfaPreference`
 */
export function setMfaOptions(
  user: User,
  options: readonly { DeliveryMedium?: string | undefined; AttributeName?: string | undefined }[],
  context: OperationContext,
): void {
  const { mfaConfiguration, mfaFactors: enabled } = context.settings
  if (mfaConfiguration === 'OFF' || !enabled.has('SMS_MFA')) {
    throw new CognitoError(
      'InvalidParameterException',
      'SMS MFA is not configured for this user pool.',
    )
  }
  const isSms = ({ DeliveryMedium, AttributeName }: (typeof options)[number]) =>
    DeliveryMedium === 'SMS' && AttributeName === 'phone_number'
  if (!options.every(isSms)) {
    throw new CognitoError(
      'InvalidParameterException',
      'Only phone_number can be used for MFA by SMS.',
    )
  }
  const preference = { Enabled: options.length > 0, PreferredMfa: false }
  setMessageMfa(user, 'SMS_MFA', preference, context)
}

function mfaNotSetUpError(factor: string): CognitoError {
  return new CognitoError(
    'InvalidParameterException',
    `User does not have delivery config set to turn on ${factor}`,
  )
}

/** The older way of GetUser and AdminGetUser to tell that a user has MFA by SMS. */
export function toMfaOptions(user: User, context: MfaContext) {
  const hasSms = findActiveMessageMfa(user, 'SMS_MFA', context) !== undefined
  return hasSms && { MFAOptions: [{ DeliveryMedium: 'SMS', AttributeName: 'phone_number' }] }
}

/** The members about MFA of GetUser and AdminGetUser; absent when the user has no active factor. */
export function toMfaMembers(
  user: User,
  context: MfaContext,
): { UserMFASettingList?: readonly string[]; PreferredMfaSetting?: string } {
  const active = findActiveMfaFactors(user, context)
  if (active.length === 0) return {}
  const preferred = active.find((factor) => factor.preferred)
  return {
    UserMFASettingList: active.map(({ name }) => name),
    ...(preferred && { PreferredMfaSetting: preferred.name }),
  }
}
