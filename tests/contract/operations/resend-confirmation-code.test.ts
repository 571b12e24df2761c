/** ResendConfirmationCode: another sign-up code by email. */

import { describe, expect, test } from 'vitest'
import { type ApiResponse, expectError } from '../../support/cognito-api.ts'
import { userDisabled } from '../../support/cognito-errors.ts'
import { createTestPool, type TestPool } from '../../support/test-pool.ts'
import { ENABLED, LEGACY } from '../../support/user-existence-errors.ts'
import {
  ClientId,
  changeUser,
  createConfirmedUser,
  rider,
  signUpUser,
} from '../../support/users.ts'

const delivery = (Destination: string) => ({
  status: 200,
  body: { CodeDeliveryDetails: { Destination, DeliveryMedium: 'EMAIL', AttributeName: 'email' } },
})

function resend(pool: TestPool, username = rider.username): Promise<ApiResponse> {
  return pool.call('ResendConfirmationCode', { ClientId, Username: username })
}

test('ResendConfirmationCode mails another code to an unconfirmed user', async () => {
  const pool = await createTestPool()
  await signUpUser(pool)

  expect(await resend(pool)).toMatchObject(delivery('r***@e***'))
  expect(pool.sentEmails.map(({ to }) => to)).toEqual([rider.username, rider.username])
})

test('ResendConfirmationCode needs no pause between two emails', async () => {
  const pool = await createTestPool()
  await signUpUser(pool)
  await resend(pool)

  expect(await resend(pool)).toMatchObject({ status: 200 })
  expect(pool.sentEmails).toHaveLength(3)
})

describe.each([ENABLED, LEGACY])('ResendConfirmationCode with %j', (setting) => {
  test('a user without an email address is rejected', async () => {
    const pool = await createTestPool(setting)
    await pool.call('SignUp', { ClientId, Username: 'rider', Password: rider.password })

    expectError(await resend(pool, 'rider'), {
      type: 'NotAuthorizedException',
      message: 'Cannot resend codes. Auto verification not turned on.',
    })
  })

  test('a pool without auto-verification rejects the call', async () => {
    const pool = await createTestPool({ ...setting, autoVerifiedAttributes: new Set<'email'>() })
    await signUpUser(pool)

    expectError(await resend(pool), {
      type: 'NotAuthorizedException',
      message: 'Cannot resend codes. Auto verification not turned on.',
    })
  })
})

describe('user enumeration with PreventUserExistenceErrors ENABLED: a simulated delivery and no email', () => {
  test('an unknown user gets the same response as an unconfirmed one', async () => {
    const pool = await createTestPool(ENABLED)

    expect(await resend(pool, 'ghost@example.com')).toMatchObject(delivery('g***@e***'))
    expect(pool.sentEmails).toEqual([])
  })

  test('an unknown user name without an address gets the same masked address each time', async () => {
    const pool = await createTestPool(ENABLED)
    const first = await resend(pool, 'ghost')
    const second = await resend(pool, 'ghost')

    expect(first.body).toMatchObject({
      CodeDeliveryDetails: { Destination: expect.stringMatching(/^[a-z]\*\*\*@[a-z]\*\*\*$/) },
    })
    expect(first.body).toEqual(second.body)
  })

  test('a confirmed user gets the same response as an unconfirmed one', async () => {
    const pool = await createTestPool(ENABLED)
    await createConfirmedUser(pool)

    expect(await resend(pool)).toMatchObject(delivery('r***@e***'))
    expect(pool.sentEmails).toHaveLength(1)
  })

  test('a disabled user gets the same response as an unconfirmed one', async () => {
    const pool = await createTestPool(ENABLED)
    await signUpUser(pool)
    changeUser(pool, rider.username, { enabled: false })

    expect(await resend(pool)).toMatchObject(delivery('r***@e***'))
    expect(pool.sentEmails).toHaveLength(1)
  })
})

describe('ResendConfirmationCode with PreventUserExistenceErrors LEGACY', () => {
  test('an unknown user is a UserNotFoundException', async () => {
    expectError(await resend(await createTestPool(LEGACY), 'ghost@example.com'), {
      type: 'UserNotFoundException',
      message: 'Username/client id combination not found.',
    })
  })

  test('a confirmed user is an InvalidParameterException', async () => {
    const pool = await createTestPool(LEGACY)
    await createConfirmedUser(pool)

    expectError(await resend(pool), {
      type: 'InvalidParameterException',
      message: 'User is already confirmed.',
    })
  })

  test('a disabled user is a NotAuthorizedException', async () => {
    const pool = await createTestPool(LEGACY)
    await signUpUser(pool)
    changeUser(pool, rider.username, { enabled: false })

    expectError(await resend(pool), userDisabled)
  })
})
