/** The store's file: what survives a restart, its permissions, and files that cannot be used. */

import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import Database from 'libsql'
import { describe, expect, test, vi } from 'vitest'
import { StoreError } from '../../../src/local-cloud/sqlite-file.ts'
import { migrations } from '../../../src/local-cloud/user-pool/store/schema.ts'
import { openSqliteStore } from '../../../src/local-cloud/user-pool/store/sqlite-store.ts'
import { prepareStore, startPool } from '../../support/pool-process.ts'
import {
  createSession,
  createUser,
  openStore,
  usernameRules,
} from '../../support/store-fixtures.ts'
import { createTempFolder } from '../../support/temp-folder.ts'

function findPath(): string {
  return join(createTempFolder(), 'user-pool.sqlite')
}

/** Runs SQL as any SQLite tool does, and closes the connection. */
function execute(path: string, sql: string): void {
  const database = new Database(path)
  database.exec(sql)
  database.close()
}

/** A store of several pages after a regular shutdown: one file, with the write-ahead log merged into it. */
function createFile(): string {
  const [source, path] = [findPath(), findPath()]
  const store = openStore(source)
  store.transaction(() => {
    for (let index = 0; index < 500; index += 1) store.insertUser(createUser(`rider-${index}`))
  })
  execute(source, `VACUUM INTO '${path}'`)
  execute(path, 'PRAGMA journal_mode = WAL')
  return path
}

function overwrite(path: string, from: number, count: number): void {
  const bytes = readFileSync(path)
  bytes.fill(0xff, from, from + count)
  writeFileSync(path, bytes)
}

function replaceByForeign(path: string): void {
  rmSync(path)
  execute(path, 'CREATE TABLE notes (text TEXT); INSERT INTO notes VALUES (1)')
}

describe('store opened again', () => {
  test('reopened store: it has everything that was written', () => {
    const path = findPath()
    const user = createUser('rider', { status: 'CONFIRMED' })
    const session = createSession(user.sub)
    const token = { hash: 'h', originJti: session.originJti, replacedAtMs: 7 }
    const code = {
      sub: user.sub,
      purpose: 'sign-up',
      code: '012345',
      address: 'a',
      expiresAtMs: 5,
    } as const
    const letter = {
      medium: 'SMS' as const,
      to: 'a',
      subject: 'b',
      text: 'c',
      code: 'd',
      sentAtMs: 3,
    }

    const store = openSqliteStore(path, usernameRules)
    store.insertUser(user)
    store.insertSession(session)
    store.insertRefreshToken(token)
    store.saveCode({ ...code, code: '999999' })
    store.saveCode(code)
    store.consumeChallenge({ nonce: 'n', expiresAtMs: 5 })
    store.insertMessage(letter)
    store.writeSecret('key', 'value')
    store.close()

    const again = openStore(path)
    expect(again.findUser('RIDER')).toEqual(user)
    expect(again.findSession(session.originJti)).toEqual(session)
    expect(again.findRefreshToken('h')).toEqual(token)
    expect(again.findCode(user.sub, 'sign-up')).toEqual(code)
    expect(again.isSupersededCode({ ...code, code: '999999' })).toBe(true)
    expect(again.consumeChallenge({ nonce: 'n', expiresAtMs: 5 })).toBe(false)
    expect(again.listMessages(5)).toEqual([{ ...letter, id: 1 }])
    expect(again.readSecret('key')).toBe('value')
    expect(() => again.insertUser(createUser('Rider', { sub: 'other' }))).toThrow()
  })

  test('reopened store: it has everything that was committed before its process died, from the write-ahead log', () => {
    const path = findPath()
    const store = openStore(path)
    store.insertUser(createUser('rider'))

    const copy = findPath()
    for (const suffix of ['', '-wal']) {
      writeFileSync(`${copy}${suffix}`, readFileSync(`${path}${suffix}`))
    }
    expect(openStore(copy).findUser('rider')).toEqual(createUser('rider'))
  })
})

