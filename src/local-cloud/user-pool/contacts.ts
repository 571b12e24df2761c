/** What messages are sent to: an email address or a phone number, by the attribute that it is. */

import type { DeliveryMedium } from '../ports.ts'
import { type ContactAttribute, contactAttributes, type UserPoolSettings } from './settings.ts'
import type { User } from './store/store.ts'

export interface Contact {
  readonly attribute: ContactAttribute
  /** email address or phone number */
  readonly address: string
}

export const deliveryMediumOf = {
  email: 'EMAIL',
  phone_number: 'SMS',
} as const satisfies Record<ContactAttribute, DeliveryMedium>

/** The attribute that tells whether a contact is verified. */
export const verificationFlagOf = {
  email: 'email_verified',
  phone_number: 'phone_number_verified',
} as const satisfies Record<ContactAttribute, string>

export function isEmail(text: string): boolean {
  return /^[^\s@]+@[^\s@]+$/.test(text)
}

/** @see https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-attributes.html E.164 */
export function isPhoneNumber(text: string): boolean {
  return /^\+[0-9]{1,15}$/.test(text)
}

/** @returns the attribute that `name` could be a value of, by its format */
export function findContactAttribute(name: string): ContactAttribute | undefined {
  if (isPhoneNumber(name)) return 'phone_number'
  return isEmail(name) ? 'email' : undefined
}

export function findContact(
  { attributes }: Pick<User, 'attributes'>,
  attribute: ContactAttribute,
): Contact | undefined {
  const address = attributes.get(attribute)
  return address === undefined ? undefined : { attribute, address }
}

export function isVerified(
  { attributes }: Pick<User, 'attributes'>,
  attribute: ContactAttribute,
): boolean {
  return attributes.get(verificationFlagOf[attribute]) === 'true'
}

export function findVerifiedContact(user: User, attribute: ContactAttribute): Contact | undefined {
  return isVerified(user, attribute) ? findContact(user, attribute) : undefined
}

/**
 * @returns what a code is sent to that confirms a user who signs up: the phone number, where it is to be verified and
 *   there is one, else the email address
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/signing-up-users-in-your-app.html
 */
export function findSignUpContact(
  user: Pick<User, 'attributes'>,
  { autoVerifiedAttributes }: UserPoolSettings,
): Contact | undefined {
  return contactAttributes
    .toReversed()
    .filter((attribute) => autoVerifiedAttributes.has(attribute))
    .map((attribute) => findContact(user, attribute))
    .find((contact) => contact !== undefined)
}

/**
 * @returns the contact as Cognito shows it where it was sent a code: `f***@e***`, `+*******0839` with a star for each
 *   hidden digit
 */
export function maskAddress({ attribute, address }: Contact): string {
  if (attribute === 'phone_number') {
    const digits = address.slice(1)
    return `+${digits.slice(-4).padStart(digits.length, '*')}`
  }
  const [name = '', domain = ''] = address.split('@')
  return `${[...name][0] ?? ''}***@${[...domain][0] ?? ''}***`
}
