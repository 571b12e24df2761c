/** The code of the challenge EMAIL_OTP, which its Session carries, encrypted: no older code does for a newer one. */

import { createHash } from 'node:crypto'
import { codeLength, signInCodeLength } from '../../../shared/confirmation-code.ts'
import { toCodeEmail } from '../codes.ts'
import { CognitoError } from '../cognito-error.ts'
import type { JsonObject, OperationContext } from '../context.ts'
import { assertEmailLeft } from '../email-quota.ts'
import { maskEmail } from '../simulated-user.ts'
import type { User } from '../store/store.ts'
import { timingSafeEquals } from '../timing-safe-equals.ts'
import { customizeEmail } from '../triggers/custom-message.ts'
import { type AuthSession, invalidSessionError } from './auth-session.ts'

/**
 * Sends a new code.
 *
 * @param delivery without `user` where the response must not reveal whether there is one; the same response and the
 *   same writes to the store, but no email
 * @returns the code, for the Session, and the parameters of the challenge
 */
export function sendEmailOtp(
  delivery: { address: string; factor: 'first' | 'second'; user: User | undefined },
  context: OperationContext,
): { readonly code: string; readonly parameters: JsonObject } {
  const { random, settings, store, clock, sendEmail } = context
  const { address, factor, user } = delivery
  const code = random.digits(factor === 'first' ? signInCodeLength : codeLength)
  const template = user
    ? customizeEmail(settings.signInEmail, user, 'CustomMessage_Authentication', context)
    : settings.signInEmail
  const email = toCodeEmail({ code, address }, template)
  if (user) sendEmail(email)
  else store.insertDummyEmail({ ...email, sentAtMs: clock.nowMs() })
  return {
    code,
    parameters: {
      CODE_DELIVERY_DELIVERY_MEDIUM: 'EMAIL',
      CODE_DELIVERY_DESTINATION: maskEmail(address),
    },
  }
}

/** @throws {CognitoError} CodeMismatchException */
export function assertEmailOtp(typed: string, { code }: AuthSession): void {
  if (code === undefined || !timingSafeEquals(Buffer.from(typed), Buffer.from(code))) {
    throw emailOtpMismatchError()
  }
}

export function emailOtpMismatchError(): CognitoError {
  return new CognitoError('CodeMismatchException', 'Invalid code or auth state for the user.')
}

/**
 * A code is good for the mailbox that got it: not once the user has another address.
 *
 * @throws {CognitoError} NotAuthorizedException
 */
export function assertSameAddress({ attributes }: User, state: AuthSession): void {
  const email = attributes.get('email')
  const isSame =
    state.addressHash === undefined
      ? email === undefined || email === state.address
      : email !== undefined && hashAddress(email) === state.addressHash
  if (!isSame) throw invalidSessionError('the address has changed since')
}

export function hashAddress(address: string): string {
  return createHash('sha256').update(address).digest('base64url')
}
