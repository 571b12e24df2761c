/** Requests that come at the same time: one of them is first, and the others see what it did. */

import { expect, test } from 'vitest'
import { noLimits } from '../../../src/local-cloud/user-pool/limits.ts'
import { startLocalCloud } from '../../support/local-cloud-server.ts'
import { withoutUniqueness } from '../../support/reliability/planted-bugs.ts'
import { createTestPool, type TestPool } from '../../support/test-pool.ts'
import {
  ClientId,
  confirmUser,
  latestCodeFor,
  otherThan,
  requestReset,
  rider,
  signInUser,
} from '../../support/users.ts'
import { type Answer, type CallablePool, expectRefusal, expectSuccess } from '../../support/wire.ts'

const { username, password } = rider

function createPoolWithPasswords(): Promise<TestPool> {
  const explicitAuthFlows = new Set(['ALLOW_USER_PASSWORD_AUTH'] as const)
  return createTestPool({ explicitAuthFlows }, { limits: noLimits })
}

function signIn(pool: CallablePool, secret: string): Promise<Answer> {
  const AuthParameters = { USERNAME: username, PASSWORD: secret }
  return pool.call('InitiateAuth', { ClientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters })
}

/** The name in fifty mixtures of upper and lower case, the plain one among them. */
function findSpellings(name: string): readonly string[] {
  return Array.from({ length: 50 }, (_, index) =>
    [...name]
      .map((letter, at) => ((index >> (at % 6)) & 1 ? letter.toUpperCase() : letter))
      .join(''),
  )
}

function signUpFiftyTimes(pool: CallablePool, name: string): Promise<readonly Answer[]> {
  return Promise.all(
    findSpellings(name).map((Username) =>
      pool.call('SignUp', { ClientId, Username, Password: password }),
    ),
  )
}

function countSuccesses(answers: readonly Answer[]): number {
  return answers.filter(({ status }) => status === 200).length
}

test('fifty sign-ups under one name make one user, twenty times, and after a restart', async () => {
  const first = await startLocalCloud()
  const names = Array.from({ length: 20 }, (_, round) => `racer-${round}@example.com`)
  for (const name of names) {
    const answers = await signUpFiftyTimes(first, name)
    const refusals = answers.filter(({ body }) => body.__type === 'UsernameExistsException')

    expect([countSuccesses(answers), refusals.length]).toEqual([1, 49])
  }
  await first.close()

  const again = await startLocalCloud({ dataFolder: first.dataFolder })
  expect(again.store.countUsers()).toBe(20)
  for (const Username of names) {
    expectRefusal(await again.call('SignUp', { ClientId, Username, Password: password }), {
      type: 'UsernameExistsException',
      message: 'User already exists',
    })
  }
})

test('counting the successes tells of a store that gives a name away twice', async () => {
  const pool = await createTestPool({}, { wrapStore: withoutUniqueness })

  expect(countSuccesses(await signUpFiftyTimes(pool, username))).toBe(50)
})

test('when a change of the password is answered the old one is over, whoever signs in meanwhile', async () => {
  const pool = await createPoolWithPasswords()
  const { AccessToken } = await signInUser(pool)
  let current = password
  for (let round = 0; round < 20; round += 1) {
    const next = `Passw0rd!${round}`
    const body = { AccessToken, PreviousPassword: current, ProposedPassword: next }
    const [change, ...signIns] = await Promise.all([
      pool.call('ChangePassword', body),
      ...[current, next, current, next, current, next].map((secret) => signIn(pool, secret)),
    ])

    expectSuccess(change)
    for (const answer of signIns) expect([200, 400]).toContain(answer.status)
    expect((await signIn(pool, current)).body.message).toBe('Incorrect username or password.')
    expectSuccess(await signIn(pool, next))
    current = next
  }
})

test('of fifty changes of one password one is made, and its password is the one that counts', async () => {
  const pool = await createPoolWithPasswords()
  const { AccessToken } = await signInUser(pool)
  const proposed = Array.from({ length: 50 }, (_, index) => `Passw0rd!${index}`)
  const answers = await Promise.all(
    proposed.map((ProposedPassword) =>
      pool.call('ChangePassword', { AccessToken, PreviousPassword: password, ProposedPassword }),
    ),
  )
  const winner = proposed[answers.findIndex(({ status }) => status === 200)] ?? ''

  expect(countSuccesses(answers)).toBe(1)
  for (const secret of proposed) {
    expect((await signIn(pool, secret)).status).toBe(secret === winner ? 200 : 400)
  }
})

test('a reset and a change of the password at once leave one password', async () => {
  const pool = await createPoolWithPasswords()
  const { AccessToken } = await signInUser(pool)
  const ConfirmationCode = await requestReset(pool, username)
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
  const answers = await Promise.all(secrets.map((secret) => signIn(pool, secret)))

  expectSuccess(reset)
  expect(countSuccesses(answers)).toBe(1)
})

test('of fifty codes asked for at once the newest counts alone', async () => {
  const pool = await createPoolWithPasswords()
  await confirmUser(pool)
  await Promise.all(Array.from({ length: 50 }, () => requestReset(pool, username)))
  const newest = latestCodeFor(pool, username)
  const older = pool.outboxLetters.map(({ code }) => code).filter((code) => code !== newest)
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
  expect((await reset(otherThan(newest))).status).toBe(400)
  expectSuccess(await reset(newest))
})

test('nothing works for an account once its end is answered', async () => {
  const pool = await createPoolWithPasswords()
  const { AccessToken, RefreshToken } = await signInUser(pool)
  const use = () => [
    pool.call('GetUser', { AccessToken }),
    pool.call('GetTokensFromRefreshToken', { ClientId, RefreshToken }),
    signIn(pool, password),
  ]
  const [end] = await Promise.all([pool.call('DeleteUser', { AccessToken }), ...use(), ...use()])

  expectSuccess(end)
  for (const answer of await Promise.all(use())) expect(answer.status).toBe(400)
  expect(pool.store.countUsers()).toBe(0)
})
