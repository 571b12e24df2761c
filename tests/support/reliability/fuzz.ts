/**
 * Requests of every operation with something wrong, one after another, and what no answer may be: a
 * failure of the pool, an error nobody knows, or the place where a secret comes out.
 */

import * as v from 'valibot'
import { cognitoErrorTypes } from '../../../src/local-cloud/user-pool/cognito-error.ts'
import { operations } from '../../../src/local-cloud/user-pool/operations/index.ts'
import {
  ClientId,
  confirmUser,
  latestCodeFor,
  registerUser,
  requestReset,
  startSessionOf,
  UserPoolId,
} from '../users.ts'
import { type CallablePool, contentType, expectSuccess, signature, targetPrefix } from '../wire.ts'
import { type JsonMembers, mutate } from './mutations.ts'
import { createSeededRandom, type SeededRandom } from './seeded-random.ts'

export interface FuzzRequest {
  /** name and value in turn, as they are to be sent */
  readonly headers: [string, string][]
  readonly body: string
}

export interface FuzzAnswer {
  readonly status: number
  readonly text: string
}

export interface FuzzPlan {
  readonly seed: number
  readonly requests: number
  readonly pool: CallablePool
  /** sets the users of this run apart from those of another in the same pool */
  readonly firstWorld?: number
  /** error types that whatever stands before the pool may answer with */
  readonly otherTypes?: readonly string[]
  send(request: FuzzRequest): Promise<FuzzAnswer>
}

export interface FuzzReport {
  /** how often each status was answered */
  readonly statuses: Readonly<Record<string, number>>
  readonly p99Ms: number
  /** each with the number of its request: the same seed gives it again */
  readonly problems: readonly string[]
}

/** requests after which new users take the place of those that were changed beyond use */
const requestsPerWorld = 200

export async function fuzz(plan: FuzzPlan): Promise<FuzzReport> {
  const { seed, requests, pool, firstWorld = 0, send } = plan
  const types = new Set<unknown>([...cognitoErrorTypes, ...(plan.otherTypes ?? [])])
  const random = createSeededRandom(seed)
  const statuses = new Map<string, number>()
  const durations: number[] = []
  const problems: string[] = []
  let world = await createWorld(pool, firstWorld)
  for (let index = 0; index < requests; index += 1) {
    if (index > 0 && index % requestsPerWorld === 0)
      world = await createWorld(pool, firstWorld + index)
    const operation = random.pick([...operations.keys()])
    const request = createRequest(operation, world, random)
    const startedMs = performance.now()
    const answer = await send(request)
    durations.push(performance.now() - startedMs)
    statuses.set(String(answer.status), (statuses.get(String(answer.status)) ?? 0) + 1)
    for (const problem of findProblems(answer, { pool, world, types })) {
      problems.push(
        `request ${index}, ${operation}: ${problem}; sent ${request.body.slice(0, 2000)}`,
      )
    }
  }
  durations.sort((one, other) => one - other)
  const p99Ms = durations[Math.floor(durations.length * 0.99)] ?? 0
  return { statuses: Object.fromEntries(statuses), p99Ms, problems }
}

/** Users in every state that a request may be about, and all that their clients hold. */
async function createWorld(pool: CallablePool, index: number) {
  const rider = { username: `rider-${index}@example.com`, password: 'Fuzz-Passw0rd!' }
  const newcomer = { username: `newcomer-${index}@example.com`, password: 'Fuzz-Passw0rd!' }
  const invited = `invited-${index}@example.com`
  await confirmUser(pool, rider)
  await registerUser(pool, newcomer)
  expectSuccess(
    await pool.call(
      'AdminCreateUser',
      {
        UserPoolId,
        Username: invited,
        TemporaryPassword: rider.password,
        UserAttributes: [{ Name: 'email', Value: invited }],
      },
      { signed: true },
    ),
  )
  const { AccessToken, RefreshToken } = await startSessionOf(pool, rider.username)
  const AuthParameters = { USERNAME: invited, PASSWORD: rider.password }
  const flow = { ClientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters }
  const { Session } = v.parse(
    v.object({ Session: v.string() }),
    (await pool.call('InitiateAuth', flow)).body,
  )
  const srp = { USERNAME: rider.username, SRP_A: 'a5'.repeat(384) }
  const begun = await pool.call('InitiateAuth', {
    ClientId,
    AuthFlow: 'USER_SRP_AUTH',
    AuthParameters: srp,
  })
  const { ChallengeParameters } = v.parse(
    v.object({ ChallengeParameters: v.object({ SECRET_BLOCK: v.string() }) }),
    begun.body,
  )
  return {
    ...rider,
    AccessToken,
    RefreshToken,
    Session,
    invited,
    newcomer: newcomer.username,
    signUpCode: latestCodeFor(pool, newcomer.username),
    resetCode: await requestReset(pool, rider.username),
    secretBlock: ChallengeParameters.SECRET_BLOCK,
    secrets: findSecrets(pool),
  }
}
type World = Awaited<ReturnType<typeof createWorld>>

