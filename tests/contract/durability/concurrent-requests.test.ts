/** Race conditions: requests in parallel have the effect of some order one after another. */

import { expect, test } from 'vitest'
import { noLimits } from '../../../src/local-cloud/user-pool/limits.ts'
import {
  type ApiResponse,
  type CallablePool,
  expectError,
  expectSuccess,
} from '../../support/cognito-api.ts'
import { usernameTaken } from '../../support/cognito-errors.ts'
import { callWithIam } from '../../support/iam-caller.ts'
import { startLocalCloud } from '../../support/local-cloud-server.ts'
import { withoutUniqueUsernames } from '../../support/reliability/faulty-stores.ts'
import { createTestPool, type TestPool } from '../../support/test-pool.ts'
import {
  ClientId,
  createConfirmedUser,
  createSignedInUser,
  differentCode,
  latestCodeFor,
  requestPasswordReset,
  rider,
} from '../../support/users.ts'

const { username, password } = rider

function createPoolWithPasswords(): Promise<TestPool> {
  const explicitAuthFlows = new Set(['ALLOW_USER_PASSWORD_AUTH'] as const)
  return createTestPool({ explicitAuthFlows }, { limits: noLimits })
}

function signIn(pool: CallablePool, secret: string): Promise<ApiResponse> {
  const AuthParameters = { USERNAME: username, PASSWORD: secret }
  return pool.call('InitiateAuth', { ClientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters })
}

/** Fifty spellings of the name in upper and lower case, including the name itself. */
function findSpellings(name: string): readonly string[] {
  return Array.from({ length: 50 }, (_, index) =>
    [...name]
      .map((letter, at) => ((index >> (at % 6)) & 1 ? letter.toUpperCase() : letter))
      .join(''),
  )
}

function signUpFiftyTimes(pool: CallablePool, name: string): Promise<readonly ApiResponse[]> {
  return Promise.all(
    findSpellings(name).map((Username) =>
      pool.call('SignUp', { ClientId, Username, Password: password }),
    ),
  )
}

function countSuccesses(responses: readonly ApiResponse[]): number {
  return responses.filter(({ status }) => status === 200).length
}

test('race: fifty parallel CreateGroup of one name create one group', async () => {
  const pool = await createTestPool()
  const responses = await Promise.all(
    Array.from({ length: 50 }, () => callWithIam(pool, 'CreateGroup', { GroupName: 'riders' })),
  )
  const refusals = responses.filter(({ body }) => body.__type === 'GroupExistsException')

  expect([countSuccesses(responses), refusals.length]).toEqual([1, 49])
  expect(pool.store.listGroups({ limit: 2 })).toHaveLength(1)
})

test('race: parallel AddCustomAttributes keep every attribute', async () => {
  const pool = await createTestPool()
  const names = Array.from({ length: 20 }, (_, index) => `a${index}`)
  const responses = await Promise.all(
    names.map((Name) => callWithIam(pool, 'AddCustomAttributes', { CustomAttributes: [{ Name }] })),
  )
  const { body } = await callWithIam(pool, 'DescribeUserPool')

  expect(countSuccesses(responses)).toBe(20)
  for (const name of names) expect(JSON.stringify(body)).toContain(`"custom:${name}"`)
})

test('race: fifty parallel sign-ups under one name create one user, also after a restart', async () => {
  const first = await startLocalCloud()
  const names = Array.from({ length: 20 }, (_, round) => `racer-${round}@example.com`)
  for (const name of names) {
    const responses = await signUpFiftyTimes(first, name)
    const refusals = responses.filter(({ body }) => body.__type === 'UsernameExistsException')

    expect([countSuccesses(responses), refusals.length]).toEqual([1, 49])
  }
  await first.close()

  const again = await startLocalCloud({ dataFolder: first.dataFolder })
  expect(again.store.countUsers()).toBe(20)
  for (const Username of names) {
    expectError(
      await again.call('SignUp', { ClientId, Username, Password: password }),
      usernameTaken,
    )
  }
})

