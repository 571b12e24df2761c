import { describe, expect, test } from 'vitest'
import { createTestPool } from '../../support/test-pool.ts'
import {
  changeUser,
  requireStoredUser,
  requireTokens,
  rider,
  signInUser,
} from '../../support/users.ts'
import { expectRefusal, expectSuccess } from '../../support/wire.ts'

test('it tells the user name and the attributes, sub first, every value a string', async () => {
  const pool = await createTestPool()
  const { AccessToken } = await signInUser(pool)
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

test('it needs no client id, and ignores one', async () => {
  const pool = await createTestPool()
  const { AccessToken } = await signInUser(pool)

  expectSuccess(await pool.call('GetUser', { AccessToken, ClientId: 'whatever' }))
})

describe('an access token', () => {
  test('works until its hour is over', async () => {
    const pool = await createTestPool()
    const { AccessToken } = await signInUser(pool)

    pool.clock.advance(3599)
    expectSuccess(await pool.call('GetUser', { AccessToken }))
    pool.clock.advance(1)
    expectRefusal(await pool.call('GetUser', { AccessToken }), {
      type: 'NotAuthorizedException',
      message: 'Access Token has expired',
    })
  })

  test('of a user disabled since is refused as such', async () => {
    const pool = await createTestPool()
    const { AccessToken } = await signInUser(pool)
    changeUser(pool, rider.username, { enabled: false })

    expectRefusal(await pool.call('GetUser', { AccessToken }), {
      type: 'NotAuthorizedException',
      message: 'User is disabled.',
    })
  })

  test('that is missing is asked for', async () => {
    const pool = await createTestPool()

    expectRefusal(await pool.call('GetUser', {}), {
      type: 'InvalidParameterException',
      message:
        "1 validation error detected: Value null at 'accessToken' failed to satisfy constraint: Member must not be null",
    })
  })

  test('that is no token by its characters is refused by them', async () => {
    const pool = await createTestPool()

    expectRefusal(await pool.call('GetUser', { AccessToken: 'no token' }), {
      type: 'InvalidParameterException',
      message:
        "1 validation error detected: Value at 'accessToken' failed to satisfy constraint: Member must satisfy regular expression pattern: [A-Za-z0-9-_=.]+",
    })
  })

  test('from a refresh works as the first one does', async () => {
    const pool = await createTestPool()
    const { RefreshToken } = await signInUser(pool)
    const answer = await pool.call('GetTokensFromRefreshToken', {
      ClientId: pool.settings.userPoolClientId,
      RefreshToken,
    })

    const { AccessToken } = requireTokens(answer)
    expectSuccess(await pool.call('GetUser', { AccessToken }))
  })
})
