/** What several operations say in the same words. */

import { CognitoError } from './cognito-error.ts'

export function disabledUser(): CognitoError {
  return new CognitoError('NotAuthorizedException', 'User is disabled.')
}

/** Of a user who does not exist, to a caller from whom nothing is hidden. */
export function unknownUser(): CognitoError {
  return new CognitoError('UserNotFoundException', 'User does not exist.')
}

/** The same from sign-up and reset, where the pool tells. */
export function unknownToClient(): CognitoError {
  return new CognitoError('UserNotFoundException', 'Username/client id combination not found.')
}
