import { inject } from 'vitest'
import type { Store } from '../../src/local-cloud/user-pool/store/store.ts'

/** Puts the keys of this test run into a new store, which would make its own otherwise. */
export function lendSigningKeys(store: Store): void {
  store.writeSecret('signing-keys', inject('signingKeys'))
}
