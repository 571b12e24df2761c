/** Password reset by an emailed code, started by ForgotPassword and AdminResetUserPassword. */

import { CognitoError } from './cognito-error.ts'
import type { User } from './store/store.ts'

/** @returns the verified address, to which a reset code may be sent */
export function findResetAddress({ attributes }: User): string | undefined {
  return attributes.get('email_verified') === 'true' ? attributes.get('email') : undefined
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