/** What only the pool may know: its keys, and of every user what a password was made into. */
function findSecrets({ store }: CallablePool): readonly string[] {
  const keys = store.readSecret('signing-keys') ?? ''
  const privateParts = [...keys.matchAll(/"(?:d|p|q|dp|dq|qi)":"([^"]+)"/g)].map(
    ([, part = '']) => part,
  )
  const sealing = ['sealing-key', 'disguise-key'].map((name) => store.readSecret(name) ?? '')
  return [...privateParts, ...sealing].filter((secret) => secret !== '')
}

function createRequest(operation: string, world: World, random: SeededRandom): FuzzRequest {
  const body = createBody(operation, world, random)
  const target = random.chance(0.97) ? operation : random.pick(oddTargets)
  const name = (text: string) => (random.chance(0.1) ? text.toUpperCase() : text)
  const headers: [string, string][] = [
    [name('Content-Type'), random.chance(0.97) ? contentType : random.pick(oddContentTypes)],
    [name('X-Amz-Target'), `${targetPrefix}${target}`],
    ...(random.chance(0.9) ? [[name('Authorization'), signature] satisfies [string, string]] : []),
  ]
  if (random.chance(0.02)) headers.push(['x-amz-target', `${targetPrefix}SignUp`])
  if (random.chance(0.02)) headers.push(['content-type', 'text/plain'])
  return { headers, body: random.chance(0.05) ? JSON.stringify(body) : mutate(body, random) }
}

const oddTargets = [
  'constructor',
  '__proto__',
  'toString',
  'signUp',
  'SignUp ',
  '',
  'x'.repeat(200),
]
const oddContentTypes = ['application/json', 'text/plain', 'application/x-amz-json-1.0', '']

