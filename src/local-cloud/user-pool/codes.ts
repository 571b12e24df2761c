/** Confirmation codes: creates, sends and verifies them. */

import { codeLength } from '../../shared/confirmation-code.ts'
import type { EmailMessage } from '../ports.ts'
import { CognitoError } from './cognito-error.ts'
import type { OperationContext } from './context.ts'
import { assertEmailLeft } from './email-quota.ts'
import type { EmailTemplate } from './settings.ts'
import { maskEmail, type SimulatedUser, toSimulatedAddress } from './simulated-user.ts'
import type { Code, CodePurpose, User } from './store/store.ts'
import { timingSafeEquals } from './timing-safe-equals.ts'
import { type CustomMessageSource, customizeEmail } from './triggers/custom-message.ts'

export interface CodeDeliveryDetails {
  readonly Destination: string
  readonly DeliveryMedium: 'EMAIL'
  readonly AttributeName: 'email'
}

/**
 * Sends a new code to `email`. Older codes for the same purpose become invalid.
 *
 * @param message what CustomMessage is told that the email is for
 */
export function sendCode(
  {
    user,
    purpose,
    email,
    message,
  }: { user: User; purpose: CodePurpose; email: string; message: CustomMessageSource },
  context: OperationContext,
): CodeDeliveryDetails {
  const code = createCode({ sub: user.sub, purpose, address: email }, context)
  context.store.saveCode(code)
  const template = customizeEmail(context.settings.verificationEmail, user, message, context)
  context.sendEmail(toCodeEmail(code, template))
  return toDeliveryDetails(email)
}

/**
 * Simulates `sendCode` where the response must not reveal whether the user exists: the same response and the
 * same writes to the store, but no email.
 *
 * @param simulated the simulated user of `username`
 */
export function simulateSendCode(
  {
    username,
    simulated,
    purpose,
  }: { username: string; simulated: SimulatedUser; purpose: CodePurpose },
  context: OperationContext,
): CodeDeliveryDetails {
  assertEmailLeft(context)
  const { store, clock, settings } = context
  const address = toSimulatedAddress(username, simulated)
  const code = createCode({ sub: simulated.sub, purpose, address }, context)
  const email = toCodeEmail(code, settings.verificationEmail)
  store.saveDummyCode(code, { ...email, sentAtMs: clock.nowMs() })
  return toDeliveryDetails(address)
}

function createCode(
  parts: Pick<Code, 'sub' | 'purpose' | 'address'>,
  { clock, random, limits }: OperationContext,
): Code {
  const expiresAtMs = clock.nowMs() + limits.codeSeconds[parts.purpose] * 1000
  return { ...parts, code: random.digits(codeLength), expiresAtMs }
}

/** @returns the email with a code; `template` has `{####}` in its place */
export function toCodeEmail(
  { code, address }: { code: string; address: string },
  { subject, text }: EmailTemplate,
): EmailMessage {
  return { to: address, subject, text: text.replaceAll('{####}', code), code }
}

/**
 * @returns the code, with the address that it verifies
 * @throws {CognitoError} CodeMismatchException; ExpiredCodeException for a code that expired or was superseded
 */
export function assertCode(
  { user, purpose, code }: { user: User; purpose: CodePurpose; code: string },
  { store, clock }: OperationContext,
): Code {
  const current = store.findCode(user.sub, purpose)
  const isExpired = !current || current.expiresAtMs <= clock.nowMs()
  if (isExpired || store.isSupersededCode({ sub: user.sub, purpose, code })) {
    throw expiredCodeError()
  }
  if (!timingSafeEquals(Buffer.from(code), Buffer.from(current.code))) throw codeMismatchError()
  return current
}

export function expiredCodeError(): CognitoError {
  return new CognitoError(
    'ExpiredCodeException',
    'Invalid code provided, please request a code again.',
  )
}

export function codeMismatchError(): CognitoError {
  return new CognitoError(
    'CodeMismatchException',
    'Invalid verification code provided, please try again.',
  )
}

function toDeliveryDetails(email: string): CodeDeliveryDetails {
  return { Destination: maskEmail(email), DeliveryMedium: 'EMAIL', AttributeName: 'email' }
}
