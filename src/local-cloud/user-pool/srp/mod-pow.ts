/** Modular exponentiation in the SRP group by OpenSSL, about ten times faster than with BigInt. */

import { createDiffieHellman } from 'node:crypto'
import { g, N } from './group.ts'

// Shared by all calls: each sets its exponent and reads one result, synchronously.
const group = createDiffieHellman(toBytes(N), toBytes(g))

/** g^exponent mod N */
export function generatorModPow(exponent: bigint): bigint {
  group.setPrivateKey(toBytes(exponent))
  return fromBytes(group.generateKeys())
}

/**
 * base^exponent mod N
 *
 * @throws {Error} from OpenSSL when `base` is 0, 1, N-1 or not below N, which no correct client sends
 */
export function modPow(base: bigint, exponent: bigint): bigint {
  group.setPrivateKey(toBytes(exponent))
  return fromBytes(group.computeSecret(toBytes(base)))
}

function toBytes(value: bigint): Buffer {
  const hex = value.toString(16)
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex')
}

function fromBytes(bytes: Buffer): bigint {
  return BigInt(`0x${bytes.toString('hex')}`)
}
