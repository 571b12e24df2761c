/** A user pool in memory: no socket, a clock that tests move, emails and log entries kept. */

import { onTestFinished } from 'vitest'
import {
  type LogEntry,
  type Message,
  type Random,
  systemRandom,
} from '../../src/local-cloud/ports.ts'
import { handle } from '../../src/local-cloud/user-pool/http.ts'
import { cognitoLimits, type Limits } from '../../src/local-cloud/user-pool/limits.ts'
import { openUserPool } from '../../src/local-cloud/user-pool/open-user-pool.ts'
import type { Quotas } from '../../src/local-cloud/user-pool/quotas.ts'
import type { UserPoolSettings } from '../../src/local-cloud/user-pool/settings.ts'
import { openSqliteStore } from '../../src/local-cloud/user-pool/store/sqlite-store.ts'
import type { Store } from '../../src/local-cloud/user-pool/store/store.ts'
import type { TemplateGroup } from '../../src/local-cloud/user-pool/template-groups.ts'
import type { TriggerHandlers } from '../../src/local-cloud/user-pool/triggers/trigger-events.ts'
import { type CallablePool, readResponse, toRequest } from './cognito-api.ts'
import { createFetchEndpoint } from './fetch-endpoint.ts'
import { writeSharedSigningKeys } from './shared-signing-keys.ts'
import { templateSettings } from './template-settings.ts'
import { createTestClock, type TestClock } from './test-clock.ts'

export interface TestPool extends CallablePool {
  readonly clock: TestClock
  /** those by email, oldest first */
  readonly sentEmails: readonly Message[]
  /** by email and SMS, oldest first */
  readonly sentMessages: readonly Message[]
  readonly logEntries: readonly LogEntry[]
  /** where the client library finds this pool */
  readonly endpoint: string
  respond(request: Request): Promise<Response>
}

export interface TestPoolParts {
  readonly random: Random
  /** functions of Lambda triggers */
  readonly triggers: TriggerHandlers
  readonly limits: Limits
  readonly quotas: Quotas
  /** settings of other app clients of the pool: what differs from the first one's */
  readonly otherClients: readonly (Partial<UserPoolSettings> & { userPoolClientId: string })[]
  /** of the template */
  readonly groups: readonly TemplateGroup[]
  /** the file of a store that must be on a disk */
  readonly path: string
  /** puts something between the pool and its store */
  wrapStore(store: Store): Store
}

/**
 * The pool of `src/aws/user-pool.yaml`, whose client may write every attribute: the site's own may not.
 *
 * @param overrides settings that differ
 */
export async function createTestPool(
  overrides: Partial<UserPoolSettings> = {},
  parts: Partial<TestPoolParts> = {},
): Promise<TestPool> {
  const { random = systemRandom, limits = cognitoLimits, quotas, path = ':memory:' } = parts
  const settings = { ...templateSettings, writeAttributes: undefined, ...overrides }
  const opened = openSqliteStore(path, settings)
  onTestFinished(() => opened.close())
  const store = parts.wrapStore?.(opened) ?? opened
  writeSharedSigningKeys(store)

  const clock = createTestClock()
  const sentMessages: Message[] = []
  const logEntries: LogEntry[] = []
  const pool = await openUserPool({
    settings,
    otherClients: (parts.otherClients ?? []).map((client) => ({ ...settings, ...client })),
    groups: parts.groups ?? [],
    limits,
    quotas,
    store,
    clock,
    random,
    mailer: { send: (message) => sentMessages.push(message) },
    triggers: parts.triggers,
  })
  const respond = (request: Request) =>
    handle(request, pool, { write: (entry) => logEntries.push(entry) })

  return {
    ...pool,
    clock,
    sentMessages,
    get sentEmails() {
      return sentMessages.filter(({ medium }) => medium === 'EMAIL')
    },
    logEntries,
    endpoint: createFetchEndpoint(respond),
    respond,
    call: async (operation, body, options) =>
      readResponse(await respond(toRequest('http://localhost/', { operation, body, ...options }))),
  }
}
