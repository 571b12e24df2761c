/** Powers in the SRP group through OpenSSL, about ten times faster than BigInt. */

import { createDiffieHellman } from 'node:crypto'
import { g, N } from './group.ts'

// One object serves every call: each sets the exponent it needs and reads one result, synchronously.
const group = createDiffieHellman(toBytes(N), toBytes(g))

/** g^exponent mod N */
export function powerOfGenerator(exponent: bigint): bigint {
  group.setPrivateKey(toBytes(exponent))
  return fromBytes(group.generateKeys())
}

/**
 * base^exponent mod N
 *
 * @throws {Error} from OpenSSL when `base` is 0, 1, N-1 or not below N: no honest party sends these
 */
export function power(base: bigint, exponent: bigint): bigint {
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
