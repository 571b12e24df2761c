/** Several app clients of one pool: each has its own secret, flows, lifetimes and permissions, and its own tokens. */

import { createHmac } from 'node:crypto'
import { decodeJwt } from 'jose'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { type ApiResponse, expectError, expectSuccess } from '../../support/cognito-api.ts'
import { callWithIam } from '../../support/iam-caller.ts'
import { createTestPool, type TestPool } from '../../support/test-pool.ts'
import { ClientId, createConfirmedUser, requireTokens, rider } from '../../support/users.ts'

const nativeId = 'ferrynative000000000000000'
const passwordFlow = new Set(['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'] as const)

function requireSession({ body }: ApiResponse): string {
  return v.parse(v.object({ Session: v.string() }), body).Session
}

/** A pool with a web client of the defaults, and a native one with a secret that reads the email address alone. */
async function startFerry() {
  const pool = await createTestPool(
    { explicitAuthFlows: passwordFlow, accessTokenSeconds: 3600 },
    {
      otherClients: [
        {
          userPoolClientId: nativeId,
          clientName: 'native',
          clientHasSecret: true,
          readAttributes: new Set(['email']),
          writeAttributes: new Set(['email', 'locale']),
          accessTokenSeconds: 600,
        },
      ],
    },
  )
  await createConfirmedUser(pool)
  return pool
}

function toSecretHash(pool: TestPool): string {
  const [, native] = pool.current.clients()
  const secret = native?.clientSecret ?? ''
  expect(secret).toMatch(/^[0-9a-z]{52}$/)
  return createHmac('sha256', secret).update(`${rider.username}${nativeId}`).digest('base64')
}

function signIn(pool: TestPool, client: string, more: Readonly<Record<string, string>> = {}) {
  const { username: USERNAME, password: PASSWORD } = rider
  return pool.call('InitiateAuth', {
    ClientId: client,
    AuthFlow: 'USER_PASSWORD_AUTH',
    AuthParameters: { USERNAME, PASSWORD, ...more },
  })
}

function refresh(pool: TestPool, client: string, REFRESH_TOKEN: string, more = {}) {
  return pool.call('InitiateAuth', {
    ClientId: client,
    AuthFlow: 'REFRESH_TOKEN_AUTH',
    AuthParameters: { REFRESH_TOKEN, ...more },
  })
}

describe('several app clients', () => {
  test('app clients: tokens are of the client that signed in, and live as long as it says', async () => {
    const pool = await startFerry()
    const web = decodeJwt(requireTokens(await signIn(pool, ClientId)).AccessToken)
    const hash = { SECRET_HASH: toSecretHash(pool) }
    const native = decodeJwt(requireTokens(await signIn(pool, nativeId, hash)).AccessToken)

    expect(web.client_id).toBe(ClientId)
    expect(native.client_id).toBe(nativeId)
    expect(Number(web.exp) - Number(web.iat)).toBe(3600)
    expect(Number(native.exp) - Number(native.iat)).toBe(600)
  })

  test('app clients: the one with a secret asks for it, the other does not', async () => {
    const pool = await startFerry()

    expectError(await signIn(pool, nativeId), {
      type: 'NotAuthorizedException',
      message: `Client ${nativeId} is configured with secret but SECRET_HASH was not received`,
    })
    expectSuccess(await signIn(pool, ClientId))
    expectError(await signIn(pool, 'nobody'), {
      type: 'ResourceNotFoundException',
      message: 'User pool client nobody does not exist.',
    })
  })

  test('app clients: a refresh token is of no use to another client of the pool', async () => {
    const pool = await startFerry()
    const { RefreshToken = '' } = requireTokens(await signIn(pool, ClientId))

    expectError(await refresh(pool, nativeId, RefreshToken, { SECRET_HASH: toSecretHash(pool) }), {
      type: 'NotAuthorizedException',
      message: 'Invalid Refresh Token',
    })
    requireTokens(await refresh(pool, ClientId, RefreshToken))
  })

  test('app clients: an access token reads and writes what its client may', async () => {
    const pool = await startFerry()
    const web = requireTokens(await signIn(pool, ClientId)).AccessToken
    const hash = { SECRET_HASH: toSecretHash(pool) }
    const native = requireTokens(await signIn(pool, nativeId, hash)).AccessToken
    const UserAttributes = [{ Name: 'nickname', Value: 'Star' }]

    expectSuccess(await pool.call('UpdateUserAttributes', { AccessToken: web, UserAttributes }))
    expectError(await pool.call('UpdateUserAttributes', { AccessToken: native, UserAttributes }), {
      type: 'NotAuthorizedException',
      message: 'A client attempted to write unauthorized attribute',
    })
    const read = async (AccessToken: string) =>
      JSON.stringify((await pool.call('GetUser', { AccessToken })).body)
    expect(await read(web)).toContain('nickname')
    expect(await read(native)).toContain('email')
    expect(await read(native)).not.toContain('nickname')
  })

  test('app clients: a token that names another client is not the pool’s', async () => {
    const pool = await startFerry()
    const token = requireTokens(await signIn(pool, ClientId)).AccessToken
    const [header = '', payload = '', signature = ''] = token.split('.')
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString())
    const forged = Buffer.from(JSON.stringify({ ...claims, client_id: nativeId }))
    const AccessToken = [header, forged.toString('base64url'), signature].join('.')

    expectError(await pool.call('GetUser', { AccessToken }), {
      type: 'NotAuthorizedException',
      message: 'Could not verify signature for Access Token',
    })
    expectError(await pool.call('GetUser', { AccessToken: 'a.b.c' }), {
      type: 'NotAuthorizedException',
      message: 'Invalid Access Token',
    })
  })

  test('app clients: the Session of a second step lives as long as its client says', async () => {
    const pool = await createTestPool(
      { explicitAuthFlows: passwordFlow, mfaConfiguration: 'ON', authSessionSeconds: 180 },
      { otherClients: [{ userPoolClientId: nativeId, authSessionSeconds: 900 }] },
    )
    await createConfirmedUser(pool)
    const associate = async (Session: string) =>
      requireSession(await pool.call('AssociateSoftwareToken', { Session }))
    const web = await associate(requireSession(await signIn(pool, ClientId)))
    const native = await associate(requireSession(await signIn(pool, nativeId)))
    pool.clock.advance(600)

    expect((await pool.call('AssociateSoftwareToken', { Session: web })).status).toBe(400)
    await associate(native)
  })

  test('app clients: IAM callers list and describe each', async () => {
    const pool = await startFerry()
    const listed = await callWithIam(pool, 'ListUserPoolClients')
    const first = await callWithIam(pool, 'ListUserPoolClients', { MaxResults: 1 })
    const described = await callWithIam(pool, 'DescribeUserPoolClient', { ClientId: nativeId })

    expect(listed.body).toMatchObject({
      UserPoolClients: [{ ClientId }, { ClientId: nativeId, ClientName: 'native' }],
    })
    expect(first.body).toMatchObject({ UserPoolClients: [{ ClientId }] })
    expect(described.body).toMatchObject({
      UserPoolClient: {
        ClientId: nativeId,
        ClientName: 'native',
        ClientSecret: expect.stringMatching(/^[0-9a-z]{52}$/),
        ReadAttributes: ['email'],
      },
    })
  })
})
