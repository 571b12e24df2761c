/** A clock that is set back an hour: what was given stays good, what is given is sane, nobody is locked out. */

import { decodeJwt } from 'jose'
import { expect, test } from 'vitest'
import { createTestPool, type TestPool } from '../../support/test-pool.ts'
import {
  ClientId,
  confirmUser,
  latestCodeFor,
  registerUser,
  requestReset,
  requireTokens,
  rider,
  signInUser,
} from '../../support/users.ts'
import { type Answer, expectSuccess } from '../../support/wire.ts'

const { username, password } = rider
const hour = 3600

function createPoolWithPasswords(setting = {}): Promise<TestPool> {
  return createTestPool({
    explicitAuthFlows: new Set(['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH']),
    ...setting,
  })
}

function signIn(pool: TestPool, secret = password): Promise<Answer> {
  const AuthParameters = { USERNAME: username, PASSWORD: secret }
  return pool.call('InitiateAuth', { ClientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters })
}

function expectSaneTimes(answer: Answer): void {
  const { AccessToken, IdToken } = requireTokens(answer)
  for (const token of [AccessToken, IdToken]) {
    const { exp = 0, iat = 0 } = decodeJwt(token)
    expect(exp - iat).toBe(hour)
  }
}

test('tokens of a sign-in after it end an hour after they began', async () => {
  const pool = await createPoolWithPasswords()
  await confirmUser(pool)
  pool.clock.advance(-hour)

  expectSaneTimes(await signIn(pool))
})

test('a session of before it goes on, and its new tokens end after they began', async () => {
  const pool = await createPoolWithPasswords()
  const { AccessToken, RefreshToken } = await signInUser(pool)
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

test('rotation goes on with the newest token, and a replaced one is not good for the hour', async () => {
  const pool = await createPoolWithPasswords({ rotationGraceSeconds: 10 })
  const { RefreshToken } = await signInUser(pool)
  const rotate = (token = '') =>
    pool.call('GetTokensFromRefreshToken', { ClientId, RefreshToken: token })
  const newest = requireTokens(await rotate(RefreshToken)).RefreshToken
  pool.clock.advance(-hour)

  expectSaneTimes(await rotate(newest))
  expect((await rotate(RefreshToken)).body.__type).toBe('RefreshTokenReuseException')
})

test('codes of before it are good', async () => {
  const pool = await createPoolWithPasswords()
  await registerUser(pool)
  const ConfirmationCode = latestCodeFor(pool, username)
  pool.clock.advance(-hour)

  expectSuccess(
    await pool.call('ConfirmSignUp', { ClientId, Username: username, ConfirmationCode }),
  )
})

test('nobody who failed too often waits for the hour to come again', async () => {
  const pool = await createPoolWithPasswords()
  await confirmUser(pool)
  for (let index = 0; index < 6; index += 1) await signIn(pool, 'Wrong-pw1')
  expect((await signIn(pool)).body.message).toBe('Password attempts exceeded')
  pool.clock.advance(-hour)

  expectSuccess(await signIn(pool))
})

test('nobody who asked too often waits for the hour to come again', async () => {
  const pool = await createPoolWithPasswords()
  await confirmUser(pool)
  for (let index = 0; index < 5; index += 1) await requestReset(pool, username)
  const ask = () => pool.call('ForgotPassword', { ClientId, Username: username })
  expect((await ask()).body.__type).toBe('LimitExceededException')
  pool.clock.advance(-hour)

  expectSuccess(await ask())
})
