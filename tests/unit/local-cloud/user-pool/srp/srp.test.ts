/** Server-side SRP against published test vectors; `srp-vectors.json` names their sources. */

import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { g, N } from '../../../../../src/local-cloud/user-pool/srp/group.ts'
import { modPow } from '../../../../../src/local-cloud/user-pool/srp/mod-pow.ts'
import {
  createServerPublicKey,
  createVerifier,
  deriveSigningKey,
  k,
  pad,
  parseClientPublicKey,
  sign,
} from '../../../../../src/local-cloud/user-pool/srp/srp.ts'
import { timingSafeEquals } from '../../../../../src/local-cloud/user-pool/timing-safe-equals.ts'
import { paddings, type SrpVector, srpGroup, srpVectors } from '../../../../support/srp-vectors.ts'

function toBigInt(hex: string): bigint {
  return BigInt(`0x${hex}`)
}

/** 1 / value in the integers modulo `modulus`, by Euclid. */
function invert(value: bigint, modulus: bigint): bigint {
  let [rest, next, inverse, nextInverse] = [modulus, value % modulus, 0n, 1n]
  while (next !== 0n) {
    const quotient = rest / next
    ;[rest, next] = [next, rest - quotient * next]
    ;[inverse, nextInverse] = [nextInverse, inverse - quotient * nextInverse]
  }
  if (rest !== 1n) throw new Error('expected a value without a factor of the modulus')
  return ((inverse % modulus) + modulus) % modulus
}

function deriveKeyOf({ A, B, b, v }: SrpVector): Buffer {
  const key = deriveSigningKey({
    A: toBigInt(A),
    B: toBigInt(B),
    b: toBigInt(b),
    v: toBigInt(v),
  })
  if (!key) throw new Error('expected a signing key')
  return key
}

function signAsServer(vector: SrpVector): string {
  const { identity, secretBlockBase64, timestamp } = vector
  const secretBlock = Buffer.from(secretBlockBase64, 'base64')
  return sign(deriveKeyOf(vector), identity, { secretBlock, timestamp }).toString('base64')
}

describe('SRP group', () => {
  test('SRP group: it is the 3072-bit prime of RFC 3526 with the generator 2', () => {
    expect(N.toString(16)).toBe(srpGroup.N)
    expect(g.toString()).toBe(srpGroup.g)
  })

  test('SRP group: its SHA-256 is the published one with and without the sign byte', () => {
    const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

    expect(sha256(pad(N))).toBe(srpGroup.sha256_of_paddedN_385_bytes)
    expect(sha256(pad(N).subarray(1))).toBe(srpGroup.sha256_of_N_384_bytes)
  })

  test('SRP group: k is the multiplier of Cognito and not one of another padding', () => {
    expect(k.toString(16)).toBe(srpGroup.k)
    expect(k.toString(16)).not.toBe(srpGroup.wrong_k_if_padded_as_in_RFC5054)
    expect(k.toString(16)).not.toBe(srpGroup.wrong_k_if_leading_zero_of_N_is_dropped)
  })
})

test.each(paddings)('SRP padding: $in becomes $out', ({ in: hex, out }) => {
  expect(pad(toBigInt(hex)).toString('hex')).toBe(out)
})

