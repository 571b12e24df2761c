/** Refresh without rotation: REFRESH_TOKEN_AUTH and GetTokensFromRefreshToken. */

import { describe, expect, test } from 'vitest'
import { type ApiResponse, expectError, expectSuccess } from '../../support/cognito-api.ts'
import { userDisabled } from '../../support/cognito-errors.ts'
import { preparePasswordVerifier } from '../../support/sign-in.ts'
import { createTestPool, type TestPool } from '../../support/test-pool.ts'
import {
  ClientId,
  changeUser,
  createSignedInUser,
  requestPasswordReset,
  requireTokens,
  rider,
} from '../../support/users.ts'

type Refresh = (pool: TestPool, refreshToken: string) => Promise<ApiResponse>

const flow =
  (AuthFlow: string): Refresh =>
  (pool, refreshToken) =>
    pool.call('InitiateAuth', {
      ClientId,
      AuthFlow,
      AuthParameters: { REFRESH_TOKEN: refreshToken, DEVICE_KEY: null },
    })

const ways: readonly [string, Refresh, object][] = [
  ['REFRESH_TOKEN_AUTH', flow('REFRESH_TOKEN_AUTH'), { ChallengeParameters: {} }],
  ['REFRESH_TOKEN', flow('REFRESH_TOKEN'), { ChallengeParameters: {} }],
  [
    'GetTokensFromRefreshToken',
    (pool, RefreshToken) => pool.call('GetTokensFromRefreshToken', { ClientId, RefreshToken }),
    {},
  ],
]

describe.each(ways)('refresh: %s', (_, refresh, otherMembers) => {
  test('a refresh returns new tokens and no refresh token', async () => {
    const pool = await createTestPool()
    const signedIn = await createSignedInUser(pool)
    const response = await refresh(pool, signedIn.RefreshToken)

    expect({ status: response.status, body: response.body }).toEqual({
      status: 200,
      body: {
        ...otherMembers,
        AuthenticationResult: {
          AccessToken: expect.any(String),
          IdToken: expect.any(String),
          ExpiresIn: 3600,
          TokenType: 'Bearer',
        },
      },
    })
    expect(requireTokens(response).AccessToken).not.toBe(signedIn.AccessToken)
  })

  test('a refresh returns an access token that works after the first one has expired', async () => {
    const pool = await createTestPool()
    const { AccessToken, RefreshToken } = await createSignedInUser(pool)
    pool.clock.advance(3600)

    expectError(await pool.call('GetUser', { AccessToken }), {
      type: 'NotAuthorizedException',
      message: 'Access Token has expired',
    })
    const refreshed = requireTokens(await refresh(pool, RefreshToken))
    expectSuccess(await pool.call('GetUser', { AccessToken: refreshed.AccessToken }))
  })

  test('a refresh token works repeatedly until it expires after one day', async () => {
    const pool = await createTestPool()
    const { RefreshToken } = await createSignedInUser(pool)

    pool.clock.advance(86_399)
    expectSuccess(await refresh(pool, RefreshToken))
    expectSuccess(await refresh(pool, RefreshToken))
    pool.clock.advance(1)
    expectError(await refresh(pool, RefreshToken), {
      type: 'NotAuthorizedException',
      message: 'Refresh Token has expired',
    })
  })

  test('an unknown, foreign or altered refresh token is rejected', async () => {
    const pool = await createTestPool()
    const { RefreshToken, AccessToken } = await createSignedInUser(pool)
    const foreign = await createSignedInUser(await createTestPool())

    for (const token of ['nonsense', AccessToken, `${RefreshToken}A`, foreign.RefreshToken]) {
      expectError(await refresh(pool, token), {
        type: 'NotAuthorizedException',
        message: 'Invalid Refresh Token',
      })
    }
  })

  test('the refresh token of a disabled user is rejected', async () => {
    const pool = await createTestPool()
    const { RefreshToken } = await createSignedInUser(pool)
    changeUser(pool, rider.username, { enabled: false })

    expectError(await refresh(pool, RefreshToken), userDisabled)
  })

  test('the refresh token is rejected after GlobalSignOut', async () => {
    const pool = await createTestPool()
    const { AccessToken, RefreshToken } = await createSignedInUser(pool)
    await pool.call('GlobalSignOut', { AccessToken })

    expectError(await refresh(pool, RefreshToken), {
      type: 'NotAuthorizedException',
      message: 'Refresh Token has been revoked',
    })
  })

  test('the refresh token works after a password reset', async () => {
    const pool = await createTestPool()
    const { RefreshToken } = await createSignedInUser(pool)
    await pool.call('ConfirmForgotPassword', {
      ClientId,
      Username: rider.username,
      ConfirmationCode: await requestPasswordReset(pool, rider.username),
      Password: 'N3w-Passw0rd!',
    })

    expectSuccess(await refresh(pool, RefreshToken))
  })
})

test('refresh: an expired session is remembered for a month and unknown afterwards', async () => {
  const pool = await createTestPool()
  const { RefreshToken } = await createSignedInUser(pool)
  const refresh = () => flow('REFRESH_TOKEN_AUTH')(pool, RefreshToken)
  const answerChallenge = async () =>
    expectSuccess(await pool.call('RespondToAuthChallenge', await preparePasswordVerifier(pool)))

  pool.clock.advance(86_400 * 30)
  await answerChallenge()
  expectError(await refresh(), {
    type: 'NotAuthorizedException',
    message: 'Refresh Token has expired',
  })
  pool.clock.advance(86_400 * 2)
  await answerChallenge()
  expectError(await refresh(), {
    type: 'NotAuthorizedException',
    message: 'Invalid Refresh Token',
  })
})
