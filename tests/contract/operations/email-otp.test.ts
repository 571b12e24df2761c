/** EMAIL_OTP: codes by email as the only factor, and as the second one beside an authenticator app. */

import { describe, expect, test } from 'vitest'
import { type ApiResponse, expectError, expectSuccess } from '../../support/cognito-api.ts'
import {
  expiredSession,
  invalidSession,
  spentSession,
  userDisabled,
} from '../../support/cognito-errors.ts'
import { callWithIam } from '../../support/iam-caller.ts'
import { answerChallenge, requireChallenge, signInBySrp } from '../../support/sign-in.ts'
import { createTestPool, type TestPool } from '../../support/test-pool.ts'
import { currentTotp, enableTotpMfa, requireSecretCode } from '../../support/totp.ts'
import {
  initiateUserAuth,
  requireUserAuthChallenge,
  withEmailCodes,
  withEmailMfa,
} from '../../support/user-auth.ts'
import { ENABLED, LEGACY, userExistenceErrors } from '../../support/user-existence-errors.ts'
import {
  ClientId,
  changeUser,
  createConfirmedUser,
  createSignedInUser,
  latestCodeFor,
  requireStoredUser,
  requireTokens,
  rider,
  startSessionFor,
} from '../../support/users.ts'

const { username } = rider

const wrongCode = {
  type: 'CodeMismatchException',
  message: 'Invalid code or auth state for the user.',
} as const

const emailed = {
  CODE_DELIVERY_DESTINATION: 'r***@e***',
  CODE_DELIVERY_DELIVERY_MEDIUM: 'EMAIL',
}

type Settings = Parameters<typeof createTestPool>[0]

async function createPool(overrides: Settings = {}): Promise<TestPool> {
  const pool = await createTestPool({ ...withEmailCodes, ...overrides })
  await createConfirmedUser(pool)
  return pool
}

async function askForCode(pool: TestPool) {
  const response = await initiateUserAuth(pool, { PREFERRED_CHALLENGE: 'EMAIL_OTP' })
  const challenge = requireUserAuthChallenge(response)
  expect(challenge.ChallengeName).toBe('EMAIL_OTP')
  return { challenge, code: latestCodeFor(pool, username) }
}

const answerCode = (
  pool: TestPool,
  challenge: { ChallengeName: string; Session: string },
  EMAIL_OTP_CODE: string,
): Promise<ApiResponse> => answerChallenge(pool, challenge, { EMAIL_OTP_CODE })

/** Digits as many as in `code`, and all others. */
const toWrongCode = (code: string) =>
  code.replace(/\d/g, (digit) => String((Number(digit) + 1) % 10))

