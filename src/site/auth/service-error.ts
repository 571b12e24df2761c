/** Cognito's errors become an `AuthError`, here and nowhere else. Fetched with the first one. */

import type { PasswordRule } from '../../shared/password-policy.ts'
import { findPoolProblem } from '../../shared/pool-problems.ts'
import type { JsonObject } from '../lib/json.ts'
import { AuthError, type AuthErrorCode } from './auth-error.ts'

type Code = Exclude<AuthErrorCode, 'blocked-by-csp' | 'too-many-requests' | 'wrong-settings'>

/** of this page in a row: what the service has refused for too many requests */
let refusals = 0
let refusedAtMs = 0
/** milliseconds after which a refusal is forgotten */
const refusalLifetimeMs = 5 * 60_000

/**
 * NotAuthorizedException and InvalidParameterException have many meanings, which their messages tell. The first match
 * counts. Before each stands where the message was seen.
 */
const messagePatterns: readonly (readonly [RegExp, Code])[] = [
  // https://github.com/aws-amplify/amplify-js/issues/1234
  [/^Password attempts exceeded/, 'attempts-exceeded'],
  // https://github.com/aws-amplify/amplify-js/issues/9877
  [/^Incorrect username or password/, 'incorrect-credentials'],
  // https://github.com/aws-amplify/amplify-js/issues/14762
  [/Current status is CONFIRMED|status is not UNCONFIRMED/, 'already-confirmed'],
  // https://github.com/aws-amplify/amplify-js/issues/5503
  [/^User is disabled/, 'account-disabled'],
  // https://github.com/aws-amplify/amplify-js/issues/6415
  [/^SignUp is not permitted/, 'sign-up-closed'],
  // no public report; the local pool answers so
  [/^Temporary password has expired/, 'temporary-password-expired'],
  // no public report; the local pool answers so
  [/^Contact administrator to reset password/, 'reset-by-operator'],
  // https://github.com/aws-amplify/amplify-flutter/issues/3048
  [/^User password cannot be reset/, 'reset-impossible'],
  // https://github.com/aws-amplify/amplify-js/issues/11270
  [/^Cannot reset password/, 'reset-impossible'],
  // https://github.com/aws-amplify/amplify-js/issues/2205
  [/(Access|Refresh) Token/i, 'session-ended'],
  // https://github.com/aws-amplify/amplify-js/issues/13802
  [/^Invalid session/i, 'session-ended'],
]

/**
 * The errors that the operations called in this folder may answer with, and what each means; `messagePatterns` go first
 * where a message is needed to tell. TooManyRequestsException is `toThrottledError`'s.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_Operations.html each operation's "Errors"
 */
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
  ResourceNotFoundException: 'not-configured',
  SoftwareTokenMFANotFoundException: 'totp-disabled',
  TooManyFailedAttemptsException: 'attempts-exceeded',
  UserNotConfirmedException: 'user-not-confirmed',
  UserNotFoundException: 'user-not-found',
  UsernameExistsException: 'username-exists',
  WebAuthnChallengeNotFoundException: 'timeout',
  WebAuthnCredentialNotSupportedException: 'invalid-input',
} as const satisfies Readonly<Record<string, Code>>

/** errors behind which may be a setting that only the operator can correct */
const vagueCodes: readonly AuthErrorCode[] = [
  'invalid-input',
  'not-configured',
  'service-unavailable',
  'unexpected',
]

/** In the message of InvalidPasswordException. @see https://github.com/data-dot-all/dataall/issues/690 */
const rulePatterns: readonly (readonly [RegExp, PasswordRule])[] = [
  [/not long enough|length/, 'length'],
  [/lowercase/, 'lowercase'],
  [/uppercase/, 'uppercase'],
  [/numeric/, 'number'],
  [/symbol/, 'symbol'],
]

interface ServiceError {
  /** `__type` of the error body */
  readonly type: string
  readonly message: string
  /** the HTTP status */
  readonly status: number
}

/** A response that is not what the operation promises. */
interface ErrorResponse {
  readonly operation: string
  /** the HTTP status */
  readonly status: number
  readonly isRedirect: boolean
  /** the members of a JSON object, `undefined` for any other content */
  readonly body: JsonObject | undefined
}

/** @returns the error that names a setting of the site where one is to blame, else the service's own */
export async function readErrorResponse({
  operation,
  status,
  isRedirect,
  body,
}: ErrorResponse): Promise<AuthError> {
  const type = body?.__type ?? body?.code
  if (typeof type !== 'string') {
    const answer = isRedirect ? 'a redirect' : `status ${status}`
    const message = `expected JSON, got ${answer} with other content`
    return explainBySettings(new AuthError('service-unavailable', message), answer)
  }
  const message = body?.message ?? body?.Message
  const error = {
    type: type.replace(/^.*#/, ''),
    message: typeof message === 'string' ? message : '',
    status,
  }
  if (error.type === 'TooManyRequestsException') return toThrottledError(operation, error)
  return explainBySettings(toAuthError(error), `${error.type}: ${error.message}`)
}

/** The service names no time. The more often it refuses, the longer is the wait. */
async function toThrottledError(operation: string, error: ServiceError): Promise<AuthError> {
  const nowMs = Date.now()
  refusals = Math.abs(nowMs - refusedAtMs) < refusalLifetimeMs ? refusals + 1 : 1
  refusedAtMs = nowMs
  const { toPressWaitSeconds } = await import('../lib/backoff.ts')
  return new AuthError(
    {
      code: 'too-many-requests',
      retryAfterSeconds: toPressWaitSeconds(refusals, Math.random),
      isFirstCall: operation === 'InitiateAuth',
    },
    'the service has too many requests',
    { cause: toCause(error) },
  )
}

/** @param answer as `findPoolProblem` takes it */
export function explainBySettings(error: AuthError, answer: string): AuthError {
  const problem = vagueCodes.includes(error.code) ? findPoolProblem(answer) : undefined
  return problem
    ? new AuthError({ code: 'wrong-settings', problem }, `correct ${problem.setting}`, {
        cause: error,
      })
    : error
}

export function toAuthError(error: ServiceError): AuthError {
  const code = findCode(error)
  return new AuthError(
    code === 'password-rejected' ? { code, rule: findBrokenRule(error.message) } : { code },
    'the service answered with an error',
    { cause: toCause(error) },
  )
}

function toCause({ type, message, status }: ServiceError): Error {
  return new Error(`${status} ${type}: ${message}`)
}

function findCode({ type, message, status }: ServiceError): Code {
  if (!isKnown(type)) return status >= 500 ? 'service-unavailable' : 'unexpected'
  const isAmbiguous = type === 'NotAuthorizedException' || type === 'InvalidParameterException'
  const match = isAmbiguous && messagePatterns.find(([pattern]) => pattern.test(message))
  return match ? match[1] : codes[type]
}

function isKnown(type: string): type is keyof typeof codes {
  return Object.hasOwn(codes, type)
}

function findBrokenRule(message: string): PasswordRule | undefined {
  return rulePatterns.find(([pattern]) => pattern.test(message))?.[1]
}
