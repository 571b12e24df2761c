import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** Registers what is undone at the end: of a test, or of all tests of a file. */
export type OnCleanup = (undo: () => void | Promise<void>) => void

/** An empty folder that is gone after the test. */
export function createTempFolder(onCleanup: OnCleanup = onTestFinished): string {
  const folder = mkdtempSync(join(tmpdir(), 'wild-rydes-'))
  onCleanup(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