/** A request its operation could take, as far as one body can serve them all. */
function createBody(operation: string, world: World, random: SeededRandom): JsonMembers {
  const Username =
    operation.includes('SignUp') || operation === 'ResendConfirmationCode'
      ? world.newcomer
      : random.pick([world.username, world.username, world.newcomer, world.invited, 'nobody'])
  const UserAttributes = [
    { Name: 'email', Value: `other-${random.below(1000)}@example.com` },
    { Name: 'name', Value: 'Rider' },
  ]
  const common = { ClientId, UserPoolId, Username, AccessToken: world.AccessToken }
  switch (operation) {
    case 'SignUp':
      return {
        ClientId,
        Username: `new-${random.below(1e9)}`,
        Password: world.password,
        UserAttributes,
      }
    case 'ConfirmSignUp':
      return { ClientId, Username, ConfirmationCode: world.signUpCode }
    case 'ConfirmForgotPassword': {
      const ConfirmationCode = world.resetCode
      return { ClientId, Username: world.username, ConfirmationCode, Password: world.password }
    }
    case 'InitiateAuth':
    case 'AdminInitiateAuth':
      return {
        ...common,
        AuthFlow: random.pick([
          ...['USER_SRP_AUTH', 'USER_SRP_AUTH', 'USER_PASSWORD_AUTH', 'ADMIN_USER_PASSWORD_AUTH'],
          ...['REFRESH_TOKEN_AUTH', 'CUSTOM_AUTH', 'USER_AUTH'],
        ]),
        AuthParameters: {
          USERNAME: Username,
          PASSWORD: random.pick([world.password, 'Wrong-pw1']),
          SRP_A: 'a5'.repeat(384),
          REFRESH_TOKEN: world.RefreshToken,
        },
      }
    case 'RespondToAuthChallenge':
    case 'AdminRespondToAuthChallenge':
      return {
        ...common,
        ChallengeName: random.pick([
          ...['PASSWORD_VERIFIER', 'NEW_PASSWORD_REQUIRED', 'NEW_PASSWORD_REQUIRED'],
          ...['SOFTWARE_TOKEN_MFA', 'MFA_SETUP', 'SMS_MFA'],
        ]),
        Session: world.Session,
        ChallengeResponses: {
          USERNAME: random.pick([world.invited, Username]),
          NEW_PASSWORD: 'Another-Passw0rd!',
          SOFTWARE_TOKEN_MFA_CODE: '123456',
          PASSWORD_CLAIM_SECRET_BLOCK: world.secretBlock,
          PASSWORD_CLAIM_SIGNATURE: 'A'.repeat(43),
          TIMESTAMP: 'Tue Nov 24 11:00:00 UTC 2026',
        },
      }
    case 'AssociateSoftwareToken':
    case 'VerifySoftwareToken': {
      const step = random.chance(0.5)
        ? { AccessToken: world.AccessToken }
        : { Session: world.Session }
      return { ...step, UserCode: '123456', FriendlyDeviceName: 'phone' }
    }
    case 'ListUsers':
      return {
        UserPoolId,
        Limit: 5,
        Filter: random.pick(['username ^= "rider"', 'email = "a@b.c"', 'status = "Enabled"']),
        AttributesToGet: ['email'],
      }
    default:
      return {
        ...common,
        Password: world.password,
        Permanent: true,
        PreviousPassword: world.password,
        ProposedPassword: world.password,
        RefreshToken: world.RefreshToken,
        Token: world.RefreshToken,
        UserAttributes,
        UserAttributeNames: ['name'],
        AttributeName: 'email',
        Code: world.signUpCode,
        SoftwareTokenMfaSettings: { Enabled: true, PreferredMfa: true },
        MaxResults: 10,
      }
  }
}

const refusal = v.pipe(
  v.string(),
  v.parseJson(),
  v.strictObject({ __type: v.string(), message: v.string() }),
)
const challenge = v.fallback(
  v.pipe(
    v.string(),
    v.parseJson(),
    v.object({ ChallengeParameters: v.object({ USERNAME: v.string(), SALT: v.string() }) }),
  ),
  { ChallengeParameters: { USERNAME: '', SALT: '' } },
)
const insides = /\bat .*:\d+:\d+|node_modules|\/src\/|\/tmp\/|SqliteError|ValiError/

function findProblems(
  { status, text }: FuzzAnswer,
  { pool, world, types }: { pool: CallablePool; world: World; types: ReadonlySet<unknown> },
): readonly string[] {
  const problems: string[] = []
  if (status >= 500) problems.push(`answered ${status} ${text}`)
  if (status !== 200) {
    const parsed = v.safeParse(refusal, text)
    if (!parsed.success) problems.push(`an error that cannot be read: ${status} ${text}`)
    else if (!types.has(parsed.output.__type)) problems.push(`an unknown error: ${text}`)
    if (insides.test(text)) problems.push(`an error that tells of our insides: ${text}`)
  }
  const { USERNAME, SALT } = v.parse(challenge, text).ChallengeParameters
  const people = [world.username, world.newcomer, world.invited].map((one) =>
    pool.store.findUser(one),
  )
  for (const user of people) {
    if (!user) continue
    if (text.includes(user.verifierHex)) problems.push(`the verifier of ${user.username}`)
    const isAsked = USERNAME === user.username && SALT === user.saltHex
    if (text.includes(user.saltHex) && !isAsked) problems.push(`the salt of ${user.username}`)
  }
  for (const secret of world.secrets) {
    if (text.includes(secret)) problems.push('a key of the pool')
  }
  for (const code of [world.signUpCode, world.resetCode]) {
    if (new RegExp(`(?<![\\w+/=.-])${code}(?![\\w+/=.-])`).test(text)) problems.push('a code')
  }
  if (text.includes(world.password)) problems.push('a password')
  return problems
}
