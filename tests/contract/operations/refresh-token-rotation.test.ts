import { describe, expect, test } from 'vitest'
import { createTestPool, type TestPool } from '../../support/test-pool.ts'
import { ClientId, requireTokens, rider, signInUser, startSessionOf } from '../../support/users.ts'
import { type Answer, expectRefusal, expectSuccess } from '../../support/wire.ts'

const reuse = {
  type: 'RefreshTokenReuseException',
  message: 'Refresh token has already been used.',
} as const
const revoked = {
  type: 'NotAuthorizedException',
  message: 'Refresh Token has been revoked',
} as const

function rotate(pool: TestPool, RefreshToken: string): Promise<Answer> {
  return pool.call('GetTokensFromRefreshToken', { ClientId, RefreshToken })
}

/** Rotates and takes the new refresh token. */
async function renew(pool: TestPool, refreshToken: string): Promise<string> {
  const answer = await rotate(pool, refreshToken)
  expectSuccess(answer)
  const { RefreshToken } = requireTokens(answer)
  if (RefreshToken === undefined) throw new Error('expected a new refresh token')
  return RefreshToken
}

describe('rotation', () => {
  test('gives a new refresh token each time, and each works', async () => {
    const pool = await createTestPool({ rotationGraceSeconds: 0 })
    const { RefreshToken } = await signInUser(pool)
    const second = await renew(pool, RefreshToken)
    const third = await renew(pool, second)

    expect(new Set([RefreshToken, second, third]).size).toBe(3)
    await renew(pool, third)
  })

  test('does not make the session longer', async () => {
    const pool = await createTestPool({ rotationGraceSeconds: 0 })
    const { RefreshToken } = await signInUser(pool)

    pool.clock.advance(86_000)
    const second = await renew(pool, RefreshToken)
    pool.clock.advance(400)
    expectRefusal(await rotate(pool, second), {
      type: 'NotAuthorizedException',
      message: 'Refresh Token has expired',
    })
  })

  test('is not for REFRESH_TOKEN_AUTH', async () => {
    const pool = await createTestPool({ rotationGraceSeconds: 10 })
    const { RefreshToken } = await signInUser(pool)
    const answer = await pool.call('InitiateAuth', {
      ClientId,
      AuthFlow: 'REFRESH_TOKEN_AUTH',
      AuthParameters: { REFRESH_TOKEN: RefreshToken },
    })

    expectRefusal(answer, {
      type: 'UnsupportedOperationException',
      message: 'This API does not support refresh token rotation',
    })
  })
})

describe('a replaced refresh token', () => {
  test('still works during the grace period', async () => {
    const pool = await createTestPool({ rotationGraceSeconds: 10 })
    const { RefreshToken } = await signInUser(pool)
    const second = await renew(pool, RefreshToken)

    pool.clock.advance(9)
    const alsoSecond = await renew(pool, RefreshToken)
    await renew(pool, second)
    await renew(pool, alsoSecond)
  })

  test('has a grace period that is counted from the first time it was replaced', async () => {
    const pool = await createTestPool({ rotationGraceSeconds: 10 })
    const { RefreshToken } = await signInUser(pool)

    await renew(pool, RefreshToken)
    pool.clock.advance(9)
    await renew(pool, RefreshToken)
    pool.clock.advance(1)
    expectRefusal(await rotate(pool, RefreshToken), reuse)
  })

  test('still works in it when the clock was set back a little', async () => {
    const pool = await createTestPool({ rotationGraceSeconds: 10 })
    const { RefreshToken } = await signInUser(pool)

    await renew(pool, RefreshToken)
    pool.clock.advance(-1)
    await renew(pool, RefreshToken)
  })

  test('that turns up after the grace period ends the whole session', async () => {
    const pool = await createTestPool({ rotationGraceSeconds: 10 })
    const { RefreshToken } = await signInUser(pool)
    const rotated = requireTokens(await rotate(pool, RefreshToken))

    pool.clock.advance(10)
    expectRefusal(await rotate(pool, RefreshToken), reuse)
    expectRefusal(await rotate(pool, rotated.RefreshToken ?? ''), revoked)
    expectRefusal(await rotate(pool, RefreshToken), revoked)
    expectRefusal(await pool.call('GetUser', { AccessToken: rotated.AccessToken }), {
      type: 'NotAuthorizedException',
      message: 'Access Token has been revoked',
    })
  })

  test('that turns up leaves other sessions of the user alone', async () => {
    const pool = await createTestPool({ rotationGraceSeconds: 0 })
    const { RefreshToken } = await signInUser(pool)
    const elsewhere = await startSessionOf(pool, rider.username)

    await renew(pool, RefreshToken)
    expectRefusal(await rotate(pool, RefreshToken), reuse)
    await renew(pool, elsewhere.RefreshToken)
  })
})

describe('fifty refreshes at once with one token', () => {
  test('without grace give one success, and the session is over', async () => {
    const pool = await createTestPool({ rotationGraceSeconds: 0 })
    const { RefreshToken } = await signInUser(pool)
    const answers = await Promise.all(Array.from({ length: 50 }, () => rotate(pool, RefreshToken)))

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ body }) => body.__type === reuse.type)).toHaveLength(1)
    expect(answers.filter(({ body }) => body.message === revoked.message)).toHaveLength(48)
  })

  test('within the grace period all succeed', async () => {
    const pool = await createTestPool({ rotationGraceSeconds: 10 })
    const { RefreshToken } = await signInUser(pool)
    const answers = await Promise.all(Array.from({ length: 50 }, () => rotate(pool, RefreshToken)))

    expect(answers.filter(({ status }) => status !== 200)).toEqual([])
  })
})
