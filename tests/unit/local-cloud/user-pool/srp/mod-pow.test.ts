/** Modular exponentiation by OpenSSL. */

import { expect, test } from 'vitest'
import { g, N } from '../../../../../src/local-cloud/user-pool/srp/group.ts'
import { generatorModPow, modPow } from '../../../../../src/local-cloud/user-pool/srp/mod-pow.ts'

/** Square-and-multiply. */
function powerByHand(base: bigint, exponent: bigint): bigint {
  let result = 1n
  for (const bit of exponent.toString(2)) {
    result = (result * result) % N
    if (bit === '1') result = (result * base) % N
  }
  return result
}

const exponents = [1n, 2n, 3n, 0xffn, 2n ** 255n + 12_345n, 2n ** 256n - 1n]

test.each(exponents)(
  'modular exponentiation: the generator to the power of %s equals square-and-multiply',
  (exponent) => {
    expect(generatorModPow(exponent)).toBe(powerByHand(g, exponent))
  },
)

test.each(exponents)(
  'modular exponentiation: a large base to the power of %s equals square-and-multiply',
  (exponent) => {
    const base = N / 3n

    expect(modPow(base, exponent)).toBe(powerByHand(base, exponent))
  },
)

test.each([0n, 1n, N - 1n, N, N + 1n])(
  'modular exponentiation: the base %# is rejected as insecure',
  (base) => {
    expect(() => modPow(base, 5n)).toThrow()
  },
)
