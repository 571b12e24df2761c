import { expect, test } from 'vitest'
import { createTestPool } from '../../support/test-pool.ts'
import { ClientId, rider, signInUser, startSessionOf } from '../../support/users.ts'
import { expectRefusal, expectSuccess } from '../../support/wire.ts'

const revoked = {
  type: 'NotAuthorizedException',
  message: 'Access Token has been revoked',
} as const

test('it ends every sign-in of the caller', async () => {
  const pool = await createTestPool()
  const here = await signInUser(pool)
  const elsewhere = await startSessionOf(pool)
  const answer = await pool.call('GlobalSignOut', { AccessToken: here.AccessToken })

  expect({ status: answer.status, body: answer.body }).toEqual({ status: 200, body: {} })
  for (const { AccessToken, RefreshToken } of [here, elsewhere]) {
    expectRefusal(await pool.call('GetUser', { AccessToken }), revoked)
    expectRefusal(await pool.call('GetTokensFromRefreshToken', { ClientId, RefreshToken }), {
      type: 'NotAuthorizedException',
      message: 'Refresh Token has been revoked',
    })
  }
})

test('it leaves other users alone', async () => {
  const pool = await createTestPool()
  const mine = await signInUser(pool)
  const theirs = await signInUser(pool, { ...rider, username: 'second@example.com' })
  await pool.call('GlobalSignOut', { AccessToken: mine.AccessToken })

  expectSuccess(await pool.call('GetUser', { AccessToken: theirs.AccessToken }))
})

test('it does not stop the user from signing in anew', async () => {
  const pool = await createTestPool()
  const { AccessToken } = await signInUser(pool)
  await pool.call('GlobalSignOut', { AccessToken })
  const anew = await startSessionOf(pool)

  expectSuccess(await pool.call('GetUser', { AccessToken: anew.AccessToken }))
})

test('it works once with a token', async () => {
  const pool = await createTestPool()
  const { AccessToken } = await signInUser(pool)

  expectSuccess(await pool.call('GlobalSignOut', { AccessToken }))
  expectRefusal(await pool.call('GlobalSignOut', { AccessToken }), revoked)
})

test('it works where the client may not revoke single tokens', async () => {
  const pool = await createTestPool({ revokesTokens: false })
  const { AccessToken } = await signInUser(pool)

  expectSuccess(await pool.call('GlobalSignOut', { AccessToken }))
  expectRefusal(await pool.call('GetUser', { AccessToken }), revoked)
})
