/** Tokens: their claims and headers, and what AWS's verifier says with the keys of the JWKS endpoint. */

import { CognitoJwtVerifier } from 'aws-jwt-verify'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { type LocalCloudServer, startLocalCloud } from '../../support/local-cloud-server.ts'
import { createTestPool } from '../../support/test-pool.ts'
import {
  ClientId,
  createSignedInUser,
  requireStoredUser,
  requireTokens,
  rider,
  signUpUser,
  startSessionFor,
  UserPoolId,
} from '../../support/users.ts'

const uuid = expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/)
const iss = 'https://cognito-idp.us-east-1.amazonaws.com/us-east-1_WildRydes'

describe('token claims', () => {
  test('ID token: it has the claims of Cognito and no other', async () => {
    const pool = await createTestPool()
    const { IdToken } = await createSignedInUser(pool)
    const seconds = pool.clock.nowMs() / 1000

    expect(decodeJwt(IdToken)).toEqual({
      sub: requireStoredUser(pool, rider.username).sub,
      email_verified: true,
      iss,
      'cognito:username': rider.username,
      origin_jti: uuid,
      aud: ClientId,
      event_id: uuid,
      token_use: 'id',
      auth_time: seconds,
      exp: seconds + 3600,
      iat: seconds,
      jti: uuid,
      email: rider.username,
    })
  })

  test('access token: it has the claims of Cognito and no other', async () => {
    const pool = await createTestPool()
    const { AccessToken } = await createSignedInUser(pool)
    const seconds = pool.clock.nowMs() / 1000

    expect(decodeJwt(AccessToken)).toEqual({
      sub: requireStoredUser(pool, rider.username).sub,
      iss,
      client_id: ClientId,
      origin_jti: uuid,
      event_id: uuid,
      token_use: 'access',
      scope: 'aws.cognito.signin.user.admin',
      auth_time: seconds,
      exp: seconds + 3600,
      iat: seconds,
      jti: uuid,
      username: rider.username,
    })
  })

  test('both tokens share their common claims but not jti', async () => {
    const pool = await createTestPool()
    const { AccessToken, IdToken } = await createSignedInUser(pool)
    const [id, access] = [decodeJwt(IdToken), decodeJwt(AccessToken)]

    expect(id.origin_jti).toBe(access.origin_jti)
    expect(id.event_id).toBe(access.event_id)
    expect(id.jti).not.toBe(access.jti)
  })

  test('refresh: the new tokens keep the session and its auth_time and are new otherwise', async () => {
    const pool = await createTestPool()
    const first = await createSignedInUser(pool)
    const seconds = pool.clock.nowMs() / 1000
    pool.clock.advance(1800)
    const refreshed = requireTokens(
      await pool.call('GetTokensFromRefreshToken', { ClientId, RefreshToken: first.RefreshToken }),
    )

    for (const name of ['AccessToken', 'IdToken'] as const) {
      const [before, after] = [decodeJwt(first[name]), decodeJwt(refreshed[name])]
      expect(after).toEqual({
        ...before,
        iat: seconds + 1800,
        exp: seconds + 5400,
        jti: uuid,
      })
      expect(after.jti).not.toBe(before.jti)
    }
  })

  test('two sign-ins have different session claims', async () => {
    const pool = await createTestPool()
    const first = decodeJwt((await createSignedInUser(pool)).AccessToken)
    const second = decodeJwt((await startSessionFor(pool)).AccessToken)

    expect(first.origin_jti).not.toBe(second.origin_jti)
    expect(first.event_id).not.toBe(second.event_id)
  })

  test('origin_jti is missing when the client may not revoke tokens', async () => {
    const pool = await createTestPool({ revokesTokens: false })
    const { AccessToken, IdToken } = await createSignedInUser(pool)

    expect(decodeJwt(AccessToken)).not.toHaveProperty('origin_jti')
    expect(decodeJwt(IdToken)).not.toHaveProperty('origin_jti')
  })

  test('tokens live as long as the client setting says', async () => {
    const pool = await createTestPool({ accessTokenSeconds: 300, idTokenSeconds: 86_400 })
    const { AccessToken, IdToken } = await createSignedInUser(pool)
    const lifetime = ({ exp = 0, iat = 0 }) => exp - iat

    expect(lifetime(decodeJwt(AccessToken))).toBe(300)
    expect(lifetime(decodeJwt(IdToken))).toBe(86_400)
  })

  test('time claims are whole seconds even when the clock is between two', async () => {
    const pool = await createTestPool()
    pool.clock.advance(0.75)
    const { auth_time, iat } = decodeJwt((await createSignedInUser(pool)).AccessToken)

    expect([auth_time, iat]).toSatisfy((times: readonly unknown[]) => times.every(Number.isInteger))
  })

  test('email_verified is false for a user with an unverified email address', async () => {
    const pool = await createTestPool()
    await signUpUser(pool)
    await pool.call(
      'AdminConfirmSignUp',
      { UserPoolId, Username: rider.username },
      { signed: true },
    )

    expect(decodeJwt((await startSessionFor(pool)).IdToken).email_verified).not.toBe(true)
  })
})

