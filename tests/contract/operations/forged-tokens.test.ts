/** Access tokens that the pool did not give, or did not give like this. */

import { createHmac } from 'node:crypto'
import {
  type CryptoKey,
  decodeJwt,
  exportSPKI,
  generateKeyPair,
  type JWTPayload,
  SignJWT,
} from 'jose'
import { describe, expect, test } from 'vitest'
import { createTestPool, type TestPool } from '../../support/test-pool.ts'
import {
  confirmUser,
  requireStoredUser,
  rider,
  signInUser,
  startSessionOf,
  type Tokens,
} from '../../support/users.ts'
import { expectRefusal, expectSuccess } from '../../support/wire.ts'

const victim = { username: 'victim@example.com', password: 'V1ctim!pw' }

const invalid = { type: 'NotAuthorizedException', message: 'Invalid Access Token' } as const
const badSignature = {
  type: 'NotAuthorizedException',
  message: 'Could not verify signature for Access Token',
} as const
const revoked = {
  type: 'NotAuthorizedException',
  message: 'Access Token has been revoked',
} as const

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}

interface Booty {
  readonly pool: TestPool
  readonly tokens: Tokens
  readonly claims: JWTPayload
  readonly kid: string
}

/** A forger who is a user of the pool: has tokens, and knows the public key. */
async function becomeUser(): Promise<Booty> {
  const pool = await createTestPool()
  const tokens = await signInUser(pool)
  return { pool, tokens, claims: decodeJwt(tokens.AccessToken), kid: pool.keys.access.kid }
}

type Claims = Readonly<Record<string, unknown>>

function signWith(key: CryptoKey, kid: string, claims: Claims): Promise<string> {
  return new SignJWT({ ...claims }).setProtectedHeader({ alg: 'RS256', kid }).sign(key)
}

async function signWithOwnKey(kid: string, claims: JWTPayload): Promise<string> {
  const { privateKey } = await generateKeyPair('RS256')
  return signWith(privateKey, kid, claims)
}

function signByHmac(secret: string | Buffer, kid: string, claims: JWTPayload): string {
  const text = `${encode({ alg: 'HS256', kid })}.${encode(claims)}`
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
}

/** What a forger can make without the pool's private keys. */
const forgeries: readonly [
  string,
  (booty: Booty) => string | Promise<string>,
  typeof invalid | typeof badSignature,
][] = [
  [
    'no algorithm and no signature',
    ({ kid, claims }) => `${encode({ alg: 'none', kid })}.${encode(claims)}.`,
    invalid,
  ],
  [
    'no algorithm and the true signature',
    ({ kid, claims, tokens }) =>
      `${encode({ alg: 'none', kid })}.${encode(claims)}.${tokens.AccessToken.split('.')[2]}`,
    invalid,
  ],
  [
    'an algorithm in other letters and no signature',
    ({ kid, claims }) => `${encode({ alg: 'nOnE', kid })}.${encode(claims)}.`,
    invalid,
  ],
  [
    'HS256 with the public key as its secret',
    async ({ pool, kid, claims }) =>
      signByHmac(await exportSPKI(pool.keys.access.publicKey), kid, claims),
    invalid,
  ],
  [
    'HS256 with the modulus as its secret',
    ({ pool, kid, claims }) =>
      signByHmac(Buffer.from(pool.keys.access.publicJwk.n ?? '', 'base64url'), kid, claims),
    invalid,
  ],
  [
    "a key of the forger's own under our key id",
    ({ kid, claims }) => signWithOwnKey(kid, claims),
    badSignature,
  ],
  [
    "a key of the forger's own under its own id",
    ({ claims }) => signWithOwnKey('mine', claims),
    invalid,
  ],
  [
    'a key in its header',
    async ({ kid, claims }) => {
      const { privateKey } = await generateKeyPair('RS256')
      const jwk = { kty: 'RSA', n: 'AQAB', e: 'AQAB' }
      return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid, jwk }).sign(privateKey)
    },
    badSignature,
  ],
  [
    'an edited payload',
    ({ claims, tokens }) => {
      const [header, , signature] = tokens.AccessToken.split('.')
      return `${header}.${encode({ ...claims, username: 'victim' })}.${signature}`
    },
    badSignature,
  ],
  [
    'an edited header',
    ({ kid, tokens }) => {
      const [, payload, signature] = tokens.AccessToken.split('.')
      return `${encode({ kid, alg: 'RS256', typ: 'JWT' })}.${payload}.${signature}`
    },
    badSignature,
  ],
  [
    'a bit of its signature flipped',
    ({ tokens }) => {
      const [header, payload, signature = ''] = tokens.AccessToken.split('.')
      return `${header}.${payload}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`
    },
    badSignature,
  ],
  [
    'no signature',
    ({ tokens }) => `${tokens.AccessToken.split('.').slice(0, 2).join('.')}.`,
    badSignature,
  ],
  ['the ID token in its place', ({ tokens }) => tokens.IdToken, invalid],
  ['the refresh token in its place', ({ tokens }) => tokens.RefreshToken, invalid],
  ['two parts', ({ tokens }) => tokens.AccessToken.split('.').slice(0, 2).join('.'), invalid],
  ['parts that are no JSON', () => 'AAAA.BBBB.CCCC', invalid],
  ['no parts', () => 'nonsense', invalid],
  ['only dots', () => '..', invalid],
]

