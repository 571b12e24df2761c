import { describe, expect, test } from 'vitest'
import type { User } from '../../../src/local-cloud/user-pool/store/store.ts'
import { ENABLED, existenceErrors, LEGACY } from '../../support/existence-errors.ts'
import { createTestPool, type TestPool } from '../../support/test-pool.ts'
import { ClientId, changeUser, confirmUser, registerUser, rider } from '../../support/users.ts'
import { type Answer, expectRefusal } from '../../support/wire.ts'

function forgetPassword(pool: TestPool, username = rider.username): Promise<Answer> {
  return pool.call('ForgotPassword', { ClientId, Username: username })
}

const delivery = (Destination: string) => ({
  status: 200,
  body: { CodeDeliveryDetails: { Destination, DeliveryMedium: 'EMAIL', AttributeName: 'email' } },
})

const disabled: Partial<User> = { enabled: false }
const unverified: Partial<User> = { attributes: new Map([['email', rider.username]]) }
const withoutAddress: Partial<User> = { attributes: new Map() }

describe.each(existenceErrors)('under %s', (_, setting) => {
  test('a confirmed user is sent a code', async () => {
    const pool = await createTestPool(setting)
    await confirmUser(pool)

    expect(await forgetPassword(pool)).toMatchObject(delivery('r***@e***'))
    expect(pool.outboxLetters).toHaveLength(2)
  })

  test('asking changes neither the status nor the password', async () => {
    const pool = await createTestPool(setting)
    await confirmUser(pool)
    const before = pool.store.findUser(rider.username)
    await forgetPassword(pool)

    expect(pool.store.findUser(rider.username)).toEqual(before)
  })

  test('a user with a temporary password is refused', async () => {
    const pool = await createTestPool(setting)
    await confirmUser(pool)
    changeUser(pool, rider.username, { status: 'FORCE_CHANGE_PASSWORD' })

    expectRefusal(await forgetPassword(pool), {
      type: 'NotAuthorizedException',
      message: 'User password cannot be reset in the current state.',
    })
  })
})

describe('under ENABLED nothing is sent, and it does not show', () => {
  test('for an unknown user', async () => {
    const pool = await createTestPool(ENABLED)

    expect(await forgetPassword(pool, 'ghost@example.com')).toMatchObject(delivery('g***@e***'))
    expect(pool.outboxLetters).toEqual([])
  })

  test('for an unconfirmed user', async () => {
    const pool = await createTestPool(ENABLED)
    await registerUser(pool)

    expect(await forgetPassword(pool)).toMatchObject(delivery('r***@e***'))
    expect(pool.outboxLetters).toHaveLength(1)
  })

  test.each([
    ['a disabled user', disabled],
    ['an unverified address', unverified],
    ['a user without address', withoutAddress],
  ])('for %s', async (_, change) => {
    const pool = await createTestPool(ENABLED)
    await confirmUser(pool)
    changeUser(pool, rider.username, change)

    expect(await forgetPassword(pool)).toMatchObject(delivery('r***@e***'))
    expect(pool.outboxLetters).toHaveLength(1)
  })
})

describe('under LEGACY', () => {
  const noContact = {
    type: 'InvalidParameterException',
    message:
      'Cannot reset password for the user as there is no registered/verified email or phone_number',
  } as const

  test('an unknown user is named as such', async () => {
    expectRefusal(await forgetPassword(await createTestPool(LEGACY), 'ghost@example.com'), {
      type: 'UserNotFoundException',
      message: 'Username/client id combination not found.',
    })
  })

  test('an unconfirmed user has no verified address', async () => {
    const pool = await createTestPool(LEGACY)
    await registerUser(pool)

    expectRefusal(await forgetPassword(pool), noContact)
  })

  test.each([
    ['a disabled user', disabled, { type: 'NotAuthorizedException', message: 'User is disabled.' }],
    ['an unverified address', unverified, noContact],
    ['a user without address', withoutAddress, noContact],
  ] as const)('%s is refused as such', async (_, change, refusal) => {
    const pool = await createTestPool(LEGACY)
    await confirmUser(pool)
    changeUser(pool, rider.username, change)

    expectRefusal(await forgetPassword(pool), refusal)
  })
})
