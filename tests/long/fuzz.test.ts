/** Long fuzzing test: fifty thousand malformed requests over sockets to a separate process. */

import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createSystemClock, systemRandom } from '../../src/local-cloud/ports.ts'
import { parseTemplate } from '../../src/local-cloud/user-pool/cloudformation-template.ts'
import { noLimits } from '../../src/local-cloud/user-pool/limits.ts'
import { openUserPool } from '../../src/local-cloud/user-pool/open-user-pool.ts'
import { readSettings } from '../../src/local-cloud/user-pool/read-settings.ts'
import { openSqliteStore } from '../../src/local-cloud/user-pool/store/sqlite-store.ts'
import { type CallablePool, readResponse, toRequest } from '../support/cognito-api.ts'
import { prepareStore, startPool } from '../support/pool-process.ts'
import { type FuzzRequest, type FuzzResponse, fuzz } from '../support/reliability/fuzz.ts'
import { chooseSeeds } from '../support/reliability/seeded-random.ts'
import { readResidentMb } from '../support/resident-memory.ts'
import { createTempFolder } from '../support/temp-folder.ts'
import { writeTemplate } from '../support/template-file.ts'
import { templateSettings } from '../support/template-settings.ts'

interface WatchedProcess {
  readonly pid: number
  readonly origin: string
  /** calls go to the process, and the store is its file */
  readonly pool: CallablePool
  stop(): Promise<{ readonly code: number | null; readonly stderr: string }>
}

async function startWatchedProcess(): Promise<WatchedProcess> {
  const folder = createTempFolder()
  prepareStore(folder, templateSettings)
  const template = writeTemplate({
    pool: {
      AutoVerifiedAttributes: ['email'],
      MfaConfiguration: 'OPTIONAL',
      EnabledMfas: ['SOFTWARE_TOKEN_MFA', 'EMAIL_OTP'],
      EmailConfiguration: { EmailSendingAccount: 'DEVELOPER' },
      Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP'] } },
    },
    client: {
      PreventUserExistenceErrors: 'ENABLED',
      ExplicitAuthFlows: [
        'ALLOW_USER_AUTH',
        'ALLOW_USER_SRP_AUTH',
        'ALLOW_USER_PASSWORD_AUTH',
        'ALLOW_ADMIN_USER_PASSWORD_AUTH',
        'ALLOW_REFRESH_TOKEN_AUTH',
      ],
    },
  })
  const { pid, origin, stop } = await startPool(folder, ['--no-limits', '--template', template])
  const { settings } = readSettings(parseTemplate(readFileSync(template, 'utf8'), template))
  const store = openSqliteStore(join(folder, 'user-pool.sqlite'), settings)
  onTestFinished(() => store.close())
  const pool = await openUserPool({
    settings,
    limits: noLimits,
    store,
    clock: createSystemClock(),
    random: systemRandom,
    mailer: { send: () => {} },
  })
  return {
    pid,
    origin,
    pool: {
      ...pool,
      call: async (operation, body, options) =>
        readResponse(await fetch(toRequest(`${origin}/`, { operation, body, ...options }))),
    },
    stop: () => stop('SIGTERM'),
  }
}

function createSender(origin: string): (sent: FuzzRequest) => Promise<FuzzResponse> {
  const { hostname, port, host } = new URL(origin)
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  onTestFinished(() => agent.destroy())
  return async ({ headers, body }) => {
    const outgoing = request({
      hostname,
      port,
      agent,
      method: 'POST',
      path: '/cognito-idp/',
      headers: [
        ...['Host', host, 'Content-Length', String(Buffer.byteLength(body))],
        ...headers.flat(),
      ],
    })
    outgoing.end(body)
    const [incoming] = await once(outgoing, 'response')
    let text = ''
    for await (const chunk of incoming) text += String(chunk)
    return { status: incoming.statusCode, text }
  }
}

test.each(chooseSeeds(1))(
  'fuzzing: fifty thousand malformed requests cause no internal error, reveal no secret and leak no memory (seed %i)',
  async (seed) => {
    const { pid, origin, pool, stop } = await startWatchedProcess()
    const plan = { pool, otherTypes: ['ForbiddenException'], send: createSender(origin) }
    await fuzz({ ...plan, seed: seed + 1, requests: 5000 })
    const residentMb = readResidentMb({ pid })
    const startedMs = performance.now()
    const report = await fuzz({ ...plan, seed, requests: 50_000, firstUserNumber: 5000 })
    const { problems, statuses, p99Ms } = report
    const growthMb = readResidentMb({ pid }) - residentMb
    const seconds = Math.round((performance.now() - startedMs) / 1000)
    console.log(
      `50000 requests in ${seconds} s: ${JSON.stringify(statuses)}, ${problems.length} problems, ` +
        `p99 ${p99Ms.toFixed(1)} ms, RSS ${growthMb.toFixed(1)} MB more`,
    )

    expect(problems).toEqual([])
    expect(p99Ms).toBeLessThanOrEqual(200)
    expect(growthMb).toBeLessThanOrEqual(64)
    expect(await stop()).toMatchObject({ code: 0, stderr: '' })
  },
)
