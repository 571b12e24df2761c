/** The states of an account that prevent sign-in. */

import { CognitoError } from '../cognito-error.ts'
import { userDisabledError } from '../common-errors.ts'
import type { OperationContext } from '../context.ts'
import type { User } from '../store/store.ts'

/**
 * @returns the error for the first of these, in Cognito's order: disabled, unconfirmed, reset required,
 *   temporary password expired
 */
export function findAccountStatusError(
  { enabled, status, temporaryUntilMs }: User,
  { clock }: OperationContext,
): CognitoError | undefined {
  if (!enabled) return userDisabledError()
  if (status === 'UNCONFIRMED') {
    return new CognitoError('UserNotConfirmedException', 'User is not confirmed.')
  }
  if (status === 'RESET_REQUIRED') {
    return new CognitoError(
      'PasswordResetRequiredException',
      'Password reset required for the user',
    )
  }
  if (temporaryUntilMs !== undefined && temporaryUntilMs <= clock.nowMs()) {
    return new CognitoError(
      'NotAuthorizedException',
      'Temporary password has expired and must be reset by an administrator.',
    )
  }
  return undefined
}
