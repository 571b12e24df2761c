/**
 * MFA by an authenticator app: time-based one-time passwords (TOTP), which Cognito calls software tokens.
 *
 * @see RFC 6238
 */

import { Secret, TOTP } from 'otpauth'
import { CognitoError } from './cognito-error.ts'
import type { OperationContext } from './context.ts'
import type { UserPoolSettings } from './settings.ts'
import type { SoftwareToken, User } from './store/store.ts'

/** bytes of a secret; 52 characters of base32 */
const secretBytes = 32
const periodMs = 30_000
/** accepted clock skew in steps, before and after */
const window = 1

const noToken: SoftwareToken = {
  secret: undefined,
  pendingSecret: undefined,
  lastUsedStep: undefined,
  friendlyDeviceName: undefined,
  enabled: false,
  preferred: false,
}

/** @returns a new secret, base32, which is pending until VerifySoftwareToken accepts a code */
export function associateSoftwareToken({ sub }: User, context: OperationContext): string {
  const { store, random } = context
  assertMfaEnabled(context)
  const bytes = random.bytes(secretBytes)
  const pendingSecret = new Secret({ buffer: Uint8Array.from(bytes).buffer }).base32
  store.saveSoftwareToken(sub, { ...(store.findSoftwareToken(sub) ?? noToken), pendingSecret })
  return pendingSecret
}

/** @throws {CognitoError} EnableSoftwareTokenMFAException for a wrong code; the secret stays pending */
export function verifySoftwareToken(
  { sub }: User,
  { code, friendlyDeviceName }: { code: string; friendlyDeviceName: string | undefined },
  context: OperationContext,
): void {
  const { store, clock } = context
  assertMfaEnabled(context)
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

/** @throws {CognitoError} SoftwareTokenMFANotFoundException in a pool without MFA */
function assertMfaEnabled({ settings }: OperationContext): void {
  if (settings.mfaConfiguration !== 'OFF') return
  throw new CognitoError(
    'SoftwareTokenMFANotFoundException',
    'Software Token MFA has not been enabled by the userPool',
  )
}

/**
 * Verifies a code at sign-in. Each code is accepted once.
 *
 * @throws {CognitoError} CodeMismatchException; ExpiredCodeException for a code that was used before
 */
export function consumeSoftwareTokenCode(
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

/** @returns the user's authenticator app if sign-in asks for its code */
export function findActiveSoftwareToken(
  { sub }: User,
  { store, settings }: Pick<OperationContext, 'store' | 'settings'>,
): SoftwareToken | undefined {
  const token = store.findSoftwareToken(sub)
  return token && isActive(token, settings) ? token : undefined
}

/** Where MFA is required, an app that was set up is on, whatever the preference says. */
function isActive(
  { secret, enabled }: SoftwareToken,
  { mfaConfiguration }: UserPoolSettings,
): boolean {
  if (secret === undefined || mfaConfiguration === 'OFF') return false
  return enabled || mfaConfiguration === 'ON'
}

/** @returns the 30-second step of `code`; `undefined` for a code that is not valid around `nowMs` */
function findStep(secret: string, code: string, nowMs: number): number | undefined {
  const totp = new TOTP({ secret: Secret.fromBase32(secret) })
  const delta = totp.validate({ token: code, timestamp: nowMs, window })
  return delta === null ? undefined : Math.floor(nowMs / periodMs) + delta
}
