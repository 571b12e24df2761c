/** The RSA keys that sign tokens. */

import { createPublicKey } from 'node:crypto'
import { exportSPKI } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSqliteStore } from '../../../../../src/local-cloud/user-pool/store/sqlite-store.ts'
import {
  loadSigningKeys,
  type SigningKeys,
} from '../../../../../src/local-cloud/user-pool/tokens/signing-keys.ts'
import { openStore, usernameRules } from '../../../../support/store-fixtures.ts'

// Made once: two RSA keys take half a second.
const store = openSqliteStore(':memory:', usernameRules)
let keys: SigningKeys

beforeAll(async () => {
  keys = await loadSigningKeys(store)
})
afterAll(() => store.close())

test('signing keys: a new store gets two keys of 2048 bits, for ID and for access tokens', async () => {
  const { id, access } = keys

  expect(id.kid).not.toBe(access.kid)
  for (const { publicKey } of [id, access]) {
    const { asymmetricKeyDetails } = createPublicKey(await exportSPKI(publicKey))
    expect(asymmetricKeyDetails).toEqual({ modulusLength: 2048, publicExponent: 65_537n })
  }
})

test('signing keys: those of a store stay the same', async () => {
  const again = await loadSigningKeys(store)

  expect(again.id.kid).toBe(keys.id.kid)
  expect(again.access.publicJwk).toEqual(keys.access.publicJwk)
})

test('JWKS: the published keys have no private part', () => {
  expect(Object.keys(keys.id.publicJwk).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use'])
})

test.each(['', '{}', 'not JSON'])(
  'signing keys: stored keys that are %j stop the pool',
  async (secret) => {
    const broken = openStore(':memory:')
    broken.writeSecret('signing-keys', secret || '""')

    await expect(loadSigningKeys(broken)).rejects.toThrow()
  },
)
