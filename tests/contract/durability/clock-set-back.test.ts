/** Clock set back by an hour: tokens, codes, limits and lockouts still work. */

import { decodeJwt } from 'jose'
import { expect, test } from 'vitest'
import { type ApiResponse, expectSuccess } from '../../support/cognito-api.ts'
import { createTestPool, type TestPool } from '../../support/test-pool.ts'
import {
  ClientId,
  createConfirmedUser,
  createSignedInUser,
  latestCodeFor,
  requestPasswordReset,
  requireTokens,
  rider,
  signUpUser,
} from '../../support/users.ts'

const { username, password } = rider
const hour = 3600

function createPoolWithPasswords(setting = {}): Promise<TestPool> {
  return createTestPool({
    explicitAuthFlows: new Set(['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH']),
    ...setting,
  })
}

function signIn(pool: TestPool, secret = password): Promise<ApiResponse> {
  const AuthParameters = { USERNAME: username, PASSWORD: secret }
  return pool.call('InitiateAuth', { ClientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters })
}

function expectSaneTimes(response: ApiResponse): void {
  const { AccessToken, IdToken } = requireTokens(response)
  for (const token of [AccessToken, IdToken]) {
    const { exp = 0, iat = 0 } = decodeJwt(token)
    expect(exp - iat).toBe(hour)
  }
}

test('clock set back: a new sign-in gives tokens that live one hour', async () => {
  const pool = await createPoolWithPasswords()
  await createConfirmedUser(pool)
  pool.clock.advance(-hour)

  expectSaneTimes(await signIn(pool))
})

test('clock set back: an existing session stays valid and its refreshed tokens live one hour', async () => {
  const pool = await createPoolWithPasswords()
  const { AccessToken, RefreshToken } = await createSignedInUser(pool)
  pool.clock.advance(-hour)

  expectSuccess(await pool.call('GetUser', { AccessToken }))
  expectSaneTimes(
    await pool.call('InitiateAuth', {
      ClientId,
      AuthFlow: 'REFRESH_TOKEN_AUTH',
      AuthParameters: { REFRESH_TOKEN: RefreshToken },
    }),
  )
})

test('clock set back: refresh token rotation accepts the newest token and detects reuse of the old one', async () => {
  const pool = await createPoolWithPasswords({ rotationGraceSeconds: 10 })
  const { RefreshToken } = await createSignedInUser(pool)
  const rotate = (token = '') =>
    pool.call('GetTokensFromRefreshToken', { ClientId, RefreshToken: token })
  const newest = requireTokens(await rotate(RefreshToken)).RefreshToken
  pool.clock.advance(-hour)

  expectSaneTimes(await rotate(newest))
  expect((await rotate(RefreshToken)).body.__type).toBe('RefreshTokenReuseException')
})

test('clock set back: a confirmation code stays valid', async () => {
  const pool = await createPoolWithPasswords()
  await signUpUser(pool)
  const ConfirmationCode = latestCodeFor(pool, username)
  pool.clock.advance(-hour)

  expectSuccess(
    await pool.call('ConfirmSignUp', { ClientId, Username: username, ConfirmationCode }),
  )
})

test('clock set back: a lockout does not last until the old time comes again', async () => {
  const pool = await createPoolWithPasswords()
  await createConfirmedUser(pool)
  for (let index = 0; index < 6; index += 1) await signIn(pool, 'Wrong-pw1')
  expect((await signIn(pool)).body.message).toBe('Password attempts exceeded')
  pool.clock.advance(-hour)

  expectSuccess(await signIn(pool))
})

test('clock set back: a rate limit does not last until the old time comes again', async () => {
  const pool = await createPoolWithPasswords()
  await createConfirmedUser(pool)
  for (let index = 0; index < 5; index += 1) await requestPasswordReset(pool, username)
  const ask = () => pool.call('ForgotPassword', { ClientId, Username: username })
  expect((await ask()).body.__type).toBe('LimitExceededException')
  pool.clock.advance(-hour)

  expectSuccess(await ask())
})
