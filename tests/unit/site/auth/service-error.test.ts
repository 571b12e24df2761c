/** Cognito's errors as AuthError codes: every row of the tables in service-error.ts. */

import { afterEach, describe, expect, test, vi } from 'vitest'
import { readErrorResponse, toAuthError } from '../../../../src/site/auth/service-error.ts'

describe('an error whose name is enough', () => {
  test.each([
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
    ['NotAuthorizedException', 'unexpected'],
    ['PasswordHistoryPolicyViolationException', 'password-rejected'],
    ['PasswordResetRequiredException', 'password-reset-required'],
    ['RefreshTokenReuseException', 'session-ended'],
    ['ResourceNotFoundException', 'not-configured'],
    ['SoftwareTokenMFANotFoundException', 'totp-disabled'],
    ['TooManyFailedAttemptsException', 'attempts-exceeded'],
    ['UserNotConfirmedException', 'user-not-confirmed'],
    ['UserNotFoundException', 'user-not-found'],
    ['UsernameExistsException', 'username-exists'],
  ])('%s is %s, and the cause names it', (type, code) => {
    const error = toAuthError({ type, message: 'a message of no known pattern', status: 400 })
    expect(error.code).toBe(code)
    expect(String(error.cause)).toContain(`400 ${type}: a message`)
  })
})

describe.each(['NotAuthorizedException', 'InvalidParameterException'])(
  '%s is told apart by its message',
  (type) => {
    test.each([
      ['Password attempts exceeded', 'attempts-exceeded'],
      ['Incorrect username or password.', 'incorrect-credentials'],
      ['User cannot be confirmed. Current status is CONFIRMED', 'already-confirmed'],
      ['User cannot confirm because user status is not UNCONFIRMED.', 'already-confirmed'],
      ['User is disabled.', 'account-disabled'],
      ['SignUp is not permitted for this user pool', 'sign-up-closed'],
      [
        'Temporary password has expired and must be reset by an administrator.',
        'temporary-password-expired',
      ],
      ['Contact administrator to reset password.', 'reset-by-operator'],
      ['User password cannot be reset in the current state.', 'reset-impossible'],
      [
        'Cannot reset password for the user as there is no registered/verified email or phone_number',
        'reset-impossible',
      ],
      ['Refresh Token has been revoked', 'session-ended'],
      ['Invalid Refresh Token.', 'session-ended'],
      ['Access Token has expired', 'session-ended'],
      ['Invalid session for the user, session is expired.', 'session-ended'],
    ])('"%s" is %s', (message, code) => {
      expect(toAuthError({ type, message, status: 400 }).code).toBe(code)
    })
  },
)

test('the message of another error is not looked at', () => {
  const message = 'User is disabled.'
  expect(toAuthError({ type: 'UserNotFoundException', message, status: 400 }).code).toBe(
    'user-not-found',
  )
})

test.each(['toString', 'constructor', '__proto__', 'SomethingNewException'])(
  'an error of the unknown name %s is unexpected, or the service is unavailable',
  (type) => {
    expect(toAuthError({ type, message: '', status: 400 }).code).toBe('unexpected')
    expect(toAuthError({ type, message: '', status: 503 }).code).toBe('service-unavailable')
  },
)

test.each([
  ['Password not long enough', 'length'],
  ['Password must have lowercase characters', 'lowercase'],
  ['Password must have uppercase characters', 'uppercase'],
  ['Password must have numeric characters', 'number'],
  ['Password must have symbol characters', 'symbol'],
  ['something else', undefined],
])('password policy: "%s" is the rule %s', (problem, rule) => {
  const message = `Password did not conform with policy: ${problem}`
  const error = toAuthError({ type: 'InvalidPasswordException', message, status: 400 })
  expect(error.reason).toEqual({ code: 'password-rejected', rule })
})

describe('TooManyRequestsException', () => {
  afterEach(() => {
    vi.useRealTimers()
    vi.restoreAllMocks()
  })

  const refuse = (operation: string) =>
    readErrorResponse({
      operation,
      status: 400,
      isRedirect: false,
      body: { __type: 'com.amazonaws#TooManyRequestsException', message: 'Rate exceeded' },
    })

  test('the wait is by chance and grows with each refusal, until there was none for five minutes', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    vi.spyOn(Math, 'random').mockReturnValue(0.5)
    const seconds: unknown[] = []
    for (const passedMs of [600_000, 1_000, 299_999, 300_000]) {
      vi.setSystemTime(Date.now() + passedMs)
      const { reason, cause } = await refuse('SignUp')
      seconds.push('retryAfterSeconds' in reason && reason.retryAfterSeconds)
      expect(reason.code).toBe('too-many-requests')
      expect(String(cause)).toContain('400 TooManyRequestsException: Rate exceeded')
    }
    expect(seconds).toEqual([8, 13, 23, 8])
  })

  test.each([
    ['InitiateAuth', true],
    ['RespondToAuthChallenge', false],
    ['ConfirmSignUp', false],
    ['GetTokensFromRefreshToken', false],
  ])('of %s: that it was the first call of a sign-in is %s', async (operation, isFirstCall) => {
    expect((await refuse(operation)).reason).toMatchObject({ isFirstCall })
  })
})
