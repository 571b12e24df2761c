import { describe, expect, test } from 'vitest'
import { createTestPool, type TestPool } from '../../support/test-pool.ts'
import { ClientId, signInUser, startSessionOf, type Tokens } from '../../support/users.ts'
import { type Answer, expectRefusal, expectSuccess } from '../../support/wire.ts'

function revoke(pool: TestPool, Token: string): Promise<Answer> {
  return pool.call('RevokeToken', { ClientId, Token })
}

function refresh(pool: TestPool, { RefreshToken }: Tokens): Promise<Answer> {
  return pool.call('GetTokensFromRefreshToken', { ClientId, RefreshToken })
}

describe('a revoked refresh token', () => {
  test('is answered with nothing and refreshes no more', async () => {
    const pool = await createTestPool()
    const signedIn = await signInUser(pool)
    const answer = await revoke(pool, signedIn.RefreshToken)

    expect({ status: answer.status, body: answer.body }).toEqual({ status: 200, body: {} })
    expectRefusal(await refresh(pool, signedIn), {
      type: 'NotAuthorizedException',
      message: 'Refresh Token has been revoked',
    })
  })

  test('takes its access tokens with it', async () => {
    const pool = await createTestPool()
    const { AccessToken, RefreshToken } = await signInUser(pool)
    await revoke(pool, RefreshToken)

    expectRefusal(await pool.call('GetUser', { AccessToken }), {
      type: 'NotAuthorizedException',
      message: 'Access Token has been revoked',
    })
  })

  test('leaves other sign-ins of the user alone', async () => {
    const pool = await createTestPool()
    const { RefreshToken } = await signInUser(pool)
    const elsewhere = await startSessionOf(pool)
    await revoke(pool, RefreshToken)

    expectSuccess(await pool.call('GetUser', { AccessToken: elsewhere.AccessToken }))
    expectSuccess(await refresh(pool, elsewhere))
  })
})

describe('RevokeToken', () => {
  test('finds nothing wrong with a token that is unknown or revoked already', async () => {
    const pool = await createTestPool()
    const { RefreshToken } = await signInUser(pool)
    const foreign = await signInUser(await createTestPool())

    expectSuccess(await revoke(pool, RefreshToken))
    expectSuccess(await revoke(pool, RefreshToken))
    expectSuccess(await revoke(pool, foreign.RefreshToken))
  })

  test('does not take access and ID tokens', async () => {
    const pool = await createTestPool()
    const { AccessToken, IdToken } = await signInUser(pool)

    for (const token of [AccessToken, IdToken]) {
      expect((await revoke(pool, token)).body).toMatchObject({
        __type: 'UnsupportedTokenTypeException',
      })
    }
    expectSuccess(await pool.call('GetUser', { AccessToken }))
  })

  test('is refused where the client may not revoke, and the session goes on', async () => {
    const pool = await createTestPool({ revokesTokens: false })
    const signedIn = await signInUser(pool)

    expect((await revoke(pool, signedIn.RefreshToken)).body).toMatchObject({
      __type: 'UnsupportedOperationException',
    })
    expectSuccess(await refresh(pool, signedIn))
    expectSuccess(await pool.call('GetUser', { AccessToken: signedIn.AccessToken }))
  })

  test('names an unknown client', async () => {
    const pool = await createTestPool()
    const { RefreshToken } = await signInUser(pool)

    expectRefusal(await pool.call('RevokeToken', { ClientId: 'other', Token: RefreshToken }), {
      type: 'ResourceNotFoundException',
      message: 'User pool client other does not exist.',
    })
  })
})
