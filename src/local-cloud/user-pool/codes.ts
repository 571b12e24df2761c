/** Codes that prove an address: made, mailed, checked. */

import { codeLength } from '../../shared/confirmation-code.ts'
import { CognitoError } from './cognito-error.ts'
import type { OperationContext } from './operations/operation.ts'
import { isSameSignature } from './srp/srp.ts'
import type { CodePurpose, User } from './store/store.ts'
import { type CodeDeliveryDetails, toDeliveryDetails } from './users.ts'

const lifetimeMs = {
  'sign-up': 24 * 3_600_000,
  'password-reset': 3_600_000,
} as const satisfies Record<CodePurpose, number>

/** Makes a new code, which ends every older one of its purpose, and mails it to `email`. */
export function sendCode(
  { user, purpose, email }: { user: User; purpose: CodePurpose; email: string },
  context: OperationContext,
): CodeDeliveryDetails {
  const { store, clock, random, settings } = context
  const code = random.digits(codeLength)
  store.saveCode({
    sub: user.sub,
    purpose,
    code,
    expiresAtMs: clock.nowMs() + lifetimeMs[purpose],
  })
  const { subject, text } = settings.verificationEmail
  context.send({ to: email, subject, text: text.replace('{####}', code), code })
  return toDeliveryDetails(email)
}

/** @throws {CognitoError} CodeMismatchException, or ExpiredCodeException for a code that no longer counts */
export function assertCode(
  { user, purpose, code }: { user: User; purpose: CodePurpose; code: string },
  { store, clock }: OperationContext,
): void {
  const current = store.findCode(user.sub, purpose)
  const isOver = !current || current.expiresAtMs <= clock.nowMs()
  if (isOver || store.isSupersededCode({ sub: user.sub, purpose, code })) throw expiredCode()
  if (!isSameSignature(Buffer.from(code), Buffer.from(current.code))) throw codeMismatch()
}

export function expiredCode(): CognitoError {
  return new CognitoError(
    'ExpiredCodeException',
    'Invalid code provided, please request a code again.',
  )
}

export function codeMismatch(): CognitoError {
  return new CognitoError(
    'CodeMismatchException',
    'Invalid verification code provided, please try again.',
  )
}
