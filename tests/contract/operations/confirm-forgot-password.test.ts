import { describe, expect, test } from 'vitest'
import { noLimits } from '../../../src/local-cloud/user-pool/limits.ts'
import { existenceErrors } from '../../support/existence-errors.ts'
import { createIdentityClient } from '../../support/identity-client.ts'
import { createTestPool, type TestPool } from '../../support/test-pool.ts'
import {
  ClientId,
  changeUser,
  confirmUser,
  latestCodeFor,
  otherThan,
  registerUser,
  requestReset,
  requireStoredUser,
  rider,
  signInUser,
} from '../../support/users.ts'
import { type Answer, expectRefusal, expectSuccess } from '../../support/wire.ts'

const newPassword = 'N3w-Passw0rd!'

const mismatch = {
  type: 'CodeMismatchException',
  message: 'Invalid verification code provided, please try again.',
} as const
const expired = {
  type: 'ExpiredCodeException',
  message: 'Invalid code provided, please request a code again.',
} as const

function setPassword(
  pool: TestPool,
  {
    code,
    username = rider.username,
    password = newPassword,
  }: { code: string; username?: string; password?: string },
): Promise<Answer> {
  return pool.call('ConfirmForgotPassword', {
    ClientId,
    Username: username,
    ConfirmationCode: code,
    Password: password,
  })
}

describe('a mailed reset code', () => {
  test('sets the password: the new one signs in, the old one no more', async () => {
    const pool = await createTestPool()
    await confirmUser(pool)
    const answer = await setPassword(pool, { code: await requestReset(pool, rider.username) })
    const client = createIdentityClient(pool.endpoint)

    expect({ status: answer.status, body: answer.body }).toEqual({ status: 200, body: {} })
    await expect(client.signIn(rider)).rejects.toMatchObject({ code: 'NotAuthorizedException' })
    await expect(client.signIn({ ...rider, password: newPassword })).resolves.toHaveProperty(
      'session',
    )
  })

  test('brings a fresh salt with the password, the same one or another', async () => {
    const pool = await createTestPool()
    await confirmUser(pool)
    const before = requireStoredUser(pool, rider.username)
    expectSuccess(
      await setPassword(pool, {
        code: await requestReset(pool, rider.username),
        password: rider.password,
      }),
    )
    const after = requireStoredUser(pool, rider.username)

    expect(after.saltHex).not.toBe(before.saltHex)
    expect(after.verifierHex).not.toBe(before.verifierHex)
  })

  test('leaves sign-ins as they are', async () => {
    const pool = await createTestPool()
    const { AccessToken } = await signInUser(pool)
    await setPassword(pool, { code: await requestReset(pool, rider.username) })

    expectSuccess(await pool.call('GetUser', { AccessToken }))
  })

  test('ends the need for a reset', async () => {
    const pool = await createTestPool()
    await confirmUser(pool)
    const code = await requestReset(pool, rider.username)
    changeUser(pool, rider.username, { status: 'RESET_REQUIRED' })
    expectSuccess(await setPassword(pool, { code }))

    expect(requireStoredUser(pool, rider.username).status).toBe('CONFIRMED')
  })

  test('counts until its hour is over', async () => {
    const pool = await createTestPool()
    await confirmUser(pool)
    const code = await requestReset(pool, rider.username)

    pool.clock.advance(3600)
    expectRefusal(await setPassword(pool, { code }), expired)
    pool.clock.advance(-1)
    expectSuccess(await setPassword(pool, { code }))
  })

  test('counts once', async () => {
    const pool = await createTestPool()
    await confirmUser(pool)
    const code = await requestReset(pool, rider.username)

    expectSuccess(await setPassword(pool, { code }))
    expectRefusal(await setPassword(pool, { code }), expired)
  })

  test('counts once when it is sent fifty times at once', async () => {
    const pool = await createTestPool({}, { limits: noLimits })
    await confirmUser(pool)
    const code = await requestReset(pool, rider.username)
    const answers = await Promise.all(Array.from({ length: 50 }, () => setPassword(pool, { code })))

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ body }) => body.__type === expired.type)).toHaveLength(49)
  })

  test('counts no more once a newer one was sent', async () => {
    const pool = await createTestPool()
    await confirmUser(pool)
    const first = await requestReset(pool, rider.username)
    const second = await requestReset(pool, rider.username)

    if (first !== second) expectRefusal(await setPassword(pool, { code: first }), expired)
    expectSuccess(await setPassword(pool, { code: second }))
  })

  test('is still good after a new password was refused by the policy', async () => {
    const pool = await createTestPool()
    await confirmUser(pool)
    const code = await requestReset(pool, rider.username)

    expectRefusal(await setPassword(pool, { code, password: 'password' }), {
      type: 'InvalidPasswordException',
      message: 'Password does not conform to policy: Password must have uppercase characters',
    })
    expectSuccess(await setPassword(pool, { code }))
  })
})

describe.each(existenceErrors)('under %s', (mode, setting) => {
  test('a wrong code is a mismatch, and the right one still counts', async () => {
    const pool = await createTestPool(setting)
    await confirmUser(pool)
    const code = await requestReset(pool, rider.username)

    expectRefusal(await setPassword(pool, { code: otherThan(code) }), mismatch)
    expectSuccess(await setPassword(pool, { code }))
  })

  test('a code that was never asked for is an expired one', async () => {
    const pool = await createTestPool(setting)
    await confirmUser(pool)

    expectRefusal(await setPassword(pool, { code: '123456' }), expired)
  })

  test('a sign-up code sets no password', async () => {
    const pool = await createTestPool(setting)
    await registerUser(pool)

    expectRefusal(await setPassword(pool, { code: latestCodeFor(pool, rider.username) }), expired)
  })

  test('an unknown user is refused as the setting says', async () => {
    const pool = await createTestPool(setting)

    expectRefusal(
      await setPassword(pool, { username: 'ghost@example.com', code: '123456' }),
      mode === 'ENABLED'
        ? mismatch
        : {
            type: 'UserNotFoundException',
            message: 'Username/client id combination not found.',
          },
    )
  })

  test('a disabled user is refused as the setting says, even with the right code', async () => {
    const pool = await createTestPool(setting)
    await confirmUser(pool)
    const code = await requestReset(pool, rider.username)
    changeUser(pool, rider.username, { enabled: false })

    expectRefusal(
      await setPassword(pool, { code }),
      mode === 'ENABLED'
        ? mismatch
        : { type: 'NotAuthorizedException', message: 'User is disabled.' },
    )
  })
})
