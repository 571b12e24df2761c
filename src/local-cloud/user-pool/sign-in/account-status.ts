/** What keeps a user from signing in whatever is proved. */

import { CognitoError } from '../cognito-error.ts'
import { disabledUser } from '../common-errors.ts'
import type { OperationContext } from '../operations/operation.ts'
import type { User } from '../store/store.ts'

/** In Cognito's order: disabled, unconfirmed, reset required; then a temporary password that is too old. */
export function findObstacle(
  { enabled, status, temporaryUntilMs }: User,
  { clock }: OperationContext,
): CognitoError | undefined {
  if (!enabled) return disabledUser()
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
