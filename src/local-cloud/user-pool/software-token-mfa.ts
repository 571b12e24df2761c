/**
 * The second factor: time-based one-time passwords of an authenticator app.
 *
 * @see RFC 6238
 */

import { Secret, TOTP } from 'otpauth'
import { CognitoError } from './cognito-error.ts'
import type { OperationContext } from './operations/operation.ts'
import type { UserPoolSettings } from './settings.ts'
import type { SoftwareToken, User } from './store/store.ts'

/** bytes of a secret, which are 52 characters of base32 */
const secretBytes = 32
const periodMs = 30_000
/** steps before and after ours whose code counts as well */
const window = 1

const noToken: SoftwareToken = {
  secret: undefined,
  pendingSecret: undefined,
  lastUsedStep: undefined,
  friendlyDeviceName: undefined,
  enabled: false,
  preferred: false,
}

/** @returns a new secret, base32, that takes effect when a code of it is right */
export function associateSoftwareToken({ sub }: User, context: OperationContext): string {
  const { store, random } = context
  assertSwitchedOn(context)
  const bytes = random.bytes(secretBytes)
  const pendingSecret = new Secret({ buffer: Uint8Array.from(bytes).buffer }).base32
  store.saveSoftwareToken(sub, { ...(store.findSoftwareToken(sub) ?? noToken), pendingSecret })
  return pendingSecret
}

/** @throws {CognitoError} EnableSoftwareTokenMFAException for a wrong code; the secret stays the same */
export function verifySoftwareToken(
  { sub }: User,
  { code, friendlyDeviceName }: { code: string; friendlyDeviceName: string | undefined },
  context: OperationContext,
): void {
  const { store, clock } = context
  assertSwitchedOn(context)
  const token = store.findSoftwareToken(sub) ?? noToken
  const secret = token.pendingSecret ?? token.secret
  const step = secret === undefined ? undefined : findStep(secret, code, clock.wallClockMs())
  if (step === undefined) {
    throw new CognitoError(
      'EnableSoftwareTokenMFAException',
      'Code mismatch and fail enable Software Token MFA',
    )
  }
  store.saveSoftwareToken(sub, {
    ...token,
    secret,
    pendingSecret: undefined,
    lastUsedStep: step,
    friendlyDeviceName,
  })
}

/** @throws {CognitoError} SoftwareTokenMFANotFoundException in a pool without second factors */
function assertSwitchedOn({ settings }: OperationContext): void {
  if (settings.mfaConfiguration !== 'OFF') return
  throw new CognitoError(
    'SoftwareTokenMFANotFoundException',
    'Software Token MFA has not been enabled by the userPool',
  )
}

/**
 * Takes a code at sign-in, once.
 *
 * @throws {CognitoError} CodeMismatchException; ExpiredCodeException for a code that was used
 */
export function useSoftwareTokenCode(
  { sub }: User,
  code: string,
  { store, clock }: OperationContext,
): void {
  const token = store.findSoftwareToken(sub)
  const step = token?.secret && findStep(token.secret, code, clock.wallClockMs())
  if (!token || !step) {
    throw new CognitoError('CodeMismatchException', 'Invalid code received for user')
  }
  if (token.lastUsedStep !== undefined && step <= token.lastUsedStep) {
    throw new CognitoError(
      'ExpiredCodeException',
      'Your software token has already been used once.',
    )
  }
  store.saveSoftwareToken(sub, { ...token, lastUsedStep: step })
}

interface FactorSettings {
  readonly Enabled: boolean
  readonly PreferredMfa: boolean
}

/**
 * The whole of SetUserMFAPreference and AdminSetUserMFAPreference.
 *
 * @throws {CognitoError} InvalidParameterException for a factor that is not set up
 */
export function setMfaPreference(
  { sub }: User,
  preference: {
    SMSMfaSettings?: FactorSettings | undefined
    EmailMfaSettings?: FactorSettings | undefined
    SoftwareTokenMfaSettings?: FactorSettings | undefined
  },
  { store }: OperationContext,
): void {
  const { SMSMfaSettings, EmailMfaSettings, SoftwareTokenMfaSettings } = preference
  if (SMSMfaSettings?.Enabled) throw notSetUp('SMS_MFA')
  if (EmailMfaSettings?.Enabled) throw notSetUp('EMAIL_OTP')
  if (!SoftwareTokenMfaSettings) return
  const { Enabled: enabled, PreferredMfa: preferred } = SoftwareTokenMfaSettings
  const token = store.findSoftwareToken(sub)
  if (token?.secret === undefined) {
    if (enabled) throw notSetUp('SOFTWARE_TOKEN_MFA')
    return
  }
  store.saveSoftwareToken(sub, { ...token, enabled, preferred: enabled && preferred })
}

function notSetUp(factor: string): CognitoError {
  return new CognitoError(
    'InvalidParameterException',
    `User does not have delivery config set to turn on ${factor}`,
  )
}

/** The user's authenticator app if sign-in asks for its code. */
export function findActiveSoftwareToken(
  { sub }: User,
  { store, settings }: Pick<OperationContext, 'store' | 'settings'>,
): SoftwareToken | undefined {
  const token = store.findSoftwareToken(sub)
  return token && isActive(token, settings) ? token : undefined
}

/** In a pool that demands a second factor, one that was set up is on. */
function isActive(
  { secret, enabled }: SoftwareToken,
  { mfaConfiguration }: UserPoolSettings,
): boolean {
  if (secret === undefined || mfaConfiguration === 'OFF') return false
  return enabled || mfaConfiguration === 'ON'
}

/** The members by which GetUser and AdminGetUser tell of second factors; absent when there are none. */
export function toMfaMembers(
  user: User,
  context: OperationContext,
): { UserMFASettingList?: readonly string[]; PreferredMfaSetting?: string } {
  const token = findActiveSoftwareToken(user, context)
  if (!token) return {}
  return {
    UserMFASettingList: ['SOFTWARE_TOKEN_MFA'],
    ...(token.preferred && { PreferredMfaSetting: 'SOFTWARE_TOKEN_MFA' }),
  }
}

/** @returns the 30-second step that `code` is of, or `undefined` for a code of no step near `nowMs` */
function findStep(secret: string, code: string, nowMs: number): number | undefined {
  const totp = new TOTP({ secret: Secret.fromBase32(secret) })
  const delta = totp.validate({ token: code, timestamp: nowMs, window })
  return delta === null ? undefined : Math.floor(nowMs / periodMs) + delta
}
