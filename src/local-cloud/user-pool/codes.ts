/** Codes that prove an address: made, mailed, checked. */

import { codeLength } from '../../shared/confirmation-code.ts'
import type { Letter } from '../ports.ts'
import { CognitoError } from './cognito-error.ts'
import type { OperationContext } from './operations/operation.ts'
import { type DisguisedUser, maskEmail } from './simulated-user.ts'
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
  const code = createCode({ sub: user.sub, purpose, address: email }, context)
  context.store.saveCode(code)
  context.send(toLetter(code, context))
  return toDeliveryDetails(email)
}

/**
 * Does what `sendCode` does, and sends nothing: neither the answer nor its time tells a stranger that.
 *
 * @param nobody the disguise of `username`, made whether or not it is needed
 */
export function pretendToSendCode(
  { username, nobody, purpose }: { username: string; nobody: DisguisedUser; purpose: CodePurpose },
  context: OperationContext,
): CodeDeliveryDetails {
  const { store, clock } = context
  const { sub, saltHex } = nobody
  const letters = saltHex.replace(/[0-9]/g, '')
  const address = username.includes('@') ? username : `${letters.charAt(0)}@${letters.charAt(1)}`
  const code = createCode({ sub, purpose, address }, context)
  store.saveDecoy(code, { ...toLetter(code, context), sentAtMs: clock.nowMs() })
  return toDeliveryDetails(address)
}

function createCode(
  parts: Pick<Code, 'sub' | 'purpose' | 'address'>,
  { clock, random, limits }: OperationContext,
): Code {
  const expiresAtMs = clock.nowMs() + limits.codeSeconds[parts.purpose] * 1000
  return { ...parts, code: random.digits(codeLength), expiresAtMs }
}

function toLetter({ code, address }: Code, { settings }: OperationContext): Letter {
  const { subject, text } = settings.verificationEmail
  return { to: address, subject, text: text.replaceAll('{####}', code), code }
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