test('self-test: counting successes detects a store without unique user names', async () => {
  const pool = await createTestPool({}, { wrapStore: withoutUniqueUsernames })

  expect(countSuccesses(await signUpFiftyTimes(pool, username))).toBe(50)
})

test('race: once ChangePassword has returned, the old password is rejected whoever signs in meanwhile', async () => {
  const pool = await createPoolWithPasswords()
  const { AccessToken } = await createSignedInUser(pool)
  let current = password
  for (let round = 0; round < 20; round += 1) {
    const next = `Passw0rd!${round}`
    const body = { AccessToken, PreviousPassword: current, ProposedPassword: next }
    const [change, ...signIns] = await Promise.all([
      pool.call('ChangePassword', body),
      ...[current, next, current, next, current, next].map((secret) => signIn(pool, secret)),
    ])

    expectSuccess(change)
    for (const response of signIns) expect([200, 400]).toContain(response.status)
    expect((await signIn(pool, current)).body.message).toBe('Incorrect username or password.')
    expectSuccess(await signIn(pool, next))
    current = next
  }
})

test('race: of fifty parallel ChangePassword calls one succeeds and its password signs in', async () => {
  const pool = await createPoolWithPasswords()
  const { AccessToken } = await createSignedInUser(pool)
  const proposed = Array.from({ length: 50 }, (_, index) => `Passw0rd!${index}`)
  const responses = await Promise.all(
    proposed.map((ProposedPassword) =>
      pool.call('ChangePassword', { AccessToken, PreviousPassword: password, ProposedPassword }),
    ),
  )
  const winner = proposed[responses.findIndex(({ status }) => status === 200)] ?? ''

  expect(countSuccesses(responses)).toBe(1)
  for (const secret of proposed) {
    expect((await signIn(pool, secret)).status).toBe(secret === winner ? 200 : 400)
  }
})

test('race: a parallel password reset and ChangePassword leave one valid password', async () => {
  const pool = await createPoolWithPasswords()
  const { AccessToken } = await createSignedInUser(pool)
  const ConfirmationCode = await requestPasswordReset(pool, username)
  const [reset] = await Promise.all([
    pool.call('ConfirmForgotPassword', {
      ClientId,
      Username: username,
      ConfirmationCode,
      Password: 'Of-reset-1',
    }),
    pool.call('ChangePassword', {
      AccessToken,
      PreviousPassword: password,
      ProposedPassword: 'Of-change-1',
    }),
  ])
  const secrets = [password, 'Of-reset-1', 'Of-change-1']
  const responses = await Promise.all(secrets.map((secret) => signIn(pool, secret)))

  expectSuccess(reset)
  expect(countSuccesses(responses)).toBe(1)
})

test('race: of fifty reset codes requested in parallel only the newest works', async () => {
  const pool = await createPoolWithPasswords()
  await createConfirmedUser(pool)
  await Promise.all(Array.from({ length: 50 }, () => requestPasswordReset(pool, username)))
  const newest = latestCodeFor(pool, username)
  const older = pool.sentEmails.map(({ code }) => code).filter((code) => code !== newest)
  const reset = (ConfirmationCode: string) =>
    pool.call('ConfirmForgotPassword', {
      ClientId,
      Username: username,
      ConfirmationCode,
      Password: 'Of-reset-1',
    })

  for (const code of older.slice(1)) {
    expect((await reset(code)).body.__type).toBe('ExpiredCodeException')
  }
  expect((await reset(differentCode(newest))).status).toBe(400)
  expectSuccess(await reset(newest))
})

test('race: once DeleteUser has returned, no token or password of the user works', async () => {
  const pool = await createPoolWithPasswords()
  const { AccessToken, RefreshToken } = await createSignedInUser(pool)
  const use = () => [
    pool.call('GetUser', { AccessToken }),
    pool.call('GetTokensFromRefreshToken', { ClientId, RefreshToken }),
    signIn(pool, password),
  ]
  const [end] = await Promise.all([pool.call('DeleteUser', { AccessToken }), ...use(), ...use()])

  expectSuccess(end)
  for (const response of await Promise.all(use())) expect(response.status).toBe(400)
  expect(pool.store.countUsers()).toBe(0)
})
