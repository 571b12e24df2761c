/** An answer that is an error, in Cognito's own words. */

/** Every `__type` this pool can put on the wire. */
export const cognitoErrorTypes = [
  'AliasExistsException',
  'CodeMismatchException',
  'EnableSoftwareTokenMFAException',
  'ExpiredCodeException',
  'InternalErrorException',
  'InvalidParameterException',
  'InvalidPasswordException',
  'LimitExceededException',
  'MissingAuthenticationTokenException',
  'NotAuthorizedException',
  'PasswordResetRequiredException',
  'RefreshTokenReuseException',
  'ResourceNotFoundException',
  'SerializationException',
  'SoftwareTokenMFANotFoundException',
  'UnknownOperationException',
  'UnsupportedOperationException',
  'UnsupportedTokenTypeException',
  'UnsupportedUserStateException',
  'UserNotConfirmedException',
  'UserNotFoundException',
  'UsernameExistsException',
  'WebAuthnNotEnabledException',
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
