/** Error responses with Cognito's types and messages. */

/** Every `__type` that this pool can respond with. */
export const cognitoErrorTypes = [
  'AliasExistsException',
  'CodeMismatchException',
  'EnableSoftwareTokenMFAException',
  'ExpiredCodeException',
  'GroupExistsException',
  'InternalErrorException',
  'InvalidLambdaResponseException',
  'InvalidParameterException',
  'InvalidPasswordException',
  'LimitExceededException',
  'MFAMethodNotFoundException',
  'MissingAuthenticationTokenException',
  'NotAuthorizedException',
  'PasswordResetRequiredException',
  'RefreshTokenReuseException',
  'ResourceNotFoundException',
  'SerializationException',
  'SoftwareTokenMFANotFoundException',
  'TooManyRequestsException',
  'UnexpectedLambdaException',
  'UnknownOperationException',
  'UnsupportedOperationException',
  'UnsupportedTokenTypeException',
  'UnsupportedUserStateException',
  'UserLambdaValidationException',
  'UserNotConfirmedException',
  'UserNotFoundException',
  'UsernameExistsException',
  'WebAuthnChallengeNotFoundException',
  'WebAuthnClientMismatchException',
  'WebAuthnConfigurationMissingException',
  'WebAuthnCredentialNotSupportedException',
  'WebAuthnNotEnabledException',
  'WebAuthnOriginNotAllowedException',
  'WebAuthnRelyingPartyMismatchException',
] as const
export type CognitoErrorType = (typeof cognitoErrorTypes)[number]

/**
 * An error response. Thrown by an operation, it rolls the operation's transaction back.
 *
 * `type` and `message` are sent to the client as they are; `detail` goes to the log only. `cause` is the error that
 * this one translates, if there is one.
 */
export class CognitoError extends Error {
  override readonly name = 'CognitoError'
  readonly type: CognitoErrorType
  readonly detail: string | undefined

  constructor(
    type: CognitoErrorType,
    message: string,
    { detail, ...options }: ErrorOptions & { detail?: string } = {},
  ) {
    super(message, options)
    this.type = type
    this.detail = detail
  }
}

/**
 * An error response that keeps what its transaction has written: a failed sign-in stays counted, a challenge
 * stays consumed. An operation returns it instead of throwing the `CognitoError`.
 */
export class CommittedError {
  readonly error: CognitoError

  constructor(error: CognitoError) {
    this.error = error
  }
}
