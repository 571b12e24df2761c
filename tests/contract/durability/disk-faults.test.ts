/** Disk faults: with a full, read-only or failing disk the request is rolled back and the pool goes on. */

import { join } from 'node:path'
import Database from 'libsql'
import * as v from 'valibot'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { openSqliteStore } from '../../../src/local-cloud/user-pool/store/sqlite-store.ts'
import {
  type ApiResponse,
  type CallablePool,
  expectError,
  expectSuccess,
} from '../../support/cognito-api.ts'
import { usernameTaken } from '../../support/cognito-errors.ts'
import { bundledCommand, prepareStore, startPool } from '../../support/pool-process.ts'
import { copyStore, dumpStore } from '../../support/reliability/partial-changes.ts'
import {
  interceptStatements,
  restoreStatements,
  runBeforeTransactions,
} from '../../support/reliability/sql-interception.ts'
import { openStore } from '../../support/store-fixtures.ts'
import { createTempFolder } from '../../support/temp-folder.ts'
import { templateSettings, writeOpenTemplate } from '../../support/template-settings.ts'
import { createTestPool, type TestPool } from '../../support/test-pool.ts'
import { ClientId, createConfirmedUser, latestCodeFor, rider } from '../../support/users.ts'

// A busy machine takes seconds to start a process.
vi.setConfig({ testTimeout: 120_000 })

afterEach(restoreStatements)

async function createPoolOnDisk(): Promise<{ readonly pool: TestPool; readonly path: string }> {
  const path = join(createTempFolder(), 'user-pool.sqlite')
  const pool = await createTestPool({}, { path })
  await createConfirmedUser(pool)
  return { pool, path }
}

function toName(index: number): string {
  return `rider-${index}@example.com`
}

/** A sign-up that takes two kilobytes. */
function signUp({ call }: Pick<CallablePool, 'call'>, index: number): Promise<ApiResponse> {
  return call('SignUp', {
    ClientId,
    Username: toName(index),
    Password: rider.password,
    UserAttributes: [
      { Name: 'email', Value: toName(index) },
      { Name: 'name', Value: 'x'.repeat(2000) },
    ],
  })
}

function expectInternalError({ status, body }: ApiResponse): void {
  expect({ status, body }).toEqual({
    status: 500,
    body: { __type: 'InternalErrorException', message: 'Something went wrong' },
  })
}

/** Signs people up until the disk has no room for another. */
async function signUpUntilFull(pool: Pick<CallablePool, 'call'>): Promise<number> {
  for (let index = 0; index < 500; index += 1) {
    const response = await signUp(pool, index)
    if (response.status !== 200) {
      expectInternalError(response)
      return index
    }
  }
  throw new Error('expected the disk to be full')
}

describe('disk full', () => {
  test('disk full: the request fails without a trace, and later ones succeed once there is room', async () => {
    const { pool, path } = await createPoolOnDisk()
    const makeRoom = runBeforeTransactions('PRAGMA max_page_count = 1')
    const count = await signUpUntilFull(pool)
    const full = dumpStore(path)
    expectInternalError(await signUp(pool, count))
    expect(dumpStore(path)).toBe(full)
    expect(dumpStore(copyStore(path))).toBe(full)
    expect(pool.sentEmails).toHaveLength(count + 1)
    expect(pool.logEntries.at(-1)?.detail).toContain('database or disk is full')
    makeRoom()

    const end = runBeforeTransactions('PRAGMA max_page_count = 1000000')
    expectSuccess(await signUp(pool, count))
    end()
    expect(pool.store.countUsers()).toBe(count + 2)
    expect(openStore(copyStore(path)).countUsers()).toBe(count + 2)
  })

  test.skipIf(process.platform === 'win32')(
    'disk full: the process survives, and the next one has every acknowledged user',
    async () => {
      const folder = createTempFolder()
      prepareStore(folder, templateSettings)
      const command = ['sh', '-c', 'ulimit -f 600 && exec "$0" "$@"', ...(await bundledCommand())]
      const open = ['--template', writeOpenTemplate()]
      const cramped = await startPool(folder, open, command)
      const count = await signUpUntilFull(cramped)
      for (let index = 0; index < 5; index += 1) {
        expectInternalError(await signUp(cramped, count + index))
      }
      expect(cramped.printed()).toContain('InternalErrorException')
      await cramped.stop('SIGKILL')

      const roomy = await startPool(folder, open)
      for (let index = 0; index < count; index += 1) {
        expectError(await signUp(roomy, index), usernameTaken)
      }
      for (let index = count; index < count + 5; index += 1) {
        expectSuccess(await signUp(roomy, index))
      }
      await roomy.stop('SIGTERM')
      expect(
        openStore(join(folder, 'user-pool.sqlite'), { usernameModel: 'username' }).countUsers(),
      ).toBe(count + 5)
    },
  )
})

test('read-only store: requests fail and later ones succeed once it is writable', async () => {
  const { pool, path } = await createPoolOnDisk()
  const before = dumpStore(path)
  const end = runBeforeTransactions('PRAGMA query_only = ON')
  expectInternalError(await signUp(pool, 1))
  expect(pool.logEntries.at(-1)?.detail).toContain('attempt to write a readonly database')
  end()
  expect(dumpStore(path)).toBe(before)

  const heal = runBeforeTransactions('PRAGMA query_only = OFF')
  expectSuccess(await signUp(pool, 1))
  heal()
})

test.each(['BEGIN', 'COMMIT'])(
  'rollback: a failed %s leaves nothing, and the same call then succeeds',
  async (verb) => {
    const { pool, path } = await createPoolOnDisk()
    const before = dumpStore(path)
    const heal = interceptStatements((sql) => {
      if (sql.startsWith(verb)) throw new Error('disk I/O error')
    })
    expectInternalError(await signUp(pool, 1))
    heal()
    expect(dumpStore(path)).toBe(before)
    expect(pool.sentEmails).toHaveLength(1)

    expectSuccess(await signUp(pool, 1))
    expectSuccess(
      await pool.call('ConfirmSignUp', {
        ClientId,
        Username: toName(1),
        ConfirmationCode: latestCodeFor(pool, toName(1)),
      }),
    )
  },
)

test('locked store: a request fails while another program holds the lock, and the next one succeeds', async () => {
  const { pool, path } = await createPoolOnDisk()
  const intruder = new Database(path)
  intruder.exec('BEGIN IMMEDIATE')
  expectInternalError(await signUp(pool, 1))
  intruder.exec('ROLLBACK')
  intruder.close()

  expectSuccess(await signUp(pool, 1))
})

/** How a new store's connection is set to write: 0 leaves it to the system, 2 waits for the disk. */
function readSynchronous(): number {
  const settings: unknown[] = []
  const { exec } = Database.prototype
  Database.prototype.exec = function (sql) {
    const done = exec.call(this, sql)
    settings.push(this.prepare('PRAGMA synchronous').get())
    return done
  }
  const path = join(createTempFolder(), 'user-pool.sqlite')
  openSqliteStore(path, { caseSensitive: false, usernameModel: 'username' }).close()
  return v.parse(v.object({ synchronous: v.number() }), settings.at(-1)).synchronous
}

describe('durability of a commit', () => {
  test('fsync: the store waits for the disk at each commit (synchronous = FULL)', () => {
    expect(readSynchronous()).toBe(2)
  })

  test('self-test: synchronous = OFF is detected', () => {
    const { exec } = Database.prototype
    Database.prototype.exec = function (sql) {
      return exec.call(this, sql.replace('synchronous = FULL', 'synchronous = OFF'))
    }

    expect(readSynchronous()).toBe(0)
  })
})
