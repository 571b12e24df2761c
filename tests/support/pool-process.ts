/** The pool as a process of its own, as `npm run cognito` starts it. */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { openSqliteStore } from '../../src/local-cloud/user-pool/store/sqlite-store.ts'
import { lendSigningKeys } from './signing-keys.ts'
import { templateSettings } from './template-settings.ts'
import { type Answer, readAnswer, toRequest } from './wire.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
/** What starts the pool, as `npm run cognito` does; arguments follow. */
export const poolCommand: readonly string[] = [
  process.execPath,
  '--import',
  '@oxc-node/core/register',
  'src/local-cloud/main.ts',
]

export interface EndedProcess {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stderr: string
}

export interface PoolProcess {
  readonly pid: number
  /** `http://localhost:PORT` */
  readonly origin: string
  /** what a developer would see in the terminal */
  printed(): string
  call(operation: string, body: unknown): Promise<Answer>
  stop(signal: NodeJS.Signals): Promise<EndedProcess>
}

/** Makes a data folder with keys in it, so that the process need not make them. */
export function prepareStore(dataFolder: string): void {
  mkdirSync(dataFolder, { recursive: true })
  const store = openSqliteStore(join(dataFolder, 'user-pool.sqlite'), templateSettings)
  lendSigningKeys(store)
  store.close()
}

/** Starts the pool and waits until it answers. */
export async function startPool(
  dataFolder: string,
  options: readonly string[] = [],
  command = poolCommand,
): Promise<PoolProcess> {
  const args = ['--port', '0', '--data', dataFolder, ...options]
  const { child, ended } = spawnPool(args, command)
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
      readAnswer(await fetch(toRequest(`${origin}/`, { operation, body }))),
    stop(signal) {
      child.kill(signal)
      return ended
    },
  }
}

/** Starts the pool where it must not come up, and waits until it has given up. */
export function failToStartPool(...args: readonly string[]): Promise<EndedProcess> {
  return spawnPool(args).ended
}

function spawnPool(
  args: readonly string[],
  [program = '', ...before] = poolCommand,
): {
  child: ChildProcess
  ended: Promise<EndedProcess>
} {
  const child = spawn(program, [...before, ...args], { cwd: root })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const ended = once(child, 'close').then(() => ({
    code: child.exitCode,
    signal: child.signalCode,
    stderr,
  }))
  return { child, ended }
}

/** The pool says where its API is as soon as it listens. */
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
