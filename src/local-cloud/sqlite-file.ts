/**
 * Opens a store of the local cloud in SQLite: write-ahead log with `synchronous=FULL`, so that a committed
 * transaction survives a power cut.
 *
 * @see https://www.sqlite.org/wal.html
 */

import { closeSync, existsSync, openSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'libsql'
import * as v from 'valibot'
import { product } from './product.ts'

/** A store file that cannot be used. The message names the file, the reason and the remedy. */
export class StoreError extends Error {
  override readonly name: string = 'StoreError'

  constructor(path: string, reason: string, options?: ErrorOptions) {
    super(
      `The local cloud's store ${path} cannot be used: ${reason}. Nothing was changed. ` +
        `To keep it aside and begin with an empty pool, run: ${product.toResetCommand(dirname(path))}`,
      options,
    )
  }
}

export interface SqliteFormat {
  /** `PRAGMA application_id`, by which another program's database is recognized */
  readonly applicationId: number
  /**
   * SQL that migrates a file from each format to the next; the first creates the tables. `PRAGMA user_version` is
   * the number of migrations that a file has had. Released migrations are never changed.
   */
  readonly migrations: readonly string[]
}

const pragmaRow = (name: string) => v.object({ [name]: v.number() })

/**
 * @param path file to open or create, or `:memory:`; a file of an older format is migrated, after a backup
 * @throws {StoreError} when the file is not a store of this kind, is damaged or has a newer format
 */
export function openSqliteFile(path: string, format: SqliteFormat): Database.Database {
  const { applicationId, migrations } = format
  const isNew = path === ':memory:' || !existsSync(path)
  let database: Database.Database | undefined
  try {
    if (isNew && path !== ':memory:') createPrivateFile(path)
    database = new Database(path)
    // First of all: another connection that closes, or repairs the log of a killed process, locks the file for a moment.
    database.exec('PRAGMA busy_timeout = 2000')
    const version = isNew ? 0 : requireFormatVersion(database, path, format)
    database.exec('PRAGMA journal_mode = WAL')
    database.exec('PRAGMA synchronous = FULL')
    database.exec('PRAGMA foreign_keys = ON')
    if (version < migrations.length) {
      if (!isNew) backUp(database, `${path}.format-${version}`)
      database.exec(
        `BEGIN; ${migrations.slice(version).join('')} PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${migrations.length}; COMMIT`,
      )
    }
    return database
  } catch (error) {
    // A failed migration would otherwise keep its lock until this process ends.
    if (database?.inTransaction) database.exec('ROLLBACK')
    database?.close()
    if (error instanceof StoreError) throw error
    const reason = error instanceof Error ? error.message : String(error)
    throw new StoreError(path, reason, { cause: error })
  }
}

/** Creates a file that only its owner can read. SQLite gives its log files the mode of the database file. */
function createPrivateFile(path: string): void {
  closeSync(openSync(path, 'wx', 0o600))
}

/** Copies a store into a file, over the copy that a failed migration may have left. */
export function backUp(database: Database.Database, path: string): void {
  rmSync(path, { force: true })
  createPrivateFile(path)
  database.prepare('VACUUM INTO ?').run(path)
}

/** @returns the file's `user_version` */
function requireFormatVersion(
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
