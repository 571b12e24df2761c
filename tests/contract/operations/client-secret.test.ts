/** A client with a secret proves it in every call that names a user, a sign-in or a token. */

import { createHmac } from 'node:crypto'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import {
  explicitAuthFlows,
  type UserPoolSettings,
} from '../../../src/local-cloud/user-pool/settings.ts'
import { callAsOwner } from '../../support/owner.ts'
import { requireChallenge, type SignInDoor, signInBySrp } from '../../support/sign-in.ts'
import { createTestPool, type TestPool } from '../../support/test-pool.ts'
import {
  ClientId,
  latestCodeFor,
  requireStoredUser,
  requireTokens,
  rider,
  startSessionOf,
} from '../../support/users.ts'
import { type Answer, expectRefusal, expectSuccess, type JsonObject } from '../../support/wire.ts'

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

/** The secret as DescribeUserPoolClient tells it to the app's owner. */
async function readSecret(pool: TestPool): Promise<string> {
  const { body } = await callAsOwner(pool, 'DescribeUserPoolClient', { ClientId })
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

/** A pool whose rider is confirmed. */
async function createPoolWithRider(overrides: Partial<UserPoolSettings> = {}): Promise<TestPool> {
  const pool = await createSecretPool(overrides)
  expectSuccess(await callAsOwner(pool, 'AdminCreateUser', { Username, UserAttributes }))
  const vouched = [{ Name: 'email_verified', Value: 'true' }]
  await callAsOwner(pool, 'AdminUpdateUserAttributes', { Username, UserAttributes: vouched })
  const password = { Password: rider.password, Permanent: true }
  expectSuccess(await callAsOwner(pool, 'AdminSetUserPassword', { Username, ...password }))
  return pool
}

test('the secret is 24 to 64 characters, each pool has its own, and a client without one has none', async () => {
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
])('%s', (operation, members) => {
  test('asks for the hash, and refuses one that is wrong', async () => {
    const pool = await createSecretPool()
    const call = (SecretHash?: string) =>
      pool.call(operation, { ClientId, Username, SecretHash, ...members })

    expectRefusal(await call(), notReceived)
    expectRefusal(await call('AAAA'), unverified)
    expectRefusal(await call(await hashFor(pool, 'other@example.com')), unverified)
    expect(pool.outboxLetters).toEqual([])
  })

  test('takes the right one', async () => {
    const pool = await createSecretPool()
    const SecretHash = await hashFor(pool)
    const { body } = await pool.call(operation, { ClientId, Username, SecretHash, ...members })

    expect(body.__type).not.toBe('NotAuthorizedException')
  })
})

test('with the right hashes a rider comes from sign-up to a new password', async () => {
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

const doors: readonly [string, string, (pool: TestPool) => SignInDoor][] = [
  [
    'InitiateAuth and RespondToAuthChallenge',
    'USER_PASSWORD_AUTH',
    (pool) => (step, body) => pool.call(step, body),
  ],
  [
    'AdminInitiateAuth and AdminRespondToAuthChallenge',
    'ADMIN_USER_PASSWORD_AUTH',
    (pool) => (step, body) => callAsOwner(pool, `Admin${step}`, body),
  ],
]

describe.each(doors)('%s', (_, passwordFlow, toDoor) => {
  /** Signs in by SRP with what `toHash` gives for the user name of each step. */
  async function signInWith(
    pool: TestPool,
    toHash: (username: string, step: string) => Promise<string | undefined>,
  ): Promise<Answer> {
    return signInBySrp(pool, rider, async (step, body) => {
      const name = step === 'InitiateAuth' ? 'AuthParameters' : 'ChallengeResponses'
      const parameters = v.parse(parametersOfStep, body[name])
      const SECRET_HASH = await toHash(parameters.USERNAME, step)
      return toDoor(pool)(step, { ...body, [name]: { ...parameters, SECRET_HASH } })
    })
  }

  test.each(['username', 'email'] as const)(
    'take the hash of the user name that each step names, in a pool by %s',
    async (usernameModel) => {
      const pool = await createPoolWithRider({ usernameModel })

      requireTokens(await signInWith(pool, (username) => hashFor(pool, username)))
    },
  )

  test.each(['InitiateAuth', 'RespondToAuthChallenge'])(
    'ask for the hash, and refuse one that is wrong, at %s',
    async (wrongStep) => {
      const pool = await createPoolWithRider()
      const except = (hash: string | undefined) => async (username: string, step: string) =>
        step === wrongStep ? hash : hashFor(pool, username)

      expectRefusal(await signInWith(pool, except(undefined)), hashNotReceived)
      expectRefusal(await signInWith(pool, except('AAAA')), unverified)
      expectRefusal(
        await signInWith(pool, except(await hashFor(pool, 'other@example.com'))),
        unverified,
      )
    },
  )

  test('take the hash beside a password', async () => {
    const pool = await createPoolWithRider()
    const signIn = (SECRET_HASH?: string) =>
      toDoor(pool)('InitiateAuth', {
        ClientId,
        AuthFlow: passwordFlow,
        AuthParameters: { USERNAME: Username, PASSWORD: rider.password, SECRET_HASH },
      })

    expectRefusal(await signIn(), hashNotReceived)
    expectRefusal(await signIn('AAAA'), unverified)
    requireTokens(await signIn(await hashFor(pool)))
  })

  test('take it beside the answer to a challenge with a Session', async () => {
    const pool = await createPoolWithRider()
    await callAsOwner(pool, 'AdminSetUserPassword', { Username, Password: rider.password })
    const SECRET_HASH = await hashFor(pool)
    const begun = await toDoor(pool)('InitiateAuth', {
      ClientId,
      AuthFlow: passwordFlow,
      AuthParameters: { USERNAME: Username, PASSWORD: rider.password, SECRET_HASH },
    })
    const { ChallengeName, Session } = requireChallenge(begun)
    const respond = (hash?: string) =>
      toDoor(pool)('RespondToAuthChallenge', {
        ClientId,
        ChallengeName,
        Session,
        ChallengeResponses: {
          USERNAME: Username,
          NEW_PASSWORD: 'N3w-Passw0rd!',
          SECRET_HASH: hash,
        },
      })

    expectRefusal(await respond(), hashNotReceived)
    expectRefusal(await respond('AAAA'), unverified)
    requireTokens(await respond(SECRET_HASH))
  })

  describe.each(['REFRESH_TOKEN_AUTH', 'REFRESH_TOKEN'])('%s', (AuthFlow) => {
    const refresh = (pool: TestPool, RefreshToken: string, SECRET_HASH?: string) =>
      toDoor(pool)('InitiateAuth', {
        ClientId,
        AuthFlow,
        AuthParameters: { REFRESH_TOKEN: RefreshToken, SECRET_HASH },
      })

    test('asks for the hash, and refuses one that is wrong', async () => {
      const pool = await createPoolWithRider()
      const { RefreshToken } = await startSessionOf(pool)

      expectRefusal(await refresh(pool, RefreshToken), hashNotReceived)
      expectRefusal(await refresh(pool, RefreshToken, 'AAAA'), noMatch)
      requireTokens(await refresh(pool, RefreshToken, await hashFor(pool)))
    })

    test.each(['email', 'email-alias'] as const)(
      'takes the hash of the true user name, not of the address, in a pool by %s',
      async (usernameModel) => {
        const pool = await createSecretPool({ usernameModel })
        const Username = usernameModel === 'email' ? rider.username : 'rider'
        await callAsOwner(pool, 'AdminCreateUser', {
          Username,
          UserAttributes: [...UserAttributes, { Name: 'email_verified', Value: 'true' }],
        })
        const { username } = requireStoredUser(pool, rider.username)
        const { RefreshToken } = await startSessionOf(pool)

        expect(username).not.toBe(rider.username)
        expectRefusal(await refresh(pool, RefreshToken, await hashFor(pool)), noMatch)
        requireTokens(await refresh(pool, RefreshToken, await hashFor(pool, username)))
      },
    )
  })
})

describe.each([
  ['GetTokensFromRefreshToken', 'RefreshToken'],
  ['RevokeToken', 'Token'],
])('%s', (operation, member) => {
  test('takes the secret itself, and nothing less', async () => {
    const pool = await createPoolWithRider()
    const { RefreshToken } = await startSessionOf(pool)
    const call = (ClientSecret?: string) =>
      pool.call(operation, { ClientId, [member]: RefreshToken, ClientSecret })

    expectRefusal(await call(), notReceived)
    expect((await call('a'.repeat(52))).body).toMatchObject({ __type: 'NotAuthorizedException' })
    expectSuccess(await pool.call('GetUser', await startSessionOf(pool)))
    expectSuccess(await call(await readSecret(pool)))
  })
})

test('a client without a secret needs no hash, and ignores one', async () => {
  const pool = await createTestPool()
  const body = { ClientId, Username, Password: rider.password, UserAttributes, SecretHash: 'AAAA' }

  expectSuccess(await pool.call('SignUp', body))
})
