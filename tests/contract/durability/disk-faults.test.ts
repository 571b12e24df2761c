/** A disk that is full, read-only or broken: the request fails whole, and the pool goes on. */

import { join } from 'node:path'
import Database from 'libsql'
import * as v from 'valibot'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { openSqliteStore } from '../../../src/local-cloud/user-pool/store/sqlite-store.ts'
import { poolCommand, prepareStore, startPool } from '../../support/pool-process.ts'
import {
  releaseTransactions,
  runBeforeTransactions,
  watchStatements,
} from '../../support/reliability/statements.ts'
import { copyStore, dumpStore } from '../../support/reliability/tears.ts'
import { openStore } from '../../support/stores.ts'
import { createTempFolder } from '../../support/temp-folder.ts'
import { writeOpenTemplate } from '../../support/template-settings.ts'
import { createTestPool, type TestPool } from '../../support/test-pool.ts'
import { ClientId, confirmUser, latestCodeFor, rider } from '../../support/users.ts'
import { type Answer, type CallablePool, expectRefusal, expectSuccess } from '../../support/wire.ts'

// A busy machine takes seconds to start a process.
vi.setConfig({ testTimeout: 120_000 })

afterEach(releaseTransactions)

const taken = { type: 'UsernameExistsException', message: 'User already exists' } as const

async function createPoolOnDisk(): Promise<{ readonly pool: TestPool; readonly path: string }> {
  const path = join(createTempFolder(), 'user-pool.sqlite')
  const pool = await createTestPool({}, { path })
  await confirmUser(pool)
  return { pool, path }
}

function toName(index: number): string {
  return `rider-${index}@example.com`
}

/** A sign-up that needs room. */
function signUp({ call }: Pick<CallablePool, 'call'>, index: number): Promise<Answer> {
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

function expectInternalError({ status, body }: Answer): void {
  expect({ status, body }).toEqual({
    status: 500,
    body: { __type: 'InternalErrorException', message: 'Something went wrong' },
  })
}

/** Signs people up until the disk has no room for another. */
async function signUpUntilFull(pool: Pick<CallablePool, 'call'>): Promise<number> {
  for (let index = 0; index < 500; index += 1) {
    const answer = await signUp(pool, index)
    if (answer.status !== 200) {
      expectInternalError(answer)
      return index
    }
  }
  throw new Error('expected the disk to be full')
}

describe('a disk that is full', () => {
  test('fails the request and nothing else, and all goes on once there is room', async () => {
    const { pool, path } = await createPoolOnDisk()
    const makeRoom = runBeforeTransactions('PRAGMA max_page_count = 1')
    const count = await signUpUntilFull(pool)
    const full = dumpStore(path)
    expectInternalError(await signUp(pool, count))
    expect(dumpStore(path)).toBe(full)
    expect(dumpStore(copyStore(path))).toBe(full)
    expect(pool.outboxLetters).toHaveLength(count + 1)
    expect(pool.logEntries.at(-1)?.detail).toContain('database or disk is full')
    makeRoom()

    const end = runBeforeTransactions('PRAGMA max_page_count = 1000000')
    expectSuccess(await signUp(pool, count))
    end()
    expect(pool.store.countUsers()).toBe(count + 2)
    expect(openStore(copyStore(path)).countUsers()).toBe(count + 2)
  })

  test.skipIf(process.platform === 'win32')(
    'does not end the process, and the next one has all that was acknowledged',
    async () => {
      const folder = createTempFolder()
      prepareStore(folder)
      const command = ['sh', '-c', 'ulimit -f 600 && exec "$0" "$@"', ...poolCommand]
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
        expectRefusal(await signUp(roomy, index), taken)
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

test('a store that may only be read fails every request, and all goes on once it may be written', async () => {
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
  'a %s that fails leaves nothing, and the same call works next',
  async (verb) => {
    const { pool, path } = await createPoolOnDisk()
    const before = dumpStore(path)
    const heal = watchStatements((sql) => {
      if (sql.startsWith(verb)) throw new Error('disk I/O error')
    })
    expectInternalError(await signUp(pool, 1))
    heal()
    expect(dumpStore(path)).toBe(before)
    expect(pool.outboxLetters).toHaveLength(1)

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

test('a program that locks the store out fails the request, and the next works', async () => {
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

describe('a commit', () => {
  test('is answered once the disk has it', () => {
    expect(readSynchronous()).toBe(2)
  })

  test('that is left to the system to write would be found', () => {
    const { exec } = Database.prototype
    Database.prototype.exec = function (sql) {
      return exec.call(this, sql.replace('synchronous = FULL', 'synchronous = OFF'))
    }

    expect(readSynchronous()).toBe(0)
  })
})
