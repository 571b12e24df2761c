/** Stores for the tests of the store itself, and what to put into them. */

import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import {
  openSqliteStore,
  type UsernameRules,
} from '../../src/local-cloud/user-pool/store/sqlite-store.ts'
import type {
  Session,
  Store,
  User,
  UserGroup,
  WebAuthnCredential,
} from '../../src/local-cloud/user-pool/store/store.ts'
import { createTempFolder } from './temp-folder.ts'

/** Every store must behave alike in all of these. */
export const storeLocations: readonly [string, () => string][] = [
  ['in memory', () => ':memory:'],
  ['in a file', () => join(createTempFolder(), 'user-pool.sqlite')],
]

export const usernameRules: UsernameRules = { caseSensitive: false, usernameModel: 'username' }

/** A store that is closed when the test is over. */
export function openStore(path: string, rules: Partial<UsernameRules> = {}): Store {
  const store = openSqliteStore(path, { ...usernameRules, ...rules })
  onTestFinished(() => store.close())
  return store
}

export function createUser(username: string, change: Partial<User> = {}): User {
  return {
    sub: `sub of ${username}`,
    username,
    status: 'UNCONFIRMED',
    enabled: true,
    saltHex: 'a244c038',
    verifierHex: '34ad6275',
    hasPassword: true,
    temporaryUntilMs: undefined,
    attributes: new Map([['email', `${username}@example.com`]]),
    createdAtMs: 1_793_000_000_123,
    modifiedAtMs: 1_793_000_000_456,
    ...change,
  }
}

export function createWebAuthnCredential(
  sub: string,
  change: Partial<WebAuthnCredential> = {},
): WebAuthnCredential {
  return {
    credentialId: 'AAAA',
    sub,
    publicKey: 'pQECAyYgASFYIA',
    counter: 0,
    transports: ['hybrid', 'internal'],
    attachment: undefined,
    backedUp: false,
    relyingPartyId: 'localhost',
    name: 'Passkey',
    createdAtMs: 1_793_000_000_000,
    ...change,
  }
}

export function createGroup(name: string, change: Partial<UserGroup> = {}): UserGroup {
  return {
    name,
    description: undefined,
    roleArn: undefined,
    precedence: undefined,
    createdAtMs: 1_793_000_000_123,
    modifiedAtMs: 1_793_000_000_456,
    ...change,
  }
}

export function createSession(sub: string, change: Partial<Session> = {}): Session {
  return {
    originJti: `origin of ${sub}`,
    sub,
    clientId: 'client',
    eventId: `event of ${sub}`,
    signedInAtMs: 1_793_000_000_000,
    expiresAtMs: 1_793_086_400_000,
    revoked: false,
    ...change,
  }
}
