/** Errors that many operations answer with, by the exact words of Cognito. */

import type { ExpectedError } from './cognito-api.ts'

export const incorrectCredentials: ExpectedError = {
  type: 'NotAuthorizedException',
  message: 'Incorrect username or password.',
}
export const codeMismatch: ExpectedError = {
  type: 'CodeMismatchException',
  message: 'Invalid verification code provided, please try again.',
}
export const codeExpired: ExpectedError = {
  type: 'ExpiredCodeException',
  message: 'Invalid code provided, please request a code again.',
}
export const userDisabled: ExpectedError = {
  type: 'NotAuthorizedException',
  message: 'User is disabled.',
}
export const userNotFound: ExpectedError = {
  type: 'UserNotFoundException',
  message: 'User does not exist.',
}
export const userNotConfirmed: ExpectedError = {
  type: 'UserNotConfirmedException',
  message: 'User is not confirmed.',
}
export const passwordResetRequired: ExpectedError = {
  type: 'PasswordResetRequiredException',
  message: 'Password reset required for the user',
}
export const emailTaken: ExpectedError = {
  type: 'UsernameExistsException',
  message: 'An account with the given email already exists.',
}
export const usernameTaken: ExpectedError = {
  type: 'UsernameExistsException',
  message: 'User already exists',
}
export const accessTokenRevoked: ExpectedError = {
  type: 'NotAuthorizedException',
  message: 'Access Token has been revoked',
}
export const attributeNotMutable = (name: string): ExpectedError => ({
  type: 'InvalidParameterException',
  message: `Cannot modify the non-mutable attribute ${name}`,
})
export const attributeNotWritable: ExpectedError = {
  type: 'NotAuthorizedException',
  message: 'A client attempted to write unauthorized attribute',
}
export const invalidSession: ExpectedError = {
  type: 'NotAuthorizedException',
  message: 'Invalid session for the user.',
}
export const spentSession: ExpectedError = {
  type: 'NotAuthorizedException',
  message: 'Invalid session for the user, session can only be used once.',
}
export const expiredSession: ExpectedError = {
  type: 'NotAuthorizedException',
  message: 'Invalid session for the user, session is expired.',
}
