/** Store migrations: a store of an older format is upgraded with all its data, and a backup is kept. */

import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'libsql'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { StoreError } from '../../../src/local-cloud/sqlite-file.ts'
import { applicationId, migrations } from '../../../src/local-cloud/user-pool/store/schema.ts'
import { openSqliteStore } from '../../../src/local-cloud/user-pool/store/sqlite-store.ts'
import { dumpStore } from '../../support/reliability/partial-changes.ts'
import {
  createGroup,
  createSession,
  createUser,
  createWebAuthnCredential,
  openStore,
  usernameRules,
} from '../../support/store-fixtures.ts'
import { createTempFolder } from '../../support/temp-folder.ts'

const user = createUser('rider', { status: 'CONFIRMED' })
const session = createSession(user.sub)
const { username, saltHex, verifierHex, createdAtMs, modifiedAtMs } = user
const { originJti, clientId, eventId, signedInAtMs, expiresAtMs } = session

/** A store of format 1 with one row in each table. */
function createFormat1(): string {
  const path = join(createTempFolder(), 'user-pool.sqlite')
  const database = new Database(path)
  database.exec(
    `PRAGMA journal_mode = WAL; ${migrations[0]} PRAGMA application_id = ${applicationId}; PRAGMA user_version = 1`,
  )
  const insert = (table: string, ...values: readonly (string | number | null)[]) => {
    const places = values.map(() => '?').join(', ')
    database.prepare(`INSERT INTO ${table} VALUES (${places})`).run(...values)
  }
  insert(
    'users',
    ...[user.sub, username, username, 'CONFIRMED', 1],
    ...[saltHex, verifierHex, createdAtMs, modifiedAtMs],
  )
  insert('user_attributes', user.sub, 'email', 'rider@example.com')
  insert('codes', user.sub, 'password-reset', '012345', 1_793_000_009_000, 0)
  insert('codes', user.sub, 'password-reset', '999999', 1_793_000_009_000, 1)
  insert('sessions', originJti, user.sub, clientId, eventId, signedInAtMs, expiresAtMs, 0)
  insert('refresh_tokens', 'hash', originJti, null)
  insert('spent_challenges', 'nonce', 1_793_000_009_000)
  insert('letters', 1, 'rider@example.com', 'Your code', 'It is 012345', '012345', 7)
  insert('secrets', 'sealing-key', 'abc')
  database.close()
  return path
}

function readFormat(path: string): number {
  const database = new Database(path)
  const row = database.prepare('PRAGMA user_version').get()
  database.close()
  return v.parse(v.object({ user_version: v.number() }), row).user_version
}

