/**
 * Locks a data folder, so that only one process uses it. The lock is SQLite's lock on a file, which the operating
 * system releases when the process ends for whatever reason: there are no stale locks.
 */

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'libsql'
import { SettingsError } from '../shared/settings-error.ts'
import { product } from './product.ts'

declare global {
  /** Locks of this process. Vite's dev server restarts within a process and must not wait for itself. */
  var localCloudFolderLocks: Map<string, () => void> | undefined
}

/**
 * @returns a function that releases the lock
 * @throws {SettingsError} naming the process that has locked `folder`
 */
export function lockDataFolder(folder: string): () => void {
  globalThis.localCloudFolderLocks ??= new Map()
  const locks = globalThis.localCloudFolderLocks
  locks.get(folder)?.()

  const pidFile = join(folder, 'server.pid')
  const database = new Database(join(folder, 'server.lock'))
  try {
    database.exec('PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    throw new SettingsError(
      folder,
      `a data folder that no other local cloud uses (process ${readPid(pidFile)} does)`,
      `Stop that process, or ${product.otherFolderHint}.`,
      { cause: error },
    )
  }
  writeFileSync(pidFile, String(process.pid))

  const release = () => {
    if (locks.get(folder) !== release) return
    locks.delete(folder)
    database.close()
  }
  locks.set(folder, release)
  return release
}

function readPid(pidFile: string): string {
  try {
    return readFileSync(pidFile, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 'unknown'
    throw error
  }
}
