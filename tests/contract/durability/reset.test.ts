/** `npm run cognito:reset`: the data is archived, never deleted, and not while a pool runs. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { bundleProgram } from '../../support/bundle-program.ts'
import { prepareStore, startPool } from '../../support/pool-process.ts'
import { createTempFolder } from '../../support/temp-folder.ts'

// A busy machine takes seconds to start a process.
vi.setConfig({ testTimeout: 120_000 })

async function runReset(dataFolder: string): Promise<{ code: number | null; output: string }> {
  const env = { ...process.env, LOCAL_CLOUD_DATA: dataFolder }
  const child = spawn(process.execPath, [await bundleProgram('src/local-cloud/reset.ts')], { env })
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

test('cognito:reset archives the data under another name and prints it', async () => {
  const folder = createDataFolder()
  const { code, output } = await runReset(folder)
  const [aside = ''] = readdirSync(dirname(folder))

  expect(code).toBe(0)
  expect(existsSync(folder)).toBe(false)
  expect(aside).toMatch(/^data\.\d{4}-\d\d-\d\dT/)
  expect(output).toContain(join(dirname(folder), aside))
  expect(readdirSync(join(dirname(folder), aside))).toContain('user-pool.sqlite')
})

test('cognito:reset does nothing when there is no data', async () => {
  const folder = join(createTempFolder(), 'data')

  expect(await runReset(folder)).toEqual({
    code: 0,
    output: `There's no data in ${folder}. The next start begins with an empty user pool.\n`,
  })
})

test('cognito:reset refuses while a pool is running', async () => {
  const folder = createDataFolder()
  const { pid } = await startPool(folder)
  const { code, output } = await runReset(folder)

  expect(code).not.toBe(0)
  expect(output).toContain(`(process ${pid} does)`)
  expect(output).not.toMatch(/^ {4}at /m)
  expect(readdirSync(dirname(folder))).toEqual([basename(folder)])
})
