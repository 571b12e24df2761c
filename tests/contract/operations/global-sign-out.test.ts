/** GlobalSignOut: every session of the caller ends. */

import { expect, test } from 'vitest'
import { expectError, expectSuccess } from '../../support/cognito-api.ts'
import { accessTokenRevoked } from '../../support/cognito-errors.ts'
import { createTestPool } from '../../support/test-pool.ts'
import { ClientId, createSignedInUser, rider, startSessionFor } from '../../support/users.ts'

test('GlobalSignOut ends every session of the caller', async () => {
  const pool = await createTestPool()
  const here = await createSignedInUser(pool)
  const elsewhere = await startSessionFor(pool)
  const response = await pool.call('GlobalSignOut', { AccessToken: here.AccessToken })

  expect({ status: response.status, body: response.body }).toEqual({ status: 200, body: {} })
  for (const { AccessToken, RefreshToken } of [here, elsewhere]) {
    expectError(await pool.call('GetUser', { AccessToken }), accessTokenRevoked)
    expectError(await pool.call('GetTokensFromRefreshToken', { ClientId, RefreshToken }), {
      type: 'NotAuthorizedException',
      message: 'Refresh Token has been revoked',
    })
  }
})

test('GlobalSignOut leaves other users signed in', async () => {
  const pool = await createTestPool()
  const mine = await createSignedInUser(pool)
  const theirs = await createSignedInUser(pool, { ...rider, username: 'second@example.com' })
  await pool.call('GlobalSignOut', { AccessToken: mine.AccessToken })

  expectSuccess(await pool.call('GetUser', { AccessToken: theirs.AccessToken }))
})

test('GlobalSignOut lets the user sign in again', async () => {
  const pool = await createTestPool()
  const { AccessToken } = await createSignedInUser(pool)
  await pool.call('GlobalSignOut', { AccessToken })
  const anew = await startSessionFor(pool)

  expectSuccess(await pool.call('GetUser', { AccessToken: anew.AccessToken }))
})

test('GlobalSignOut works only once with an access token', async () => {
  const pool = await createTestPool()
  const { AccessToken } = await createSignedInUser(pool)

  expectSuccess(await pool.call('GlobalSignOut', { AccessToken }))
  expectError(await pool.call('GlobalSignOut', { AccessToken }), accessTokenRevoked)
})

test('GlobalSignOut works when token revocation is disabled for the client', async () => {
  const pool = await createTestPool({ revokesTokens: false })
  const { AccessToken } = await createSignedInUser(pool)

  expectSuccess(await pool.call('GlobalSignOut', { AccessToken }))
  expectError(await pool.call('GetUser', { AccessToken }), accessTokenRevoked)
})
