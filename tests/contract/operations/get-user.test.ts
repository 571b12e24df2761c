/** GetUser: the attributes of the caller, and which access tokens are accepted. */

import { describe, expect, test } from 'vitest'
import { expectError, expectSuccess } from '../../support/cognito-api.ts'
import { userDisabled } from '../../support/cognito-errors.ts'
import { createTestPool } from '../../support/test-pool.ts'
import {
  changeUser,
  createSignedInUser,
  requireStoredUser,
  requireTokens,
  rider,
} from '../../support/users.ts'

test('GetUser returns the user name and the attributes as strings, sub first', async () => {
  const pool = await createTestPool()
  const { AccessToken } = await createSignedInUser(pool)
  const { sub } = requireStoredUser(pool, rider.username)
  const { status, body } = await pool.call('GetUser', { AccessToken })

  expect({ status, body }).toEqual({
    status: 200,
    body: {
      Username: rider.username,
      UserAttributes: [
        { Name: 'sub', Value: sub },
        { Name: 'email', Value: rider.username },
        { Name: 'email_verified', Value: 'true' },
      ],
    },
  })
})

test('GetUser needs no client id and ignores one', async () => {
  const pool = await createTestPool()
  const { AccessToken } = await createSignedInUser(pool)

  expectSuccess(await pool.call('GetUser', { AccessToken, ClientId: 'whatever' }))
})

describe('GetUser and the access token', () => {
  test('access token: it expires after one hour', async () => {
    const pool = await createTestPool()
    const { AccessToken } = await createSignedInUser(pool)

    pool.clock.advance(3599)
    expectSuccess(await pool.call('GetUser', { AccessToken }))
    pool.clock.advance(1)
    expectError(await pool.call('GetUser', { AccessToken }), {
      type: 'NotAuthorizedException',
      message: 'Access Token has expired',
    })
  })

  test('access token: the token of a disabled user is rejected', async () => {
    const pool = await createTestPool()
    const { AccessToken } = await createSignedInUser(pool)
    changeUser(pool, rider.username, { enabled: false })

    expectError(await pool.call('GetUser', { AccessToken }), userDisabled)
  })

  test('access token: a missing token is a validation error', async () => {
    const pool = await createTestPool()

    expectError(await pool.call('GetUser', {}), {
      type: 'InvalidParameterException',
      message:
        "1 validation error detected: Value null at 'accessToken' failed to satisfy constraint: Member must not be null",
    })
  })

  test('access token: a token with invalid characters is a validation error', async () => {
    const pool = await createTestPool()

    expectError(await pool.call('GetUser', { AccessToken: 'no token' }), {
      type: 'InvalidParameterException',
      message:
        "1 validation error detected: Value at 'accessToken' failed to satisfy constraint: Member must satisfy regular expression pattern: [A-Za-z0-9-_=.]+",
    })
  })

  test('access token: a refreshed token is accepted', async () => {
    const pool = await createTestPool()
    const { RefreshToken } = await createSignedInUser(pool)
    const response = await pool.call('GetTokensFromRefreshToken', {
      ClientId: pool.settings.userPoolClientId,
      RefreshToken,
    })

    const { AccessToken } = requireTokens(response)
    expectSuccess(await pool.call('GetUser', { AccessToken }))
  })
})
