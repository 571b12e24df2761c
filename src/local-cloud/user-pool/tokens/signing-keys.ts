/**
 * The pool's two RSA keys: one signs ID tokens, the other access tokens, like Cognito's; or one that is given for both.
 * Their randomness is
 * WebCrypto's own, which takes none from outside; the port `Random` is not used here.
 */

import { createHash, createPrivateKey, type KeyObject } from 'node:crypto'
import type { CryptoKey, JWK } from 'jose'
import { exportJWK } from 'jose/key/export'
import { generateKeyPair } from 'jose/key/generate/keypair'
import { importJWK } from 'jose/key/import'
import * as v from 'valibot'
import { SettingsError } from '../../../shared/settings-error.ts'
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

/** A private RSA key as JWK. */
export type RsaJwk = v.InferOutput<typeof rsaJwk>

/** bits that RS256 needs at least, see RFC 7518 section 3.3 */
const minModulusLength = 2048

/**
 * Reads a private RSA key.
 *
 * @param key PEM (PKCS#8 or PKCS#1), or a JWK as text or object
 * @param setting for the error: where the key is from
 * @throws {SettingsError} for anything else, and for a key that is too short
 */
export function parseSigningKey(key: unknown, setting: string): RsaJwk {
  let read: KeyObject
  try {
    const isText = typeof key === 'string' && !key.trimStart().startsWith('{')
    const jwk = typeof key === 'string' && !isText ? JSON.parse(key) : key
    read = isText
      ? createPrivateKey(key)
      : createPrivateKey({ key: v.parse(rsaJwk, jwk), format: 'jwk' })
  } catch (error) {
    throw signingKeyError(setting, error)
  }
  const { modulusLength = 0 } = read.asymmetricKeyDetails ?? {}
  if (read.asymmetricKeyType !== 'rsa' || modulusLength < minModulusLength) {
    throw signingKeyError(setting)
  }
  return v.parse(rsaJwk, read.export({ format: 'jwk' }))
}

/** The reason is left out: it can quote the key. */
function signingKeyError(setting: string, cause?: unknown): SettingsError {
  return new SettingsError(
    setting,
    `a private RSA key of at least ${minModulusLength} bits, as PEM or JWK`,
    `openssl genrsa -out key.pem ${minModulusLength} makes one.`,
    { cause },
  )
}

/**
 * Reads the keys from the store; generates and stores them first if there are none.
 *
 * @param given signs both tokens in place of those, and is not stored
 */
export async function loadSigningKeys(store: Store, given?: RsaJwk): Promise<SigningKeys> {
  if (given) {
    const key = await toSigningKey(given)
    return { id: key, access: key }
  }
  const stored = store.readSecret('signing-keys')
  const jwks = stored
    ? v.parse(storedKeys, JSON.parse(stored))
    : { id: await generateJwk(), access: await generateJwk() }
  if (!stored) store.writeSecret('signing-keys', JSON.stringify(jwks))
  return { id: await toSigningKey(jwks.id), access: await toSigningKey(jwks.access) }
}

async function generateJwk(): Promise<RsaJwk> {
  const { privateKey } = await generateKeyPair('RS256', { modulusLength: 2048, extractable: true })
  return v.parse(rsaJwk, await exportJWK(privateKey))
}

async function toSigningKey(jwk: RsaJwk): Promise<SigningKey> {
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
