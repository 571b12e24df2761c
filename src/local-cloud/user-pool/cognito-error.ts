/** An answer that is an error, in Cognito's own words. */

/** Every `__type` this pool can put on the wire. */
export const cognitoErrorTypes = [
  'CodeMismatchException',
  'ExpiredCodeException',
  'InternalErrorException',
  'InvalidParameterException',
  'InvalidPasswordException',
  'MissingAuthenticationTokenException',
  'NotAuthorizedException',
  'PasswordResetRequiredException',
  'RefreshTokenReuseException',
  'ResourceNotFoundException',
  'SerializationException',
  'UnknownOperationException',
  'UnsupportedOperationException',
  'UnsupportedTokenTypeException',
  'UserNotConfirmedException',
  'UserNotFoundException',
  'UsernameExistsException',
] as const
export type CognitoErrorType = (typeof cognitoErrorTypes)[number]

/** `type` and `message` go on the wire word for word; `detail` goes to the log and nowhere else. */
export class CognitoError extends Error {
  override readonly name = 'CognitoError'
  readonly type: CognitoErrorType
  readonly detail: string | undefined

  constructor(type: CognitoErrorType, message: string, options: { detail?: string } = {}) {
    super(message)
    this.type = type
    this.detail = options.detail
  }
}
