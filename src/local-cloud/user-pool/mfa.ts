/**
 * Multi-factor authentication (MFA): which second factors a user has on, and which one is preferred.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-mfa.html
 */

import { CognitoError } from './cognito-error.ts'
import type { OperationContext } from './context.ts'
import { type MfaFactor, mfaFactors } from './settings.ts'
import { findActiveSoftwareToken } from './software-token-mfa.ts'
import type { EmailMfa, User } from './store/store.ts'

type MfaContext = Pick<OperationContext, 'store' | 'settings'>

export interface ActiveMfaFactor {
  readonly name: MfaFactor
  readonly preferred: boolean
}

/** @returns the second factors that a sign-in by password asks for one of; empty: it asks for none */
export function findActiveMfaFactors(user: User, context: MfaContext): readonly ActiveMfaFactor[] {
  return mfaFactors.flatMap((name) => {
    const found = findActive[name](user, context)
    return found ? [{ name, preferred: found.preferred }] : []
  })
}

const findActive = {
  SOFTWARE_TOKEN_MFA: findActiveSoftwareToken,
  EMAIL_OTP: findActiveEmailMfa,
} as const satisfies Record<
  MfaFactor,
  (user: User, context: MfaContext) => { readonly preferred: boolean } | undefined
>

/** @returns MFA by email if sign-in can ask for its code */
export function findActiveEmailMfa(
  { sub, attributes }: User,
  { store, settings }: MfaContext,
): EmailMfa | undefined {
  const { mfaConfiguration } = settings
  if (mfaConfiguration === 'OFF' || !settings.mfaFactors.has('EMAIL_OTP')) return undefined
  const mfa = store.findEmailMfa(sub) ?? noEmailMfa
  // Where MFA is required, an address is all that this factor needs, whatever the preference says.
  const isActive = mfa.enabled || mfaConfiguration === 'ON'
  return isActive && attributes.has('email') ? mfa : undefined
}

const noEmailMfa = { enabled: false, preferred: false } as const

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
 * the other.
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
  if (SMSMfaSettings?.Enabled) throw mfaNotSetUpError('SMS_MFA')
  if (EmailMfaSettings?.PreferredMfa && SoftwareTokenMfaSettings?.PreferredMfa) {
    throw new CognitoError('InvalidParameterException', 'Only one MFA method can be preferred.')
  }
  if (EmailMfaSettings) setEmailMfa(user, EmailMfaSettings, context)
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

function setEmailMfa(
  { sub, attributes }: User,
  { Enabled: enabled, PreferredMfa }: FactorPreference,
  { store, settings }: OperationContext,
): void {
  if (enabled && !(settings.mfaFactors.has('EMAIL_OTP') && attributes.has('email'))) {
    throw mfaNotSetUpError('EMAIL_OTP')
  }
  const preferred = enabled && PreferredMfa
  store.saveEmailMfa(sub, { enabled, preferred })
  const token = store.findSoftwareToken(sub)
  if (preferred && token) store.saveSoftwareToken(sub, { ...token, preferred: false })
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
  store.saveSoftwareToken(sub, { ...token, enabled, preferred })
  const mfa = store.findEmailMfa(sub)
  if (preferred && mfa) store.saveEmailMfa(sub, { ...mfa, preferred: false })
}

function mfaNotSetUpError(factor: string): CognitoError {
  return new CognitoError(
    'InvalidParameterException',
    `User does not have delivery config set to turn on ${factor}`,
  )
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
