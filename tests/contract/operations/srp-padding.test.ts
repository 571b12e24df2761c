/** SRP padding: salts and private keys with leading zeros or the top bit set. */

import { expect, test } from 'vitest'
import { type Random, systemRandom } from '../../../src/local-cloud/ports.ts'
import { createIdentityClient } from '../../support/identity-client.ts'
import { createTestPool } from '../../support/test-pool.ts'
import { createConfirmedUser, requireStoredUser, rider } from '../../support/users.ts'

/** A random source whose results all begin with the same bytes. */
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
  ['a leading zero digit', [0x0f], 31],
  ['a leading zero digit and the next bit set', [0x08], 31],
  ['a leading zero byte', [0x00, 0x91], 30],
  ['three leading zero bytes', [0x00, 0x00, 0x00, 0x12], 26],
])('SRP padding: a sign-in works when salt and private key have %s', async (_, first, digits) => {
  const pool = await createTestPool({}, { random: beginWith(...first) })
  await createConfirmedUser(pool)

  expect(requireStoredUser(pool, rider.username).saltHex).toHaveLength(digits)
  await expect(createIdentityClient(pool.endpoint).signIn(rider)).resolves.toHaveProperty('session')
})
