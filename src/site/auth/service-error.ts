/** Cognito's errors become an `AuthError`, here and nowhere else. */

import type { PasswordRule } from '../../shared/password-policy.ts'
import { AuthError, type AuthErrorCode } from './auth-error.ts'

type Code = Exclude<AuthErrorCode, 'blocked-by-csp'>

/**
 * The errors that the operations called in this folder may answer with.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_Operations.html each operation's "Errors"
 */
const serviceErrorNames = [
  'AliasExistsException',
  'CodeDeliveryFailureException',
  'CodeMismatchException',
  'EnableSoftwareTokenMFAException',
  'ExpiredCodeException',
  'ForbiddenException',
  'InternalErrorException',
  'InvalidParameterException',
  'InvalidPasswordException',
  'LimitExceededException',
  'NotAuthorizedException',
  'PasswordHistoryPolicyViolationException',
  'PasswordResetRequiredException',
  'RefreshTokenReuseException',
  'ResourceNotFoundException',
  'SoftwareTokenMFANotFoundException',
  'TooManyFailedAttemptsException',
  'TooManyRequestsException',
  'UserNotConfirmedException',
  'UserNotFoundException',
  'UsernameExistsException',
] as const
type ServiceErrorName = (typeof serviceErrorNames)[number]

/** A message that tells what an error means where its name does not, and where that message was seen. */
interface MessagePattern {
  readonly pattern: RegExp
  readonly code: Code
  readonly seenIn: string
}

/** NotAuthorizedException and InvalidParameterException have many meanings. The first match counts. */
const messagePatterns: readonly MessagePattern[] = [
  {
    pattern: /^Password attempts exceeded/,
    code: 'attempts-exceeded',
    seenIn: 'https://github.com/aws-amplify/amplify-js/issues/1234',
  },
  {
    pattern: /^Incorrect username or password/,
    code: 'incorrect-credentials',
    seenIn: 'https://github.com/aws-amplify/amplify-js/issues/9877',
  },
  {
    pattern: /Current status is CONFIRMED|status is not UNCONFIRMED/,
    code: 'already-confirmed',
    seenIn: 'https://github.com/aws-amplify/amplify-js/issues/14762',
  },
  {
    pattern: /^User is disabled/,
    code: 'account-disabled',
    seenIn: 'https://github.com/aws-amplify/amplify-js/issues/5503',
  },
  {
    pattern: /^SignUp is not permitted/,
    code: 'sign-up-closed',
    seenIn: 'https://github.com/aws-amplify/amplify-js/issues/6415',
  },
  {
    pattern: /^Temporary password has expired/,
    code: 'temporary-password-expired',
    seenIn: 'no public report; the local pool answers so',
  },
  {
    pattern: /^Contact administrator to reset password/,
    code: 'reset-by-operator',
    seenIn: 'no public report; the local pool answers so',
  },
  {
    pattern: /^User password cannot be reset/,
    code: 'reset-impossible',
    seenIn: 'https://github.com/aws-amplify/amplify-flutter/issues/3048',
  },
  {
    pattern: /^Cannot reset password/,
    code: 'reset-impossible',
    seenIn: 'https://github.com/aws-amplify/amplify-js/issues/11270',
  },
  {
    pattern: /(Access|Refresh) Token/i,
    code: 'session-ended',
    seenIn: 'https://github.com/aws-amplify/amplify-js/issues/2205',
  },
  {
    pattern: /^Invalid session/i,
    code: 'session-ended',
    seenIn: 'https://github.com/aws-amplify/amplify-js/issues/13802',
  },
]

/** What each error means; `messagePatterns` go first where a message is needed to tell. */
const codes = {
  AliasExistsException: 'username-exists',
  CodeDeliveryFailureException: 'delivery-failed',
  CodeMismatchException: 'code-mismatch',
  EnableSoftwareTokenMFAException: 'code-mismatch',
  ExpiredCodeException: 'code-expired',
  ForbiddenException: 'service-unavailable',
  InternalErrorException: 'service-unavailable',
  InvalidParameterException: 'invalid-input',
  InvalidPasswordException: 'password-rejected',
  LimitExceededException: 'limit-exceeded',
  NotAuthorizedException: 'unexpected',
  PasswordHistoryPolicyViolationException: 'password-rejected',
  PasswordResetRequiredException: 'password-reset-required',
  RefreshTokenReuseException: 'session-ended',
  ResourceNotFoundException: 'wrong-user-pool',
  SoftwareTokenMFANotFoundException: 'totp-disabled',
  TooManyFailedAttemptsException: 'attempts-exceeded',
  TooManyRequestsException: 'too-many-requests',
  UserNotConfirmedException: 'user-not-confirmed',
  UserNotFoundException: 'user-not-found',
  UsernameExistsException: 'username-exists',
} as const satisfies Record<ServiceErrorName, Code>

/** In the message of InvalidPasswordException. @see https://github.com/data-dot-all/dataall/issues/690 */
const rulePatterns: readonly (readonly [RegExp, PasswordRule])[] = [
  [/not long enough|length/, 'length'],
  [/lowercase/, 'lowercase'],
  [/uppercase/, 'uppercase'],
  [/numeric/, 'number'],
  [/symbol/, 'symbol'],
]

/** @param response `__type` and `message` of the error body, and the HTTP status */
export function toAuthError(response: {
  type: string
  message: string
  status: number
}): AuthError {
  const { type, message, status } = response
  const code = findCode(response)
  const cause = new Error(`${status} ${type}: ${message}`)
  return new AuthError(
    code === 'password-rejected' ? { code, rule: findBrokenRule(message) } : { code },
    'the service answered with an error',
    { cause },
  )
}

function findCode({
  type,
  message,
  status,
}: {
  type: string
  message: string
  status: number
}): Code {
  const name = serviceErrorNames.find((known) => known === type)
  if (!name) return status >= 500 ? 'service-unavailable' : 'unexpected'
  const isAmbiguous = name === 'NotAuthorizedException' || name === 'InvalidParameterException'
  const match = isAmbiguous && messagePatterns.find(({ pattern }) => pattern.test(message))
  return match ? match.code : codes[name]
}

function findBrokenRule(message: string): PasswordRule | undefined {
  return rulePatterns.find(([pattern]) => pattern.test(message))?.[1]
}
