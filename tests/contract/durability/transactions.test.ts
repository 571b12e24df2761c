/** Transactions: an operation that changes several rows changes all of them or none, wherever it is interrupted. */

import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { expectSuccess } from '../../support/cognito-api.ts'
import { addPasskey, startRegistration, withPasskeys } from '../../support/passkeys.ts'
import {
  withoutTransactions,
  withSeparateEmailTransaction,
} from '../../support/reliability/faulty-stores.ts'
import {
  type CompoundChange,
  findPartialChangesAfterFailures,
  findPartialChangesAfterPowerCuts,
} from '../../support/reliability/partial-changes.ts'
import { answerBeforeCommit } from '../../support/reliability/sql-interception.ts'
import { createPasskey, usePasskey } from '../../support/software-authenticator.ts'
import type { TestPool } from '../../support/test-pool.ts'
import { enableTotpMfa } from '../../support/totp.ts'
import {
  initiateUserAuth,
  requireSession,
  requireUserAuthChallenge,
  withEmailCodes,
  withEmailMfa,
} from '../../support/user-auth.ts'
import {
  ClientId,
  changeUser,
  createConfirmedUser,
  createSignedInUser,
  differentCode,
  latestCodeFor,
  requestPasswordReset,
  requireTokens,
  rider,
  signUpUser,
  UserPoolId,
} from '../../support/users.ts'

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
  const { AccessToken } = await createSignedInUser(pool)
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

function answerWithCode(pool: TestPool, Session: string) {
  const ChallengeResponses = { USERNAME: username, EMAIL_OTP_CODE: latestCodeFor(pool, username) }
  const body = { ClientId, ChallengeName: 'EMAIL_OTP', ChallengeResponses, Session }
  return { operation: 'RespondToAuthChallenge', body }
}

