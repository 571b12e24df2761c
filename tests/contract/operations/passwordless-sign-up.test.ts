/** Sign-up that goes on into the account: the Session of SignUp and ConfirmSignUp, and users without a password. */

import { describe, expect, test } from 'vitest'
import { expectError, expectSuccess, type JsonObject } from '../../support/cognito-api.ts'
import { incorrectCredentials, invalidSession, userDisabled } from '../../support/cognito-errors.ts'
import { callWithIam } from '../../support/iam-caller.ts'
import { answerChallenge, requireChallenge, signInBySrp } from '../../support/sign-in.ts'
import { createTestPool, type TestPool } from '../../support/test-pool.ts'
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
  latestCodeFor,
  requestPasswordReset,
  requireStoredUser,
  requireTokens,
  rider,
  startSessionFor,
} from '../../support/users.ts'

const { username, password } = rider
const newPassword = 'N3w-Passw0rd!'

const createPool = (overrides: Parameters<typeof createTestPool>[0] = {}) =>
  createTestPool({ ...withEmailCodes, ...overrides })

function signUp(pool: TestPool, change: JsonObject = { Password: password }, name = username) {
  const UserAttributes = [{ Name: 'email', Value: name }]
  return pool.call('SignUp', { ClientId, Username: name, UserAttributes, ...change })
}

function confirm(pool: TestPool, change: JsonObject = {}, name = username) {
  const ConfirmationCode = latestCodeFor(pool, name)
  return pool.call('ConfirmSignUp', { ClientId, Username: name, ConfirmationCode, ...change })
}

/** Signs up and confirms. @returns the Session of ConfirmSignUp */
async function register(pool: TestPool, change?: JsonObject, name = username): Promise<string> {
  expectSuccess(await signUp(pool, change, name))
  return requireSession((await confirm(pool, {}, name)).body)
}

describe('Session of SignUp and ConfirmSignUp', () => {
  test('the Session goes from SignUp through ConfirmSignUp to InitiateAuth, which signs in', async () => {
    const pool = await createPool()
    const signedUp = await signUp(pool)
    const confirmed = await confirm(pool, { Session: requireSession(signedUp.body) })

    expect(confirmed.body).toEqual({ Session: expect.stringMatching(/^[\w-]{20,2048}$/) })
    requireTokens(await initiateUserAuth(pool, {}, { Session: requireSession(confirmed.body) }))
  })

  test('ConfirmSignUp gives a Session also when none was sent', async () => {
    const pool = await createPool()

    requireTokens(await initiateUserAuth(pool, {}, { Session: await register(pool) }))
  })

  test('a preference beside the Session changes nothing', async () => {
    const pool = await createPool()
    const Session = await register(pool)
    const before = pool.sentEmails.length

    requireTokens(await initiateUserAuth(pool, { PREFERRED_CHALLENGE: 'EMAIL_OTP' }, { Session }))
    expect(pool.sentEmails.length).toBe(before)
  })

  test('without ALLOW_USER_AUTH there is no Session, and one that is sent is ignored', async () => {
    const pool = await createPool({ explicitAuthFlows: new Set(['ALLOW_USER_SRP_AUTH']) })
    const signedUp = await signUp(pool)
    const confirmed = await confirm(pool, { Session: 'x'.repeat(100) })

    expect(Object.keys(signedUp.body)).not.toContain('Session')
    expect(confirmed).toMatchObject({ status: 200, body: {} })
    expect(Object.keys(confirmed.body)).toEqual([])
  })

  test('the Session of ConfirmSignUp signs in once', async () => {
    const pool = await createPool()
    const Session = await register(pool)
    requireTokens(await initiateUserAuth(pool, {}, { Session }))

    expectError(await initiateUserAuth(pool, {}, { Session }), {
      type: 'NotAuthorizedException',
      message: 'Invalid session for the user, session can only be used once.',
    })
  })

  test('replay: ten parallel requests with the Session of ConfirmSignUp sign in once', async () => {
    const pool = await createPool()
    const Session = await register(pool)
    const responses = await Promise.all(
      Array.from({ length: 10 }, () => initiateUserAuth(pool, {}, { Session })),
    )

    expect(responses.filter(({ status }) => status === 200)).toHaveLength(1)
  })

  test('the Session of ConfirmSignUp ends after AuthSessionValidity', async () => {
    const pool = await createPool({ authSessionSeconds: 180 })
    const Session = await register(pool)
    pool.clock.advance(180)

    expectError(await initiateUserAuth(pool, {}, { Session }), {
      type: 'NotAuthorizedException',
      message: 'Invalid session for the user, session is expired.',
    })
  })

  test('the Session of ConfirmSignUp is for its user only', async () => {
    const pool = await createPool()
    const Session = await register(pool)
    await register(pool, undefined, 'other@example.com')

    for (const USERNAME of ['other@example.com', 'nobody@example.com']) {
      expectError(await initiateUserAuth(pool, { USERNAME }, { Session }), invalidSession)
    }
  })

  test('the Session of ConfirmSignUp is for InitiateAuth, and no other does there', async () => {
    const pool = await createPool()
    const signedUp = await signUp(pool)
    const Session = requireSession((await confirm(pool)).body)
    const selection = requireUserAuthChallenge(await initiateUserAuth(pool))

    expectError(
      await answerChallenge(pool, { ChallengeName: 'EMAIL_OTP', Session }, { EMAIL_OTP_CODE: '1' }),
      invalidSession,
    )
    for (const other of [requireSession(signedUp.body), selection.Session, 'x'.repeat(400)]) {
      expectError(await initiateUserAuth(pool, {}, { Session: other }), invalidSession)
    }
  })

  test('the Session of a user who was disabled or deleted since is of no use', async () => {
    const pool = await createPool()
    const Session = await register(pool)
    changeUser(pool, username, { enabled: false })
    expectError(await initiateUserAuth(pool, {}, { Session }), userDisabled)

    pool.store.deleteUser(requireStoredUser(pool, username).sub)
    expectError(await initiateUserAuth(pool, {}, { Session }), invalidSession)
  })

  test('ConfirmSignUp rejects the Session of somebody else, and confirms without it', async () => {
    const pool = await createPool()
    const other = requireSession((await signUp(pool, undefined, 'other@example.com')).body)
    await signUp(pool)

    for (const Session of [other, 'x'.repeat(100)]) {
      expectError(await confirm(pool, { Session }), invalidSession)
    }
    expect(requireStoredUser(pool, username).status).toBe('UNCONFIRMED')
    expectSuccess(await confirm(pool))
  })

  test('ConfirmSignUp takes the Session of a sign-up whose email was found late', async () => {
    const pool = await createPool()
    const Session = requireSession((await signUp(pool)).body)
    pool.clock.advance(3600)

    requireSession((await confirm(pool, { Session })).body)
  })

  test('where MFA is required, the Session leads to its set-up', async () => {
    const pool = await createPool({
      mfaConfiguration: 'ON',
      firstAuthFactors: new Set(['PASSWORD']),
    })
    const response = await initiateUserAuth(pool, {}, { Session: await register(pool) })

    expect(requireChallenge(response).ChallengeName).toBe('MFA_SETUP')
  })

  test('AdminInitiateAuth takes the Session too', async () => {
    const pool = await createPool()
    const Session = await register(pool)
    const AuthParameters = { USERNAME: username }
    const body = { ClientId, AuthFlow: 'USER_AUTH', AuthParameters, Session }

    requireTokens(await callWithIam(pool, 'AdminInitiateAuth', body))
  })
})

