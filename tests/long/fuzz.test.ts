/** Fifty thousand requests with something wrong, over sockets. */

import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { noLimits } from '../../src/local-cloud/user-pool/limits.ts'
import { type LocalCloudServer, startLocalCloud } from '../support/local-cloud-server.ts'
import { type FuzzAnswer, type FuzzRequest, fuzz } from '../support/reliability/fuzz.ts'
import { chooseSeeds } from '../support/reliability/seeded-random.ts'
import { writeTemplate } from '../support/template-file.ts'

const oneMegabyte = 2 ** 20

function createSender({ port }: LocalCloudServer): (sent: FuzzRequest) => Promise<FuzzAnswer> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  onTestFinished(() => agent.destroy())
  return async ({ headers, body }) => {
    const outgoing = request({
      host: 'localhost',
      port,
      agent,
      method: 'POST',
      path: '/cognito-idp/',
      headers: [
        ...['Host', `localhost:${port}`, 'Content-Length', String(Buffer.byteLength(body))],
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

test.each(chooseSeeds(1))('fifty thousand requests: seed %i', async (seed) => {
  const template = writeTemplate({
    pool: {
      AutoVerifiedAttributes: ['email'],
      MfaConfiguration: 'OPTIONAL',
      EnabledMfas: ['SOFTWARE_TOKEN_MFA'],
    },
    client: {
      PreventUserExistenceErrors: 'ENABLED',
      ExplicitAuthFlows: [
        'ALLOW_USER_SRP_AUTH',
        'ALLOW_USER_PASSWORD_AUTH',
        'ALLOW_ADMIN_USER_PASSWORD_AUTH',
        'ALLOW_REFRESH_TOKEN_AUTH',
      ],
    },
  })
  const pool = await startLocalCloud({ template, limits: noLimits })
  const send = createSender(pool)
  const otherTypes = ['ForbiddenException']
  await fuzz({ seed: seed + 1, requests: 5000, pool, otherTypes, send })
  const rssBefore = process.memoryUsage().rss
  const startedMs = performance.now()
  const report = await fuzz({ seed, requests: 50_000, firstWorld: 5000, pool, otherTypes, send })
  const { problems, statuses, p99Ms } = report
  const growth = (process.memoryUsage().rss - rssBefore) / oneMegabyte
  const seconds = Math.round((performance.now() - startedMs) / 1000)
  console.log(
    `50000 requests in ${seconds} s: ${JSON.stringify(statuses)}, ${problems.length} problems, ` +
      `p99 ${p99Ms.toFixed(1)} ms, RSS ${growth.toFixed(1)} MB more`,
  )

  expect(problems).toEqual([])
  expect(p99Ms).toBeLessThanOrEqual(200)
  expect(growth).toBeLessThanOrEqual(64)
})