describe('a token with', () => {
  test.each(forgeries)('%s is refused', async (_, forge, refusal) => {
    const booty = await becomeUser()

    expectRefusal(await booty.pool.call('GetUser', { AccessToken: await forge(booty) }), refusal)
    expectRefusal(
      await booty.pool.call('GlobalSignOut', { AccessToken: await forge(booty) }),
      refusal,
    )
    expectSuccess(await booty.pool.call('GetUser', { AccessToken: booty.tokens.AccessToken }))
  })
})

describe('a token the pool itself signed', () => {
  const signedClaims: readonly [string, Claims, typeof invalid | typeof revoked][] = [
    [
      'for another pool',
      { iss: 'https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Other' },
      invalid,
    ],
    ['as an ID token', { token_use: 'id' }, invalid],
    ['for later', { nbf: Math.floor(Date.now() / 1000) + 86_400 }, invalid],
    ['without a user', { sub: undefined }, invalid],
    ['without a sign-in', { event_id: undefined }, invalid],
    ['of a sign-in that never was', { event_id: 'b7f2c1de-0000-4000-8000-000000000000' }, revoked],
  ]
  test.each(signedClaims)('%s is refused', async (_, change, refusal) => {
    const { pool, claims, kid } = await becomeUser()
    const AccessToken = await signWith(pool.keys.access.privateKey, kid, { ...claims, ...change })

    expectRefusal(await pool.call('GetUser', { AccessToken }), refusal)
  })

  test('with its other key is refused, whichever key id it names', async () => {
    const { pool, claims, kid } = await becomeUser()
    const { id } = pool.keys

    expectRefusal(
      await pool.call('GetUser', { AccessToken: await signWith(id.privateKey, id.kid, claims) }),
      invalid,
    )
    expectRefusal(
      await pool.call('GetUser', { AccessToken: await signWith(id.privateKey, kid, claims) }),
      badSignature,
    )
  })

  test('without the scope of the API is refused as such', async () => {
    const { pool, claims, kid } = await becomeUser()
    const AccessToken = await signWith(pool.keys.access.privateKey, kid, {
      ...claims,
      scope: 'openid email',
    })

    expectRefusal(await pool.call('GetUser', { AccessToken }), {
      type: 'NotAuthorizedException',
      message: 'Access Token does not have required scopes',
    })
  })

  test('for a user who is gone is refused as such', async () => {
    const { pool, claims, kid } = await becomeUser()
    const AccessToken = await signWith(pool.keys.access.privateKey, kid, { ...claims, sub: 'gone' })

    expectRefusal(await pool.call('GetUser', { AccessToken }), {
      type: 'UserNotFoundException',
      message: 'User does not exist.',
    })
  })

  test("with one user's sign-in and another's sub is refused", async () => {
    const { pool, claims, kid } = await becomeUser()
    await confirmUser(pool, victim)
    await startSessionOf(pool, victim.username)
    const { sub } = requireStoredUser(pool, victim.username)
    const AccessToken = await signWith(pool.keys.access.privateKey, kid, { ...claims, sub })

    expectRefusal(await pool.call('GetUser', { AccessToken }), revoked)
  })
})

test('the token nobody touched is taken', async () => {
  const { pool, tokens } = await becomeUser()
  const { body } = await pool.call('GetUser', { AccessToken: tokens.AccessToken })

  expect(body.Username).toBe(rider.username)
})