test('locked store: the pool waits until another connection has closed', async () => {
  const [source, folder] = [createTempFolder(), createTempFolder()]
  prepareStore(source)
  const path = join(folder, 'user-pool.sqlite')
  // A copy, since SQLite keeps the connection that has written the first one until its statements are gone.
  execute(join(source, 'user-pool.sqlite'), `VACUUM INTO '${path}'`)
  const other = new Database(path)
  other.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE; COMMIT')

  const starting = startPool(folder)
  // Written just before the store is opened.
  await vi.waitFor(() => expect(existsSync(join(folder, 'server.pid'))).toBe(true), 20_000)
  other.close()

  expect((await starting).printed()).toContain('API')
})

test.skipIf(process.platform === 'win32')(
  'file permissions: only the owner may read the store and its logs',
  () => {
    const path = findPath()
    const store = openStore(path)
    store.insertUser(createUser('rider'))
    const folder = dirname(path)
    const modes = readdirSync(folder).map((name) => [
      name,
      (statSync(join(folder, name)).mode & 0o777).toString(8),
    ])

    expect(Object.fromEntries(modes)).toEqual({
      'user-pool.sqlite': '600',
      'user-pool.sqlite-wal': '600',
      'user-pool.sqlite-shm': '600',
    })
  },
)

describe('unusable store file', () => {
  const damages: readonly [string, (path: string) => void, RegExp | string][] = [
    ['empty', (path) => truncateSync(path, 0), /not a store of this kind/],
    ['truncated to half', (path) => truncateSync(path, statSync(path).size / 2), /malformed/],
    [
      'truncated within a page',
      (path) => truncateSync(path, statSync(path).size - 1000),
      /it is damaged/,
    ],
    ['a text file', (path) => writeFileSync(path, 'users:\n  - rider\n'), /not a database/],
    ['a JSON file', (path) => writeFileSync(path, JSON.stringify({ users: [] })), /not a database/],
    [
      'filled with other bytes',
      (path) => writeFileSync(path, Buffer.alloc(50_000, 0xa7)),
      /not a database/,
    ],
    ['overwritten at its start', (path) => overwrite(path, 20, 80), /not a database/],
    ['overwritten in its middle', (path) => overwrite(path, 8192, 30_000), /it is damaged/],
    ['the database of another program', replaceByForeign, /not a store of this kind/],
    [
      'of a newer format',
      (path) => execute(path, `PRAGMA user_version = ${migrations.length + 1}`),
      `its format is ${migrations.length + 1}, this program reads 1 to ${migrations.length}`,
    ],
    [
      'of format 0',
      (path) => execute(path, 'PRAGMA user_version = 0'),
      `its format is 0, this program reads 1 to ${migrations.length}`,
    ],
  ]

  test.each(damages)(
    'corrupt store: a file that is %s is refused with its path and the reset command',
    (_, damage, reason) => {
      const path = createFile()
      damage(path)
      const open = () => openSqliteStore(path, usernameRules)

      expect(open).toThrow(StoreError)
      expect(open).toThrow(`The local cloud's store ${path} cannot be used`)
      expect(open).toThrow('npm run cognito:reset')
      expect(open).toThrow(reason)
    },
  )

  test.each(damages)('corrupt store: a file that is %s is left unchanged', (_, damage) => {
    const path = createFile()
    damage(path)
    const before = readFileSync(path)

    expect(() => openSqliteStore(path, usernameRules)).toThrow(StoreError)
    expect(readFileSync(path).equals(before)).toBe(true)
    const log = `${path}-wal`
    expect(existsSync(log) ? statSync(log).size : 0).toBe(0)
  })

  test('self-test: an intact store opens', () => {
    expect(openStore(createFile()).listUsers({ limit: 1000 })).toHaveLength(500)
  })

  test('corrupt store: a folder in its place is refused', () => {
    const path = findPath()
    mkdirSync(path)

    expect(() => openSqliteStore(path, usernameRules)).toThrow(StoreError)
  })

  test('corrupt store: a missing folder is refused and not created', () => {
    const path = join(createTempFolder(), 'nowhere', 'user-pool.sqlite')

    expect(() => openSqliteStore(path, usernameRules)).toThrow(StoreError)
    expect(existsSync(dirname(path))).toBe(false)
  })
})
