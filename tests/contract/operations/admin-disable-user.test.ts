/** AdminUserGlobalSignOut, AdminDisableUser and AdminEnableUser: sessions that an IAM caller ends. */

import { describe, expect, test } from 'vitest'
import { accessTokenOperations } from '../../support/access-token-operations.ts'
import { expectError, expectSuccess } from '../../support/cognito-api.ts'
import { accessTokenRevoked, userDisabled, userNotConfirmed } from '../../support/cognito-errors.ts'
import { callWithIam } from '../../support/iam-caller.ts'
import { signInBySrp } from '../../support/sign-in.ts'
import { createTestPool } from '../../support/test-pool.ts'
import {
  ClientId,
  changeUser,
  createConfirmedUser,
  createSignedInUser,
  requireTokens,
  rider,
  startSessionFor,
} from '../../support/users.ts'

const Username = rider.username

describe('AdminUserGlobalSignOut', () => {
  test('AdminUserGlobalSignOut ends every session, and the password still signs in', async () => {
    const pool = await createTestPool()
    const sessions = [await createSignedInUser(pool), await startSessionFor(pool)]
    const { status, body } = await callWithIam(pool, 'AdminUserGlobalSignOut', { Username })

    expect({ status, body }).toEqual({ status: 200, body: {} })
    for (const { AccessToken, RefreshToken } of sessions) {
      expectError(await pool.call('GetUser', { AccessToken }), accessTokenRevoked)
      expectError(await pool.call('GetTokensFromRefreshToken', { ClientId, RefreshToken }), {
        type: 'NotAuthorizedException',
        message: 'Refresh Token has been revoked',
      })
    }
    requireTokens(await signInBySrp(pool))
  })

  test('AdminUserGlobalSignOut leaves other users signed in', async () => {
    const pool = await createTestPool()
    await createConfirmedUser(pool)
    const { AccessToken } = await createSignedInUser(pool, {
      ...rider,
      username: 'other@example.com',
    })
    await callWithIam(pool, 'AdminUserGlobalSignOut', { Username })

    expectSuccess(await pool.call('GetUser', { AccessToken }))
  })
})

describe('AdminDisableUser', () => {
  test('AdminDisableUser shows in AdminGetUser and can be repeated', async () => {
    const pool = await createTestPool()
    await createConfirmedUser(pool)
    for (let count = 0; count < 2; count += 1) {
      const { status, body } = await callWithIam(pool, 'AdminDisableUser', { Username })
      expect({ status, body }).toEqual({ status: 200, body: {} })
    }
    const { body } = await callWithIam(pool, 'AdminGetUser', { Username })

    expect(body).toMatchObject({ Enabled: false, UserStatus: 'CONFIRMED' })
  })

  test.each(accessTokenOperations)(
    '%s rejects the access token of a disabled user',
    async (operation, members) => {
      const pool = await createTestPool()
      const { AccessToken } = await createSignedInUser(pool)
      await callWithIam(pool, 'AdminDisableUser', { Username })

      expectError(await pool.call(operation, { AccessToken, ...members }), userDisabled)
    },
  )

  test('AdminDisableUser makes the pool reject the refresh token and the password', async () => {
    const pool = await createTestPool()
    const { RefreshToken } = await createSignedInUser(pool)
    await callWithIam(pool, 'AdminDisableUser', { Username })

    expectError(
      await pool.call('GetTokensFromRefreshToken', { ClientId, RefreshToken }),
      userDisabled,
    )
    expectError(await signInBySrp(pool), userDisabled)
  })
})

describe('AdminEnableUser', () => {
  test('AdminEnableUser lets the password sign in again and keeps old tokens invalid', async () => {
    const pool = await createTestPool()
    const { AccessToken, RefreshToken } = await createSignedInUser(pool)
    await callWithIam(pool, 'AdminDisableUser', { Username })
    for (let count = 0; count < 2; count += 1) {
      const { status, body } = await callWithIam(pool, 'AdminEnableUser', { Username })
      expect({ status, body }).toEqual({ status: 200, body: {} })
    }

    requireTokens(await signInBySrp(pool))
    expectError(await pool.call('GetUser', { AccessToken }), accessTokenRevoked)
    expectError(await pool.call('GetTokensFromRefreshToken', { ClientId, RefreshToken }), {
      type: 'NotAuthorizedException',
      message: 'Refresh Token has been revoked',
    })
  })

  test('AdminEnableUser does not confirm an unconfirmed user', async () => {
    const pool = await createTestPool()
    await createConfirmedUser(pool)
    changeUser(pool, Username, { status: 'UNCONFIRMED' })
    await callWithIam(pool, 'AdminDisableUser', { Username })
    await callWithIam(pool, 'AdminEnableUser', { Username })

    expectError(await signInBySrp(pool), userNotConfirmed)
  })
})
