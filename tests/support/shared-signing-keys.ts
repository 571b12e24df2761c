import { inject } from 'vitest'
import type { Store } from '../../src/local-cloud/user-pool/store/store.ts'

/** Writes the signing keys of this test run into a new store, which would generate its own otherwise. */
export function writeSharedSigningKeys(store: Store): void {
  store.writeSecret('signing-keys', inject('signingKeys'))
}
