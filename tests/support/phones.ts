/** Pools that send SMS, and users who have a phone number. */

import type { UserPoolSettings } from '../../src/local-cloud/user-pool/settings.ts'
import { type CallablePool, expectSuccess } from './cognito-api.ts'
import { ClientId, latestCodeFor, rider } from './users.ts'

export const phone = '+12065550100'
export const otherPhone = '+12065550177'
/** `phone` as Cognito shows it where it was sent a code. */
export const maskedPhone = '+*******0100'
export const bySms = {
  Destination: maskedPhone,
  DeliveryMedium: 'SMS',
  AttributeName: 'phone_number',
} as const

/** A pool that verifies phone numbers and lets clients send passwords as they are, which is fast. */
export const withPhones = {
  sendsSms: true,
  autoVerifiedAttributes: new Set(['email', 'phone_number'] as const),
  recoveryMechanisms: ['verified_phone_number', 'verified_email'],
  explicitAuthFlows: new Set([
    'ALLOW_USER_AUTH',
    'ALLOW_USER_SRP_AUTH',
    'ALLOW_USER_PASSWORD_AUTH',
    'ALLOW_REFRESH_TOKEN_AUTH',
  ] as const),
} satisfies Partial<UserPoolSettings>

export const withSmsMfa = {
  ...withPhones,
  mfaConfiguration: 'OPTIONAL',
  mfaFactors: new Set(['SMS_MFA', 'SOFTWARE_TOKEN_MFA', 'EMAIL_OTP'] as const),
} satisfies Partial<UserPoolSettings>

/** @returns the body of SignUp */
export function toPhoneSignUp(attributes: Readonly<Record<string, string>>, Username: string) {
  const { password: Password } = rider
  return {
    ClientId,
    Username,
    Password,
    UserAttributes: Object.entries(attributes).map(([Name, Value]) => ({ Name, Value })),
  }
}

/** Signs the rider up with a phone number, and confirms them by SMS. */
export async function createRiderWithPhone(
  pool: CallablePool,
  attributes: Readonly<Record<string, string>> = { phone_number: phone },
  Username: string = rider.username,
): Promise<void> {
  expectSuccess(await pool.call('SignUp', toPhoneSignUp(attributes, Username)))
  const ConfirmationCode = latestCodeFor(pool, attributes.phone_number ?? Username)
  expectSuccess(await pool.call('ConfirmSignUp', { ClientId, Username, ConfirmationCode }))
}
