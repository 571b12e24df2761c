/** Data folders with many users: rows put in directly, all with one verifier, which nobody signs in with. */

import { createHash } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqliteStore } from '../../src/local-cloud/user-pool/store/sqlite-store.ts'
import type { User, WebAuthnCredential } from '../../src/local-cloud/user-pool/store/store.ts'
import { defaultSettings } from '../support/template-settings.ts'

/** users in one transaction */
const batch = 10_000

export function toSeededName(index: number): string {
  return `rider${String(index).padStart(6, '0')}@example.com`
}

/** domain of the seeded passkeys */
export const relyingPartyId = 'localhost'

/**
 * @returns a new data folder whose pool has `count` confirmed users with verified addresses
 * @param passkeys whether every second one has a passkey
 */
export function seedFolder(count: number, { passkeys = false } = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'wild-rydes-'))
  const store = openSqliteStore(join(folder, 'user-pool.sqlite'), defaultSettings)
  for (let from = 0; from < count; from += batch) {
    store.transaction(() => {
      for (let index = from; index < Math.min(from + batch, count); index += 1) {
        const user = createSeededUser(index)
        store.insertUser(user)
        if (passkeys && index % 4 < 2) store.insertWebAuthnCredential(createPasskey(user))
      }
    })
  }
  store.close()
  return folder
}

function createPasskey({ sub }: User): WebAuthnCredential {
  return {
    credentialId: createHash('sha256').update(sub).digest('base64url'),
    sub,
    publicKey: 'pQECAyYgASFYIA',
    counter: 0,
    transports: ['internal'],
    attachment: 'platform',
    backedUp: false,
    relyingPartyId,
    name: 'Passkey',
    createdAtMs: 1_793_000_000_000,
  }
}

function createSeededUser(index: number): User {
  const email = toSeededName(index)
  const sub = `00000000-0000-7000-a000-${String(index).padStart(12, '0')}`
  return {
    sub,
    username: sub,
    status: 'CONFIRMED',
    enabled: true,
    saltHex: 'a244c038c0fd9192b9b5538344ce41ab',
    verifierHex: 'f'.repeat(760),
    hasPassword: true,
    temporaryUntilMs: undefined,
    attributes: new Map([
      ['email', email],
      ['email_verified', 'true'],
    ]),
    createdAtMs: 1_793_000_000_000,
    modifiedAtMs: 1_793_000_000_000,
  }
}
