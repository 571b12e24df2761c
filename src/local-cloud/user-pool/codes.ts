/** Codes that prove an address: made, mailed, checked. */

import { codeLength } from '../../shared/confirmation-code.ts'
import { CognitoError } from './cognito-error.ts'
import { maskEmail } from './disguise.ts'
import type { OperationContext } from './operations/operation.ts'
import { isSameSignature } from './srp/srp.ts'
import type { Code, CodePurpose, User } from './store/store.ts'

export interface CodeDeliveryDetails {
  readonly Destination: string
  readonly DeliveryMedium: 'EMAIL'
  readonly AttributeName: 'email'
}

/** Makes a new code, which ends every older one of its purpose, and mails it to `email`. */
export function sendCode(
  { user, purpose, email }: { user: User; purpose: CodePurpose; email: string },
  context: OperationContext,
): CodeDeliveryDetails {
  const { store, clock, random, settings, limits } = context
  const code = random.digits(codeLength)
  const expiresAtMs = clock.nowMs() + limits.codeSeconds[purpose] * 1000
  store.saveCode({ sub: user.sub, purpose, code, address: email, expiresAtMs })
  const { subject, text } = settings.verificationEmail
  context.send({ to: email, subject, text: text.replace('{####}', code), code })
  return toDeliveryDetails(email)
}

/**
 * @returns the code that was right, with the address it proves
 * @throws {CognitoError} CodeMismatchException, or ExpiredCodeException for a code that no longer counts
 */
export function assertCode(
  { user, purpose, code }: { user: User; purpose: CodePurpose; code: string },
  { store, clock }: OperationContext,
): Code {
  const current = store.findCode(user.sub, purpose)
  const isOver = !current || current.expiresAtMs <= clock.nowMs()
  if (isOver || store.isSupersededCode({ sub: user.sub, purpose, code })) throw expiredCode()
  if (!isSameSignature(Buffer.from(code), Buffer.from(current.code))) throw codeMismatch()
  return current
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

function toDeliveryDetails(email: string): CodeDeliveryDetails {
  return { Destination: maskEmail(email), DeliveryMedium: 'EMAIL', AttributeName: 'email' }
}

/** What a stranger is told about a letter that nobody sent. */
export function toSimulatedDelivery(
  username: string,
  { disguise }: OperationContext,
): CodeDeliveryDetails {
  if (username.includes('@')) return toDeliveryDetails(username)
  const letters = disguise(username).saltHex.replace(/[0-9]/g, '')
  return toDeliveryDetails(`${letters.charAt(0)}@${letters.charAt(1)}`)
}
