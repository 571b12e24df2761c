/** Numbers whose first bytes are awkward, where an implementation that pads to a width goes wrong. */

import { expect, test } from 'vitest'
import { type Random, systemRandom } from '../../../src/local-cloud/ports.ts'
import { createIdentityClient } from '../../support/identity-client.ts'
import { createTestPool } from '../../support/test-pool.ts'
import { confirmUser, requireStoredUser, rider } from '../../support/users.ts'

/** Randomness of which every draw begins with the same bytes. */
function beginWith(...first: readonly number[]): Random {
  return {
    ...systemRandom,
    bytes: (count) =>
      Buffer.concat([Buffer.from(first), systemRandom.bytes(count)]).subarray(0, count),
  }
}

test.each([
  ['the top bit set', [0x80], 32],
  ['the top bit clear', [0x7f], 32],
  ['a zero digit before', [0x0f], 31],
  ['a zero digit before and then the top bit set', [0x08], 31],
  ['a zero byte before', [0x00, 0x91], 30],
  ['three zero bytes before', [0x00, 0x00, 0x00, 0x12], 26],
])('a salt and a private key with %s sign in', async (_, first, digits) => {
  const pool = await createTestPool({}, { random: beginWith(...first) })
  await confirmUser(pool)

  expect(requireStoredUser(pool, rider.username).saltHex).toHaveLength(digits)
  await expect(createIdentityClient(pool.endpoint).signIn(rider)).resolves.toHaveProperty('session')
})
