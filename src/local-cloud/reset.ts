/** Puts the local cloud's data aside, so that the next start begins with an empty pool. */

import { existsSync, renameSync } from 'node:fs'
import { holdFolder } from './folder-lock.ts'
import { readDataFolder } from './local-cloud.ts'

const folder = readDataFolder(process.env)
if (existsSync(folder)) {
  holdFolder(folder)()
  const aside = `${folder}.${new Date().toISOString().replace(/[:.]/g, '-')}`
  renameSync(folder, aside)
  process.stdout.write(`The local cloud's data is kept in ${aside}; the next start begins anew.\n`)
} else {
  process.stdout.write(`There is no data in ${folder}; the next start begins anew.\n`)
}
