/** The local pool as its own process, and how the bench calls it. */

import { spawn } from 'node:child_process'
import { Agent, request } from 'node:http'
import * as v from 'valibot'
import { createSrpClient } from './srp-client.ts'

export const userPoolId = 'us-east-1_WildRydes'
export const ClientId = 'wildrydeswebapplocal000000'
export const password = 'Unicorn-1234'
export const namespace = 'WildRydes'

export interface PoolServer {
  readonly origin: string
  /** milliseconds from spawning to the first answer */
  readonly startMs: number
  /** @returns the answer and how long it took, in milliseconds; errors count as answers */
  call(operation: string, body: object): Promise<{ status: number; body: unknown; ms: number }>
  readonly pid: number
  stop(): Promise<void>
}

/** @param template path of another than the site's */
export async function startPoolServer(folder: string, template?: string): Promise<PoolServer> {
  const startedMs = performance.now()
  const child = spawn(
    process.execPath,
    [
      ...['--import', '@oxc-node/core/register', 'src/local-cloud/main.ts'],
      ...['--port', '0', '--data', folder],
      ...(template === undefined ? [] : ['--template', template]),
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  let output = ''
  const origin = await new Promise<string>((resolve, reject) => {
    child.once('exit', () => reject(new Error('the pool did not start')))
    child.stdout.on('data', (chunk) => {
      output = (output + String(chunk)).slice(-2000)
      const [, found] = /Console {2}(http:\/\/localhost:\d+)/.exec(output) ?? []
      if (found) resolve(found)
    })
  })
  const agent = new Agent({ keepAlive: true })
  const call: PoolServer['call'] = (operation, body) =>
    new Promise((resolve, reject) => {
      const beganMs = performance.now()
      const outgoing = request(
        origin,
        {
          agent,
          method: 'POST',
          headers: {
            'Content-Type': 'application/x-amz-json-1.1',
            'X-Amz-Target': `AWSCognitoIdentityProviderService.${operation}`,
            Authorization: 'AWS4-HMAC-SHA256 Credential=bench',
          },
        },
        async (incoming) => {
          const chunks: Buffer[] = []
          for await (const chunk of incoming) chunks.push(chunk)
          const ms = performance.now() - beganMs
          const text = Buffer.concat(chunks).toString()
          resolve({ status: incoming.statusCode ?? 0, body: JSON.parse(text), ms })
        },
      )
      outgoing.on('error', reject)
      outgoing.end(JSON.stringify(body))
    })
  await call('ListUserPools', { MaxResults: 1 })
  return {
    origin,
    startMs: performance.now() - startedMs,
    call,
    pid: child.pid ?? 0,
    stop: () =>
      new Promise((resolve) => {
        agent.destroy()
        child.removeAllListeners('exit')
        child.once('exit', () => resolve())
        child.kill('SIGTERM')
      }),
  }
}

const challenge = v.object({
  ChallengeParameters: v.object({
    SALT: v.string(),
    SRP_B: v.string(),
    SECRET_BLOCK: v.string(),
    USER_ID_FOR_SRP: v.string(),
  }),
})

/** @returns the status at the end, and how long the two calls took without the client's own half */
export async function signInBySrp(
  { call }: PoolServer,
  user: { username: string; password: string },
): Promise<{ status: number; ms: number }> {
  const client = createSrpClient(namespace)
  const first = await call('InitiateAuth', {
    ClientId,
    AuthFlow: 'USER_SRP_AUTH',
    AuthParameters: { USERNAME: user.username, SRP_A: client.srpA },
  })
  const second = await call('RespondToAuthChallenge', {
    ClientId,
    ChallengeName: 'PASSWORD_VERIFIER',
    ChallengeResponses: client.answer(
      v.parse(challenge, first.body).ChallengeParameters,
      user.password,
    ),
  })
  return { status: second.status, ms: first.ms + second.ms }
}

export async function signUp({ call }: PoolServer, email: string): Promise<number> {
  const { status, body, ms } = await call('SignUp', {
    ClientId,
    Username: email,
    Password: password,
    UserAttributes: [{ Name: 'email', Value: email }],
  })
  if (status !== 200) throw new Error(`SignUp: ${JSON.stringify(body)}`)
  return ms
}

/** Runs `act` until it was done `times` times, by so many clients at once; times in milliseconds. */
export async function runInParallel(
  { clients, times }: { clients: number; times: number },
  act: (index: number) => Promise<number>,
): Promise<{ durations: readonly number[]; perSecond: number }> {
  const durations: number[] = []
  let next = 0
  const startedMs = performance.now()
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (next < times) {
        next += 1
        durations.push(await act(next))
      }
    }),
  )
  return { durations, perSecond: (times / (performance.now() - startedMs)) * 1000 }
}
