/**
 * Malformed requests of every operation, and checks that no response is an internal error, has an unknown
 * error type or reveals a secret.
 */

import * as v from 'valibot'
import { cognitoErrorTypes } from '../../../src/local-cloud/user-pool/cognito-error.ts'
import { operations } from '../../../src/local-cloud/user-pool/operations/index.ts'
import {
  type CallablePool,
  contentType,
  expectSuccess,
  signature,
  targetPrefix,
} from '../cognito-api.ts'
import { addPasskey, startRegistration } from '../passkeys.ts'
import { createPasskey, usePasskey } from '../software-authenticator.ts'
import {
  ClientId,
  createConfirmedUser,
  latestCodeFor,
  requestPasswordReset,
  signUpUser,
  startSessionFor,
  UserPoolId,
} from '../users.ts'
import { type JsonMembers, mutate } from './mutations.ts'
import { createSeededRandom, type SeededRandom } from './seeded-random.ts'

export interface FuzzRequest {
  /** name and value in turn, as they are to be sent */
  readonly headers: [string, string][]
  readonly body: string
}

export interface FuzzResponse {
  readonly status: number
  readonly text: string
}

export interface FuzzPlan {
  readonly seed: number
  readonly requests: number
  readonly pool: CallablePool
  /** sets the users of this run apart from those of another in the same pool */
  readonly firstUserNumber?: number
  /** error types of the request guard in front of the pool */
  readonly otherTypes?: readonly string[]
  send(request: FuzzRequest): Promise<FuzzResponse>
}

export interface FuzzReport {
  /** how often each status was answered */
  readonly statuses: Readonly<Record<string, number>>
  readonly p99Ms: number
  /** each with the number of its request, which the same seed repeats */
  readonly problems: readonly string[]
}

/** requests after which new users replace those that were changed beyond use */
const requestsBeforeNewUsers = 200

export async function fuzz(plan: FuzzPlan): Promise<FuzzReport> {
  const { seed, requests, pool, firstUserNumber = 0, send } = plan
  const types = new Set<unknown>([...cognitoErrorTypes, ...(plan.otherTypes ?? [])])
  const random = createSeededRandom(seed)
  const statuses = new Map<string, number>()
  const durations: number[] = []
  const problems: string[] = []
  let users = await createUsers(pool, firstUserNumber)
  for (let index = 0; index < requests; index += 1) {
    if (index > 0 && index % requestsBeforeNewUsers === 0)
      users = await createUsers(pool, firstUserNumber + index)
    const operation = random.pick([...operations.keys()])
    const request = createRequest(operation, users, random)
    const startedMs = performance.now()
    const response = await send(request)
    durations.push(performance.now() - startedMs)
    statuses.set(String(response.status), (statuses.get(String(response.status)) ?? 0) + 1)
    for (const problem of findProblems(response, { pool, users, types })) {
      problems.push(
        `request ${index}, ${operation}: ${problem}; sent ${request.body.slice(0, 2000)}`,
      )
    }
  }
  durations.sort((one, other) => one - other)
  const p99Ms = durations[Math.floor(durations.length * 0.99)] ?? 0
  return { statuses: Object.fromEntries(statuses), p99Ms, problems }
}

/** Users in every state, and what their clients hold. */
async function createUsers(pool: CallablePool, index: number) {
  const rider = { username: `rider-${index}@example.com`, password: 'Fuzz-Passw0rd!' }
  const newcomer = { username: `newcomer-${index}@example.com`, password: 'Fuzz-Passw0rd!' }
  const invited = `invited-${index}@example.com`
  await createConfirmedUser(pool, rider)
  await signUpUser(pool, newcomer)
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
  const { AccessToken, RefreshToken } = await startSessionFor(pool, rider.username)
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
  const made = await pool.call(
    'CreateUserPoolClient',
    { UserPoolId, ClientName: 'spare' },
    { signed: true },
  )
  const { UserPoolClient } = v.parse(
    v.object({ UserPoolClient: v.object({ ClientId: v.string() }) }),
    made.body,
  )
  return {
    ...rider,
    spareClientId: UserPoolClient.ClientId,
    AccessToken,
    RefreshToken,
    Session,
    ...(await createPasskeys(pool, rider.username, AccessToken)),
    userAuthSessions: await createUserAuthSessions(pool, rider.username),
    emailCode: latestCodeFor(pool, rider.username),
    invited,
    newcomer: newcomer.username,
    signUpCode: latestCodeFor(pool, newcomer.username),
    resetCode: await requestPasswordReset(pool, rider.username),
    secretBlock: ChallengeParameters.SECRET_BLOCK,
    secrets: findSecrets(pool),
  }
}