describe('users without a password', () => {
  async function createPasswordless(pool: TestPool) {
    requireTokens(await initiateUserAuth(pool, {}, { Session: await register(pool, {}) }))
    return startSessionFor(pool)
  }

  test.each([{}, { Password: '' }, { Password: null }])(
    'SignUp with %j makes a user without a password, who signs in by email code',
    async (change) => {
      const pool = await createPool()
      await register(pool, change)
      expect(requireStoredUser(pool, username)).toMatchObject({
        status: 'CONFIRMED',
        hasPassword: false,
      })
      const asked = await initiateUserAuth(pool, { PREFERRED_CHALLENGE: 'EMAIL_OTP' })
      const challenge = requireUserAuthChallenge(asked)

      const EMAIL_OTP_CODE = latestCodeFor(pool, username)
      requireTokens(await answerChallenge(pool, challenge, { EMAIL_OTP_CODE }))
    },
  )

  const missing = {
    type: 'InvalidParameterException',
    message:
      "1 validation error detected: Value null at 'password' failed to satisfy constraint: Member must not be null",
  } as const
  const tooShort = {
    type: 'InvalidParameterException',
    message:
      "1 validation error detected: Value at 'password' failed to satisfy constraint: Member must have length greater than or equal to 6",
  } as const
  test.each([
    ['the pool has passwords alone', { firstAuthFactors: new Set(['PASSWORD'] as const) }, {}],
    // A passkey is made by a user who is signed in: by itself it opens no way to a new account.
    [
      'the pool has passkeys and no email codes',
      { firstAuthFactors: new Set(['PASSWORD', 'WEB_AUTHN'] as const) },
      {},
    ],
    ['the user has no address', {}, { UserAttributes: [] }],
  ])('SignUp asks for a password when %s', async (_, settings, change) => {
    const pool = await createPool(settings)

    expectError(await signUp(pool, change), missing)
    expectError(await signUp(pool, { Password: '', ...change }), tooShort)
    expect(pool.store.countUsers()).toBe(0)
  })

  test('the factors of such a user are without the password', async () => {
    const pool = await createPool()
    const { AccessToken } = await createPasswordless(pool)
    const factors = await pool.call('GetUserAuthFactors', { AccessToken })

    expect(factors.body.ConfiguredUserAuthFactors).toEqual(['EMAIL_OTP'])
    for (const PREFERRED_CHALLENGE of ['PASSWORD', 'PASSWORD_SRP', 'WEB_AUTHN']) {
      const asked = await initiateUserAuth(pool, { PREFERRED_CHALLENGE, PASSWORD: password })
      expect(requireUserAuthChallenge(asked)).toMatchObject({
        ChallengeName: 'SELECT_CHALLENGE',
        AvailableChallenges: ['EMAIL_OTP'],
      })
    }
  })

  test('no password is right, by SRP and as it is', async () => {
    const pool = await createPool({
      explicitAuthFlows: new Set([
        'ALLOW_USER_AUTH',
        'ALLOW_USER_SRP_AUTH',
        'ALLOW_USER_PASSWORD_AUTH',
      ]),
    })
    await createPasswordless(pool)

    for (const typed of [password, 'x']) {
      expectError(await signInBySrp(pool, { username, password: typed }), incorrectCredentials)
      const AuthParameters = { USERNAME: username, PASSWORD: typed }
      const body = { ClientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters }
      expectError(await pool.call('InitiateAuth', body), incorrectCredentials)
    }
  })

  test('ChangePassword without PreviousPassword sets the first password', async () => {
    const pool = await createPool()
    const { AccessToken } = await createPasswordless(pool)
    const change = (members: object) =>
      pool.call('ChangePassword', { AccessToken, ProposedPassword: newPassword, ...members })

    expectError(await change({ PreviousPassword: password }), incorrectCredentials)
    expectError(await change({ ProposedPassword: 'lowercase' }), {
      type: 'InvalidPasswordException',
      message: 'Password does not conform to policy: Password must have uppercase characters',
    })
    expectSuccess(await change({}))
    const typed = { PREFERRED_CHALLENGE: 'PASSWORD', PASSWORD: newPassword }
    requireTokens(await initiateUserAuth(pool, typed))
    expectError(await change({}), {
      type: 'InvalidParameterException',
      message:
        "1 validation error detected: Value null at 'previousPassword' failed to satisfy constraint: Member must not be null",
    })
  })

  test('a password reset sets the first password', async () => {
    const pool = await createPool()
    await createPasswordless(pool)
    const ConfirmationCode = await requestPasswordReset(pool, username)
    const reset = { ClientId, Username: username, ConfirmationCode, Password: newPassword }
    expectSuccess(await pool.call('ConfirmForgotPassword', reset))

    const typed = { PREFERRED_CHALLENGE: 'PASSWORD', PASSWORD: newPassword }
    requireTokens(await initiateUserAuth(pool, typed))
  })

  test('AdminSetUserPassword sets the first password', async () => {
    const pool = await createPool()
    await createPasswordless(pool)
    const set = { Username: username, Password: newPassword, Permanent: true }
    expectSuccess(await callWithIam(pool, 'AdminSetUserPassword', set))

    const typed = { PREFERRED_CHALLENGE: 'PASSWORD', PASSWORD: newPassword }
    requireTokens(await initiateUserAuth(pool, typed))
  })
})

