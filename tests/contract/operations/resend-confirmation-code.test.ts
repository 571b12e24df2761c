import { describe, expect, test } from 'vitest'
import { ENABLED, LEGACY } from '../../support/existence-errors.ts'
import { createTestPool, type TestPool } from '../../support/test-pool.ts'
import { ClientId, changeUser, confirmUser, registerUser, rider } from '../../support/users.ts'
import { type Answer, expectRefusal } from '../../support/wire.ts'

const delivery = (Destination: string) => ({
  status: 200,
  body: { CodeDeliveryDetails: { Destination, DeliveryMedium: 'EMAIL', AttributeName: 'email' } },
})

function resend(pool: TestPool, username = rider.username): Promise<Answer> {
  return pool.call('ResendConfirmationCode', { ClientId, Username: username })
}

test('an unconfirmed user gets a new letter', async () => {
  const pool = await createTestPool()
  await registerUser(pool)

  expect(await resend(pool)).toMatchObject(delivery('r***@e***'))
  expect(pool.outboxLetters.map(({ to }) => to)).toEqual([rider.username, rider.username])
})

test('there is no wait between two letters', async () => {
  const pool = await createTestPool()
  await registerUser(pool)
  await resend(pool)

  expect(await resend(pool)).toMatchObject({ status: 200 })
  expect(pool.outboxLetters).toHaveLength(3)
})

describe.each([ENABLED, LEGACY])('with %j', (setting) => {
  test('a user without an address cannot be sent anything', async () => {
    const pool = await createTestPool(setting)
    await pool.call('SignUp', { ClientId, Username: 'rider', Password: rider.password })

    expectRefusal(await resend(pool, 'rider'), {
      type: 'InvalidParameterException',
      message: 'Auto verification not turned on.',
    })
  })

  test('a pool that verifies nothing by itself sends nothing', async () => {
    const pool = await createTestPool({ ...setting, autoVerifiesEmail: false })
    await registerUser(pool)

    expectRefusal(await resend(pool), {
      type: 'InvalidParameterException',
      message: 'Auto verification not turned on.',
    })
  })
})

describe('under ENABLED, a letter that nobody sends looks like one that was sent', () => {
  test('to an unknown user', async () => {
    const pool = await createTestPool(ENABLED)

    expect(await resend(pool, 'ghost@example.com')).toMatchObject(delivery('g***@e***'))
    expect(pool.outboxLetters).toEqual([])
  })

  test('to an unknown user whose name is no address, each time the same', async () => {
    const pool = await createTestPool(ENABLED)
    const first = await resend(pool, 'ghost')
    const second = await resend(pool, 'ghost')

    expect(first.body).toMatchObject({
      CodeDeliveryDetails: { Destination: expect.stringMatching(/^[a-z]\*\*\*@[a-z]\*\*\*$/) },
    })
    expect(first.body).toEqual(second.body)
  })

  test('to a confirmed user', async () => {
    const pool = await createTestPool(ENABLED)
    await confirmUser(pool)

    expect(await resend(pool)).toMatchObject(delivery('r***@e***'))
    expect(pool.outboxLetters).toHaveLength(1)
  })

  test('to a disabled user', async () => {
    const pool = await createTestPool(ENABLED)
    await registerUser(pool)
    changeUser(pool, rider.username, { enabled: false })

    expect(await resend(pool)).toMatchObject(delivery('r***@e***'))
    expect(pool.outboxLetters).toHaveLength(1)
  })
})

describe('under LEGACY', () => {
  test('an unknown user is named as such', async () => {
    expectRefusal(await resend(await createTestPool(LEGACY), 'ghost@example.com'), {
      type: 'UserNotFoundException',
      message: 'Username/client id combination not found.',
    })
  })

  test('a confirmed user is named as such', async () => {
    const pool = await createTestPool(LEGACY)
    await confirmUser(pool)

    expectRefusal(await resend(pool), {
      type: 'InvalidParameterException',
      message: 'User is already confirmed.',
    })
  })

  test('a disabled user is named as such', async () => {
    const pool = await createTestPool(LEGACY)
    await registerUser(pool)
    changeUser(pool, rider.username, { enabled: false })

    expectRefusal(await resend(pool), {
      type: 'NotAuthorizedException',
      message: 'User is disabled.',
    })
  })
})
