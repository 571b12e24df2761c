import { describe, expect, test } from 'vitest'
import { prepareProof } from '../../support/password-proof.ts'
import { createTestPool, type TestPool } from '../../support/test-pool.ts'
import {
  ClientId,
  changeUser,
  requestReset,
  requireTokens,
  rider,
  signInUser,
} from '../../support/users.ts'
import { type Answer, expectRefusal, expectSuccess } from '../../support/wire.ts'

type Refresh = (pool: TestPool, refreshToken: string) => Promise<Answer>

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

describe.each(ways)('%s', (_, refresh, otherMembers) => {
  test('gives new tokens and no refresh token', async () => {
    const pool = await createTestPool()
    const signedIn = await signInUser(pool)
    const answer = await refresh(pool, signedIn.RefreshToken)

    expect({ status: answer.status, body: answer.body }).toEqual({
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
    expect(requireTokens(answer).AccessToken).not.toBe(signedIn.AccessToken)
  })

  test('gives an access token that works after the first has expired', async () => {
    const pool = await createTestPool()
    const { AccessToken, RefreshToken } = await signInUser(pool)
    pool.clock.advance(3600)

    expectRefusal(await pool.call('GetUser', { AccessToken }), {
      type: 'NotAuthorizedException',
      message: 'Access Token has expired',
    })
    const refreshed = requireTokens(await refresh(pool, RefreshToken))
    expectSuccess(await pool.call('GetUser', { AccessToken: refreshed.AccessToken }))
  })

  test('works again and again until the day is over', async () => {
    const pool = await createTestPool()
    const { RefreshToken } = await signInUser(pool)

    pool.clock.advance(86_399)
    expectSuccess(await refresh(pool, RefreshToken))
    expectSuccess(await refresh(pool, RefreshToken))
    pool.clock.advance(1)
    expectRefusal(await refresh(pool, RefreshToken), {
      type: 'NotAuthorizedException',
      message: 'Refresh Token has expired',
    })
  })

  test('refuses a token that was never given', async () => {
    const pool = await createTestPool()
    const { RefreshToken, AccessToken } = await signInUser(pool)
    const foreign = await signInUser(await createTestPool())

    for (const token of ['nonsense', AccessToken, `${RefreshToken}A`, foreign.RefreshToken]) {
      expectRefusal(await refresh(pool, token), {
        type: 'NotAuthorizedException',
        message: 'Invalid Refresh Token',
      })
    }
  })

  test('refuses a disabled user', async () => {
    const pool = await createTestPool()
    const { RefreshToken } = await signInUser(pool)
    changeUser(pool, rider.username, { enabled: false })

    expectRefusal(await refresh(pool, RefreshToken), {
      type: 'NotAuthorizedException',
      message: 'User is disabled.',
    })
  })

  test('refuses a session that was signed out everywhere', async () => {
    const pool = await createTestPool()
    const { AccessToken, RefreshToken } = await signInUser(pool)
    await pool.call('GlobalSignOut', { AccessToken })

    expectRefusal(await refresh(pool, RefreshToken), {
      type: 'NotAuthorizedException',
      message: 'Refresh Token has been revoked',
    })
  })

  test('goes on after a password reset', async () => {
    const pool = await createTestPool()
    const { RefreshToken } = await signInUser(pool)
    await pool.call('ConfirmForgotPassword', {
      ClientId,
      Username: rider.username,
      ConfirmationCode: await requestReset(pool, rider.username),
      Password: 'N3w-Passw0rd!',
    })

    expectSuccess(await refresh(pool, RefreshToken))
  })
})

test('a session that ended long ago is expired and not unknown, for a month', async () => {
  const pool = await createTestPool()
  const { RefreshToken } = await signInUser(pool)
  const refresh = () => flow('REFRESH_TOKEN_AUTH')(pool, RefreshToken)
  const answerChallenge = async () =>
    expectSuccess(await pool.call('RespondToAuthChallenge', await prepareProof(pool, rider)))

  pool.clock.advance(86_400 * 30)
  await answerChallenge()
  expectRefusal(await refresh(), {
    type: 'NotAuthorizedException',
    message: 'Refresh Token has expired',
  })
  pool.clock.advance(86_400 * 2)
  await answerChallenge()
  expectRefusal(await refresh(), {
    type: 'NotAuthorizedException',
    message: 'Invalid Refresh Token',
  })
})
