/** ConfirmSignUp: a user is confirmed by the mailed code. */

import { describe, expect, test } from 'vitest'
import { noLimits } from '../../../src/local-cloud/user-pool/limits.ts'
import { type ApiResponse, expectError, expectSuccess } from '../../support/cognito-api.ts'
import { codeExpired, codeMismatch } from '../../support/cognito-errors.ts'
import { createTestPool, type TestPool } from '../../support/test-pool.ts'
import { userExistenceErrors } from '../../support/user-existence-errors.ts'
import {
  ClientId,
  createConfirmedUser,
  differentCode,
  latestCodeFor,
  requestPasswordReset,
  requireStoredUser,
  rider,
  signUpUser,
} from '../../support/users.ts'

const day = 86_400

const alreadyConfirmed = {
  type: 'NotAuthorizedException',
  message: 'User cannot be confirmed. Current status is CONFIRMED',
} as const

function confirm(
  pool: TestPool,
  { code, username = rider.username }: { code: string; username?: string },
): Promise<ApiResponse> {
  return pool.call('ConfirmSignUp', { ClientId, Username: username, ConfirmationCode: code })
}

async function resendCode(pool: TestPool): Promise<void> {
  expectSuccess(await pool.call('ResendConfirmationCode', { ClientId, Username: rider.username }))
}

describe('ConfirmSignUp with the mailed code', () => {
  test('ConfirmSignUp sets CONFIRMED and email_verified', async () => {
    const pool = await createTestPool()
    await signUpUser(pool)
    pool.clock.advance(60)
    const response = await confirm(pool, { code: latestCodeFor(pool, rider.username) })

    expect({ status: response.status, body: response.body }).toEqual({ status: 200, body: {} })
    const user = requireStoredUser(pool, rider.username)
    expect(user.status).toBe('CONFIRMED')
    expect(user.attributes.get('email_verified')).toBe('true')
    expect(user.modifiedAtMs - user.createdAtMs).toBe(60_000)
  })

  test('ConfirmSignUp finds the user name in any case', async () => {
    const pool = await createTestPool()
    await signUpUser(pool)
    const code = latestCodeFor(pool, rider.username)

    expectSuccess(await confirm(pool, { code, username: 'RIDER@EXAMPLE.COM' }))
  })

  test('confirmation code: it expires after 24 hours', async () => {
    const pool = await createTestPool()
    await signUpUser(pool)
    const code = latestCodeFor(pool, rider.username)

    pool.clock.advance(day)
    expectError(await confirm(pool, { code }), codeExpired)
    pool.clock.advance(-1)
    expectSuccess(await confirm(pool, { code }))
  })

  test('confirmation code: it works only once', async () => {
    const pool = await createTestPool()
    await signUpUser(pool)
    const code = latestCodeFor(pool, rider.username)

    expectSuccess(await confirm(pool, { code }))
    expectError(await confirm(pool, { code }), alreadyConfirmed)
  })

  test('confirmation code: fifty parallel requests with one code succeed once', async () => {
    const pool = await createTestPool({}, { limits: noLimits })
    await signUpUser(pool)
    const code = latestCodeFor(pool, rider.username)
    const responses = await Promise.all(Array.from({ length: 50 }, () => confirm(pool, { code })))

    expect(responses.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(responses.filter(({ body }) => body.message === alreadyConfirmed.message)).toHaveLength(
      49,
    )
  })

  test('confirmation code: a resent code invalidates the first one', async () => {
    const pool = await createTestPool()
    await signUpUser(pool)
    const first = latestCodeFor(pool, rider.username)
    await resendCode(pool)
    const second = latestCodeFor(pool, rider.username)

    if (first !== second) expectError(await confirm(pool, { code: first }), codeExpired)
    expectSuccess(await confirm(pool, { code: second }))
  })

  test('confirmation code: the code of one user does not confirm another', async () => {
    const pool = await createTestPool()
    await signUpUser(pool)
    await signUpUser(pool, { ...rider, username: 'second@example.com' })
    const [mine, theirs] = [rider.username, 'second@example.com'].map((email) =>
      latestCodeFor(pool, email),
    )

    if (mine !== theirs) expectError(await confirm(pool, { code: theirs ?? '' }), codeMismatch)
  })
})

describe.each(userExistenceErrors)('PreventUserExistenceErrors %s', (mode, setting) => {
  test('confirmation code: a wrong code is a CodeMismatchException and the correct one still works', async () => {
    const pool = await createTestPool(setting)
    await signUpUser(pool)
    const code = latestCodeFor(pool, rider.username)

    expectError(await confirm(pool, { code: differentCode(code) }), codeMismatch)
    expectError(await confirm(pool, { code: `${code}0` }), codeMismatch)
    expectSuccess(await confirm(pool, { code }))
  })

  test('confirmation code: a wrong code after the expiry is an ExpiredCodeException', async () => {
    const pool = await createTestPool(setting)
    await signUpUser(pool)
    pool.clock.advance(day)

    expectError(
      await confirm(pool, { code: differentCode(latestCodeFor(pool, rider.username)) }),
      codeExpired,
    )
  })

  test('confirmation code: any code is an ExpiredCodeException when none was sent', async () => {
    const pool = await createTestPool(setting)
    await pool.call('SignUp', { ClientId, Username: 'rider', Password: rider.password })

    expectError(await confirm(pool, { username: 'rider', code: '123456' }), codeExpired)
  })

  test('ConfirmSignUp rejects a confirmed user, even with a password reset code', async () => {
    const pool = await createTestPool(setting)
    await createConfirmedUser(pool)

    expectError(
      await confirm(pool, { code: await requestPasswordReset(pool, rider.username) }),
      alreadyConfirmed,
    )
  })

  test('user enumeration: an unknown user gets the error of this mode', async () => {
    const pool = await createTestPool(setting)

    expectError(
      await confirm(pool, { username: 'ghost@example.com', code: '123456' }),
      mode === 'ENABLED'
        ? codeExpired
        : {
            type: 'UserNotFoundException',
            message: 'Username/client id combination not found.',
          },
    )
  })
})

test('confirmation code: a code with a space is a validation error', async () => {
  const pool = await createTestPool()
  await signUpUser(pool)

  expectError(await confirm(pool, { code: '123 456' }), {
    type: 'InvalidParameterException',
    message:
      "1 validation error detected: Value at 'confirmationCode' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\S]+",
  })
})