/** A passkey, one that waits to be added, and what a sign-in with it is answered with. */
async function createPasskeys(pool: CallablePool, USERNAME: string, AccessToken: string) {
  if (!pool.settings.firstAuthFactors.has('WEB_AUTHN')) {
    return { registration: {}, credential: '{}', passkeySession: 'A'.repeat(100) }
  }
  const passkey = await addPasskey(pool, AccessToken)
  const { response } = createPasskey(await startRegistration(pool, AccessToken))
  const asked = await pool.call('InitiateAuth', {
    ClientId,
    AuthFlow: 'USER_AUTH',
    AuthParameters: { USERNAME, PREFERRED_CHALLENGE: 'WEB_AUTHN' },
  })
  const { Session, ChallengeParameters } = v.parse(
    v.object({
      Session: v.string(),
      ChallengeParameters: v.object({ CREDENTIAL_REQUEST_OPTIONS: v.string() }),
    }),
    asked.body,
  )
  const signed = usePasskey(passkey, ChallengeParameters.CREDENTIAL_REQUEST_OPTIONS)
  return {
    registration: response,
    credential: JSON.stringify(signed),
    passkeySession: Session,
  }
}

/** Sessions of choice-based sign-in: SELECT_CHALLENGE, EMAIL_OTP, and the one of a sign-up. */
async function createUserAuthSessions(
  pool: CallablePool,
  USERNAME: string,
): Promise<readonly string[]> {
  const begin = (parameters: object) =>
    pool.call('InitiateAuth', {
      ClientId,
      AuthFlow: 'USER_AUTH',
      AuthParameters: { USERNAME, ...parameters },
    })
  const fresh = { username: `fresh-${USERNAME}`, password: 'Fuzz-Passw0rd!' }
  const bodies = [
    (await begin({})).body,
    (await begin({ PREFERRED_CHALLENGE: 'EMAIL_OTP' })).body,
    await signUpUser(pool, fresh),
  ]
  return bodies.map((body) => v.parse(v.object({ Session: v.string() }), body).Session)
}

type Users = Awaited<ReturnType<typeof createUsers>>

/** The keys of the pool. */
function findSecrets({ store }: CallablePool): readonly string[] {
  const keys = store.readSecret('signing-keys') ?? ''
  const privateParts = [...keys.matchAll(/"(?:d|p|q|dp|dq|qi)":"([^"]+)"/g)].map(
    ([, part = '']) => part,
  )
  const sealing = ['sealing-key', 'disguise-key'].map((name) => store.readSecret(name) ?? '')
  return [...privateParts, ...sealing].filter((secret) => secret !== '')
}