const changes: readonly CompoundChange[] = [
  { name: 'SignUp and its email', prepare: signUp },
  {
    name: 'AdminCreateUser and its invitation',
    async prepare() {
      const UserAttributes = [{ Name: 'email', Value: username }]
      const body = { UserPoolId, Username: username, UserAttributes }
      return { operation: 'AdminCreateUser', body, signed: true }
    },
  },
  {
    name: 'ResendConfirmationCode and its email',
    async prepare(pool) {
      await signUpUser(pool)
      return { operation: 'ResendConfirmationCode', body: { ClientId, Username: username } }
    },
  },
  {
    name: 'ConfirmSignUp and the deletion of its code',
    async prepare(pool) {
      await signUpUser(pool)
      const ConfirmationCode = latestCodeFor(pool, username)
      return {
        operation: 'ConfirmSignUp',
        body: { ClientId, Username: username, ConfirmationCode },
      }
    },
  },
  {
    name: 'ConfirmSignUp with a wrong code, which is counted',
    status: 400,
    async prepare(pool) {
      await signUpUser(pool)
      const ConfirmationCode = differentCode(latestCodeFor(pool, username))
      return {
        operation: 'ConfirmSignUp',
        body: { ClientId, Username: username, ConfirmationCode },
      }
    },
  },
  {
    name: 'a sign-in, which resets the count of failed ones',
    settings: withPasswords,
    async prepare(pool) {
      await createConfirmedUser(pool)
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
      await createConfirmedUser(pool)
      return signIn('Wrong-pw1')
    },
  },
  {
    name: 'ForgotPassword and its email',
    async prepare(pool) {
      await createConfirmedUser(pool)
      return { operation: 'ForgotPassword', body: { ClientId, Username: username } }
    },
  },
  {
    name: 'ConfirmForgotPassword and the deletion of its code',
    async prepare(pool) {
      await createConfirmedUser(pool)
      const ConfirmationCode = await requestPasswordReset(pool, username)
      const body = { ClientId, Username: username, ConfirmationCode, Password: newPassword }
      return { operation: 'ConfirmForgotPassword', body }
    },
  },
  {
    name: 'AdminResetUserPassword and its email',
    async prepare(pool) {
      await createConfirmedUser(pool)
      const body = { UserPoolId, Username: username }
      return { operation: 'AdminResetUserPassword', body, signed: true }
    },
  },
  {
    name: 'ChangePassword',
    async prepare(pool) {
      const { AccessToken } = await createSignedInUser(pool)
      const body = { AccessToken, PreviousPassword: password, ProposedPassword: newPassword }
      return { operation: 'ChangePassword', body }
    },
  },
  {
    name: 'DeleteUser and the end of its sessions',
    async prepare(pool) {
      const { AccessToken } = await createSignedInUser(pool)
      return { operation: 'DeleteUser', body: { AccessToken } }
    },
  },
  {
    name: 'UpdateUserAttributes with a pending email address',
    async prepare(pool) {
      const { AccessToken } = await createSignedInUser(pool)
      const UserAttributes = [{ Name: 'email', Value: 'new@example.com' }]
      return { operation: 'UpdateUserAttributes', body: { AccessToken, UserAttributes } }
    },
  },
  {
    name: 'VerifyUserAttribute with a new email address',
    async prepare(pool) {
      const body = { AttributeName: 'email', ...(await requestNewAddress(pool)) }
      return { operation: 'VerifyUserAttribute', body }
    },
  },
  {
    name: 'RespondToAuthChallenge with NEW_PASSWORD_REQUIRED',
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
    name: 'SignUp without a password and its email',
    settings: withEmailCodes,
    async prepare() {
      const UserAttributes = [{ Name: 'email', Value: username }]
      return { operation: 'SignUp', body: { ClientId, Username: username, UserAttributes } }
    },
  },
  {
    name: 'USER_AUTH with the Session of ConfirmSignUp, which is consumed',
    settings: withEmailCodes,
    async prepare(pool) {
      await signUpUser(pool)
      const ConfirmationCode = latestCodeFor(pool, username)
      const confirmation = { ClientId, Username: username, ConfirmationCode }
      const Session = requireSession((await pool.call('ConfirmSignUp', confirmation)).body)
      const AuthParameters = { USERNAME: username }
      const body = { ClientId, AuthFlow: 'USER_AUTH', AuthParameters, Session }
      return { operation: 'InitiateAuth', body }
    },
  },
  {
    name: 'RespondToAuthChallenge with EMAIL_OTP, whose Session is consumed',
    settings: withEmailCodes,
    async prepare(pool) {
      await createConfirmedUser(pool)
      const asked = await initiateUserAuth(pool, { PREFERRED_CHALLENGE: 'EMAIL_OTP' })
      return answerWithCode(pool, requireSession(asked.body))
    },
  },
  {
    name: 'RespondToAuthChallenge with SELECT_CHALLENGE, and the email with a code',
    settings: withEmailCodes,
    async prepare(pool) {
      await createConfirmedUser(pool)
      const Session = requireSession((await initiateUserAuth(pool)).body)
      const ChallengeResponses = { USERNAME: username, ANSWER: 'EMAIL_OTP' }
      const body = { ClientId, ChallengeName: 'SELECT_CHALLENGE', ChallengeResponses, Session }
      return { operation: 'RespondToAuthChallenge', body }
    },
  },
  {
    name: 'EMAIL_OTP as second factor, which verifies the address',
    settings: withEmailMfa,
    async prepare(pool) {
      const { AccessToken } = await createSignedInUser(pool)
      const EmailMfaSettings = { Enabled: true }
      expectSuccess(await pool.call('SetUserMFAPreference', { AccessToken, EmailMfaSettings }))
      changeUser(pool, username, { attributes: new Map([['email', username]]) })
      const typed = { PREFERRED_CHALLENGE: 'PASSWORD', PASSWORD: password }
      return answerWithCode(pool, requireSession((await initiateUserAuth(pool, typed)).body))
    },
  },
  {
    name: 'SetUserMFAPreference, where one factor takes the preference from the other',
    settings: withEmailMfa,
    async prepare(pool) {
      const { AccessToken } = await createSignedInUser(pool)
      await enableTotpMfa(pool, AccessToken)
      const EmailMfaSettings = { Enabled: true, PreferredMfa: true }
      return { operation: 'SetUserMFAPreference', body: { AccessToken, EmailMfaSettings } }
    },
  },
  {
    name: 'CompleteWebAuthnRegistration, whose challenge is consumed',
    settings: withPasskeys,
    async prepare(pool) {
      const { AccessToken } = await createSignedInUser(pool)
      const { response } = createPasskey(await startRegistration(pool, AccessToken))
      const body = { AccessToken, Credential: response }
      return { operation: 'CompleteWebAuthnRegistration', body }
    },
  },
  {
    name: 'RespondToAuthChallenge with WEB_AUTHN, whose counter is kept',
    settings: withPasskeys,
    async prepare(pool) {
      const { AccessToken } = await createSignedInUser(pool)
      const passkey = await addPasskey(pool, AccessToken)
      const asked = await initiateUserAuth(pool, { PREFERRED_CHALLENGE: 'WEB_AUTHN' })
      const { ChallengeName, Session, ChallengeParameters } = requireUserAuthChallenge(asked)
      const options = ChallengeParameters.CREDENTIAL_REQUEST_OPTIONS ?? ''
      const CREDENTIAL = JSON.stringify(usePasskey(passkey, options, { counter: 1 }))
      const ChallengeResponses = { USERNAME: username, CREDENTIAL }
      const body = { ClientId, ChallengeName, ChallengeResponses, Session }
      return { operation: 'RespondToAuthChallenge', body }
    },
  },
  {
    name: 'DeleteUser and the end of its passkeys',
    settings: withPasskeys,
    async prepare(pool) {
      const { AccessToken } = await createSignedInUser(pool)
      await addPasskey(pool, AccessToken)
      return { operation: 'DeleteUser', body: { AccessToken } }
    },
  },
  {
    name: 'a refresh with token rotation',
    settings: rotating,
    async prepare(pool) {
      const { RefreshToken } = await createSignedInUser(pool)
      return { operation: 'GetTokensFromRefreshToken', body: { ClientId, RefreshToken } }
    },
  },
  {
    name: 'reuse of a rotated refresh token, which revokes its session',
    status: 400,
    settings: rotating,
    async prepare(pool) {
      const { RefreshToken } = await createSignedInUser(pool)
      const call = { operation: 'GetTokensFromRefreshToken', body: { ClientId, RefreshToken } }
      requireTokens(await pool.call(call.operation, call.body))
      return call
    },
  },
]

