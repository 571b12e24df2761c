/**
 * The code of the challenges EMAIL_OTP, SMS_OTP and SMS_MFA, which their Session carries, encrypted: no older code does for
 * a newer one.
 */

import { createHash } from 'node:crypto'
import { codeLength, signInCodeLength } from '../../../shared/confirmation-code.ts'
import { CognitoError } from '../cognito-error.ts'
import { type Contact, deliveryMediumOf, maskAddress } from '../contacts.ts'
import type { JsonObject, OperationContext } from '../context.ts'
import { assertDeliverable, createMessage } from '../messages.ts'
import type { ContactAttribute } from '../settings.ts'
import type { User } from '../store/store.ts'
import { timingSafeEquals } from '../timing-safe-equals.ts'
import { type AuthSession, invalidSessionError } from './auth-session.ts'

/**
 * Sends a new code.
 *
 * @param delivery `username`: the user's; `simulated`: where the response must not reveal whether the user exists; the same
 *   response and the same writes to the store, but no message
 * @returns the code, for the Session, and the parameters of the challenge
 */
export function sendOtp(
  delivery: {
    contact: Contact
    username: string
    factor: 'first' | 'second'
    simulated: boolean
  },
  context: OperationContext,
): { readonly code: string; readonly parameters: JsonObject } {
  const { contact, username, factor, simulated } = delivery
  const { random, store, clock } = context
  assertDeliverable(contact, context)
  const code = random.digits(factor === 'first' ? signInCodeLength : codeLength)
  const message = createMessage({ kind: 'sign-in', contact, code, username }, context)
  if (simulated) store.insertDummyMessage({ ...message, sentAtMs: clock.nowMs() })
  else context.sendMessage(message)
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
