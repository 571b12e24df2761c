/** Password reset by an emailed code, started by ForgotPassword and AdminResetUserPassword. */

import { CognitoError } from './cognito-error.ts'
import type { OperationContext } from './context.ts'
import { findActiveEmailMfa } from './mfa.ts'
import type { User } from './store/store.ts'

/**
 * @returns the verified address, to which a reset code may be sent; none while it is the user's second factor: one
 *   mailbox must not be enough
 */
export function findResetAddress(user: User, context: OperationContext): string | undefined {
  const isVerified = user.attributes.get('email_verified') === 'true'
  const isSecondFactor = findActiveEmailMfa(user, context) !== undefined
  return isVerified && !isSecondFactor ? user.attributes.get('email') : undefined
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
