/** Runs once before all tests: makes one pair of signing keys, which takes half a second. */

import type { TestProject } from 'vitest/node'
import { openSqliteStore } from '../../src/local-cloud/user-pool/store/sqlite-store.ts'
import { loadSigningKeys } from '../../src/local-cloud/user-pool/tokens/signing-keys.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** what a store keeps as its secret `signing-keys` */
    readonly signingKeys: string
  }
}

export async function setup(project: TestProject): Promise<void> {
  const store = openSqliteStore(':memory:', { caseSensitive: true, usernameModel: 'username' })
  await loadSigningKeys(store)
  project.provide('signingKeys', store.readSecret('signing-keys') ?? '')
  store.close()
}
