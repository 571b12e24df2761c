/** An operation that changes several things changes all of them or none, wherever it is cut short. */

import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { withLetterApart, withoutTransactions } from '../../support/reliability/planted-bugs.ts'
import { commitTooLate } from '../../support/reliability/statements.ts'
import {
  type CompoundChange,
  findTornFailures,
  findTornPowerCuts,
} from '../../support/reliability/tears.ts'
import type { TestPool } from '../../support/test-pool.ts'
import {
  ClientId,
  confirmUser,
  latestCodeFor,
  otherThan,
  registerUser,
  requestReset,
  requireTokens,
  rider,
  signInUser,
  UserPoolId,
} from '../../support/users.ts'
import { expectSuccess } from '../../support/wire.ts'

const { username, password } = rider
const withPasswords = { explicitAuthFlows: new Set(['ALLOW_USER_PASSWORD_AUTH'] as const) }
const rotating = { rotationGraceSeconds: 0 }
const newPassword = 'Another-1!'
const challenge = v.object({
  ChallengeName: v.literal('NEW_PASSWORD_REQUIRED'),
  Session: v.string(),
})

async function signUp(): Promise<{ operation: string; body: unknown }> {
  const UserAttributes = [{ Name: 'email', Value: username }]
  return {
    operation: 'SignUp',
    body: { ClientId, Username: username, Password: password, UserAttributes },
  }
}

function signIn(secret: string) {
  const AuthParameters = { USERNAME: username, PASSWORD: secret }
  const body = { ClientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters }
  return { operation: 'InitiateAuth', body }
}

async function requestNewAddress(pool: TestPool): Promise<{ AccessToken: string; Code: string }> {
  const { AccessToken } = await signInUser(pool)
  const UserAttributes = [{ Name: 'email', Value: 'new@example.com' }]
  expectSuccess(await pool.call('UpdateUserAttributes', { AccessToken, UserAttributes }))
  return { AccessToken, Code: latestCodeFor(pool, 'new@example.com') }
}

async function inviteUser(pool: TestPool): Promise<void> {
  const TemporaryPassword = password
  const UserAttributes = [{ Name: 'email', Value: username }]
  expectSuccess(
    await pool.call(
      'AdminCreateUser',
      { UserPoolId, Username: username, UserAttributes, TemporaryPassword },
      { signed: true },
    ),
  )
}