function createRequest(operation: string, users: Users, random: SeededRandom): FuzzRequest {
  const body = createBody(operation, users, random)
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

/** A body that the operation could accept. */
function createBody(operation: string, users: Users, random: SeededRandom): JsonMembers {
  const Username =
    operation.includes('SignUp') || operation === 'ResendConfirmationCode'
      ? users.newcomer
      : random.pick([users.username, users.username, users.newcomer, users.invited, 'nobody'])
  const UserAttributes = [
    { Name: 'email', Value: `other-${random.below(1000)}@example.com` },
    { Name: 'name', Value: 'Rider' },
  ]
  const common = { ClientId, UserPoolId, Username, AccessToken: users.AccessToken }
  switch (operation) {
    case 'SignUp':
      return {
        ClientId,
        Username: `new-${random.below(1e9)}`,
        Password: users.password,
        UserAttributes,
      }
    case 'ConfirmSignUp':
      return {
        ClientId,
        Username,
        ConfirmationCode: users.signUpCode,
        ...(random.chance(0.5) && { Session: random.pick(users.userAuthSessions) }),
      }
    case 'ConfirmForgotPassword': {
      const ConfirmationCode = users.resetCode
      return { ClientId, Username: users.username, ConfirmationCode, Password: users.password }
    }
    case 'InitiateAuth':
    case 'AdminInitiateAuth':
      return {
        ...common,
        AuthFlow: random.pick([
          ...['USER_SRP_AUTH', 'USER_SRP_AUTH', 'USER_PASSWORD_AUTH', 'ADMIN_USER_PASSWORD_AUTH'],
          ...['REFRESH_TOKEN_AUTH', 'CUSTOM_AUTH', 'USER_AUTH', 'USER_AUTH', 'USER_AUTH'],
        ]),
        ...(random.chance(0.2) && { Session: random.pick(users.userAuthSessions) }),
        AuthParameters: {
          USERNAME: Username,
          PREFERRED_CHALLENGE: random.pick(firstFactors),
          PASSWORD: random.pick([users.password, 'Wrong-pw1']),
          SRP_A: 'a5'.repeat(384),
          REFRESH_TOKEN: users.RefreshToken,
        },
      }
    case 'RespondToAuthChallenge':
    case 'AdminRespondToAuthChallenge':
      return {
        ...common,
        ChallengeName: random.pick([
          ...['PASSWORD_VERIFIER', 'NEW_PASSWORD_REQUIRED', 'NEW_PASSWORD_REQUIRED'],
          ...['SOFTWARE_TOKEN_MFA', 'MFA_SETUP', 'SMS_MFA', 'SELECT_MFA_TYPE'],
          ...['SELECT_CHALLENGE', 'SELECT_CHALLENGE', 'EMAIL_OTP', 'EMAIL_OTP'],
          ...['PASSWORD', 'PASSWORD_SRP', 'WEB_AUTHN', 'WEB_AUTHN'],
        ]),
        Session: random.pick([
          ...[users.Session, users.Session, users.passkeySession, users.passkeySession],
          ...users.userAuthSessions,
        ]),
        ChallengeResponses: {
          USERNAME: random.pick([users.invited, Username]),
          ANSWER: random.pick(firstFactors),
          PASSWORD: random.pick([users.password, 'Wrong-pw1']),
          SRP_A: 'a5'.repeat(384),
          CREDENTIAL: users.credential,
          EMAIL_OTP_CODE: random.pick([users.emailCode, '12345678']),
          NEW_PASSWORD: 'Another-Passw0rd!',
          SOFTWARE_TOKEN_MFA_CODE: '123456',
          PASSWORD_CLAIM_SECRET_BLOCK: users.secretBlock,
          PASSWORD_CLAIM_SIGNATURE: 'A'.repeat(43),
          TIMESTAMP: 'Tue Nov 24 11:00:00 UTC 2026',
        },
      }
    case 'AssociateSoftwareToken':
    case 'VerifySoftwareToken': {
      const step = random.chance(0.5)
        ? { AccessToken: users.AccessToken }
        : { Session: users.Session }
      return { ...step, UserCode: '123456', FriendlyDeviceName: 'phone' }
    }
    case 'CreateUserPoolClient':
    case 'UpdateUserPoolClient':
    case 'DeleteUserPoolClient':
      return {
        UserPoolId,
        // Not the one that the other requests come from.
        ClientId: users.spareClientId,
        ClientName: 'spare',
        GenerateSecret: random.chance(0.5),
        AccessTokenValidity: random.pick([1, 24, 25]),
        TokenValidityUnits: { AccessToken: random.pick(['hours', 'minutes']) },
        ReadAttributes: random.pick([['email'], ['custom:wings']]),
        WriteAttributes: ['email', 'name'],
        ExplicitAuthFlows: random.pick([['ALLOW_USER_AUTH'], ['USER_PASSWORD_AUTH']]),
        CallbackURLs: ['https://example.com'],
        RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 10 },
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
        Password: users.password,
        Permanent: true,
        PreviousPassword: users.password,
        ProposedPassword: users.password,
        RefreshToken: users.RefreshToken,
        Token: users.RefreshToken,
        UserAttributes,
        UserAttributeNames: ['name'],
        AttributeName: 'email',
        Code: users.signUpCode,
        SoftwareTokenMfaSettings: { Enabled: true, PreferredMfa: true },
        EmailMfaSettings: { Enabled: random.chance(0.5), PreferredMfa: false },
        WebAuthnMfaSettings: { Enabled: random.chance(0.5) },
        Credential: users.registration,
        CredentialId: 'AAAA',
        MaxResults: 10,
        GroupName: random.pick(['riders', 'riders', 'drivers']),
        Description: 'All riders',
        Precedence: random.below(3),
        RoleArn: 'arn:aws:iam::123456789012:role/rider',
        Limit: 5,
        CustomAttributes: [{ Name: `a${random.below(1e6)}`, AttributeDataType: 'Number' }],
        // The pool's own setting, so that the other users' sign-ins go on as they were.
        MfaConfiguration: 'OPTIONAL',
      }
  }
}

const firstFactors = ['PASSWORD', 'PASSWORD_SRP', 'EMAIL_OTP', 'WEB_AUTHN', 'RIDDLE']

const expectedError = v.pipe(
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
  { status, text }: FuzzResponse,
  { pool, users, types }: { pool: CallablePool; users: Users; types: ReadonlySet<unknown> },
): readonly string[] {
  const problems: string[] = []
  if (status >= 500) problems.push(`answered ${status} ${text}`)
  if (status !== 200) {
    const parsed = v.safeParse(expectedError, text)
    if (!parsed.success) problems.push(`an error that cannot be read: ${status} ${text}`)
    else if (!types.has(parsed.output.__type)) problems.push(`an unknown error: ${text}`)
    if (insides.test(text)) problems.push(`an error that tells of our insides: ${text}`)
  }
  const { USERNAME, SALT } = v.parse(challenge, text).ChallengeParameters
  const people = [users.username, users.newcomer, users.invited].map((one) =>
    pool.store.findUser(one),
  )
  for (const user of people) {
    if (!user) continue
    if (text.includes(user.verifierHex)) problems.push(`the verifier of ${user.username}`)
    const isAsked = USERNAME === user.username && SALT === user.saltHex
    if (text.includes(user.saltHex) && !isAsked) problems.push(`the salt of ${user.username}`)
  }
  for (const secret of users.secrets) {
    if (text.includes(secret)) problems.push('a key of the pool')
  }
  for (const code of [users.signUpCode, users.resetCode, users.emailCode]) {
    if (new RegExp(`(?<![\\w+/=.-])${code}(?![\\w+/=.-])`).test(text)) problems.push('a code')
  }
  if (text.includes(users.password)) problems.push('a password')
  return problems
}
