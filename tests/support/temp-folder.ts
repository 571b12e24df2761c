import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** An empty folder that is gone after the test. */
export function createTempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'wild-rydes-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