describe('token header', () => {
  test('JWT header: it has a key id as long as those of Cognito, the algorithm and nothing else', async () => {
    const { AccessToken, IdToken } = await createSignedInUser(await createTestPool())
    const kid = expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/)

    expect(decodeProtectedHeader(IdToken)).toEqual({ kid, alg: 'RS256' })
    expect(decodeProtectedHeader(AccessToken)).toEqual({ kid, alg: 'RS256' })
  })

  test('JWT header: access and ID tokens name different keys', async () => {
    const { AccessToken, IdToken } = await createSignedInUser(await createTestPool())

    expect(decodeProtectedHeader(IdToken).kid).not.toBe(decodeProtectedHeader(AccessToken).kid)
  })

  test('JWT header: a refresh token has the header of a JWE', async () => {
    const { RefreshToken } = await createSignedInUser(await createTestPool())

    expect(decodeProtectedHeader(RefreshToken)).toEqual({
      cty: 'JWT',
      enc: 'A256GCM',
      alg: 'RSA-OAEP',
    })
  })
})

const jwks = v.strictObject({
  keys: v.array(
    v.strictObject({
      kty: v.literal('RSA'),
      use: v.literal('sig'),
      alg: v.literal('RS256'),
      e: v.literal('AQAB'),
      kid: v.string(),
      n: v.string(),
    }),
  ),
})

async function fetchJwks({ origin }: LocalCloudServer): Promise<v.InferOutput<typeof jwks>> {
  const response = await fetch(`${origin}/cognito-idp/${UserPoolId}/.well-known/jwks.json`)
  expect(response.headers.get('content-type')).toBe('application/json')
  return v.parse(jwks, await response.json())
}

describe('aws-jwt-verify with the published JWKS', () => {
  test('JWKS: two public keys are published and nothing private', async () => {
    const { keys } = await fetchJwks(await startLocalCloud())

    expect(new Set(keys.map(({ kid }) => kid)).size).toBe(2)
  })

  test.each([
    ['access', 'AccessToken'],
    ['id', 'IdToken'],
  ] as const)('aws-jwt-verify accepts an %s token as such', async (tokenUse, name) => {
    const server = await startLocalCloud()
    const tokens = await createSignedInUser(server)
    const verifier = CognitoJwtVerifier.create({
      userPoolId: UserPoolId,
      tokenUse,
      clientId: ClientId,
    })
    verifier.cacheJwks(await fetchJwks(server))

    expect(verifier.verifySync(tokens[name])).toMatchObject({
      sub: requireStoredUser(server, rider.username).sub,
      token_use: tokenUse,
    })
  })

  test.each([
    ['an ID token used as an access token', {}, 'IdToken', /Token use not allowed/],
    ['a token for another client', { clientId: 'other' }, 'AccessToken', /Client ID not allowed/],
    ['a token without the required scope', { scope: 'openid' }, 'AccessToken', /Scope not allowed/],
    [
      'a token without the required group',
      { groups: 'admin' },
      'AccessToken',
      /Missing Cognito group/,
    ],
  ] as const)('aws-jwt-verify rejects %s', async (_, expected, name, reason) => {
    const server = await startLocalCloud()
    const tokens = await createSignedInUser(server)
    const verifier = CognitoJwtVerifier.create({
      userPoolId: UserPoolId,
      tokenUse: 'access',
      clientId: ClientId,
      ...expected,
    })
    verifier.cacheJwks(await fetchJwks(server))

    expect(() => verifier.verifySync(tokens[name])).toThrow(reason)
  })

  test('aws-jwt-verify rejects a token of another pool', async () => {
    const server = await startLocalCloud()
    const { AccessToken } = await createSignedInUser(server)
    const verifier = CognitoJwtVerifier.create({
      userPoolId: 'us-east-1_Other',
      tokenUse: 'access',
      clientId: ClientId,
    })
    verifier.cacheJwks(await fetchJwks(server))

    expect(() => verifier.verifySync(AccessToken)).toThrow(/issuer/)
  })
})
