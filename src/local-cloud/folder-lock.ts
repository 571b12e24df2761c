/**
 * One process holds a data folder. SQLite does the locking: the operating system lets go of it when the
 * process ends, however it ends, so no stale lock can be left behind.
 */

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'libsql'
import { SettingsError } from '../shared/settings-error.ts'

declare global {
  /** what this process holds: a restarted dev server takes over from the one it replaces */
  var wildRydesHeldFolders: Map<string, () => void> | undefined
}

/**
 * @returns a function that lets go
 * @throws {SettingsError} naming the process that holds `folder`
 */
export function holdFolder(folder: string): () => void {
  globalThis.wildRydesHeldFolders ??= new Map()
  const held = globalThis.wildRydesHeldFolders
  held.get(folder)?.()

  const pidFile = join(folder, 'server.pid')
  const database = new Database(join(folder, 'server.lock'))
  try {
    database.exec('PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    throw new SettingsError(
      folder,
      `a data folder that no other local cloud uses (process ${readPid(pidFile)} does)`,
      'Stop that process, or set LOCAL_CLOUD_DATA to another folder.',
      { cause: error },
    )
  }
  writeFileSync(pidFile, String(process.pid))

  const release = () => {
    if (held.get(folder) !== release) return
    held.delete(folder)
    database.close()
  }
  held.set(folder, release)
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
