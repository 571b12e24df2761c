/** The lock that keeps a data folder for one process. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'libsql'
import { describe, expect, test } from 'vitest'
import { lockDataFolder } from '../../../src/local-cloud/folder-lock.ts'
import { startLocalCloud } from '../../support/local-cloud-server.ts'
import { createTempFolder } from '../../support/temp-folder.ts'

/** Whether another process could hold the folder now. */
function isFree(folder: string): boolean {
  const database = new Database(join(folder, 'server.lock'))
  try {
    database.exec('BEGIN EXCLUSIVE')
    return true
  } catch {
    // The folder is locked.
    return false
  } finally {
    database.close()
  }
}

describe('folder lock', () => {
  test('folder lock: others are refused until it is released', () => {
    const folder = createTempFolder()
    const release = lockDataFolder(folder)

    expect(isFree(folder)).toBe(false)
    release()
    expect(isFree(folder)).toBe(true)
  })

  test('folder lock: the error names the process that holds it', () => {
    const folder = createTempFolder()
    const release = lockDataFolder(folder)

    expect(readFileSync(join(folder, 'server.pid'), 'utf8')).toBe(String(process.pid))
    release()
  })

  test('folder lock: a restart in the same process takes it over, and the former holder cannot release it', () => {
    const folder = createTempFolder()
    const releaseFirst = lockDataFolder(folder)
    lockDataFolder(folder)

    releaseFirst()
    expect(isFree(folder)).toBe(false)
    lockDataFolder(folder)()
    expect(isFree(folder)).toBe(true)
  })

  test('folder lock: another folder is not affected', () => {
    const releases = [createTempFolder(), createTempFolder()].map(lockDataFolder)

    for (const release of releases) release()
  })
})

test('folder lock: a closed local cloud has released it', async () => {
  const { dataFolder, close } = await startLocalCloud()

  expect(isFree(dataFolder)).toBe(false)
  await close()
  expect(isFree(dataFolder)).toBe(true)
})