describe('store of format 1', () => {
  test('migration: all data of format 1 is kept', () => {
    const path = createFormat1()
    const store = openStore(path)

    expect(store.findUser('RIDER')).toEqual(user)
    expect(store.listUsers({ limit: 10 })).toEqual([user])
    expect(store.findSession(originJti)).toEqual(session)
    expect(store.findRefreshToken('hash')).toEqual({
      hash: 'hash',
      originJti,
      replacedAtMs: undefined,
    })
    expect(store.findCode(user.sub, 'password-reset')).toEqual({
      sub: user.sub,
      purpose: 'password-reset',
      code: '012345',
      address: 'rider@example.com',
      expiresAtMs: 1_793_000_009_000,
    })
    const superseded = { sub: user.sub, purpose: 'password-reset', code: '999999' } as const
    expect(store.isSupersededCode(superseded)).toBe(true)
    expect(store.isChallengeConsumed('nonce')).toBe(true)
    expect(store.listMessages(10)).toEqual([
      {
        id: 1,
        medium: 'EMAIL',
        to: 'rider@example.com',
        subject: 'Your code',
        text: 'It is 012345',
        code: '012345',
        sentAtMs: 7,
      },
    ])
    expect(store.readSecret('sealing-key')).toBe('abc')
    expect(readFormat(path)).toBe(migrations.length)
  })

  test('migration: the tables equal those of a new store and take the same data', () => {
    const path = createFormat1()
    const store = openStore(path)
    store.updateUser({ ...user, temporaryUntilMs: 5 })
    store.saveSoftwareToken(user.sub, {
      secret: 'ABC',
      pendingSecret: undefined,
      lastUsedStep: undefined,
      friendlyDeviceName: undefined,
      enabled: true,
      preferred: true,
    })
    store.updateUser({ ...user, hasPassword: false, temporaryUntilMs: 5 })
    store.saveMessageMfa(user.sub, 'EMAIL_OTP', { enabled: true, preferred: false })
    store.insertWebAuthnCredential(createWebAuthnCredential(user.sub))
    store.saveWebAuthnMfa(user.sub, true)
    store.insertGroup(createGroup('riders'))
    store.addToGroup({ groupName: 'riders', sub: user.sub })
    store.saveRateCounter({ subject: user.sub, kind: 'SignIn', count: 1, atMs: 1 })

    expect(store.listWebAuthnCredentialsOf(user.sub)).toEqual([createWebAuthnCredential(user.sub)])
    expect(store.hasWebAuthnMfa(user.sub)).toBe(true)
    expect(store.listGroupsOf(user.sub)).toEqual([createGroup('riders')])
    expect(store.findUser('rider')?.temporaryUntilMs).toBe(5)
    expect(store.findUser('rider')?.hasPassword).toBe(false)
    expect(store.findMessageMfa(user.sub, 'EMAIL_OTP')).toEqual({ enabled: true, preferred: false })
    expect(store.findSoftwareToken(user.sub)?.secret).toBe('ABC')
    expect(store.findRateCounter({ subject: user.sub, kind: 'SignIn' })?.count).toBe(1)
  })

  test('migration: a complete backup with the same permissions is kept', () => {
    const path = createFormat1()
    const before = dumpStore(path)
    openStore(path)
    const copy = `${path}.format-1`

    expect(readFormat(copy)).toBe(1)
    expect(dumpStore(copy)).toBe(before)
    if (process.platform !== 'win32') expect((statSync(copy).mode & 0o777).toString(8)).toBe('600')
  })

  test('migration: it runs once, and opening again changes nothing and makes no further backup', () => {
    const path = createFormat1()
    openSqliteStore(path, usernameRules).close()
    const after = dumpStore(path)
    openSqliteStore(path, usernameRules).close()

    expect(dumpStore(path)).toBe(after)
    expect(existsSync(`${path}.format-${migrations.length}`)).toBe(false)
  })

  test('migration: a failed one leaves the store unchanged and can be repeated', () => {
    const path = createFormat1()
    const inTheWay = new Database(path)
    inTheWay.exec('CREATE TABLE tallies (text TEXT)')
    inTheWay.close()
    const before = dumpStore(path)

    expect(() => openSqliteStore(path, usernameRules)).toThrow(StoreError)
    expect(dumpStore(path)).toBe(before)
    expect(readFormat(path)).toBe(1)

    const cleared = new Database(path)
    cleared.exec('DROP TABLE tallies')
    cleared.close()
    expect(openStore(path).findUser('rider')).toEqual(user)
  })
})

describe('store made under other username settings', () => {
  test.each([
    [
      { caseSensitive: true },
      /made with user names: username, any case.* username, case sensitive/,
    ],
    [{ usernameModel: 'email' }, /made with user names: username, any case.* email, any case/],
    [{ usernameModel: 'email-alias' }, /username, any case.* email-alias, any case/],
  ] as const)(
    'username settings: a store is refused under %j and left unchanged',
    (rules, reason) => {
      const path = join(createTempFolder(), 'user-pool.sqlite')
      openSqliteStore(path, usernameRules).close()
      const before = dumpStore(path)
      const open = () => openSqliteStore(path, { ...usernameRules, ...rules })

      expect(open).toThrow(StoreError)
      expect(open).toThrow(reason)
      expect(open).toThrow('npm run cognito:reset')
      expect(dumpStore(path)).toBe(before)
      expect(openStore(path).countUsers()).toBe(0)
    },
  )
})
