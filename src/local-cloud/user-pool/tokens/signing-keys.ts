/**
 * The pool's two RSA keys: one signs ID tokens, the other access tokens, like Cognito's. Their randomness is
 * WebCrypto's own, which takes none from outside; the port `Random` is not used here.
 */

import { createHash } from 'node:crypto'
import { type CryptoKey, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose'
import * as v from 'valibot'
import type { Store } from '../store/store.ts'

export interface SigningKey {
  /** 44 characters of base64, like Cognito's key ids */
  readonly kid: string
  readonly privateKey: CryptoKey
  readonly publicKey: CryptoKey
  /** in the response of the JWKS endpoint */
  readonly publicJwk: Readonly<Record<string, string>>
}

export interface SigningKeys {
  readonly id: SigningKey
  readonly access: SigningKey
}

const rsaJwk = v.object({
  kty: v.literal('RSA'),
  n: v.string(),
  e: v.string(),
  d: v.string(),
  p: v.string(),
  q: v.string(),
  dp: v.string(),
  dq: v.string(),
  qi: v.string(),
})
const storedKeys = v.object({ id: rsaJwk, access: rsaJwk })

/** Reads the keys from the store; generates and stores them first if there are none. */
export async function loadSigningKeys(store: Store): Promise<SigningKeys> {
  const stored = store.readSecret('signing-keys')
  const jwks = stored
    ? v.parse(storedKeys, JSON.parse(stored))
    : { id: await generateJwk(), access: await generateJwk() }
  if (!stored) store.writeSecret('signing-keys', JSON.stringify(jwks))
  return { id: await toSigningKey(jwks.id), access: await toSigningKey(jwks.access) }
}

async function generateJwk(): Promise<v.InferOutput<typeof rsaJwk>> {
  const { privateKey } = await generateKeyPair('RS256', { modulusLength: 2048, extractable: true })
  return v.parse(rsaJwk, await exportJWK(privateKey))
}

async function toSigningKey(jwk: v.InferOutput<typeof rsaJwk>): Promise<SigningKey> {
  const { kty, n, e } = jwk
  return {
    kid: createHash('sha256').update(n).digest('base64'),
    privateKey: await importKey(jwk),
    publicKey: await importKey({ kty, n, e }),
    publicJwk: {
      kty,
      n,
      e,
      alg: 'RS256',
      use: 'sig',
      kid: createHash('sha256').update(n).digest('base64'),
    },
  }
}

async function importKey(jwk: JWK): Promise<CryptoKey> {
  const key = await importJWK(jwk, 'RS256')
  if (key instanceof Uint8Array) throw new TypeError('expected an RSA key, got a symmetric one')
  return key
}
