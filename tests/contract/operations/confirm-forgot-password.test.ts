/** ConfirmForgotPassword: a new password by the mailed code. */

import { describe, expect, test } from 'vitest'
import { noLimits } from '../../../src/local-cloud/user-pool/limits.ts'
import { type ApiResponse, expectError, expectSuccess } from '../../support/cognito-api.ts'
import {
  codeExpired,
  codeMismatch,
  incorrectCredentials,
  userDisabled,
} from '../../support/cognito-errors.ts'
import { signInBySrp } from '../../support/sign-in.ts'
import { createTestPool, type TestPool } from '../../support/test-pool.ts'
import { userExistenceErrors } from '../../support/user-existence-errors.ts'
import {
  ClientId,
  changeUser,
  createConfirmedUser,
  createSignedInUser,
  differentCode,
  latestCodeFor,
  requestPasswordReset,
  requireStoredUser,
  requireTokens,
  rider,
  signUpUser,
} from '../../support/users.ts'

const newPassword = 'N3w-Passw0rd!'

function setPassword(
  pool: TestPool,
  {
    code,
    username = rider.username,
    password = newPassword,
  }: { code: string; username?: string; password?: string },
): Promise<ApiResponse> {
  return pool.call('ConfirmForgotPassword', {
    ClientId,
    Username: username,
    ConfirmationCode: code,
    Password: password,
  })
}

