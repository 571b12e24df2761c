/** ForgotPassword: a password reset code by email. */

import { describe, expect, test } from 'vitest'
import type { User } from '../../../src/local-cloud/user-pool/store/store.ts'
import { type ApiResponse, expectError } from '../../support/cognito-api.ts'
import { userDisabled } from '../../support/cognito-errors.ts'
import { createTestPool, type TestPool } from '../../support/test-pool.ts'
import { ENABLED, LEGACY, userExistenceErrors } from '../../support/user-existence-errors.ts'
import {
  ClientId,
  changeUser,
  createConfirmedUser,
  rider,
  signUpUser,
} from '../../support/users.ts'

function forgetPassword(pool: TestPool, username = rider.username): Promise<ApiResponse> {
  return pool.call('ForgotPassword', { ClientId, Username: username })
}

const delivery = (Destination: string) => ({
  status: 200,
  body: { CodeDeliveryDetails: { Destination, DeliveryMedium: 'EMAIL', AttributeName: 'email' } },
})

const disabled: Partial<User> = { enabled: false }
const unverified: Partial<User> = { attributes: new Map([['email', rider.username]]) }
const withoutAddress: Partial<User> = { attributes: new Map() }

describe.each(userExistenceErrors)('PreventUserExistenceErrors %s', (_, setting) => {
  test('ForgotPassword mails a code to a confirmed user', async () => {
    const pool = await createTestPool(setting)
    await createConfirmedUser(pool)

    expect(await forgetPassword(pool)).toMatchObject(delivery('r***@e***'))
    expect(pool.sentEmails).toHaveLength(2)
  })

  test('ForgotPassword changes neither the status nor the password', async () => {
    const pool = await createTestPool(setting)
    await createConfirmedUser(pool)
    const before = pool.store.findUser(rider.username)
    await forgetPassword(pool)

    expect(pool.store.findUser(rider.username)).toEqual(before)
  })

  test('ForgotPassword rejects a user with a temporary password', async () => {
    const pool = await createTestPool(setting)
    await createConfirmedUser(pool)
    changeUser(pool, rider.username, { status: 'FORCE_CHANGE_PASSWORD' })

    expectError(await forgetPassword(pool), {
      type: 'NotAuthorizedException',
      message: 'User password cannot be reset in the current state.',
    })
  })
})

describe('user enumeration with PreventUserExistenceErrors ENABLED: a simulated delivery and no email', () => {
  test('an unknown user gets the same response as a real one', async () => {
    const pool = await createTestPool(ENABLED)

    expect(await forgetPassword(pool, 'ghost@example.com')).toMatchObject(delivery('g***@e***'))
    expect(pool.sentEmails).toEqual([])
  })

  test('an unconfirmed user gets the same response as a confirmed one', async () => {
    const pool = await createTestPool(ENABLED)
    await signUpUser(pool)

    expect(await forgetPassword(pool)).toMatchObject(delivery('r***@e***'))
    expect(pool.sentEmails).toHaveLength(1)
  })

  test.each([
    ['a disabled user', disabled],
    ['a user with an unverified address', unverified],
    ['a user without an address', withoutAddress],
  ])('%s gets the same response as a confirmed user', async (_, change) => {
    const pool = await createTestPool(ENABLED)
    await createConfirmedUser(pool)
    changeUser(pool, rider.username, change)

    expect(await forgetPassword(pool)).toMatchObject(delivery('r***@e***'))
    expect(pool.sentEmails).toHaveLength(1)
  })
})

describe('ForgotPassword with PreventUserExistenceErrors LEGACY', () => {
  const noContact = {
    type: 'InvalidParameterException',
    message:
      'Cannot reset password for the user as there is no registered/verified email or phone_number',
  } as const

  test('user enumeration: an unknown user is a UserNotFoundException', async () => {
    expectError(await forgetPassword(await createTestPool(LEGACY), 'ghost@example.com'), {
      type: 'UserNotFoundException',
      message: 'Username/client id combination not found.',
    })
  })

  test('ForgotPassword tells that an unconfirmed user has no verified email address', async () => {
    const pool = await createTestPool(LEGACY)
    await signUpUser(pool)

    expectError(await forgetPassword(pool), noContact)
  })

  test.each([
    ['a disabled user', disabled, userDisabled],
    ['a user with an unverified address', unverified, noContact],
    ['a user without an address', withoutAddress, noContact],
  ] as const)('ForgotPassword rejects %s with the reason', async (_, change, refusal) => {
    const pool = await createTestPool(LEGACY)
    await createConfirmedUser(pool)
    changeUser(pool, rider.username, change)

    expectError(await forgetPassword(pool), refusal)
  })
})
