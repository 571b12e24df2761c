import { expect, test } from 'vitest'
import { toAuthError } from '../../../../src/site/auth/service-error.ts'

test.each([
  ['NotAuthorizedException', 'Incorrect username or password.', 'incorrect-credentials'],
  ['UserNotFoundException', 'User does not exist.', 'user-not-found'],
  ['NotAuthorizedException', 'Password attempts exceeded', 'attempts-exceeded'],
  ['NotAuthorizedException', 'User is disabled.', 'account-disabled'],
  [
    'NotAuthorizedException',
    'User cannot be confirmed. Current status is CONFIRMED',
    'already-confirmed',
  ],
  ['NotAuthorizedException', 'Refresh Token has been revoked', 'session-ended'],
  ['NotAuthorizedException', 'Invalid Refresh Token.', 'session-ended'],
  ['NotAuthorizedException', 'Access Token has expired', 'session-ended'],
  ['NotAuthorizedException', 'something new', 'unexpected'],
  ['UserNotConfirmedException', 'User is not confirmed.', 'user-not-confirmed'],
  [
    'LimitExceededException',
    'Attempt limit exceeded, please try after some time.',
    'limit-exceeded',
  ],
  [
    'SoftwareTokenMFANotFoundException',
    'Software Token MFA has not been enabled by the userPool',
    'totp-disabled',
  ],
  [
    'EnableSoftwareTokenMFAException',
    'Code mismatch and fail enable Software Token MFA',
    'code-mismatch',
  ],
  ['NotAuthorizedException', 'Invalid session for the user, session is expired.', 'session-ended'],
  ['TooManyRequestsException', 'Rate exceeded', 'too-many-requests'],
  ['toString', '', 'unexpected'],
  ['constructor', '', 'unexpected'],
])('%s "%s" is %s, and the cause is kept', (type, message, code) => {
  const error = toAuthError({ type, message, status: 400 })
  expect(error.code).toBe(code)
  expect(String(error.cause)).toContain(type)
})

test('a service in trouble is told from one that refuses', () => {
  expect(toAuthError({ type: 'Whatever', message: '', status: 503 }).code).toBe(
    'service-unavailable',
  )
})

test.each([
  ['Password not long enough', 'length'],
  ['Password must have lowercase characters', 'lowercase'],
  ['Password must have uppercase characters', 'uppercase'],
  ['Password must have numeric characters', 'number'],
  ['Password must have symbol characters', 'symbol'],
])('a refused password names its rule: %s', (problem, rule) => {
  const message = `Password did not conform with policy: ${problem}`
  const error = toAuthError({ type: 'InvalidPasswordException', message, status: 400 })
  expect(error).toMatchObject({ reason: { code: 'password-rejected', rule } })
})
