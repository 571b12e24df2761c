/** The one place where Cognito's errors become ours. */

import type { PasswordRule } from '../../shared/password-policy.ts'
import { AuthError, type AuthErrorCode } from './auth-error.ts'

/** Service errors whose type says everything. @see each operation's Errors in the Cognito API reference */
const codeByType: ReadonlyMap<string, AuthErrorCode> = new Map([
  ['AliasExistsException', 'username-exists'],
  ['CodeDeliveryFailureException', 'delivery-failed'],
  ['CodeMismatchException', 'code-mismatch'],
  ['EnableSoftwareTokenMFAException', 'code-mismatch'],
  ['ExpiredCodeException', 'code-expired'],
  ['ForbiddenException', 'service-unavailable'],
  ['InternalErrorException', 'service-unavailable'],
  ['InvalidParameterException', 'invalid-input'],
  ['InvalidPasswordException', 'password-rejected'],
  ['LimitExceededException', 'limit-exceeded'],
  ['PasswordHistoryPolicyViolationException', 'password-rejected'],
  ['PasswordResetRequiredException', 'password-reset-required'],
  ['RefreshTokenReuseException', 'session-ended'],
  ['ResourceNotFoundException', 'wrong-pool'],
  ['SoftwareTokenMFANotFoundException', 'second-factor-off'],
  ['TooManyFailedAttemptsException', 'attempts-exceeded'],
  ['TooManyRequestsException', 'too-many-requests'],
  ['UserNotConfirmedException', 'user-not-confirmed'],
  ['UserNotFoundException', 'user-not-found'],
  ['UsernameExistsException', 'username-exists'],
])

/** Some types have many meanings, told apart by the message alone. */
const codeByRefusal: readonly (readonly [RegExp, AuthErrorCode])[] = [
  [/^Password attempts exceeded/, 'attempts-exceeded'],
  [/^Incorrect username or password/, 'incorrect-credentials'],
  [/Current status is CONFIRMED|status is not UNCONFIRMED/, 'already-confirmed'],
  [/^User is disabled/, 'account-disabled'],
  [/^SignUp is not permitted/, 'sign-up-closed'],
  [/^Temporary password has expired/, 'temporary-password-expired'],
  [/^Contact administrator to reset password/, 'reset-by-operator'],
  [/^User password cannot be reset|^Cannot reset password/, 'reset-impossible'],
  [/(Access|Refresh) Token|^Invalid session/i, 'session-ended'],
]

const ruleByWords: readonly (readonly [RegExp, PasswordRule])[] = [
  [/not long enough|length/, 'length'],
  [/lowercase/, 'lowercase'],
  [/uppercase/, 'uppercase'],
  [/numeric/, 'number'],
  [/symbol/, 'symbol'],
]

/**
 * @param answer `__type` and `message` of the error body, and its status
 */
export function toAuthError(answer: { type: string; message: string; status: number }): AuthError {
  const { type, message, status } = answer
  const cause = new Error(`${status} ${type}: ${message}`)
  const isManifold = ['NotAuthorizedException', 'InvalidParameterException'].includes(type)
  const [, codeOfWords] = codeByRefusal.find(([words]) => isManifold && words.test(message)) ?? []
  const otherwise = status >= 500 ? 'service-unavailable' : 'unexpected'
  const code = codeOfWords ?? codeByType.get(type) ?? otherwise
  const [, rule] = ruleByWords.find(([words]) => words.test(message)) ?? []
  return new AuthError(code, 'the service answered with an error', {
    cause,
    ...(code === 'password-rejected' && { rule }),
  })
}