describe('AdminCreateUser without TemporaryPassword', () => {
  const verified = [
    { Name: 'email', Value: username },
    { Name: 'email_verified', Value: 'true' },
  ]
  const create = (pool: TestPool, change: JsonObject = {}) =>
    callWithIam(pool, 'AdminCreateUser', {
      Username: username,
      UserAttributes: verified,
      MessageAction: 'SUPPRESS',
      ...change,
    })

  test.each([{}, { TemporaryPassword: '' }])(
    'with %j, SUPPRESS and a verified address the user is CONFIRMED at once and has no password',
    async (change) => {
      const pool = await createPool()
      const { body } = await create(pool, change)

      expect(body).toMatchObject({ User: { UserStatus: 'CONFIRMED' } })
      expect(requireStoredUser(pool, username).hasPassword).toBe(false)
      await initiateUserAuth(pool, { PREFERRED_CHALLENGE: 'EMAIL_OTP' })
      expect(latestCodeFor(pool, username)).toMatch(/^\d{8}$/)
    },
  )

  test.each([
    ['an unverified address', {}, { UserAttributes: verified.slice(0, 1) }],
    ['an invitation', {}, { MessageAction: undefined }],
    ['a temporary password', {}, { TemporaryPassword: password }],
    ['passwords alone', { firstAuthFactors: new Set(['PASSWORD'] as const) }, {}],
  ])('with %s the user is in FORCE_CHANGE_PASSWORD as ever', async (_, settings, change) => {
    const pool = await createPool(settings)
    const { body } = await create(pool, change)

    expect(body).toMatchObject({ User: { UserStatus: 'FORCE_CHANGE_PASSWORD' } })
    expect(requireStoredUser(pool, username).hasPassword).toBe(true)
  })
})

test('MFA by email: a new user signs in by the Session without a code', async () => {
  const pool = await createTestPool(withEmailMfa)

  requireTokens(await initiateUserAuth(pool, {}, { Session: await register(pool) }))
})