describe('EMAIL_OTP as the only factor', () => {
  test('the challenge tells where the code went, and the code signs in once', async () => {
    const pool = await createPool()
    const { challenge, code } = await askForCode(pool)

    expect(challenge).toEqual({
      ChallengeName: 'EMAIL_OTP',
      Session: expect.stringMatching(/^[\w-]{20,2048}$/),
      ChallengeParameters: emailed,
      AvailableChallenges: ['EMAIL_OTP'],
    })
    requireTokens(await answerCode(pool, challenge, code))
    expectError(await answerCode(pool, challenge, code), spentSession)
  })

  test('the code has eight digits, and the email has Cognito’s default text', async () => {
    const pool = await createPool()
    const { code } = await askForCode(pool)

    expect(code).toMatch(/^\d{8}$/)
    expect(pool.sentEmails.at(-1)).toEqual({
      medium: 'EMAIL',
      to: username,
      subject: 'Your authentication code',
      text: `Your authentication code is ${code}.`,
      code,
    })
  })

  test('the email has the text of the template', async () => {
    const pool = await createPool({ signInEmail: { subject: 'Hello', text: '<b>{####}</b>' } })
    const { code } = await askForCode(pool)

    expect(pool.sentEmails.at(-1)).toMatchObject({ subject: 'Hello', text: `<b>${code}</b>` })
  })

  test('each request sends a new code, and each code is good for its own Session', async () => {
    const pool = await createPool()
    const first = await askForCode(pool)
    const second = await askForCode(pool)

    expect(second.code).not.toBe(first.code)
    expectError(await answerCode(pool, second.challenge, first.code), wrongCode)
    expectError(await answerCode(pool, first.challenge, second.code), wrongCode)
    requireTokens(await answerCode(pool, first.challenge, first.code))
    requireTokens(await answerCode(pool, second.challenge, second.code))
  })

  test('replay: ten parallel responses with the right code sign in once', async () => {
    const pool = await createPool()
    const { challenge, code } = await askForCode(pool)
    const responses = await Promise.all(
      Array.from({ length: 10 }, () => answerCode(pool, challenge, code)),
    )

    expect(responses.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(responses.filter(({ body }) => body.message === spentSession.message)).toHaveLength(9)
  })

  test('six wrong codes are wrong codes, and the right one still signs in', async () => {
    const pool = await createPool()
    const { challenge, code } = await askForCode(pool)

    for (let tries = 0; tries < 6; tries += 1) {
      expectError(await answerCode(pool, challenge, toWrongCode(code)), wrongCode)
    }
    requireTokens(await answerCode(pool, challenge, code))
  })

  test.each(['1', '１２３４５６７８', 'x'.repeat(3000), ' '])(
    'the code %s is a wrong code',
    async (typed) => {
      const pool = await createPool()
      const { challenge } = await askForCode(pool)

      expectError(await answerCode(pool, challenge, typed), wrongCode)
    },
  )

  test('the code lives as long as its Session', async () => {
    const pool = await createPool({ authSessionSeconds: 180 })
    const { challenge, code } = await askForCode(pool)
    const late = await askForCode(pool)

    pool.clock.advance(179)
    requireTokens(await answerCode(pool, challenge, code))
    pool.clock.advance(1)
    expectError(await answerCode(pool, late.challenge, late.code), expiredSession)
  })

  test('the code and its Session are required', async () => {
    const pool = await createPool()
    const { challenge, code } = await askForCode(pool)

    expectError(await answerChallenge(pool, challenge), {
      type: 'InvalidParameterException',
      message: 'Missing required parameter EMAIL_OTP_CODE',
    })
    const ChallengeResponses = { USERNAME: username, EMAIL_OTP_CODE: code }
    const body = { ClientId, ChallengeName: 'EMAIL_OTP', ChallengeResponses }
    expectError(await pool.call('RespondToAuthChallenge', body), {
      type: 'InvalidParameterException',
      message: 'Missing required parameter Session',
    })
  })

  test('the code signs in its own user only', async () => {
    const pool = await createPool()
    const other = { ...rider, username: 'other@example.com' }
    await createConfirmedUser(pool, other)
    const { challenge, code } = await askForCode(pool)
    const responses = { EMAIL_OTP_CODE: code, USERNAME: other.username }

    expectError(await answerChallenge(pool, challenge, responses), invalidSession)
  })

  test('the code of a user who was disabled since is told so', async () => {
    const pool = await createPool()
    const { challenge, code } = await askForCode(pool)
    changeUser(pool, username, { enabled: false })

    expectError(await answerCode(pool, challenge, toWrongCode(code)), wrongCode)
    expectError(await answerCode(pool, challenge, code), userDisabled)
  })

  test('the code is void once the user has another address', async () => {
    const pool = await createPool()
    const { challenge, code } = await askForCode(pool)
    changeUser(pool, username, {
      attributes: new Map([
        ['email', 'new@example.com'],
        ['email_verified', 'true'],
      ]),
    })

    expectError(await answerCode(pool, challenge, code), invalidSession)
  })

  test.each(['false', undefined])(
    'a user whose email_verified is %s is offered no code',
    async (flag) => {
      const pool = await createPool()
      const attributes = new Map([['email', username]])
      if (flag) attributes.set('email_verified', flag)
      changeUser(pool, username, { attributes })
      const before = pool.sentEmails.length
      const asked = await initiateUserAuth(pool, { PREFERRED_CHALLENGE: 'EMAIL_OTP' })

      expect(requireUserAuthChallenge(asked)).toMatchObject({
        ChallengeName: 'SELECT_CHALLENGE',
        AvailableChallenges: ['PASSWORD_SRP', 'PASSWORD'],
      })
      expect(pool.sentEmails.length).toBe(before)
    },
  )

  test('a client with a secret proves it in both calls', async () => {
    const pool = await createPool({ clientHasSecret: false })
    const withSecret = await createTestPool({ ...withEmailCodes, clientHasSecret: true })
    const body = { ClientId, AuthFlow: 'USER_AUTH', AuthParameters: { USERNAME: username } }

    expectSuccess(await pool.call('InitiateAuth', body))
    expectError(await withSecret.call('InitiateAuth', body), {
      type: 'NotAuthorizedException',
      message: `Client ${ClientId} is configured with secret but SECRET_HASH was not received`,
    })
  })

  test('the Session of EMAIL_OTP tells neither the code nor the address', async () => {
    const pool = await createPool()
    const { challenge, code } = await askForCode(pool)
    const bytes = Buffer.from(challenge.Session, 'base64url').toString('latin1')

    expect(bytes).not.toContain(code)
    expect(bytes).not.toContain(username)
  })
})

const emailOn = { EmailMfaSettings: { Enabled: true } }
const emailPreferred = { EmailMfaSettings: { Enabled: true, PreferredMfa: true } }

/** A signed-in rider in a pool with MFA by app and by email; passwords are proved by SRP. */
async function createMfaPool(overrides: Settings = {}) {
  const pool = await createTestPool({
    ...withEmailMfa,
    explicitAuthFlows: new Set(['ALLOW_USER_AUTH', 'ALLOW_USER_SRP_AUTH']),
    ...overrides,
  })
  return { pool, ...(await createSignedInUser(pool)) }
}

async function createPoolWithEmailMfa(overrides: Settings = {}) {
  const stage = await createMfaPool(overrides)
  const { pool, AccessToken } = stage
  expectSuccess(await pool.call('SetUserMFAPreference', { AccessToken, ...emailOn }))
  return stage
}

describe('EMAIL_OTP as second factor', () => {
  test('after the password comes EMAIL_OTP, with a code of six digits', async () => {
    const { pool } = await createPoolWithEmailMfa()
    const challenge = requireChallenge(await signInBySrp(pool))
    const code = latestCodeFor(pool, username)

    expect(challenge).toMatchObject({
      ChallengeName: 'EMAIL_OTP',
      ChallengeParameters: { ...emailed, USER_ID_FOR_SRP: username },
    })
    expect(code).toMatch(/^\d{6}$/)
    expectError(await answerCode(pool, challenge, toWrongCode(code)), wrongCode)
    requireTokens(await answerCode(pool, challenge, code))
    expectError(await answerCode(pool, challenge, code), spentSession)
  })

  test('lockout: five wrong codes lock the second factor, and the Session lives on', async () => {
    const { pool } = await createPoolWithEmailMfa()
    const challenge = requireChallenge(await signInBySrp(pool))
    const code = latestCodeFor(pool, username)
    for (let tries = 0; tries < 5; tries += 1) {
      expectError(await answerCode(pool, challenge, toWrongCode(code)), wrongCode)
    }

    expectError(await answerCode(pool, challenge, code), {
      type: 'NotAuthorizedException',
      message: 'Password attempts exceeded',
    })
    pool.clock.advance(1)
    requireTokens(await answerCode(pool, challenge, code))
  })

  test('it is asked for after a password in USER_AUTH too', async () => {
    const { pool } = await createPoolWithEmailMfa()
    const typed = { PREFERRED_CHALLENGE: 'PASSWORD', PASSWORD: rider.password }
    const challenge = requireUserAuthChallenge(await initiateUserAuth(pool, typed))

    expect(challenge.ChallengeName).toBe('EMAIL_OTP')
    expect(challenge.AvailableChallenges).toBeUndefined()
    requireTokens(await answerCode(pool, challenge, latestCodeFor(pool, username)))
  })

  test('a user with a second factor is offered the password alone', async () => {
    const { pool } = await createPoolWithEmailMfa()
    const asked = await initiateUserAuth(pool, { PREFERRED_CHALLENGE: 'EMAIL_OTP' })

    expect(requireUserAuthChallenge(asked)).toMatchObject({
      ChallengeName: 'SELECT_CHALLENGE',
      AvailableChallenges: ['PASSWORD_SRP', 'PASSWORD'],
    })
  })

  test('a code that was sent as the only factor does not do for both', async () => {
    const { pool, AccessToken } = await createMfaPool()
    const { challenge, code } = await askForCode(pool)
    await pool.call('SetUserMFAPreference', { AccessToken, ...emailOn })

    const next = requireChallenge(await answerCode(pool, challenge, code))
    expect(next.ChallengeName).toBe('EMAIL_OTP')
    expectError(await answerCode(pool, next, code), wrongCode)
    requireTokens(await answerCode(pool, next, latestCodeFor(pool, username)))
  })

  test('the right code verifies the address it was sent to', async () => {
    const { pool } = await createPoolWithEmailMfa()
    changeUser(pool, username, {
      attributes: new Map([
        ['email', username],
        ['email_verified', 'false'],
      ]),
    })
    const challenge = requireChallenge(await signInBySrp(pool))
    expectSuccess(await answerCode(pool, challenge, latestCodeFor(pool, username)))

    expect(requireStoredUser(pool, username).attributes.get('email_verified')).toBe('true')
  })

  test('the code is void once the user has another address', async () => {
    const { pool } = await createPoolWithEmailMfa()
    const challenge = requireChallenge(await signInBySrp(pool))
    changeUser(pool, username, { attributes: new Map([['email', 'new@example.com']]) })

    expectError(await answerCode(pool, challenge, latestCodeFor(pool, username)), invalidSession)
    expect(requireStoredUser(pool, username).attributes.get('email_verified')).toBeUndefined()
  })

  test('MFA by email can be turned off, by the user and by an IAM caller', async () => {
    const { pool, AccessToken } = await createPoolWithEmailMfa()
    const off = { EmailMfaSettings: { Enabled: false } }

    expectSuccess(await pool.call('SetUserMFAPreference', { AccessToken, ...off }))
    requireTokens(await signInBySrp(pool))
    const admin = (settings: object) =>
      callWithIam(pool, 'AdminSetUserMFAPreference', { Username: username, ...settings })
    expectSuccess(await admin(emailOn))
    requireChallenge(await signInBySrp(pool))
    expectSuccess(await admin(off))
    requireTokens(await signInBySrp(pool))
  })

  test.each([
    [
      'the pool has no MFA by email',
      { mfaFactors: new Set(['SOFTWARE_TOKEN_MFA'] as const) },
      true,
    ],
    ['the user has no address', {}, false],
  ])('MFA by email cannot be turned on when %s', async (_, settings, hasAddress) => {
    const { pool, AccessToken } = await createMfaPool(settings)
    if (!hasAddress) changeUser(pool, username, { attributes: new Map() })

    expectError(await pool.call('SetUserMFAPreference', { AccessToken, ...emailOn }), {
      type: 'InvalidParameterException',
      message: 'User does not have delivery config set to turn on EMAIL_OTP',
    })
  })

  test.each(userExistenceErrors)(
    'password reset, %s: no code goes to a mailbox that is the second factor',
    async (_, setting) => {
      const { pool } = await createPoolWithEmailMfa(setting)
      const before = pool.sentEmails.length
      const response = await pool.call('ForgotPassword', { ClientId, Username: username })

      expect(pool.sentEmails.length).toBe(before)
      expect(response.status).toBe(setting === ENABLED ? 200 : 400)
      if (setting === LEGACY) {
        expect(response.body.__type).toBe('InvalidParameterException')
      }
    },
  )
})

describe('SELECT_MFA_TYPE', () => {
  async function createWithBoth(preference: object = emailOn) {
    const { pool, AccessToken } = await createMfaPool()
    const secret = await enableTotpMfa(pool, AccessToken)
    const SoftwareTokenMfaSettings = { Enabled: true, PreferredMfa: false }
    expectSuccess(
      await pool.call('SetUserMFAPreference', {
        AccessToken,
        SoftwareTokenMfaSettings,
        ...preference,
      }),
    )
    pool.clock.shiftWallClock(30)
    return { pool, AccessToken, secret }
  }

  test('two factors of which none is preferred are offered, and the code by email signs in', async () => {
    const { pool } = await createWithBoth()
    const before = pool.sentEmails.length
    const selection = requireChallenge(await signInBySrp(pool))

    expect(selection).toMatchObject({
      ChallengeName: 'SELECT_MFA_TYPE',
      ChallengeParameters: {
        MFAS_CAN_CHOOSE: '["SOFTWARE_TOKEN_MFA","EMAIL_OTP"]',
        USER_ID_FOR_SRP: username,
      },
    })
    expect(pool.sentEmails.length).toBe(before)
    const challenge = requireChallenge(
      await answerChallenge(pool, selection, { ANSWER: 'EMAIL_OTP' }),
    )
    requireTokens(await answerCode(pool, challenge, latestCodeFor(pool, username)))
    expectError(await answerChallenge(pool, selection, { ANSWER: 'EMAIL_OTP' }), spentSession)
  })

  test('the authenticator app can be chosen', async () => {
    const { pool, secret } = await createWithBoth()
    const selection = requireChallenge(await signInBySrp(pool))
    const challenge = requireChallenge(
      await answerChallenge(pool, selection, { ANSWER: 'SOFTWARE_TOKEN_MFA' }),
    )

    expect(challenge.ChallengeName).toBe('SOFTWARE_TOKEN_MFA')
    const SOFTWARE_TOKEN_MFA_CODE = currentTotp(secret, pool)
    requireTokens(await answerChallenge(pool, challenge, { SOFTWARE_TOKEN_MFA_CODE }))
  })

  test.each(['SMS_MFA', 'EMAIL', 'toString'])('%s cannot be chosen', async (ANSWER) => {
    const { pool } = await createWithBoth()
    const selection = requireChallenge(await signInBySrp(pool))

    expectError(await answerChallenge(pool, selection, { ANSWER }), {
      type: 'MFAMethodNotFoundException',
      message: 'MFA method not found.',
    })
    expectSuccess(await answerChallenge(pool, selection, { ANSWER: 'EMAIL_OTP' }))
  })

  test('the preferred factor is asked for at once, and the last preference counts', async () => {
    const { pool, AccessToken } = await createWithBoth(emailPreferred)
    expect(requireChallenge(await signInBySrp(pool)).ChallengeName).toBe('EMAIL_OTP')

    const SoftwareTokenMfaSettings = { Enabled: true, PreferredMfa: true }
    await pool.call('SetUserMFAPreference', { AccessToken, SoftwareTokenMfaSettings })
    expect(requireChallenge(await signInBySrp(pool)).ChallengeName).toBe('SOFTWARE_TOKEN_MFA')
    await pool.call('SetUserMFAPreference', { AccessToken, ...emailPreferred })
    expect(requireChallenge(await signInBySrp(pool)).ChallengeName).toBe('EMAIL_OTP')
  })

  test('two factors cannot be preferred at once', async () => {
    const { pool, AccessToken } = await createWithBoth()
    const SoftwareTokenMfaSettings = { Enabled: true, PreferredMfa: true }
    const both = { SoftwareTokenMfaSettings, ...emailPreferred }

    expectError(await pool.call('SetUserMFAPreference', { AccessToken, ...both }), {
      type: 'InvalidParameterException',
      message: 'Only one MFA method can be preferred.',
    })
  })

  test('GetUser, AdminGetUser and GetUserAuthFactors list both', async () => {
    const { pool, AccessToken } = await createWithBoth(emailPreferred)
    const members = {
      UserMFASettingList: ['SOFTWARE_TOKEN_MFA', 'EMAIL_OTP'],
      PreferredMfaSetting: 'EMAIL_OTP',
    }

    for (const { body } of [
      await pool.call('GetUser', { AccessToken }),
      await callWithIam(pool, 'AdminGetUser', { Username: username }),
      await pool.call('GetUserAuthFactors', { AccessToken }),
    ]) {
      expect(body).toMatchObject(members)
    }
    const { body } = await pool.call('GetUserAuthFactors', { AccessToken })
    expect(body.ConfiguredUserAuthFactors).toEqual(['PASSWORD'])
  })
})

describe('MFA ON', () => {
  const required: Settings = {
    mfaConfiguration: 'ON',
    firstAuthFactors: new Set(['PASSWORD']),
  }

  test('a user with an address gets a code by email, without having set anything', async () => {
    const { pool } = await createMfaPool(required)
    const challenge = requireChallenge(await signInBySrp(pool))

    expect(challenge.ChallengeName).toBe('EMAIL_OTP')
    requireTokens(await answerCode(pool, challenge, latestCodeFor(pool, username)))
  })

  test('a user without any factor chooses one in MFA_SETUP, and an address is theirs after its code', async () => {
    const { pool } = await createMfaPool(required)
    changeUser(pool, username, { attributes: new Map() })
    const setup = requireChallenge(await signInBySrp(pool))
    expect(setup).toMatchObject({
      ChallengeName: 'MFA_SETUP',
      ChallengeParameters: { MFAS_CAN_SETUP: '["SOFTWARE_TOKEN_MFA","EMAIL_OTP"]' },
    })

    expectError(await answerChallenge(pool, setup, { EMAIL: 'no address' }), {
      type: 'InvalidParameterException',
      message: 'Invalid email address format.',
    })
    const challenge = requireChallenge(
      await answerChallenge(pool, setup, { EMAIL: 'mfa@example.com' }),
    )
    expect(requireStoredUser(pool, username).attributes.size).toBe(0)
    expectSuccess(await answerCode(pool, challenge, latestCodeFor(pool, 'mfa@example.com')))
    expect([...requireStoredUser(pool, username).attributes]).toEqual([
      ['email', 'mfa@example.com'],
      ['email_verified', 'true'],
    ])
  })

  test('MFA_SETUP by app works beside, and the older Session is void then', async () => {
    const { pool } = await createMfaPool(required)
    changeUser(pool, username, { attributes: new Map() })
    const older = requireChallenge(await signInBySrp(pool))
    const { Session } = requireChallenge(await signInBySrp(pool))
    const { SecretCode, Session: associated } = requireSecretCode(
      await pool.call('AssociateSoftwareToken', { Session }),
    )
    const UserCode = currentTotp(SecretCode, pool)
    const verified = await pool.call('VerifySoftwareToken', { Session: associated, UserCode })
    expectSuccess(verified)

    expectError(await answerChallenge(pool, older, { EMAIL: 'mfa@example.com' }), invalidSession)
  })

  test('MFA_SETUP takes no address in a pool without MFA by email', async () => {
    const { pool } = await createMfaPool({
      ...required,
      mfaFactors: new Set(['SOFTWARE_TOKEN_MFA']),
    })
    const setup = requireChallenge(await signInBySrp(pool))

    expect(setup.ChallengeParameters.MFAS_CAN_SETUP).toBe('["SOFTWARE_TOKEN_MFA"]')
    expectError(await answerChallenge(pool, setup, { EMAIL: 'mfa@example.com' }), invalidSession)
  })
})

test('GetUserAuthFactors lists the first factors of the user', async () => {
  const pool = await createPool()
  const { AccessToken } = await startSessionFor(pool)
  const { body } = await pool.call('GetUserAuthFactors', { AccessToken })

  expect(body).toEqual({
    Username: username,
    ConfiguredUserAuthFactors: ['PASSWORD', 'EMAIL_OTP'],
  })
})
