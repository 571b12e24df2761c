/** Client secret: SECRET_HASH in every call that names a user, a sign-in or a token. */

import { createHmac } from 'node:crypto'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import {
  explicitAuthFlows,
  type UserPoolSettings,
} from '../../../src/local-cloud/user-pool/settings.ts'
import {
  type ApiResponse,
  expectError,
  expectSuccess,
  type JsonObject,
} from '../../support/cognito-api.ts'
import { callWithIam } from '../../support/iam-caller.ts'
import { requireChallenge, type SendSignInStep, signInBySrp } from '../../support/sign-in.ts'
import { createTestPool, type TestPool } from '../../support/test-pool.ts'
import {
  ClientId,
  latestCodeFor,
  requireStoredUser,
  requireTokens,
  rider,
  startSessionFor,
} from '../../support/users.ts'

const Username = rider.username
const UserAttributes = [{ Name: 'email', Value: Username }]

const refusal = (message: string) => ({ type: 'NotAuthorizedException', message }) as const
const notReceived = refusal(
  `Client ${ClientId} is configured for secret but secret was not received`,
)
const hashNotReceived = refusal(
  `Client ${ClientId} is configured with secret but SECRET_HASH was not received`,
)
const unverified = refusal(`Unable to verify secret hash for client ${ClientId}`)
const noMatch = refusal(`SecretHash does not match for the client: ${ClientId}`)

const described = v.object({ UserPoolClient: v.object({ ClientSecret: v.string() }) })

/** The secret that DescribeUserPoolClient returns to an IAM caller. */
async function readSecret(pool: TestPool): Promise<string> {
  const { body } = await callWithIam(pool, 'DescribeUserPoolClient', { ClientId })
  return v.parse(described, body).UserPoolClient.ClientSecret
}

/** base64(HMAC-SHA256(client secret, user name + client id)), as AWS documents it. */
async function hashFor(pool: TestPool, username: string = Username): Promise<string> {
  const hmac = createHmac('sha256', await readSecret(pool))
  return hmac.update(username + ClientId).digest('base64')
}

function createSecretPool(overrides: Partial<UserPoolSettings> = {}): Promise<TestPool> {
  return createTestPool({
    clientHasSecret: true,
    explicitAuthFlows: new Set(explicitAuthFlows),
    ...overrides,
  })
}

/** A pool with a confirmed user. */
async function createPoolWithRider(overrides: Partial<UserPoolSettings> = {}): Promise<TestPool> {
  const pool = await createSecretPool(overrides)
  expectSuccess(await callWithIam(pool, 'AdminCreateUser', { Username, UserAttributes }))
  const vouched = [{ Name: 'email_verified', Value: 'true' }]
  await callWithIam(pool, 'AdminUpdateUserAttributes', { Username, UserAttributes: vouched })
  const password = { Password: rider.password, Permanent: true }
  expectSuccess(await callWithIam(pool, 'AdminSetUserPassword', { Username, ...password }))
  return pool
}

test('client secret: it has 24 to 64 characters, differs for each pool and is absent for a public client', async () => {
  const [first, second] = [await createSecretPool(), await createSecretPool()]

  expect(await readSecret(first)).toMatch(/^[\w+]{24,64}$/)
  expect(await readSecret(first)).not.toBe(await readSecret(second))
  await expect(readSecret(await createTestPool())).rejects.toThrow('ClientSecret')
})

