/**
 * The code of the challenges EMAIL_OTP, SMS_OTP and SMS_MFA, which their Session carries, encrypted: no older code does for
 * a newer one.
 */

import { createHash } from 'node:crypto'
import { codeLength, signInCodeLength } from '../../../shared/confirmation-code.ts'
import { CognitoError } from '../cognito-error.ts'
import { type Contact, deliveryMediumOf, maskAddress } from '../contacts.ts'
import type { JsonObject, OperationContext } from '../context.ts'
import { assertEmailLeft } from '../email-quota.ts'
import { assertDeliverable, createMessage } from '../messages.ts'
import type { ContactAttribute } from '../settings.ts'
import type { User } from '../store/store.ts'
import { timingSafeEquals } from '../timing-safe-equals.ts'
import { type AuthSession, invalidSessionError } from './auth-session.ts'

/**
 * Sends a new code.
 *
 * @param delivery without `user` where the response must not reveal whether there is one; the same response and the same
 *   writes to the store, but no message
 * @returns the code, for the Session, and the parameters of the challenge
 */
export function sendOtp(
  delivery: { contact: Contact; factor: 'first' | 'second'; user: User | undefined },
  context: OperationContext,
): { readonly code: string; readonly parameters: JsonObject } {
  const { contact, factor, user } = delivery
  const { random, store, clock } = context
  assertDeliverable(contact, context)
  const code = random.digits(factor === 'first' ? signInCodeLength : codeLength)
  const source = 'CustomMessage_Authentication'
  const username = user?.username ?? ''
  const message = createMessage({ source, contact, code, username, user }, context)
  if (user) context.sendMessage(message)
  else {
    assertEmailLeft(message.medium, context)
    store.insertDummyMessage({ ...message, sentAtMs: clock.nowMs() })
  }
  return {
    code,
    parameters: {
      CODE_DELIVERY_DELIVERY_MEDIUM: deliveryMediumOf[contact.attribute],
      CODE_DELIVERY_DESTINATION: maskAddress(contact),
    },
  }
}

/** @throws {CognitoError} CodeMismatchException */
export function assertOtp(typed: string, { code }: AuthSession): void {
  if (code === undefined || !timingSafeEquals(Buffer.from(typed), Buffer.from(code))) {
    throw otpMismatchError()
  }
}

export function otpMismatchError(): CognitoError {
  return new CognitoError('CodeMismatchException', 'Invalid code or auth state for the user.')
}

/**
 * A code is good for the mailbox or the phone that got it: not once the user has another address or number.
 *
 * @param attribute what the code was sent to
 * @throws {CognitoError} NotAuthorizedException
 */
export function assertSameAddress(
  { attributes }: User,
  state: AuthSession,
  attribute: ContactAttribute,
): void {
  const address = attributes.get(attribute)
  const isSame =
    state.addressHash === undefined
      ? address === undefined || address === state.address
      : address !== undefined && hashAddress(address) === state.addressHash
  if (!isSame) throw invalidSessionError('the address has changed since')
}

export function hashAddress(address: string): string {
  return createHash('sha256').update(address).digest('base64url')
}
