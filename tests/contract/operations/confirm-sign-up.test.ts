import { describe, expect, test } from 'vitest'
import { noLimits } from '../../../src/local-cloud/user-pool/limits.ts'
import { existenceErrors } from '../../support/existence-errors.ts'
import { createTestPool, type TestPool } from '../../support/test-pool.ts'
import {
  ClientId,
  confirmUser,
  latestCodeFor,
  otherThan,
  registerUser,
  requestReset,
  requireStoredUser,
  rider,
} from '../../support/users.ts'
import { type Answer, expectRefusal, expectSuccess } from '../../support/wire.ts'

const day = 86_400

const mismatch = {
  type: 'CodeMismatchException',
  message: 'Invalid verification code provided, please try again.',
} as const
const expired = {
  type: 'ExpiredCodeException',
  message: 'Invalid code provided, please request a code again.',
} as const
const alreadyConfirmed = {
  type: 'NotAuthorizedException',
  message: 'User cannot be confirmed. Current status is CONFIRMED',
} as const

function confirm(
  pool: TestPool,
  { code, username = rider.username }: { code: string; username?: string },
): Promise<Answer> {
  return pool.call('ConfirmSignUp', { ClientId, Username: username, ConfirmationCode: code })
}

async function resendCode(pool: TestPool): Promise<void> {
  expectSuccess(await pool.call('ResendConfirmationCode', { ClientId, Username: rider.username }))
}

describe('the mailed code', () => {
  test('confirms the user and verifies the address', async () => {
    const pool = await createTestPool()
    await registerUser(pool)
    pool.clock.advance(60)
    const answer = await confirm(pool, { code: latestCodeFor(pool, rider.username) })

    expect({ status: answer.status, body: answer.body }).toEqual({ status: 200, body: {} })
    const user = requireStoredUser(pool, rider.username)
    expect(user.status).toBe('CONFIRMED')
    expect(user.attributes.get('email_verified')).toBe('true')
    expect(user.modifiedAtMs - user.createdAtMs).toBe(60_000)
  })

  test('confirms a user who types the name in other letters', async () => {
    const pool = await createTestPool()
    await registerUser(pool)
    const code = latestCodeFor(pool, rider.username)

    expectSuccess(await confirm(pool, { code, username: 'RIDER@EXAMPLE.COM' }))
  })

  test('counts until its 24 hours are over', async () => {
    const pool = await createTestPool()
    await registerUser(pool)
    const code = latestCodeFor(pool, rider.username)

    pool.clock.advance(day)
    expectRefusal(await confirm(pool, { code }), expired)
    pool.clock.advance(-1)
    expectSuccess(await confirm(pool, { code }))
  })

  test('counts once', async () => {
    const pool = await createTestPool()
    await registerUser(pool)
    const code = latestCodeFor(pool, rider.username)

    expectSuccess(await confirm(pool, { code }))
    expectRefusal(await confirm(pool, { code }), alreadyConfirmed)
  })

  test('counts once when it is sent fifty times at once', async () => {
    const pool = await createTestPool({}, { limits: noLimits })
    await registerUser(pool)
    const code = latestCodeFor(pool, rider.username)
    const answers = await Promise.all(Array.from({ length: 50 }, () => confirm(pool, { code })))

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ body }) => body.message === alreadyConfirmed.message)).toHaveLength(49)
  })

  test('counts no more once a newer one was sent', async () => {
    const pool = await createTestPool()
    await registerUser(pool)
    const first = latestCodeFor(pool, rider.username)
    await resendCode(pool)
    const second = latestCodeFor(pool, rider.username)

    if (first !== second) expectRefusal(await confirm(pool, { code: first }), expired)
    expectSuccess(await confirm(pool, { code: second }))
  })

  test('of one user does not confirm another', async () => {
    const pool = await createTestPool()
    await registerUser(pool)
    await registerUser(pool, { ...rider, username: 'second@example.com' })
    const [mine, theirs] = [rider.username, 'second@example.com'].map((email) =>
      latestCodeFor(pool, email),
    )

    if (mine !== theirs) expectRefusal(await confirm(pool, { code: theirs ?? '' }), mismatch)
  })
})

describe.each(existenceErrors)('under %s', (mode, setting) => {
  test('a wrong code is a mismatch, and the right one still counts', async () => {
    const pool = await createTestPool(setting)
    await registerUser(pool)
    const code = latestCodeFor(pool, rider.username)

    expectRefusal(await confirm(pool, { code: otherThan(code) }), mismatch)
    expectRefusal(await confirm(pool, { code: `${code}0` }), mismatch)
    expectSuccess(await confirm(pool, { code }))
  })

  test('a wrong code after the right one has expired is an expired one', async () => {
    const pool = await createTestPool(setting)
    await registerUser(pool)
    pool.clock.advance(day)

    expectRefusal(
      await confirm(pool, { code: otherThan(latestCodeFor(pool, rider.username)) }),
      expired,
    )
  })

  test('a code is an expired one where none was ever sent', async () => {
    const pool = await createTestPool(setting)
    await pool.call('SignUp', { ClientId, Username: 'rider', Password: rider.password })

    expectRefusal(await confirm(pool, { username: 'rider', code: '123456' }), expired)
  })

  test('a confirmed user cannot be confirmed, not even with a password-reset code', async () => {
    const pool = await createTestPool(setting)
    await confirmUser(pool)

    expectRefusal(
      await confirm(pool, { code: await requestReset(pool, rider.username) }),
      alreadyConfirmed,
    )
  })

  test('an unknown user is refused as the setting says', async () => {
    const pool = await createTestPool(setting)

    expectRefusal(
      await confirm(pool, { username: 'ghost@example.com', code: '123456' }),
      mode === 'ENABLED'
        ? expired
        : {
            type: 'UserNotFoundException',
            message: 'Username/client id combination not found.',
          },
    )
  })
})

test('a code with a space in it is refused as malformed', async () => {
  const pool = await createTestPool()
  await registerUser(pool)

  expectRefusal(await confirm(pool, { code: '123 456' }), {
    type: 'InvalidParameterException',
    message:
      "1 validation error detected: Value at 'confirmationCode' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\S]+",
  })
})