describe.each(srpVectors)('SRP test vector "$name"', (vector) => {
  test('integers are padded as published', () => {
    expect(pad(toBigInt(vector.saltHex)).toString('hex')).toBe(vector.paddedSalt)
    expect(pad(toBigInt(vector.S)).toString('hex')).toBe(vector.hkdfIkm_paddedS)
    expect(pad(toBigInt(vector.u)).toString('hex')).toBe(vector.hkdfSalt_paddedU)
  })

  test('u comes from the padded public keys and not from keys of fixed width', () => {
    const hash = createHash('sha256')
    const u = hash
      .update(pad(toBigInt(vector.A)))
      .update(pad(toBigInt(vector.B)))
      .digest('hex')

    expect(u).toBe(vector.u)
    expect(u).not.toBe(vector.mistakes.u_ifAandBarePaddedTo384Bytes)
  })

  test('the verifier is the published one', () => {
    const { identity, password, saltHex } = vector

    expect(createVerifier(identity, { password, saltHex }).toString(16)).toBe(vector.v)
  })

  test('B is the published one', () => {
    const keys = { v: toBigInt(vector.v), b: toBigInt(vector.b) }

    expect(createServerPublicKey(keys).toString(16)).toBe(vector.B)
  })

  test('the signing key is the published one', () => {
    expect(deriveKeyOf(vector).toString('hex')).toBe(vector.hkdfKey16)
  })

  test('the signature is the published one and none of the known mistakes', () => {
    const { u_ifAandBarePaddedTo384Bytes: _, ...wrongSignatures } = vector.mistakes

    expect(signAsServer(vector)).toBe(vector.signatureBase64)
    expect(Object.values(wrongSignatures)).not.toHaveLength(0)
    expect(Object.values(wrongSignatures)).not.toContain(signAsServer(vector))
  })

  test.each([
    ['password', { password: 'Passw0rd?' }],
    ['salt', { saltHex: '1' }],
    ['user', { identity: { ...vector.identity, userId: 'mallory' } }],
    ['pool', { identity: { ...vector.identity, namespace: 'Other' } }],
  ])('the verifier changes with another %s', (_, change) => {
    const { identity, password, saltHex } = { ...vector, ...change }

    expect(createVerifier(identity, { password, saltHex }).toString(16)).not.toBe(vector.v)
  })
})

describe('public key A of the client', () => {
  test.each(srpVectors)('SRP_A of "$name" is parsed', ({ A }) => {
    expect(parseClientPublicKey(A)?.toString(16)).toBe(A)
  })

  test.each([
    ['empty', ''],
    ['0', '0'],
    ['many zeros', '0'.repeat(768)],
    ['N', N.toString(16)],
    ['N with a sign byte', `00${N.toString(16)}`],
    ['2N', (2n * N).toString(16)],
    ['negative', '-1'],
    ['prefixed', '0x1234'],
    ['not hexadecimal', 'xyz'],
    ['padded with spaces', ' 1234 '],
    ['in digits of another script', '١٢٣'],
    ['of 10 kB', 'f'.repeat(10_240)],
    ['one digit too long', `1${'0'.repeat(768)}`],
  ])('SRP_A is rejected when it is %s', (_, hex) => {
    expect(parseClientPublicKey(hex)).toBeUndefined()
  })

  test('SRP_A may be in upper case, with a sign byte, or short', () => {
    expect(parseClientPublicKey('ABCDEF')).toBe(0xabcdefn)
    expect(parseClientPublicKey('00abcdef')).toBe(0xabcdefn)
    expect(parseClientPublicKey('2')).toBe(2n)
  })
})

describe('shared secret', () => {
  const A = 4n
  const B = 5n
  const u = toBigInt(createHash('sha256').update(pad(A)).update(pad(B)).digest('hex'))

  /** A verifier for which A * v^u is `base`, so that S is known whatever b is. */
  function findVerifierFor(base: bigint): bigint {
    const rest = (base * invert(A, N)) % N
    return modPow(rest, invert(u, N - 1n))
  }

  test.each([
    ['1', 1n],
    ['N-1', N - 1n],
  ])('shared secret: the base %s gives no signing key', (_, base) => {
    const v = findVerifierFor(base)

    expect((A * modPow(v, u)) % N).toBe(base)
    expect(deriveSigningKey({ A, B, b: 3n, v })).toBeUndefined()
  })
})

describe('comparison of signatures', () => {
  test('signatures are equal only byte for byte', () => {
    const signature = Buffer.from('0102030405060708', 'hex')

    expect(timingSafeEquals(signature, Buffer.from(signature))).toBe(true)
    expect(timingSafeEquals(signature, Buffer.from('0102030405060709', 'hex'))).toBe(false)
  })

  test('signatures of different length differ without an exception', () => {
    const signature = Buffer.from('01020304', 'hex')

    expect(timingSafeEquals(signature, signature.subarray(1))).toBe(false)
    expect(timingSafeEquals(signature, Buffer.alloc(0))).toBe(false)
  })
})
