/** Refresh token rotation: grace period and reuse detection. */

import { describe, expect, test } from 'vitest'
import { type ApiResponse, expectError, expectSuccess } from '../../support/cognito-api.ts'
import { accessTokenRevoked } from '../../support/cognito-errors.ts'
import { createTestPool, type TestPool } from '../../support/test-pool.ts'
import {
  ClientId,
  createSignedInUser,
  requireTokens,
  rider,
  startSessionFor,
} from '../../support/users.ts'

const reuse = {
  type: 'RefreshTokenReuseException',
  message: 'Refresh token has already been used.',
} as const
const revoked = {
  type: 'NotAuthorizedException',
  message: 'Refresh Token has been revoked',
} as const

function rotate(pool: TestPool, RefreshToken: string): Promise<ApiResponse> {
  return pool.call('GetTokensFromRefreshToken', { ClientId, RefreshToken })
}

/** Rotates and takes the new refresh token. */
async function renew(pool: TestPool, refreshToken: string): Promise<string> {
  const response = await rotate(pool, refreshToken)
  expectSuccess(response)
  const { RefreshToken } = requireTokens(response)
  if (RefreshToken === undefined) throw new Error('expected a new refresh token')
  return RefreshToken
}

describe('refresh token rotation', () => {
  test('refresh token rotation: every refresh returns a new refresh token that works', async () => {
    const pool = await createTestPool({ rotationGraceSeconds: 0 })
    const { RefreshToken } = await createSignedInUser(pool)
    const second = await renew(pool, RefreshToken)
    const third = await renew(pool, second)

    expect(new Set([RefreshToken, second, third]).size).toBe(3)
    await renew(pool, third)
  })

  test('refresh token rotation: the session still ends at its original time', async () => {
    const pool = await createTestPool({ rotationGraceSeconds: 0 })
    const { RefreshToken } = await createSignedInUser(pool)

    pool.clock.advance(86_000)
    const second = await renew(pool, RefreshToken)
    pool.clock.advance(400)
    expectError(await rotate(pool, second), {
      type: 'NotAuthorizedException',
      message: 'Refresh Token has expired',
    })
  })

  test('refresh token rotation: REFRESH_TOKEN_AUTH is rejected', async () => {
    const pool = await createTestPool({ rotationGraceSeconds: 10 })
    const { RefreshToken } = await createSignedInUser(pool)
    const response = await pool.call('InitiateAuth', {
      ClientId,
      AuthFlow: 'REFRESH_TOKEN_AUTH',
      AuthParameters: { REFRESH_TOKEN: RefreshToken },
    })

    expectError(response, {
      type: 'UnsupportedOperationException',
      message: 'This API does not support refresh token rotation',
    })
  })
})

describe('rotated refresh token', () => {
  test('grace period: a rotated token still works', async () => {
    const pool = await createTestPool({ rotationGraceSeconds: 10 })
    const { RefreshToken } = await createSignedInUser(pool)
    const second = await renew(pool, RefreshToken)

    pool.clock.advance(9)
    const alsoSecond = await renew(pool, RefreshToken)
    await renew(pool, second)
    await renew(pool, alsoSecond)
  })

  test('grace period: it is counted from the first rotation', async () => {
    const pool = await createTestPool({ rotationGraceSeconds: 10 })
    const { RefreshToken } = await createSignedInUser(pool)

    await renew(pool, RefreshToken)
    pool.clock.advance(9)
    await renew(pool, RefreshToken)
    pool.clock.advance(1)
    expectError(await rotate(pool, RefreshToken), reuse)
  })

  test('grace period: it holds when the clock is set back a little', async () => {
    const pool = await createTestPool({ rotationGraceSeconds: 10 })
    const { RefreshToken } = await createSignedInUser(pool)

    await renew(pool, RefreshToken)
    pool.clock.advance(-1)
    await renew(pool, RefreshToken)
  })

  test('reuse detection: a rotated token used after the grace period revokes the whole session', async () => {
    const pool = await createTestPool({ rotationGraceSeconds: 10 })
    const { RefreshToken } = await createSignedInUser(pool)
    const rotated = requireTokens(await rotate(pool, RefreshToken))

    pool.clock.advance(10)
    expectError(await rotate(pool, RefreshToken), reuse)
    expectError(await rotate(pool, rotated.RefreshToken ?? ''), revoked)
    expectError(await rotate(pool, RefreshToken), revoked)
    expectError(
      await pool.call('GetUser', { AccessToken: rotated.AccessToken }),
      accessTokenRevoked,
    )
  })

  test('reuse detection: other sessions of the user stay valid', async () => {
    const pool = await createTestPool({ rotationGraceSeconds: 0 })
    const { RefreshToken } = await createSignedInUser(pool)
    const elsewhere = await startSessionFor(pool, rider.username)

    await renew(pool, RefreshToken)
    expectError(await rotate(pool, RefreshToken), reuse)
    await renew(pool, elsewhere.RefreshToken)
  })
})

describe('fifty parallel refreshes with one token', () => {
  test('race: without a grace period one refresh succeeds and the session is revoked', async () => {
    const pool = await createTestPool({ rotationGraceSeconds: 0 })
    const { RefreshToken } = await createSignedInUser(pool)
    const responses = await Promise.all(
      Array.from({ length: 50 }, () => rotate(pool, RefreshToken)),
    )

    expect(responses.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(responses.filter(({ body }) => body.__type === reuse.type)).toHaveLength(1)
    expect(responses.filter(({ body }) => body.message === revoked.message)).toHaveLength(48)
  })

  test('race: within the grace period all refreshes succeed', async () => {
    const pool = await createTestPool({ rotationGraceSeconds: 10 })
    const { RefreshToken } = await createSignedInUser(pool)
    const responses = await Promise.all(
      Array.from({ length: 50 }, () => rotate(pool, RefreshToken)),
    )

    expect(responses.filter(({ status }) => status !== 200)).toEqual([])
  })
})
