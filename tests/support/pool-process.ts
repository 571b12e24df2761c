/** The user pool as a process of its own. */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import {
  openSqliteStore,
  type UsernameRules,
} from '../../src/local-cloud/user-pool/store/sqlite-store.ts'
import { bundleProgram } from './bundle-program.ts'
import { type ApiResponse, readResponse, toRequest } from './cognito-api.ts'
import { writeSharedSigningKeys } from './shared-signing-keys.ts'
import { defaultSettings } from './template-settings.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const entry = 'src/local-cloud/main.ts'

/** Starts the pool from its sources, as `npm run cognito` does; arguments follow. */
export const sourceCommand: readonly string[] = [
  process.execPath,
  '--import',
  '@oxc-node/core/register',
  entry,
]

/** Starts a bundle of the pool, or of another program around it, which is quicker; arguments follow. */
export async function bundledCommand(program = entry): Promise<readonly string[]> {
  return [process.execPath, await bundleProgram(program)]
}

export interface EndedProcess {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface PoolProcess {
  readonly pid: number
  /** `http://localhost:PORT` */
  readonly origin: string
  /** what a developer would see in the terminal */
  printed(): string
  call(operation: string, body: unknown): Promise<ApiResponse>
  stop(signal: NodeJS.Signals): Promise<EndedProcess>
}

/** Creates a data folder with signing keys, so that the process need not generate them; for the default template. */
export function prepareStore(dataFolder: string, rules: UsernameRules = defaultSettings): void {
  mkdirSync(dataFolder, { recursive: true })
  const store = openSqliteStore(join(dataFolder, 'user-pool.sqlite'), rules)
  writeSharedSigningKeys(store)
  store.close()
}

/** Starts the pool and waits until it answers. */
export async function startPool(
  dataFolder: string,
  options: readonly string[] = [],
  command?: readonly string[],
): Promise<PoolProcess> {
  const args = ['--port', '0', '--data', dataFolder, ...options]
  const { child, ended } = spawnPool(args, command ?? (await bundledCommand()))
  let printed = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    printed += text
  })
  const origin = await Promise.race([
    readOrigin(child),
    ended.then(({ stderr }) => {
      throw new Error(`expected the pool to start: ${stderr}`)
    }),
  ])
  const { pid } = child
  if (pid === undefined) throw new Error('expected a process id')
  return {
    pid,
    origin,
    printed: () => printed,
    call: async (operation, body) =>
      readResponse(await fetch(toRequest(`${origin}/`, { operation, body }))),
    stop(signal) {
      child.kill(signal)
      return ended
    },
  }
}

/** Starts the pool where it must fail, and waits for its end. */
export async function failToStartPool(...args: readonly string[]): Promise<EndedProcess> {
  return spawnPool(args, await bundledCommand()).ended
}

function spawnPool(
  args: readonly string[],
  [program = '', ...before]: readonly string[],
): {
  child: ChildProcess
  ended: Promise<EndedProcess>
} {
  const child = spawn(program, [...before, ...args], { cwd: root })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  let stdout = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const ended = once(child, 'close').then(() => ({
    code: child.exitCode,
    signal: child.signalCode,
    stdout,
    stderr,
  }))
  return { child, ended }
}

/** Waits for the line with the address of the API, which the pool prints when it listens. */
function readOrigin({ stdout }: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    let printed = ''
    const read = (text: string) => {
      printed += text
      const [, origin] = /^API {6}(http:\/\/localhost:\d+)\/ /m.exec(printed) ?? []
      if (origin === undefined) return
      stdout?.off('data', read)
      resolve(origin)
    }
    stdout?.setEncoding('utf8').on('data', read)
  })
}
