/** Resetting a password by a mailed code, as ForgotPassword and AdminResetUserPassword begin it. */

import { CognitoError } from './cognito-error.ts'
import type { User } from './store/store.ts'

/** The verified address that a reset code may go to. */
export function findResetAddress({ attributes }: User): string | undefined {
  return attributes.get('email_verified') === 'true' ? attributes.get('email') : undefined
}

export function cannotReset(): CognitoError {
  return new CognitoError(
    'NotAuthorizedException',
    'User password cannot be reset in the current state.',
  )
}

export function noResetAddress(): CognitoError {
  return new CognitoError(
    'InvalidParameterException',
    'Cannot reset password for the user as there is no registered/verified email or phone_number',
  )
}
