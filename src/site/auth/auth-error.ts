/** What can go wrong with an account call, as a closed set; from here on nobody reads service names. */

import type { PasswordRule } from '../../shared/password-policy.ts'

const authErrorCodes = [
  'account-disabled',
  'already-confirmed',
  'attempts-exceeded',
  'blocked-by-policy',
  'code-expired',
  'code-mismatch',
  'delivery-failed',
  'incorrect-credentials',
  'invalid-input',
  'limit-exceeded',
  'network',
  'not-configured',
  'offline',
  'password-rejected',
  'password-reset-required',
  'reset-by-operator',
  'reset-impossible',
  'second-factor-off',
  'service-unavailable',
  'session-ended',
  'sign-up-closed',
  'storage-unavailable',
  'temporary-password-expired',
  'timeout',
  'too-many-requests',
  'unexpected',
  'unsupported-challenge',
  'user-not-confirmed',
  'user-not-found',
  'username-exists',
  'wrong-pool',
] as const
export type AuthErrorCode = (typeof authErrorCodes)[number]

/** `message` is for developers and never shown to riders; `cause` is what the service or browser gave. */
export class AuthError extends Error {
  override readonly name = 'AuthError'
  readonly code: AuthErrorCode
  /** the first rule broken, for `password-rejected` where the service names it */
  readonly rule: PasswordRule | undefined
  /** the host that the site's headers leave out, for `blocked-by-policy` */
  readonly origin: string | undefined

  constructor(
    code: AuthErrorCode,
    message: string,
    {
      rule,
      origin,
      ...options
    }: ErrorOptions & { rule?: PasswordRule | undefined; origin?: string | undefined } = {},
  ) {
    super(message, options)
    this.code = code
    this.rule = rule
    this.origin = origin
  }
}

/** Some refusals are ways to go on: `outcomes` says which, by code; the others stay errors. */
export async function orOutcome<Outcome extends { readonly kind: string }>(
  act: Promise<Outcome>,
  outcomes: Partial<Record<AuthErrorCode, Outcome>>,
): Promise<Outcome> {
  try {
    return await act
  } catch (error) {
    const outcome = error instanceof AuthError ? outcomes[error.code] : undefined
    if (!outcome) throw error
    return outcome
  }
}

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
 * The one place where Cognito's errors become ours.
 *
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
