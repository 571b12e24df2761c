/** JWTs as an attacker makes them from a genuine one, without the private keys of the pool. */

import { createHmac } from 'node:crypto'
import {
  type CryptoKey,
  decodeJwt,
  exportSPKI,
  generateKeyPair,
  type JWTPayload,
  SignJWT,
} from 'jose'
import type { SigningKey } from '../../src/local-cloud/user-pool/tokens/signing-keys.ts'

/** A token that the pool has signed, and the key it has published for it. */
export interface GenuineJwt {
  readonly token: string
  readonly key: Pick<SigningKey, 'kid' | 'publicKey' | 'publicJwk'>
}

/** Made once: an RSA key takes a quarter of a second. */
const attackerKeys = generateKeyPair('RS256')

export function encodePart(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}

export function signJwt(
  key: CryptoKey,
  kid: string,
  claims: Readonly<Record<string, unknown>>,
): Promise<string> {
  return new SignJWT({ ...claims }).setProtectedHeader({ alg: 'RS256', kid }).sign(key)
}

function signByHmac(secret: string | Buffer, kid: string, claims: JWTPayload): string {
  const text = `${encodePart({ alg: 'HS256', kid })}.${encodePart(claims)}`
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
}

/** Each with what is wrong: the token itself, or its signature alone. */
export const jwtForgeries: readonly (readonly [
  name: string,
  fault: 'token' | 'signature',
  forge: (genuine: GenuineJwt) => string | Promise<string>,
])[] = [
  [
    'alg none and no signature',
    'token',
    ({ token, key: { kid } }) => `${encodePart({ alg: 'none', kid })}.${token.split('.')[1]}.`,
  ],
  [
    'alg none and the original signature',
    'token',
    ({ token, key: { kid } }) => {
      const [, payload, signature] = token.split('.')
      return `${encodePart({ alg: 'none', kid })}.${payload}.${signature}`
    },
  ],
  [
    'alg nOnE and no signature',
    'token',
    ({ token, key: { kid } }) => `${encodePart({ alg: 'nOnE', kid })}.${token.split('.')[1]}.`,
  ],
  [
    'HS256 with the public key as its secret',
    'token',
    async ({ token, key: { kid, publicKey } }) =>
      signByHmac(await exportSPKI(publicKey), kid, decodeJwt(token)),
  ],
  [
    'HS256 with the modulus as its secret',
    'token',
    ({ token, key: { kid, publicJwk } }) =>
      signByHmac(Buffer.from(publicJwk.n ?? '', 'base64url'), kid, decodeJwt(token)),
  ],
  [
    "the attacker's key under the pool's key id",
    'signature',
    async ({ token, key: { kid } }) =>
      signJwt((await attackerKeys).privateKey, kid, decodeJwt(token)),
  ],
  [
    "the attacker's key under an unknown key id",
    'token',
    async ({ token }) => signJwt((await attackerKeys).privateKey, 'mine', decodeJwt(token)),
  ],
  [
    'an embedded jwk in the header',
    'signature',
    async ({ token, key: { kid } }) => {
      const jwk = { kty: 'RSA', n: 'AQAB', e: 'AQAB' }
      const jwt = new SignJWT(decodeJwt(token)).setProtectedHeader({ alg: 'RS256', kid, jwk })
      return jwt.sign((await attackerKeys).privateKey)
    },
  ],
  [
    'an edited payload',
    'signature',
    ({ token }) => {
      const [header, , signature] = token.split('.')
      const victim = { username: 'victim', 'cognito:username': 'victim' }
      return `${header}.${encodePart({ ...decodeJwt(token), ...victim })}.${signature}`
    },
  ],
  [
    'an edited header',
    'signature',
    ({ token, key: { kid } }) => {
      const [, payload, signature] = token.split('.')
      return `${encodePart({ kid, alg: 'RS256', typ: 'JWT' })}.${payload}.${signature}`
    },
  ],
  [
    'an altered signature',
    'signature',
    ({ token }) => {
      const [header, payload, signature = ''] = token.split('.')
      return `${header}.${payload}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`
    },
  ],
  ['no signature', 'signature', ({ token }) => `${token.split('.').slice(0, 2).join('.')}.`],
  ['two parts', 'token', ({ token }) => token.split('.').slice(0, 2).join('.')],
  ['parts that are not JSON', 'token', () => 'AAAA.BBBB.CCCC'],
  ['a single part', 'token', () => 'nonsense'],
  ['only dots', 'token', () => '..'],
]
