/**
 * The server's side of SRP-6a in Cognito's variant. Pure functions; integers are bigint.
 *
 *   N g   the group                       s      salt, hex
 *   I     USER_ID_FOR_SRP                 P      password, never stored
 *   x     private key made of s, I, P     v      verifier g^x, stored instead of P
 *   b B   server's private, public key    A      client's public key
 *   k u   multiplier, scrambler           S K    shared secret, signing key derived from it
 *
 * Every integer that is hashed or used as a key is encoded by `pad`. RFC 5054 pads to the width of N; Cognito
 * does not.
 *
 * @see RFC 5054, RFC 5869; test vectors: tests/support/srp-vectors.json
 */

import { createHash, createHmac } from 'node:crypto'
import { g, N } from './group.ts'
import { generatorModPow, modPow } from './mod-pow.ts'

/** hex digits in the longest SRP_A that can be a residue of N */
const maxHexDigits = 768

/** Whose password is proved. */
export interface SrpIdentity {
  /** the user pool id after its first `_`; for a device its group key */
  readonly namespace: string
  /** USER_ID_FOR_SRP as sent to the client; for a device its key */
  readonly userId: string
}

/** Shortest big-endian two's complement encoding of a non-negative integer. */
export function pad(value: bigint): Buffer {
  const hex = value.toString(16)
  const even = hex.length % 2 === 0 ? hex : `0${hex}`
  return Buffer.from(/^[89a-f]/.test(even) ? `00${even}` : even, 'hex')
}

export const k = toInteger(sha256(pad(N), pad(g)))

/**
 * v = g^x, the only value derived from the password that is stored.
 *
 * @param saltHex hex digits, at least one
 */
export function createVerifier(
  { namespace, userId }: SrpIdentity,
  { password, saltHex }: { password: string; saltHex: string },
): bigint {
  const inner = sha256(Buffer.from(`${namespace}${userId}:${password}`, 'utf8'))
  const x = toInteger(sha256(pad(BigInt(`0x${saltHex}`)), inner))
  return generatorModPow(x)
}

/** B = k*v + g^b */
export function createServerPublicKey({ v, b }: { v: bigint; b: bigint }): bigint {
  return (k * v + generatorModPow(b)) % N
}

/** @returns `undefined` for an SRP_A that is not hex, longer than N, or 0 modulo N */
export function parseClientPublicKey(hex: string): bigint | undefined {
  if (!/^[0-9a-fA-F]+$/.test(hex) || hex.replace(/^0+/, '').length > maxHexDigits) return undefined
  const A = BigInt(`0x${hex}`)
  return A % N === 0n ? undefined : A
}

/**
 * K, the key that the client signs with.
 *
 * @returns 16 bytes; `undefined` when u is 0, or A*v^u is a value that OpenSSL rejects (0, 1, N-1)
 */
export function deriveSigningKey(keys: {
  A: bigint
  B: bigint
  b: bigint
  v: bigint
}): Buffer | undefined {
  const { A, B, b, v } = keys
  const u = toInteger(sha256(pad(A), pad(B)))
  if (u === 0n) return undefined
  const base = (A * modPow(v, u)) % N
  if (base <= 1n || base === N - 1n) return undefined
  const S = modPow(base, b)
  const pseudoRandomKey = hmac(pad(u), pad(S))
  return hmac(pseudoRandomKey, Buffer.from('Caldera Derived Key\u0001', 'ascii')).subarray(0, 16)
}

/** @returns the bytes of PASSWORD_CLAIM_SIGNATURE */
export function sign(
  K: Buffer,
  { namespace, userId }: SrpIdentity,
  { secretBlock, timestamp }: { secretBlock: Buffer; timestamp: string },
): Buffer {
  return hmac(
    K,
    Buffer.from(namespace + userId, 'utf8'),
    secretBlock,
    Buffer.from(timestamp, 'utf8'),
  )
}

function sha256(...parts: readonly Buffer[]): Buffer {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

function hmac(key: Buffer, ...parts: readonly Buffer[]): Buffer {
  const mac = createHmac('sha256', key)
  for (const part of parts) mac.update(part)
  return mac.digest()
}

function toInteger(bytes: Buffer): bigint {
  return BigInt(`0x${bytes.toString('hex')}`)
}