const changes: readonly CompoundChange[] = [
  { name: 'sign-up and its letter', prepare: signUp },
  {
    name: 'an invitation and its letter',
    async prepare() {
      const UserAttributes = [{ Name: 'email', Value: username }]
      const body = { UserPoolId, Username: username, UserAttributes }
      return { operation: 'AdminCreateUser', body, signed: true }
    },
  },
  {
    name: 'a code sent again',
    async prepare(pool) {
      await registerUser(pool)
      return { operation: 'ResendConfirmationCode', body: { ClientId, Username: username } }
    },
  },
  {
    name: 'confirmation and the end of its code',
    async prepare(pool) {
      await registerUser(pool)
      const ConfirmationCode = latestCodeFor(pool, username)
      return {
        operation: 'ConfirmSignUp',
        body: { ClientId, Username: username, ConfirmationCode },
      }
    },
  },
  {
    name: 'a wrong code, which is counted',
    status: 400,
    async prepare(pool) {
      await registerUser(pool)
      const ConfirmationCode = otherThan(latestCodeFor(pool, username))
      return {
        operation: 'ConfirmSignUp',
        body: { ClientId, Username: username, ConfirmationCode },
      }
    },
  },
  {
    name: 'a sign-in, which forgets those that failed',
    settings: withPasswords,
    async prepare(pool) {
      await confirmUser(pool)
      const { operation, body } = signIn('Wrong-pw1')
      await pool.call(operation, body)
      return signIn(password)
    },
  },
  {
    name: 'a failed sign-in, which is counted',
    status: 400,
    settings: withPasswords,
    async prepare(pool) {
      await confirmUser(pool)
      return signIn('Wrong-pw1')
    },
  },
  {
    name: 'a request for a reset and its letter',
    async prepare(pool) {
      await confirmUser(pool)
      return { operation: 'ForgotPassword', body: { ClientId, Username: username } }
    },
  },
  {
    name: 'a reset and the end of its code',
    async prepare(pool) {
      await confirmUser(pool)
      const ConfirmationCode = await requestReset(pool, username)
      const body = { ClientId, Username: username, ConfirmationCode, Password: newPassword }
      return { operation: 'ConfirmForgotPassword', body }
    },
  },
  {
    name: 'a reset by the owner and its letter',
    async prepare(pool) {
      await confirmUser(pool)
      const body = { UserPoolId, Username: username }
      return { operation: 'AdminResetUserPassword', body, signed: true }
    },
  },
  {
    name: 'another password',
    async prepare(pool) {
      const { AccessToken } = await signInUser(pool)
      const body = { AccessToken, PreviousPassword: password, ProposedPassword: newPassword }
      return { operation: 'ChangePassword', body }
    },
  },
  {
    name: 'the end of an account and of its sessions',
    async prepare(pool) {
      const { AccessToken } = await signInUser(pool)
      return { operation: 'DeleteUser', body: { AccessToken } }
    },
  },
  {
    name: 'a new address, which waits for its code',
    async prepare(pool) {
      const { AccessToken } = await signInUser(pool)
      const UserAttributes = [{ Name: 'email', Value: 'new@example.com' }]
      return { operation: 'UpdateUserAttributes', body: { AccessToken, UserAttributes } }
    },
  },
  {
    name: 'the proof of a new address',
    async prepare(pool) {
      const body = { AttributeName: 'email', ...(await requestNewAddress(pool)) }
      return { operation: 'VerifyUserAttribute', body }
    },
  },
  {
    name: 'the password that an invited user chooses',
    settings: withPasswords,
    async prepare(pool) {
      await inviteUser(pool)
      const { operation, body } = signIn(password)
      const { Session } = v.parse(challenge, (await pool.call(operation, body)).body)
      const ChallengeResponses = { USERNAME: username, NEW_PASSWORD: newPassword }
      return {
        operation: 'RespondToAuthChallenge',
        body: { ClientId, ChallengeName: 'NEW_PASSWORD_REQUIRED', ChallengeResponses, Session },
      }
    },
  },
  {
    name: 'a refresh that replaces its token',
    settings: rotating,
    async prepare(pool) {
      const { RefreshToken } = await signInUser(pool)
      return { operation: 'GetTokensFromRefreshToken', body: { ClientId, RefreshToken } }
    },
  },
  {
    name: 'a replaced refresh token, which ends its session',
    status: 400,
    settings: rotating,
    async prepare(pool) {
      const { RefreshToken } = await signInUser(pool)
      const call = { operation: 'GetTokensFromRefreshToken', body: { ClientId, RefreshToken } }
      requireTokens(await pool.call(call.operation, call.body))
      return call
    },
  },
]

describe.each(changes)('$name', (change) => {
  test('is undone by a failure before any of its statements', async () => {
    const { points, tears } = await findTornFailures(change)

    expect(tears).toEqual([])
    expect(points).toBeGreaterThan(2)
  })

  test('is wholly on the disk or not at all when the power fails', async () => {
    const { points, tears } = await findTornPowerCuts(change)

    expect(tears).toEqual([])
    expect(points).toBeGreaterThan(2)
  })
})

const [signUpChange] = changes
if (!signUpChange) throw new Error('expected a change')

describe('the search for tears finds', () => {
  test('a transaction for each statement, by failures', async () => {
    const { tears } = await findTornFailures(signUpChange, { wrapStore: withoutTransactions })

    expect(tears).toContainEqual(expect.stringMatching(/^\d+: half of it was kept$/))
  })

  test('a transaction for each statement, by power cuts', async () => {
    const { tears } = await findTornPowerCuts(signUpChange, { wrapStore: withoutTransactions })

    expect(tears).toContainEqual(expect.stringMatching(/^\d+: half of it is on the disk$/))
  })

  test('an answer before the commit', async () => {
    const repair = commitTooLate(2)
    try {
      const { tears } = await findTornPowerCuts(signUpChange)
      expect(tears).toContain('answered, and nothing of it is on the disk')
    } finally {
      repair()
    }
  })

  test('a letter in a transaction of its own', async () => {
    const { tears } = await findTornFailures(signUpChange, { wrapStore: withLetterApart })

    expect(tears).toContainEqual(expect.stringMatching(/^\d+: half of it was kept$/))
  })
})
