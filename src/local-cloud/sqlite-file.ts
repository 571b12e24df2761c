/**
 * Opens a store of the local cloud: write-ahead log, `synchronous=FULL`, so that what was answered survives a
 * power cut. A person can open the file with any SQLite tool.
 *
 * @see https://www.sqlite.org/wal.html
 */

import { closeSync, existsSync, openSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'libsql'
import * as v from 'valibot'

/** A store file that cannot be used; the message says which, why, and what to do. */
export class StoreError extends Error {
  override readonly name = 'StoreError'

  constructor(path: string, reason: string, options?: ErrorOptions) {
    super(
      `The local cloud's store ${path} cannot be used: ${reason}. Nothing was changed. ` +
        `To keep it aside and begin with an empty pool, run: LOCAL_CLOUD_DATA=${dirname(path)} npm run cognito:reset`,
      options,
    )
  }
}

export interface SqliteFormat {
  /** `PRAGMA application_id`, so that another program's database is not taken for this store */
  readonly applicationId: number
  /**
   * What makes the tables, from nothing to today's, one step a format. `PRAGMA user_version` is how many a
   * file has had; a change of the tables is a new step at the end, never a change of an old one.
   */
  readonly migrations: readonly string[]
}

const pragmaRow = (name: string) => v.object({ [name]: v.number() })

/**
 * @param path file to open or create, or `:memory:`; one of an older format is migrated, and kept beside
 * @throws {StoreError} when the file is not a store of this kind, is damaged, or is of a newer format
 */
export function openSqliteFile(path: string, format: SqliteFormat): Database.Database {
  const { applicationId, migrations } = format
  const isNew = path === ':memory:' || !existsSync(path)
  let database: Database.Database | undefined
  try {
    if (isNew && path !== ':memory:') createClosedFile(path)
    database = new Database(path)
    const version = isNew ? 0 : requireOurs(database, path, format)
    database.exec('PRAGMA journal_mode = WAL')
    database.exec('PRAGMA synchronous = FULL')
    database.exec('PRAGMA foreign_keys = ON')
    database.exec('PRAGMA busy_timeout = 2000')
    if (version < migrations.length) {
      if (!isNew) keepCopy(database, `${path}.format-${version}`)
      database.exec(
        `BEGIN; ${migrations.slice(version).join('')} PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${migrations.length}; COMMIT`,
      )
    }
    return database
  } catch (error) {
    // Else a migration that failed would hold its lock as long as this process lives.
    if (database?.inTransaction) database.exec('ROLLBACK')
    database?.close()
    if (error instanceof StoreError) throw error
    const reason = error instanceof Error ? error.message : String(error)
    throw new StoreError(path, reason, { cause: error })
  }
}

/** Makes a file that its owner alone may read before SQLite opens it: its log files take over the mode. */
function createClosedFile(path: string): void {
  closeSync(openSync(path, 'wx', 0o600))
}

/** A whole copy of the store as it was before a migration; one left by a migration that failed goes. */
function keepCopy(database: Database.Database, path: string): void {
  rmSync(path, { force: true })
  createClosedFile(path)
  database.prepare('VACUUM INTO ?').run(path)
}

/** @returns the format of the file */
function requireOurs(
  database: Database.Database,
  path: string,
  { applicationId, migrations }: SqliteFormat,
): number {
  const readNumber = (name: string) =>
    v.parse(pragmaRow(name), database.prepare(`PRAGMA ${name}`).get())[name]
  if (readNumber('application_id') !== applicationId) {
    throw new StoreError(path, 'it is not a store of this kind')
  }
  const version = readNumber('user_version') ?? 0
  if (version < 1 || version > migrations.length) {
    throw new StoreError(
      path,
      `its format is ${version}, this program reads 1 to ${migrations.length}`,
    )
  }
  const check = v.parse(
    v.object({ quick_check: v.string() }),
    database.prepare('PRAGMA quick_check').get(),
  )
  if (check.quick_check !== 'ok') throw new StoreError(path, `it is damaged: ${check.quick_check}`)
  return version
}