describe.each(changes.map((change) => [change.name, change] as const))(
  'transaction: %s',
  (_, change) => {
    test('a failure before any statement rolls the whole operation back', async () => {
      const { points, tears } = await findPartialChangesAfterFailures(change)

      expect(tears).toEqual([])
      expect(points).toBeGreaterThan(2)
    })

    test('a power cut leaves the whole operation on disk or nothing of it', async () => {
      const { points, tears } = await findPartialChangesAfterPowerCuts(change)

      expect(tears).toEqual([])
      expect(points).toBeGreaterThan(2)
    })
  },
)

const [signUpChange] = changes
if (!signUpChange) throw new Error('expected a change')

describe('self-tests of the search for partial changes', () => {
  test('self-test: a transaction for each statement is detected by failures', async () => {
    const { tears } = await findPartialChangesAfterFailures(signUpChange, {
      wrapStore: withoutTransactions,
    })

    expect(tears).toContainEqual(expect.stringMatching(/^\d+: half of it was kept$/))
  })

  test('self-test: a transaction for each statement is detected by power cuts', async () => {
    const { tears } = await findPartialChangesAfterPowerCuts(signUpChange, {
      wrapStore: withoutTransactions,
    })

    expect(tears).toContainEqual(expect.stringMatching(/^\d+: half of it is on the disk$/))
  })

  test('self-test: a response before the commit is detected', async () => {
    const repair = answerBeforeCommit(2)
    try {
      const { tears } = await findPartialChangesAfterPowerCuts(signUpChange)
      expect(tears).toContain('answered, and nothing of it is on the disk')
    } finally {
      repair()
    }
  })

  test('self-test: an email in a transaction of its own is detected', async () => {
    const { tears } = await findPartialChangesAfterFailures(signUpChange, {
      wrapStore: withSeparateEmailTransaction,
    })

    expect(tears).toContainEqual(expect.stringMatching(/^\d+: half of it was kept$/))
  })
})