describe.each<[string, JsonObject]>([
  ['SignUp', { Password: rider.password, UserAttributes }],
  ['ConfirmSignUp', { ConfirmationCode: '123456' }],
  ['ResendConfirmationCode', {}],
  ['ForgotPassword', {}],
  ['ConfirmForgotPassword', { ConfirmationCode: '123456', Password: rider.password }],
])('SECRET_HASH: %s', (operation, members) => {
  test('a call with no SecretHash or a wrong one is rejected', async () => {
    const pool = await createSecretPool()
    const call = (SecretHash?: string) =>
      pool.call(operation, { ClientId, Username, SecretHash, ...members })

    expectError(await call(), notReceived)
    expectError(await call('AAAA'), unverified)
    expectError(await call(await hashFor(pool, 'other@example.com')), unverified)
    expect(pool.sentEmails).toEqual([])
  })

  test('a call with the correct SecretHash is accepted', async () => {
    const pool = await createSecretPool()
    const SecretHash = await hashFor(pool)
    const { body } = await pool.call(operation, { ClientId, Username, SecretHash, ...members })

    expect(body.__type).not.toBe('NotAuthorizedException')
  })
})

test('SECRET_HASH: sign-up, confirmation and password reset work with correct hashes', async () => {
  const pool = await createSecretPool()
  const SecretHash = await hashFor(pool)
  const call = async (operation: string, members: JsonObject) =>
    expectSuccess(await pool.call(operation, { ClientId, Username, SecretHash, ...members }))

  await call('SignUp', { Password: rider.password, UserAttributes })
  await call('ResendConfirmationCode', {})
  await call('ConfirmSignUp', { ConfirmationCode: latestCodeFor(pool, Username) })
  await call('ForgotPassword', {})
  await call('ConfirmForgotPassword', {
    ConfirmationCode: latestCodeFor(pool, Username),
    Password: 'N3w-Passw0rd!',
  })
})

const parametersOfStep = v.looseObject({ USERNAME: v.string() })

const callers: readonly [string, string, (pool: TestPool) => SendSignInStep][] = [
  [
    'InitiateAuth and RespondToAuthChallenge',
    'USER_PASSWORD_AUTH',
    (pool) => (step, body) => pool.call(step, body),
  ],
  [
    'AdminInitiateAuth and AdminRespondToAuthChallenge',
    'ADMIN_USER_PASSWORD_AUTH',
    (pool) => (step, body) => callWithIam(pool, `Admin${step}`, body),
  ],
]

