/** Errors that several operations respond with. */

import { CognitoError } from './cognito-error.ts'

export function userDisabledError(): CognitoError {
  return new CognitoError('NotAuthorizedException', 'User is disabled.')
}

/** For callers who may know which users exist: IAM callers, holders of an access token, LEGACY clients. */
export function userNotFoundError(): CognitoError {
  return new CognitoError('UserNotFoundException', 'User does not exist.')
}

/** The same for a LEGACY client that confirms, resends or resets; Cognito's message differs there. */
export function userNotFoundForClientError(): CognitoError {
  return new CognitoError('UserNotFoundException', 'Username/client id combination not found.')
}
