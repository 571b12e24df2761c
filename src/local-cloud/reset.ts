/** Puts the local cloud's data aside, so that the next start begins with an empty pool. */

import { existsSync, renameSync } from 'node:fs'
import { SettingsError } from '../shared/settings-error.ts'
import { holdFolder } from './folder-lock.ts'
import { readDataFolder } from './local-cloud.ts'

function putAside(folder: string): string {
  if (!existsSync(folder)) return `There is no data in ${folder}; the next start begins anew.`
  holdFolder(folder)()
  const aside = `${folder}.${new Date().toISOString().replace(/[:.]/g, '-')}`
  renameSync(folder, aside)
  return `The local cloud's data is kept in ${aside}; the next start begins anew.`
}

try {
  process.stdout.write(`${putAside(readDataFolder(process.env))}\n`)
} catch (error) {
  if (!(error instanceof SettingsError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
