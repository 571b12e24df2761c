/** Forged access tokens: JWTs that the pool did not sign, or not with these claims. */

import { decodeJwt } from 'jose'
import { describe, expect, test } from 'vitest'
import { type ExpectedError, expectError, expectSuccess } from '../../support/cognito-api.ts'
import { accessTokenRevoked, userNotFound } from '../../support/cognito-errors.ts'
import { jwtForgeries, signJwt } from '../../support/forged-jwt.ts'
import { createTestPool } from '../../support/test-pool.ts'
import {
  createConfirmedUser,
  createSignedInUser,
  requireStoredUser,
  rider,
  startSessionFor,
} from '../../support/users.ts'

const victim = { username: 'victim@example.com', password: 'V1ctim!pw' }

const invalid = { type: 'NotAuthorizedException', message: 'Invalid Access Token' } as const
const badSignature = {
  type: 'NotAuthorizedException',
  message: 'Could not verify signature for Access Token',
} as const

/** A pool and the tokens of a signed-in user, who may be the attacker. */
async function startSession() {
  const pool = await createTestPool()
  const tokens = await createSignedInUser(pool)
  return { pool, tokens, claims: decodeJwt(tokens.AccessToken), key: pool.keys.access }
}

describe('forged access token', () => {
  test.each(jwtForgeries)('GetUser rejects a token with %s', async (_, fault, forge) => {
    const { pool, tokens, key } = await startSession()
    const AccessToken = await forge({ token: tokens.AccessToken, key })
    const error = fault === 'signature' ? badSignature : invalid

    expectError(await pool.call('GetUser', { AccessToken }), error)
    expectError(await pool.call('GlobalSignOut', { AccessToken }), error)
    expectSuccess(await pool.call('GetUser', { AccessToken: tokens.AccessToken }))
  })

  test.each(['IdToken', 'RefreshToken'] as const)(
    'GetUser rejects the %s in place of the access token',
    async (name) => {
      const { pool, tokens } = await startSession()

      expectError(await pool.call('GetUser', { AccessToken: tokens[name] }), invalid)
      expectError(await pool.call('GlobalSignOut', { AccessToken: tokens[name] }), invalid)
      expectSuccess(await pool.call('GetUser', { AccessToken: tokens.AccessToken }))
    },
  )
})

describe('access token signed by the pool with other claims', () => {
  const signedClaims: readonly [string, Readonly<Record<string, unknown>>, ExpectedError][] = [
    [
      'the iss of another pool',
      { iss: 'https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Other' },
      invalid,
    ],
    ['the token_use id', { token_use: 'id' }, invalid],
    ['an nbf in the future', { nbf: Math.floor(Date.now() / 1000) + 86_400 }, invalid],
    ['no sub', { sub: undefined }, invalid],
    ['no origin_jti', { event_id: undefined }, invalid],
    [
      'the origin_jti of no session',
      { event_id: 'b7f2c1de-0000-4000-8000-000000000000' },
      accessTokenRevoked,
    ],
  ]
  test.each(signedClaims)('GetUser rejects a token with %s', async (_, change, error) => {
    const { pool, claims, key } = await startSession()
    const AccessToken = await signJwt(key.privateKey, key.kid, { ...claims, ...change })

    expectError(await pool.call('GetUser', { AccessToken }), error)
  })

  test('GetUser rejects a token signed with the ID token key, under either key id', async () => {
    const { pool, claims, key } = await startSession()
    const { id } = pool.keys

    expectError(
      await pool.call('GetUser', { AccessToken: await signJwt(id.privateKey, id.kid, claims) }),
      invalid,
    )
    expectError(
      await pool.call('GetUser', { AccessToken: await signJwt(id.privateKey, key.kid, claims) }),
      badSignature,
    )
  })

  test('GetUser rejects a token without the scope aws.cognito.signin.user.admin', async () => {
    const { pool, claims, key } = await startSession()
    const AccessToken = await signJwt(key.privateKey, key.kid, {
      ...claims,
      scope: 'openid email',
    })

    expectError(await pool.call('GetUser', { AccessToken }), {
      type: 'NotAuthorizedException',
      message: 'Access Token does not have required scopes',
    })
  })

  test('GetUser rejects the token of a deleted user', async () => {
    const { pool, claims, key } = await startSession()
    const AccessToken = await signJwt(key.privateKey, key.kid, { ...claims, sub: 'gone' })

    expectError(await pool.call('GetUser', { AccessToken }), userNotFound)
  })

  test('GetUser rejects a token that joins the session of one user with the sub of another', async () => {
    const { pool, claims, key } = await startSession()
    await createConfirmedUser(pool, victim)
    await startSessionFor(pool, victim.username)
    const { sub } = requireStoredUser(pool, victim.username)
    const AccessToken = await signJwt(key.privateKey, key.kid, { ...claims, sub })

    expectError(await pool.call('GetUser', { AccessToken }), accessTokenRevoked)
  })
})

test('GetUser accepts the unchanged token', async () => {
  const { pool, tokens } = await startSession()
  const { body } = await pool.call('GetUser', { AccessToken: tokens.AccessToken })

  expect(body.Username).toBe(rider.username)
})
