/** RevokeToken: one session ends. */

import { describe, expect, test } from 'vitest'
import { type ApiResponse, expectError, expectSuccess } from '../../support/cognito-api.ts'
import { accessTokenRevoked } from '../../support/cognito-errors.ts'
import { createTestPool, type TestPool } from '../../support/test-pool.ts'
import { ClientId, createSignedInUser, startSessionFor, type Tokens } from '../../support/users.ts'

function revoke(pool: TestPool, Token: string): Promise<ApiResponse> {
  return pool.call('RevokeToken', { ClientId, Token })
}

function refresh(pool: TestPool, { RefreshToken }: Tokens): Promise<ApiResponse> {
  return pool.call('GetTokensFromRefreshToken', { ClientId, RefreshToken })
}

describe('RevokeToken with a refresh token', () => {
  test('RevokeToken returns an empty body and the refresh token no longer works', async () => {
    const pool = await createTestPool()
    const signedIn = await createSignedInUser(pool)
    const response = await revoke(pool, signedIn.RefreshToken)

    expect({ status: response.status, body: response.body }).toEqual({ status: 200, body: {} })
    expectError(await refresh(pool, signedIn), {
      type: 'NotAuthorizedException',
      message: 'Refresh Token has been revoked',
    })
  })

  test('RevokeToken invalidates the access tokens of the session', async () => {
    const pool = await createTestPool()
    const { AccessToken, RefreshToken } = await createSignedInUser(pool)
    await revoke(pool, RefreshToken)

    expectError(await pool.call('GetUser', { AccessToken }), accessTokenRevoked)
  })

  test('RevokeToken leaves other sessions of the user valid', async () => {
    const pool = await createTestPool()
    const { RefreshToken } = await createSignedInUser(pool)
    const elsewhere = await startSessionFor(pool)
    await revoke(pool, RefreshToken)

    expectSuccess(await pool.call('GetUser', { AccessToken: elsewhere.AccessToken }))
    expectSuccess(await refresh(pool, elsewhere))
  })
})

describe('RevokeToken with anything else', () => {
  test('RevokeToken succeeds for an unknown or already revoked token', async () => {
    const pool = await createTestPool()
    const { RefreshToken } = await createSignedInUser(pool)
    const foreign = await createSignedInUser(await createTestPool())

    expectSuccess(await revoke(pool, RefreshToken))
    expectSuccess(await revoke(pool, RefreshToken))
    expectSuccess(await revoke(pool, foreign.RefreshToken))
  })

  test('RevokeToken rejects access and ID tokens', async () => {
    const pool = await createTestPool()
    const { AccessToken, IdToken } = await createSignedInUser(pool)

    for (const token of [AccessToken, IdToken]) {
      expect((await revoke(pool, token)).body).toMatchObject({
        __type: 'UnsupportedTokenTypeException',
      })
    }
    expectSuccess(await pool.call('GetUser', { AccessToken }))
  })

  test('RevokeToken is rejected when the client may not revoke, and the session stays valid', async () => {
    const pool = await createTestPool({ revokesTokens: false })
    const signedIn = await createSignedInUser(pool)

    expect((await revoke(pool, signedIn.RefreshToken)).body).toMatchObject({
      __type: 'UnsupportedOperationException',
    })
    expectSuccess(await refresh(pool, signedIn))
    expectSuccess(await pool.call('GetUser', { AccessToken: signedIn.AccessToken }))
  })

  test('RevokeToken with an unknown client is a ResourceNotFoundException', async () => {
    const pool = await createTestPool()
    const { RefreshToken } = await createSignedInUser(pool)

    expectError(await pool.call('RevokeToken', { ClientId: 'other', Token: RefreshToken }), {
      type: 'ResourceNotFoundException',
      message: 'User pool client other does not exist.',
    })
  })
})
