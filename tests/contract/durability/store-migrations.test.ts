/** Stores of older programs: migrated with all they had, and kept beside. */

import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'libsql'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { StoreError } from '../../../src/local-cloud/sqlite-file.ts'
import { applicationId, migrations } from '../../../src/local-cloud/user-pool/store/schema.ts'
import { openSqliteStore } from '../../../src/local-cloud/user-pool/store/sqlite-store.ts'
import { dumpStore } from '../../support/reliability/tears.ts'
import { createSession, createUser, namingRules, openStore } from '../../support/stores.ts'
import { createTempFolder } from '../../support/temp-folder.ts'

const user = createUser('rider', { status: 'CONFIRMED' })
const session = createSession(user.sub)
const { username, saltHex, verifierHex, createdAtMs, modifiedAtMs } = user
const { originJti, clientId, eventId, signedInAtMs, expiresAtMs } = session

/** A store as the first format had it, one row in each table. */
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

describe('a store of the first format', () => {
  test('is migrated with everything it had', () => {
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
    expect(store.listEmails(10)).toEqual([
      {
        id: 1,
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

  test('has the tables of a new one afterwards, and takes what a new one takes', () => {
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
    store.saveRateCounter({ subject: user.sub, kind: 'SignIn', count: 1, atMs: 1 })

    expect(store.findUser('rider')?.temporaryUntilMs).toBe(5)
    expect(store.findSoftwareToken(user.sub)?.secret).toBe('ABC')
    expect(store.findRateCounter({ subject: user.sub, kind: 'SignIn' })?.count).toBe(1)
  })

  test('is kept beside, whole and as closed to others', () => {
    const path = createFormat1()
    const before = dumpStore(path)
    openStore(path)
    const copy = `${path}.format-1`

    expect(readFormat(copy)).toBe(1)
    expect(dumpStore(copy)).toBe(before)
    if (process.platform !== 'win32') expect((statSync(copy).mode & 0o777).toString(8)).toBe('600')
  })

  test('is migrated once: opened again it is as it is, and no other copy is made', () => {
    const path = createFormat1()
    openSqliteStore(path, namingRules).close()
    const after = dumpStore(path)
    openSqliteStore(path, namingRules).close()

    expect(dumpStore(path)).toBe(after)
    expect(existsSync(`${path}.format-${migrations.length}`)).toBe(false)
  })

  test('is left as it was by a migration that fails, which then succeeds another time', () => {
    const path = createFormat1()
    const inTheWay = new Database(path)
    inTheWay.exec('CREATE TABLE tallies (text TEXT)')
    inTheWay.close()
    const before = dumpStore(path)

    expect(() => openSqliteStore(path, namingRules)).toThrow(StoreError)
    expect(dumpStore(path)).toBe(before)
    expect(readFormat(path)).toBe(1)

    const cleared = new Database(path)
    cleared.exec('DROP TABLE tallies')
    cleared.close()
    expect(openStore(path).findUser('rider')).toEqual(user)
  })
})

describe('a store made under other naming rules', () => {
  test.each([
    [
      { caseSensitive: true },
      /made with user names: username, any case.* username, case sensitive/,
    ],
    [{ usernameModel: 'email' }, /made with user names: username, any case.* email, any case/],
    [{ usernameModel: 'email-alias' }, /username, any case.* email-alias, any case/],
  ] as const)('is refused under %j, and left as it was', (rules, reason) => {
    const path = join(createTempFolder(), 'user-pool.sqlite')
    openSqliteStore(path, namingRules).close()
    const before = dumpStore(path)
    const open = () => openSqliteStore(path, { ...namingRules, ...rules })

    expect(open).toThrow(StoreError)
    expect(open).toThrow(reason)
    expect(open).toThrow('npm run cognito:reset')
    expect(dumpStore(path)).toBe(before)
    expect(openStore(path).countUsers()).toBe(0)
  })
})
