/** The local pool alone under load, as its own process, called by clients of this one. */

import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as v from 'valibot'
import { createSrpClient } from './srp-client.ts'

const ClientId = 'wildrydeswebapplocal000000'
const namespace = 'WildRydes'
const password = 'Unicorn-1234'

const challenge = v.object({
  ChallengeParameters: v.object({
    SALT: v.string(),
    SRP_B: v.string(),
    SECRET_BLOCK: v.string(),
    USER_ID_FOR_SRP: v.string(),
  }),
})

type Call = (operation: string, body: object) => Promise<unknown>

export async function measurePool(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'wild-rydes-'))
  const startedMs = performance.now()
  const { port, stop } = await startPool(folder)
  const startMs = performance.now() - startedMs
  const call = createCall(port)
  try {
    await signUp(call, 'one')
    await inParallel({ clients: 1, times: 20 }, () => signIn(call, 'one'))
    const alone = await inParallel({ clients: 1, times: 200 }, () => signIn(call, 'one'))
    const together = await inParallel({ clients: 10, times: 1000 }, () => signIn(call, 'one'))
    let users = 0
    const signUps = await inParallel({ clients: 10, times: 2000 }, () => {
      users += 1
      return signUp(call, `user${users}`)
    })
    process.stdout.write(
      [
        'Local pool, its own process beside the clients on the same cores:',
        `  start to first answer, new data folder: ${startMs.toFixed(0)} ms`,
        `  SRP sign-in, one client: p50 ${alone.p50} ms, p95 ${alone.p95} ms (both calls and the client's own half)`,
        `  SRP sign-in, ten clients: ${together.perSecond} a second, p95 ${together.p95} ms`,
        `  sign-up, ten clients: ${signUps.perSecond} a second, p95 ${signUps.p95} ms`,
        '',
      ].join('\n'),
    )
  } finally {
    await stop()
    rmSync(folder, { recursive: true })
  }
}

async function signUp(call: Call, name: string): Promise<void> {
  await call('SignUp', { ClientId, Username: name, Password: password })
  if (name === 'one') {
    await call('AdminConfirmSignUp', { UserPoolId: `us-east-1_${namespace}`, Username: name })
  }
}

async function signIn(call: Call, name: string): Promise<void> {
  const client = createSrpClient(namespace)
  const answer = await call('InitiateAuth', {
    ClientId,
    AuthFlow: 'USER_SRP_AUTH',
    AuthParameters: { USERNAME: name, SRP_A: client.srpA },
  })
  await call('RespondToAuthChallenge', {
    ClientId,
    ChallengeName: 'PASSWORD_VERIFIER',
    ChallengeResponses: client.answer(v.parse(challenge, answer).ChallengeParameters, password),
  })
}

/** Runs `act` until it was done `times` times, by so many clients at once; times in milliseconds. */
async function inParallel(
  { clients, times }: { clients: number; times: number },
  act: () => Promise<void>,
): Promise<{ p50: string; p95: string; perSecond: string }> {
  const durations: number[] = []
  let left = times
  const startedMs = performance.now()
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (left > 0) {
        left -= 1
        const beganMs = performance.now()
        await act()
        durations.push(performance.now() - beganMs)
      }
    }),
  )
  const seconds = (performance.now() - startedMs) / 1000
  durations.sort((one, other) => one - other)
  const quantile = (share: number) =>
    (durations[Math.floor(durations.length * share)] ?? 0).toFixed(1)
  return { p50: quantile(0.5), p95: quantile(0.95), perSecond: (times / seconds).toFixed(0) }
}

function createCall(port: number): Call {
  const agent = new Agent({ keepAlive: true })
  return (operation, body) =>
    new Promise((resolve, reject) => {
      const outgoing = request(
        {
          agent,
          port,
          host: 'localhost',
          method: 'POST',
          path: '/',
          headers: {
            'Content-Type': 'application/x-amz-json-1.1',
            'X-Amz-Target': `AWSCognitoIdentityProviderService.${operation}`,
            Authorization: 'AWS4-HMAC-SHA256 Credential=bench',
          },
        },
        async (incoming) => {
          const chunks: Buffer[] = []
          for await (const chunk of incoming) chunks.push(chunk)
          const text = Buffer.concat(chunks).toString()
          if (incoming.statusCode === 200) resolve(JSON.parse(text))
          else reject(new Error(`${operation}: ${text}`))
        },
      )
      outgoing.on('error', reject)
      outgoing.end(JSON.stringify(body))
    })
}

async function startPool(folder: string): Promise<{ port: number; stop: () => Promise<void> }> {
  const child = spawn(
    process.execPath,
    [
      '--import',
      '@oxc-node/core/register',
      'src/local-cloud/main.ts',
      '--port',
      '0',
      '--data',
      folder,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  let output = ''
  const port = await new Promise<number>((resolve, reject) => {
    child.once('exit', () => reject(new Error('the pool did not start')))
    child.stdout.on('data', (chunk) => {
      output = (output + String(chunk)).slice(-2000)
      const [, found] = /Console {2}http:\/\/localhost:(\d+)/.exec(output) ?? []
      if (found) resolve(Number(found))
    })
  })
  return {
    port,
    stop: () =>
      new Promise((resolve) => {
        child.removeAllListeners('exit')
        child.once('exit', () => resolve())
        child.kill('SIGTERM')
      }),
  }
}