describe('ConfirmForgotPassword with the mailed code', () => {
  test('password reset: the new password signs in and the old one no longer does', async () => {
    const pool = await createTestPool()
    await createConfirmedUser(pool)
    const response = await setPassword(pool, {
      code: await requestPasswordReset(pool, rider.username),
    })

    expect({ status: response.status, body: response.body }).toEqual({ status: 200, body: {} })
    expectError(await signInBySrp(pool), incorrectCredentials)
    requireTokens(await signInBySrp(pool, { ...rider, password: newPassword }))
  })

  test('password reset: a new salt is stored even when the password stays the same', async () => {
    const pool = await createTestPool()
    await createConfirmedUser(pool)
    const before = requireStoredUser(pool, rider.username)
    expectSuccess(
      await setPassword(pool, {
        code: await requestPasswordReset(pool, rider.username),
        password: rider.password,
      }),
    )
    const after = requireStoredUser(pool, rider.username)

    expect(after.saltHex).not.toBe(before.saltHex)
    expect(after.verifierHex).not.toBe(before.verifierHex)
  })

  test('password reset: existing sessions stay valid', async () => {
    const pool = await createTestPool()
    const { AccessToken } = await createSignedInUser(pool)
    await setPassword(pool, { code: await requestPasswordReset(pool, rider.username) })

    expectSuccess(await pool.call('GetUser', { AccessToken }))
  })

  test('password reset: a user in RESET_REQUIRED becomes CONFIRMED', async () => {
    const pool = await createTestPool()
    await createConfirmedUser(pool)
    const code = await requestPasswordReset(pool, rider.username)
    changeUser(pool, rider.username, { status: 'RESET_REQUIRED' })
    expectSuccess(await setPassword(pool, { code }))

    expect(requireStoredUser(pool, rider.username).status).toBe('CONFIRMED')
  })

  test('password reset code: it expires after one hour', async () => {
    const pool = await createTestPool()
    await createConfirmedUser(pool)
    const code = await requestPasswordReset(pool, rider.username)

    pool.clock.advance(3600)
    expectError(await setPassword(pool, { code }), codeExpired)
    pool.clock.advance(-1)
    expectSuccess(await setPassword(pool, { code }))
  })

  test('password reset code: it works only once', async () => {
    const pool = await createTestPool()
    await createConfirmedUser(pool)
    const code = await requestPasswordReset(pool, rider.username)

    expectSuccess(await setPassword(pool, { code }))
    expectError(await setPassword(pool, { code }), codeExpired)
  })

  test('password reset code: fifty parallel requests with one code succeed once', async () => {
    const pool = await createTestPool({}, { limits: noLimits })
    await createConfirmedUser(pool)
    const code = await requestPasswordReset(pool, rider.username)
    const responses = await Promise.all(
      Array.from({ length: 50 }, () => setPassword(pool, { code })),
    )

    expect(responses.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(responses.filter(({ body }) => body.__type === codeExpired.type)).toHaveLength(49)
  })

  test('password reset code: a newer code invalidates the older one', async () => {
    const pool = await createTestPool()
    await createConfirmedUser(pool)
    const first = await requestPasswordReset(pool, rider.username)
    const second = await requestPasswordReset(pool, rider.username)

    if (first !== second) expectError(await setPassword(pool, { code: first }), codeExpired)
    expectSuccess(await setPassword(pool, { code: second }))
  })

  test('password reset code: it stays valid after the password policy rejected the new password', async () => {
    const pool = await createTestPool()
    await createConfirmedUser(pool)
    const code = await requestPasswordReset(pool, rider.username)

    expectError(await setPassword(pool, { code, password: 'password' }), {
      type: 'InvalidPasswordException',
      message: 'Password does not conform to policy: Password must have uppercase characters',
    })
    expectSuccess(await setPassword(pool, { code }))
  })
})

describe.each(userExistenceErrors)('PreventUserExistenceErrors %s', (mode, setting) => {
  test('password reset code: a wrong code is a CodeMismatchException and the correct one still works', async () => {
    const pool = await createTestPool(setting)
    await createConfirmedUser(pool)
    const code = await requestPasswordReset(pool, rider.username)

    expectError(await setPassword(pool, { code: differentCode(code) }), codeMismatch)
    expectSuccess(await setPassword(pool, { code }))
  })

  test('password reset code: a code that was never requested is an ExpiredCodeException', async () => {
    const pool = await createTestPool(setting)
    await createConfirmedUser(pool)

    expectError(await setPassword(pool, { code: '123456' }), codeExpired)
  })

  test('password reset code: a sign-up code does not reset the password', async () => {
    const pool = await createTestPool(setting)
    await signUpUser(pool)

    expectError(await setPassword(pool, { code: latestCodeFor(pool, rider.username) }), codeExpired)
  })

  test('user enumeration: an unknown user gets the error of this mode', async () => {
    const pool = await createTestPool(setting)

    expectError(
      await setPassword(pool, { username: 'ghost@example.com', code: '123456' }),
      mode === 'ENABLED'
        ? codeExpired
        : {
            type: 'UserNotFoundException',
            message: 'Username/client id combination not found.',
          },
    )
  })

  test('user enumeration: a disabled user with the correct code gets the error of this mode', async () => {
    const pool = await createTestPool(setting)
    await createConfirmedUser(pool)
    const code = await requestPasswordReset(pool, rider.username)
    changeUser(pool, rider.username, { enabled: false })

    expectError(await setPassword(pool, { code }), mode === 'ENABLED' ? codeMismatch : userDisabled)
  })
})

describe('user enumeration by a code that was not sent', () => {
  const everyone = ['verified', 'unconfirmed', 'disabled', 'unknown'] as const
  type Kind = (typeof everyone)[number]

  async function createUserOf(kind: Kind, pool: TestPool): Promise<void> {
    if (kind === 'unknown') return
    if (kind === 'unconfirmed') return void (await signUpUser(pool))
    await createConfirmedUser(pool)
    if (kind === 'disabled') changeUser(pool, rider.username, { enabled: false })
  }

  const histories: readonly [
    string,
    (pool: TestPool) => Promise<void>,
    typeof codeExpired | typeof codeMismatch,
  ][] = [
    ['no code was asked for', async () => {}, codeExpired],
    ['a code was asked for', askForCode, codeMismatch],
    [
      'a code was asked for, and a second one',
      async (pool) => {
        await askForCode(pool)
        await askForCode(pool)
      },
      codeMismatch,
    ],
    [
      'the code has expired',
      async (pool) => {
        await askForCode(pool)
        pool.clock.advance(3600)
      },
      codeExpired,
    ],
  ]

  async function askForCode(pool: TestPool): Promise<void> {
    expectSuccess(await pool.call('ForgotPassword', { ClientId, Username: rider.username }))
  }

  describe.each(histories)('%s', (_, ask, error) => {
    test.each(everyone)('a wrong code of a user who is %s gets the same error', async (kind) => {
      const pool = await createTestPool()
      await createUserOf(kind, pool)
      await ask(pool)
      const sent = pool.sentEmails.findLast(({ to }) => to === rider.username)?.code ?? '123456'

      expectError(await setPassword(pool, { code: differentCode(sent) }), error)
    })
  })

  test('a code asked for before sign-up counts as asked for', async () => {
    const pool = await createTestPool()
    await askForCode(pool)
    await createConfirmedUser(pool)

    expectError(await setPassword(pool, { code: '123456' }), codeMismatch)
  })
})
