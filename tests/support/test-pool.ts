/** A user pool in memory: no socket, a clock that tests move, letters and log entries kept. */

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import {
  type Letter,
  type LogEntry,
  type Random,
  systemRandom,
} from '../../src/local-cloud/ports.ts'
import { handle } from '../../src/local-cloud/user-pool/http.ts'
import { cognitoLimits, type Limits } from '../../src/local-cloud/user-pool/limits.ts'
import { readSettings, type UserPoolSettings } from '../../src/local-cloud/user-pool/settings.ts'
import { openSqliteStore } from '../../src/local-cloud/user-pool/store/sqlite-store.ts'
import { parseTemplate } from '../../src/local-cloud/user-pool/template.ts'
import { openUserPool } from '../../src/local-cloud/user-pool/user-pool.ts'
import { openDoor } from './pool-fetch.ts'
import { lendSigningKeys } from './signing-keys.ts'
import { createTestClock, type TestClock } from './test-clock.ts'
import { type CallablePool, readAnswer, toRequest } from './wire.ts'

export const templatePath = fileURLToPath(new URL('../../src/aws/user-pool.yaml', import.meta.url))
export const templateSettings = readSettings(
  parseTemplate(readFileSync(templatePath, 'utf8'), templatePath),
)

export interface TestPool extends CallablePool {
  readonly clock: TestClock
  /** delivered letters, oldest first */
  readonly outboxLetters: readonly Letter[]
  readonly logEntries: readonly LogEntry[]
  /** where the client library finds this pool */
  readonly endpoint: string
  respond(request: Request): Promise<Response>
}

/** @param overrides settings that differ from those of `src/aws/user-pool.yaml` */
export async function createTestPool(
  overrides: Partial<UserPoolSettings> = {},
  { random = systemRandom, limits = cognitoLimits }: { random?: Random; limits?: Limits } = {},
): Promise<TestPool> {
  const settings = { ...templateSettings, ...overrides }
  const store = openSqliteStore(':memory:', settings)
  onTestFinished(() => store.close())
  lendSigningKeys(store)

  const clock = createTestClock()
  const outboxLetters: Letter[] = []
  const logEntries: LogEntry[] = []
  const pool = await openUserPool({
    settings,
    limits,
    store,
    clock,
    random,
    outbox: { deliver: (letter) => outboxLetters.push(letter) },
  })
  const respond = (request: Request) =>
    handle(request, pool, { write: (entry) => logEntries.push(entry) })

  return {
    ...pool,
    clock,
    outboxLetters,
    logEntries,
    endpoint: openDoor(respond),
    respond,
    call: async (operation, body, options) =>
      readAnswer(await respond(toRequest('http://localhost/', { operation, body, ...options }))),
  }
}
