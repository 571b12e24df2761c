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
    // Locked is the answer looked for.
    return false
  } finally {
    database.close()
  }
}

describe('a held folder', () => {
  test('is closed to others until it is let go of', () => {
    const folder = createTempFolder()
    const release = lockDataFolder(folder)

    expect(isFree(folder)).toBe(false)
    release()
    expect(isFree(folder)).toBe(true)
  })

  test('names its process', () => {
    const folder = createTempFolder()
    const release = lockDataFolder(folder)

    expect(readFileSync(join(folder, 'server.pid'), 'utf8')).toBe(String(process.pid))
    release()
  })

  test('is taken over by a restart in the same process, and the old holder cannot let go of it', () => {
    const folder = createTempFolder()
    const releaseFirst = lockDataFolder(folder)
    lockDataFolder(folder)

    releaseFirst()
    expect(isFree(folder)).toBe(false)
    lockDataFolder(folder)()
    expect(isFree(folder)).toBe(true)
  })

  test('does not stand in the way of another folder', () => {
    const releases = [createTempFolder(), createTempFolder()].map(lockDataFolder)

    for (const release of releases) release()
  })
})

test('a local cloud that is closed has let go of its folder', async () => {
  const { dataFolder, close } = await startLocalCloud()

  expect(isFree(dataFolder)).toBe(false)
  await close()
  expect(isFree(dataFolder)).toBe(true)
})
