/** Functions of triggers in modules of their own, each in a worker thread: `--trigger NAME=FILE`. */

import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import * as v from 'valibot'
import { SettingsError } from '../../../shared/settings-error.ts'
import { didYouMean } from '../did-you-mean.ts'
import { triggerTimeoutMs } from './invoke-handler.ts'
import {
  type LambdaContext,
  type TriggerHandlers,
  type TriggerName,
  triggerNames,
} from './trigger-events.ts'
import { triggerWorkerProgram } from './trigger-worker.ts'

/** how long a module may take to load */
const loadTimeoutMs = 10_000

type ModuleHandler = (event: unknown, context: LambdaContext) => Promise<unknown>

/**
 * @param assignments such as `PreSignUp=./pre-sign-up.mjs`
 * @returns functions that call the handlers of the modules
 * @throws {SettingsError} for a name that is no trigger's, or is given twice; for a file that is missing, does not load or
 *   exports no handler
 */
export async function loadTriggers(assignments: readonly string[]): Promise<TriggerHandlers> {
  const files = new Map<TriggerName, string>()
  for (const assignment of assignments) {
    const { name, file } = parseAssignment(assignment)
    if (files.has(name)) {
      const expected = 'each trigger once'
      throw new SettingsError(`--trigger ${assignment}`, expected, `${name} has a file already.`)
    }
    files.set(name, file)
  }
  const loaded = await Promise.all(
    [...files].map(async ([name, file]) => [name, await loadHandler(name, file)] as const),
  )
  return Object.fromEntries(loaded)
}

function parseAssignment(assignment: string): { name: TriggerName; file: string } {
  const [, written = '', file = ''] = /^([^=]+)=(.+)$/.exec(assignment) ?? []
  const name = triggerNames.find((one) => one === written)
  if (name) return { name, file }
  const meant = didYouMean(written || assignment, triggerNames)
  throw new SettingsError(
    `--trigger ${assignment}`,
    `NAME=FILE, NAME one of ${triggerNames.join(', ')}`,
    meant === ''
      ? 'For example --trigger PreSignUp=./pre-sign-up.mjs'
      : `${meant.replace(/^; d/, 'D')}`,
  )
}

async function loadHandler(name: TriggerName, file: string): Promise<ModuleHandler> {
  const path = resolve(file)
  const setting = `--trigger ${name}=${file}`
  if (!existsSync(path)) {
    throw new SettingsError(setting, 'a file that is there', `There is no ${path}.`)
  }
  const thread = createThread(pathToFileURL(path).href)
  const problem = await thread.load()
  if (problem !== undefined) {
    throw new SettingsError(
      setting,
      'a module that loads and exports its function',
      problem.startsWith('Unknown file extension')
        ? `${problem}. Write it in JavaScript, in a file that ends in .mjs.`
        : `${problem}. Write: export const handler = async (event) => event`,
    )
  }
  return thread.call
}

const message = v.object({
  id: v.optional(v.number()),
  ready: v.optional(v.boolean()),
  problem: v.optional(v.string()),
  json: v.optional(v.string()),
  error: v.optional(v.object({ message: v.string(), stack: v.optional(v.string()) })),
})

interface Waiting {
  resolve(output: unknown): void
  reject(error: Error): void
  readonly requestId: string
}

/** A worker thread for one module. A new one takes its place when it has ended, or does not answer in time. */
function createThread(url: string) {
  let current: { worker: Worker; waiting: Map<number, Waiting> } | undefined
  let lastId = 0

  function start(): NonNullable<typeof current> {
    const worker = new Worker(triggerWorkerProgram, { eval: true, workerData: { url } })
    const waiting = new Map<number, Waiting>()
    const started = { worker, waiting }
    let thrown: Error | undefined
    worker.on('message', (received: unknown) => {
      const { id = 0, json, error } = v.parse(message, received)
      const call = waiting.get(id)
      waiting.delete(id)
      if (error) call?.reject(Object.assign(new Error(error.message), { stack: error.stack }))
      else call?.resolve(json === undefined ? null : JSON.parse(json))
    })
    worker.on('error', (error) => {
      thrown = error
      if (current === started) current = undefined
    })
    // Only now has everything been received that it had sent.
    worker.on('exit', (code) => {
      if (current === started) current = undefined
      for (const { reject, requestId } of waiting.values()) {
        const text = `RequestId: ${requestId} Error: Runtime exited with error: exit status ${code}`
        reject(thrown ?? new Error(text))
      }
      waiting.clear()
    })
    // It keeps nobody from leaving.
    worker.unref()
    return started
  }

  /** Whoever waits in it may still get an answer; new calls go to another. */
  function retire(started: NonNullable<typeof current>): void {
    if (current === started) current = undefined
    setTimeout(() => void started.worker.terminate(), triggerTimeoutMs).unref()
  }

  return {
    /** @returns why the module cannot be used; `undefined` when it can */
    load(): Promise<string | undefined> {
      current = start()
      const { worker } = current
      worker.ref()
      return new Promise((settle) => {
        const timer = setTimeout(() => {
          settle(`It has not loaded in ${loadTimeoutMs / 1000} seconds`)
          void worker.terminate()
        }, loadTimeoutMs)
        const finish = (problem: string | undefined) => {
          clearTimeout(timer)
          worker.unref()
          settle(problem)
        }
        worker.once('message', (received: unknown) => finish(v.parse(message, received).problem))
        worker.once('error', (error) => finish(error.message))
        worker.once('exit', (code) => finish(`It exits with ${code} while it loads`))
      })
    },

    call(event: unknown, context: LambdaContext): Promise<unknown> {
      current ??= start()
      const started = current
      const id = ++lastId
      const { getRemainingTimeInMillis, done, fail, succeed, ...shown } = context
      const remainingMs = getRemainingTimeInMillis()
      return new Promise((answer, reject) => {
        const timer = setTimeout(() => retire(started), remainingMs)
        started.waiting.set(id, {
          requestId: context.awsRequestId,
          resolve(output) {
            clearTimeout(timer)
            answer(output)
          },
          reject(error) {
            clearTimeout(timer)
            reject(error)
          },
        })
        started.worker.postMessage({ id, event, context: { ...shown, remainingMs } })
      })
    },
  }
}
