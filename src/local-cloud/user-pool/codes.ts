/** Confirmation codes: creates, sends and verifies them. */

import { codeLength } from '../../shared/confirmation-code.ts'
import type { DeliveryMedium } from '../ports.ts'
import { CognitoError } from './cognito-error.ts'
import { type Contact, deliveryMediumOf, maskAddress } from './contacts.ts'
import type { OperationContext } from './context.ts'
import { assertEmailLeft } from './email-quota.ts'
import { assertDeliverable, createMessage } from './messages.ts'
import type { ContactAttribute } from './settings.ts'
import { type SimulatedUser, toSimulatedContact } from './simulated-user.ts'
import type { Code, CodePurpose, User } from './store/store.ts'
import { timingSafeEquals } from './timing-safe-equals.ts'
import type { CustomMessageSource } from './triggers/custom-message.ts'

export interface CodeDeliveryDetails {
  readonly Destination: string
  readonly DeliveryMedium: DeliveryMedium
  readonly AttributeName: ContactAttribute
}

/** The code that verifies a contact of a user who is confirmed. */
export const attributePurposeOf = {
  email: 'attribute',
  phone_number: 'phone-attribute',
} as const satisfies Record<ContactAttribute, CodePurpose>

/**
 * Sends a new code to `contact`. Older codes for the same purpose become invalid.
 *
 * @param source what CustomMessage is told that the message is for
 * @throws {CognitoError} InvalidParameterException for an SMS in a pool that sends none
 */
export function sendCode(
  {
    user,
    purpose,
    contact,
    source,
  }: { user: User; purpose: CodePurpose; contact: Contact; source: CustomMessageSource },
  context: OperationContext,
): CodeDeliveryDetails {
  assertDeliverable(contact, context)
  const code = createCode({ sub: user.sub, purpose, address: contact.address }, context)
  context.store.saveCode(code)
  const { username } = user
  context.sendMessage(createMessage({ source, contact, code: code.code, username, user }, context))
  return toDeliveryDetails(contact)
}

/**
 * Simulates `sendCode` where the response must not reveal whether the user exists: the same response and the
 * same writes to the store, but no message.
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
  const { store, clock, settings } = context
  const contact = toSimulatedContact(username, simulated, settings)
  assertEmailLeft(deliveryMediumOf[contact.attribute], context)
  const code = createCode({ sub: simulated.sub, purpose, address: contact.address }, context)
  const source = purpose === 'sign-up' ? 'CustomMessage_ResendCode' : 'CustomMessage_ForgotPassword'
  const parts = {
    source,
    contact,
    code: code.code,
    username: simulated.sub,
    user: undefined,
  } as const
  const message = createMessage(parts, context)
  store.saveDummyCode(code, { ...message, sentAtMs: clock.nowMs() })
  return toDeliveryDetails(contact)
}

function createCode(
  parts: Pick<Code, 'sub' | 'purpose' | 'address'>,
  { clock, random, limits }: OperationContext,
): Code {
  const limited = parts.purpose === 'phone-attribute' ? 'attribute' : parts.purpose
  const expiresAtMs = clock.nowMs() + limits.codeSeconds[limited] * 1000
  return { ...parts, code: random.digits(codeLength), expiresAtMs }
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

function toDeliveryDetails(contact: Contact): CodeDeliveryDetails {
  const { attribute } = contact
  return {
    Destination: maskAddress(contact),
    DeliveryMedium: deliveryMediumOf[attribute],
    AttributeName: attribute,
  }
}