describe.each(callers)('SECRET_HASH: %s', (_, passwordFlow, toSend) => {
  /** Signs in by SRP with what `toHash` gives for the user name of each step. */
  async function signInWith(
    pool: TestPool,
    toHash: (username: string, step: string) => Promise<string | undefined>,
  ): Promise<ApiResponse> {
    return signInBySrp(pool, rider, async (step, body) => {
      const name = step === 'InitiateAuth' ? 'AuthParameters' : 'ChallengeResponses'
      const parameters = v.parse(parametersOfStep, body[name])
      const SECRET_HASH = await toHash(parameters.USERNAME, step)
      return toSend(pool)(step, { ...body, [name]: { ...parameters, SECRET_HASH } })
    })
  }

  test.each(['username', 'email'] as const)(
    'each step is hashed with the user name that the step sends, in a pool of usernameModel %s',
    async (usernameModel) => {
      const pool = await createPoolWithRider({ usernameModel })

      requireTokens(await signInWith(pool, (username) => hashFor(pool, username)))
    },
  )

  test.each(['InitiateAuth', 'RespondToAuthChallenge'])(
    'a missing or wrong SECRET_HASH is rejected at %s',
    async (wrongStep) => {
      const pool = await createPoolWithRider()
      const except = (hash: string | undefined) => async (username: string, step: string) =>
        step === wrongStep ? hash : hashFor(pool, username)

      expectError(await signInWith(pool, except(undefined)), hashNotReceived)
      expectError(await signInWith(pool, except('AAAA')), unverified)
      expectError(
        await signInWith(pool, except(await hashFor(pool, 'other@example.com'))),
        unverified,
      )
    },
  )

  test('SECRET_HASH is accepted beside a password', async () => {
    const pool = await createPoolWithRider()
    const signIn = (SECRET_HASH?: string) =>
      toSend(pool)('InitiateAuth', {
        ClientId,
        AuthFlow: passwordFlow,
        AuthParameters: { USERNAME: Username, PASSWORD: rider.password, SECRET_HASH },
      })

    expectError(await signIn(), hashNotReceived)
    expectError(await signIn('AAAA'), unverified)
    requireTokens(await signIn(await hashFor(pool)))
  })

  test('SECRET_HASH is accepted beside a challenge response with a Session', async () => {
    const pool = await createPoolWithRider()
    await callWithIam(pool, 'AdminSetUserPassword', { Username, Password: rider.password })
    const SECRET_HASH = await hashFor(pool)
    const begun = await toSend(pool)('InitiateAuth', {
      ClientId,
      AuthFlow: passwordFlow,
      AuthParameters: { USERNAME: Username, PASSWORD: rider.password, SECRET_HASH },
    })
    const { ChallengeName, Session } = requireChallenge(begun)
    const respond = (hash?: string) =>
      toSend(pool)('RespondToAuthChallenge', {
        ClientId,
        ChallengeName,
        Session,
        ChallengeResponses: {
          USERNAME: Username,
          NEW_PASSWORD: 'N3w-Passw0rd!',
          SECRET_HASH: hash,
        },
      })

    expectError(await respond(), hashNotReceived)
    expectError(await respond('AAAA'), unverified)
    requireTokens(await respond(SECRET_HASH))
  })

  describe.each(['REFRESH_TOKEN_AUTH', 'REFRESH_TOKEN'])('SECRET_HASH at %s', (AuthFlow) => {
    const refresh = (pool: TestPool, RefreshToken: string, SECRET_HASH?: string) =>
      toSend(pool)('InitiateAuth', {
        ClientId,
        AuthFlow,
        AuthParameters: { REFRESH_TOKEN: RefreshToken, SECRET_HASH },
      })

    test('a refresh with no SECRET_HASH or a wrong one is rejected', async () => {
      const pool = await createPoolWithRider()
      const { RefreshToken } = await startSessionFor(pool)

      expectError(await refresh(pool, RefreshToken), hashNotReceived)
      expectError(await refresh(pool, RefreshToken, 'AAAA'), noMatch)
      requireTokens(await refresh(pool, RefreshToken, await hashFor(pool)))
    })

    test.each(['email', 'email-alias'] as const)(
      'a refresh takes the hash of the canonical user name, not of the email address, with usernameModel %s',
      async (usernameModel) => {
        const pool = await createSecretPool({ usernameModel })
        const Username = usernameModel === 'email' ? rider.username : 'rider'
        await callWithIam(pool, 'AdminCreateUser', {
          Username,
          UserAttributes: [...UserAttributes, { Name: 'email_verified', Value: 'true' }],
        })
        const { username } = requireStoredUser(pool, rider.username)
        const { RefreshToken } = await startSessionFor(pool)

        expect(username).not.toBe(rider.username)
        expectError(await refresh(pool, RefreshToken, await hashFor(pool)), noMatch)
        requireTokens(await refresh(pool, RefreshToken, await hashFor(pool, username)))
      },
    )
  })
})

describe.each([
  ['GetTokensFromRefreshToken', 'RefreshToken'],
  ['RevokeToken', 'Token'],
])('ClientSecret: %s', (operation, member) => {
  test('only the whole client secret is accepted', async () => {
    const pool = await createPoolWithRider()
    const { RefreshToken } = await startSessionFor(pool)
    const call = (ClientSecret?: string) =>
      pool.call(operation, { ClientId, [member]: RefreshToken, ClientSecret })

    expectError(await call(), notReceived)
    expect((await call('a'.repeat(52))).body).toMatchObject({ __type: 'NotAuthorizedException' })
    expectSuccess(await pool.call('GetUser', await startSessionFor(pool)))
    expectSuccess(await call(await readSecret(pool)))
  })
})

test('client secret: a public client needs no SecretHash and ignores one', async () => {
  const pool = await createTestPool()
  const body = { ClientId, Username, Password: rider.password, UserAttributes, SecretHash: 'AAAA' }

  expectSuccess(await pool.call('SignUp', body))
})
