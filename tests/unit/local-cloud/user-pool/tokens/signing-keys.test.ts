import { createPublicKey } from 'node:crypto'
import { exportSPKI } from 'jose'
import { expect, onTestFinished, test } from 'vitest'
import { openSqliteStore } from '../../../../../src/local-cloud/user-pool/store/sqlite-store.ts'
import type { Store } from '../../../../../src/local-cloud/user-pool/store/store.ts'
import { loadSigningKeys } from '../../../../../src/local-cloud/user-pool/tokens/signing-keys.ts'
import { namingRules } from '../../../../support/stores.ts'

function openStore(): Store {
  const store = openSqliteStore(':memory:', namingRules)
  onTestFinished(() => store.close())
  return store
}

test('a new store gets two keys of 2048 bits, one for ID and one for access tokens', async () => {
  const { id, access } = await loadSigningKeys(openStore())

  expect(id.kid).not.toBe(access.kid)
  for (const { publicKey } of [id, access]) {
    const { asymmetricKeyDetails } = createPublicKey(await exportSPKI(publicKey))
    expect(asymmetricKeyDetails).toEqual({ modulusLength: 2048, publicExponent: 65_537n })
  }
})

test('the keys of a store stay the same', async () => {
  const store = openStore()
  const [first, again] = [await loadSigningKeys(store), await loadSigningKeys(store)]

  expect(again.id.kid).toBe(first.id.kid)
  expect(again.access.publicJwk).toEqual(first.access.publicJwk)
})

test('what is published has no private part', async () => {
  const { id } = await loadSigningKeys(openStore())

  expect(Object.keys(id.publicJwk).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use'])
})

test.each(['', '{}', 'not JSON'])('keys kept as %j stop the pool', async (secret) => {
  const store = openStore()
  store.writeSecret('signing-keys', secret || '""')

  await expect(loadSigningKeys(store)).rejects.toThrow()
})
