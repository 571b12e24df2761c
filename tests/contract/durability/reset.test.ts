/** `npm run cognito:reset`: the data is put aside, never thrown away, and never under a running pool. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test, vi } from 'vitest'
import { prepareStore, startPool } from '../../support/pool-process.ts'
import { createTempFolder } from '../../support/temp-folder.ts'

// A busy machine takes seconds to start a process.
vi.setConfig({ testTimeout: 120_000 })

const root = fileURLToPath(new URL('../../..', import.meta.url))
const reset = ['--import', '@oxc-node/core/register', 'src/local-cloud/reset.ts']

async function runReset(dataFolder: string): Promise<{ code: number | null; output: string }> {
  const env = { ...process.env, LOCAL_CLOUD_DATA: dataFolder }
  const child = spawn(process.execPath, reset, { cwd: root, env })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  }
  await once(child, 'close')
  return { code: child.exitCode, output }
}

function createDataFolder(): string {
  const folder = join(createTempFolder(), 'data')
  prepareStore(folder)
  return folder
}

test('the data is kept under another name, which is told', async () => {
  const folder = createDataFolder()
  const { code, output } = await runReset(folder)
  const [aside = ''] = readdirSync(dirname(folder))

  expect(code).toBe(0)
  expect(existsSync(folder)).toBe(false)
  expect(aside).toMatch(/^data\.\d{4}-\d\d-\d\dT/)
  expect(output).toContain(join(dirname(folder), aside))
  expect(readdirSync(join(dirname(folder), aside))).toContain('user-pool.sqlite')
})

test('where there is nothing, nothing is done', async () => {
  const folder = join(createTempFolder(), 'data')

  expect(await runReset(folder)).toEqual({
    code: 0,
    output: `There is no data in ${folder}; the next start begins anew.\n`,
  })
})

test('a running pool keeps its data', async () => {
  const folder = createDataFolder()
  const { pid } = await startPool(folder)
  const { code, output } = await runReset(folder)

  expect(code).not.toBe(0)
  expect(output).toContain(`(process ${pid} does)`)
  expect(output).not.toMatch(/^ {4}at /m)
  expect(readdirSync(dirname(folder))).toEqual([basename(folder)])
})
