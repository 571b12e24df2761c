/** `npm run cognito:reset`: renames the data folder, so that the next start creates an empty pool. */

import { existsSync, renameSync } from 'node:fs'
import { SettingsError } from '../shared/settings-error.ts'
import { lockDataFolder } from './folder-lock.ts'
import { readDataFolder } from './local-cloud.ts'
import { createSystemClock } from './ports.ts'

/**
 * @returns what was done, for the terminal
 * @throws {SettingsError} when a running local cloud uses the folder
 */
function archiveData(folder: string): string {
  if (!existsSync(folder))
    return `There's no data in ${folder}. The next start begins with an empty user pool.`
  lockDataFolder(folder)()
  const now = new Date(createSystemClock().nowMs())
  const archive = `${folder}.${now.toISOString().replace(/[:.]/g, '-')}`
  renameSync(folder, archive)
  return `Your data is now in ${archive}. The next start begins with an empty user pool.`
}

try {
  process.stdout.write(`${archiveData(readDataFolder(process.env))}\n`)
} catch (error) {
  if (!(error instanceof SettingsError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
