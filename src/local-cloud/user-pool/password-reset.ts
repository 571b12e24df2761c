/** Password reset by a code, started by ForgotPassword and AdminResetUserPassword. */

import { CognitoError } from './cognito-error.ts'
import { type Contact, findVerifiedContact } from './contacts.ts'
import type { OperationContext } from './context.ts'
import { findActiveMessageMfa } from './mfa.ts'
import type { UserPoolSettings } from './settings.ts'
import type { User } from './store/store.ts'

/** Whether users can reset their passwords by themselves. */
export function recoversByCode({ recoveryMechanisms }: UserPoolSettings): boolean {
  return recoveryMechanisms.some((mechanism) => mechanism !== 'admin_only')
}

/**
 * @returns the verified contact that comes first in the pool's recovery mechanisms, to which a reset code may be sent;
 *   none that is the user's second factor: one mailbox must not be enough
 */
export function findResetContact(user: User, context: OperationContext): Contact | undefined {
  const { recoveryMechanisms, recoversByMfaPhone } = context.settings
  // Both are read for every user, so that timing does not reveal which users exist.
  const isSecondFactor = {
    verified_email: findActiveMessageMfa(user, 'EMAIL_OTP', context) !== undefined,
    verified_phone_number:
      findActiveMessageMfa(user, 'SMS_MFA', context) !== undefined && !recoversByMfaPhone,
  } as const
  return recoveryMechanisms
    .map((mechanism) => {
      if (mechanism === 'admin_only' || isSecondFactor[mechanism]) return undefined
      return findVerifiedContact(user, mechanism === 'verified_email' ? 'email' : 'phone_number')
    })
    .find((contact) => contact !== undefined)
}

export function cannotResetError(): CognitoError {
  return new CognitoError(
    'NotAuthorizedException',
    'User password cannot be reset in the current state.',
  )
}

export function noResetAddressError(): CognitoError {
  return new CognitoError(
    'InvalidParameterException',
    'Cannot reset password for the user as there is no registered/verified email or phone_number',
  )
}
