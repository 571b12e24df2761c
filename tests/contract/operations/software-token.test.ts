/** TOTP: setting an authenticator app up, and signing in with its codes. */

import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import type { UserPoolSettings } from '../../../src/local-cloud/user-pool/settings.ts'
import { expectError, expectSuccess } from '../../support/cognito-api.ts'
import {
  expiredSession,
  invalidSession,
  spentSession,
  userDisabled,
} from '../../support/cognito-errors.ts'
import { callWithIam } from '../../support/iam-caller.ts'
import { answerChallenge, requireChallenge, signInBySrp } from '../../support/sign-in.ts'
import { createTestPool, type TestPool } from '../../support/test-pool.ts'
import {
  currentTotp,
  enableTotpMfa,
  moveToMiddleOfStep,
  requireSecretCode,
  toTotp,
  verifyAuthenticatorApp,
} from '../../support/totp.ts'
import {
  ClientId,
  changeUser,
  createConfirmedUser,
  createSignedInUser,
  differentCode,
  requireStoredUser,
  requireTokens,
  rider,
} from '../../support/users.ts'

const other = { ...rider, username: 'other@example.com' }

const switchedOff = {
  type: 'SoftwareTokenMFANotFoundException',
  message: 'Software Token MFA has not been enabled by the userPool',
} as const
const setUpMismatch = {
  type: 'EnableSoftwareTokenMFAException',
  message: 'Code mismatch and fail enable Software Token MFA',
} as const
const wrongCode = {
  type: 'CodeMismatchException',
  message: 'Invalid code received for user',
} as const
const usedCode = {
  type: 'ExpiredCodeException',
  message: 'Your software token has already been used once.',
} as const

async function createMfaPool(
  mfaConfiguration: UserPoolSettings['mfaConfiguration'],
  overrides: Partial<UserPoolSettings> = {},
): Promise<TestPool> {
  const pool = await createTestPool({ ...overrides, mfaConfiguration })
  moveToMiddleOfStep(pool.clock)
  return pool
}

/** A user with a verified authenticator app whose sign-in has reached the TOTP challenge. */
async function beginWithApp(overrides: Partial<UserPoolSettings> = {}) {
  const pool = await createMfaPool('OPTIONAL', overrides)
  const { AccessToken } = await createSignedInUser(pool)
  const secret = await enableTotpMfa(pool, AccessToken)
  pool.clock.shiftWallClock(30)
  return { pool, secret, AccessToken, challenge: requireChallenge(await signInBySrp(pool)) }
}

/** A user whose sign-in has reached MFA_SETUP. */
async function beginSetup() {
  const pool = await createMfaPool('ON')
  await createConfirmedUser(pool)
  return { pool, challenge: requireChallenge(await signInBySrp(pool)) }
}

function answerCode(
  pool: TestPool,
  challenge: { ChallengeName: string; Session: string },
  code: string,
) {
  return answerChallenge(pool, challenge, { SOFTWARE_TOKEN_MFA_CODE: code })
}

describe('TOTP codes of the test helper', () => {
  // RFC 6238, appendix B, SHA-1: the last six of its eight digits. The secret is "12345678901234567890".
  test.each([
    [59, '94287082'],
    [1_111_111_109, '07081804'],
    [1_111_111_111, '14050471'],
    [1_234_567_890, '89005924'],
    [2_000_000_000, '69279037'],
    [20_000_000_000, '65353130'],
  ])('the TOTP code at %i seconds is the one of RFC 6238', (seconds, code) => {
    expect(toTotp('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', seconds * 1000)).toBe(code.slice(2))
  })
})

describe('MFA OFF', () => {
  test('MFA OFF: no authenticator app can be set up', async () => {
    const pool = await createMfaPool('OFF')
    const { AccessToken } = await createSignedInUser(pool)

    expectError(await pool.call('AssociateSoftwareToken', { AccessToken }), switchedOff)
    expectError(
      await pool.call('VerifySoftwareToken', { AccessToken, UserCode: '123456' }),
      switchedOff,
    )
  })

  test('MFA OFF: a password is enough to sign in', async () => {
    const pool = await createMfaPool('OFF')
    await createConfirmedUser(pool)

    requireTokens(await signInBySrp(pool))
  })
})

describe('TOTP set-up with an access token', () => {
  test('AssociateSoftwareToken returns a new secret of 52 characters each time and no Session', async () => {
    const pool = await createMfaPool('OPTIONAL')
    const { AccessToken } = await createSignedInUser(pool)
    const first = await pool.call('AssociateSoftwareToken', { AccessToken })
    const second = await pool.call('AssociateSoftwareToken', { AccessToken })

    expect(first.body).toEqual({ SecretCode: expect.stringMatching(/^[A-Z2-7]{52}$/) })
    expect(first.body.SecretCode).not.toBe(second.body.SecretCode)
  })

  test('VerifySoftwareToken accepts a code of the newest secret only', async () => {
    const pool = await createMfaPool('OPTIONAL')
    const { AccessToken } = await createSignedInUser(pool)
    const first = requireSecretCode(await pool.call('AssociateSoftwareToken', { AccessToken }))
    const second = requireSecretCode(await pool.call('AssociateSoftwareToken', { AccessToken }))
    const verify = (UserCode: string) =>
      pool.call('VerifySoftwareToken', { AccessToken, UserCode, FriendlyDeviceName: 'my watch' })

    expectError(await verify(currentTotp(first.SecretCode, pool)), setUpMismatch)
    const { status, body } = await verify(currentTotp(second.SecretCode, pool))
    expect({ status, body }).toEqual({ status: 200, body: { Status: 'SUCCESS' } })
  })

  test('VerifySoftwareToken is rejected before AssociateSoftwareToken', async () => {
    const pool = await createMfaPool('OPTIONAL')
    const { AccessToken } = await createSignedInUser(pool)
    const response = await pool.call('VerifySoftwareToken', { AccessToken, UserCode: '123456' })

    expectError(response, setUpMismatch)
  })

  test('AssociateSoftwareToken takes exactly one of AccessToken and Session', async () => {
    const pool = await createMfaPool('OPTIONAL')
    const { AccessToken } = await createSignedInUser(pool)

    for (const body of [{}, { AccessToken, Session: 'x'.repeat(200) }]) {
      const response = await pool.call('AssociateSoftwareToken', body)
      expect(response.body).toMatchObject({ __type: 'InvalidParameterException' })
    }
  })

  test.each([
    ['12345', 'Member must have length greater than or equal to 6'],
    ['1234567', 'Member must have length less than or equal to 6'],
    ['12345a', 'Member must satisfy regular expression pattern: [0-9]+'],
  ])('VerifySoftwareToken with UserCode %s is a validation error', async (UserCode, constraint) => {
    const pool = await createMfaPool('OPTIONAL')
    const { AccessToken } = await createSignedInUser(pool)

    expectError(await pool.call('VerifySoftwareToken', { AccessToken, UserCode }), {
      type: 'InvalidParameterException',
      message: `1 validation error detected: Value '${UserCode}' at 'userCode' failed to satisfy constraint: ${constraint}`,
    })
  })

  test('VerifySoftwareToken with a UserCode that breaks two constraints names the pattern first', async () => {
    const pool = await createMfaPool('OPTIONAL')
    const { AccessToken } = await createSignedInUser(pool)
    const at = "Value 'Aaaa' at 'userCode' failed to satisfy constraint:"

    expectError(await pool.call('VerifySoftwareToken', { AccessToken, UserCode: 'Aaaa' }), {
      type: 'InvalidParameterException',
      message: `2 validation errors detected: ${at} Member must satisfy regular expression pattern: [0-9]+; ${at} Member must have length greater than or equal to 6`,
    })
  })

  test('TOTP set-up: the old authenticator app works until the new one is verified', async () => {
    const { pool, secret, AccessToken, challenge } = await beginWithApp()
    await pool.call('AssociateSoftwareToken', { AccessToken })

    expectSuccess(await answerCode(pool, challenge, currentTotp(secret, pool)))
  })

  test('TOTP set-up: a verified new authenticator app replaces the old one', async () => {
    const { pool, secret, AccessToken } = await beginWithApp()
    const next = await verifyAuthenticatorApp(pool, AccessToken)
    pool.clock.shiftWallClock(30)
    const challenge = requireChallenge(await signInBySrp(pool))

    expectError(await answerCode(pool, challenge, currentTotp(secret, pool)), wrongCode)
    expectSuccess(await answerCode(pool, challenge, currentTotp(next, pool)))
  })
})

describe('SetUserMFAPreference', () => {
  const settings = (Enabled: boolean, PreferredMfa: boolean) => ({
    SoftwareTokenMfaSettings: { Enabled, PreferredMfa },
  })

  test('SetUserMFAPreference enables the TOTP challenge when MFA is OPTIONAL', async () => {
    const pool = await createMfaPool('OPTIONAL')
    const { AccessToken } = await createSignedInUser(pool)
    await verifyAuthenticatorApp(pool, AccessToken)

    requireTokens(await signInBySrp(pool))
    const { status, body } = await pool.call('SetUserMFAPreference', {
      AccessToken,
      ...settings(true, true),
    })
    expect({ status, body }).toEqual({ status: 200, body: {} })
    expect(requireChallenge(await signInBySrp(pool)).ChallengeName).toBe('SOFTWARE_TOKEN_MFA')
  })

  test('SetUserMFAPreference disables the TOTP challenge', async () => {
    const { pool, AccessToken } = await beginWithApp()

    expectSuccess(
      await pool.call('SetUserMFAPreference', { AccessToken, ...settings(false, false) }),
    )
    requireTokens(await signInBySrp(pool))
  })

  test('AdminSetUserMFAPreference disables TOTP for a user who has lost the device', async () => {
    const { pool } = await beginWithApp()
    const body = { Username: rider.username, ...settings(false, false) }

    expectSuccess(await callWithIam(pool, 'AdminSetUserMFAPreference', body))
    requireTokens(await signInBySrp(pool))
  })

  test.each([
    [settings(true, false), 'SOFTWARE_TOKEN_MFA'],
    [{ SMSMfaSettings: { Enabled: true } }, 'SMS_MFA'],
    [{ EmailMfaSettings: { Enabled: true } }, 'EMAIL_OTP'],
  ])(
    'SetUserMFAPreference with %j is rejected when that factor is not set up',
    async (change, factor) => {
      const pool = await createMfaPool('OPTIONAL')
      const { AccessToken } = await createSignedInUser(pool)
      await pool.call('AssociateSoftwareToken', { AccessToken })

      expectError(await pool.call('SetUserMFAPreference', { AccessToken, ...change }), {
        type: 'InvalidParameterException',
        message: `User does not have delivery config set to turn on ${factor}`,
      })
    },
  )

  test('SetUserMFAPreference can disable a factor that was never enabled', async () => {
    const pool = await createMfaPool('OPTIONAL')
    const { AccessToken } = await createSignedInUser(pool)
    const SMSMfaSettings = { Enabled: false }

    expectSuccess(
      await pool.call('SetUserMFAPreference', {
        AccessToken,
        SMSMfaSettings,
        ...settings(false, false),
      }),
    )
  })

  const mfaMembers = v.object({
    UserMFASettingList: v.optional(v.array(v.string())),
    PreferredMfaSetting: v.optional(v.string()),
  })
  const list = { UserMFASettingList: ['SOFTWARE_TOKEN_MFA'] }
  const preferred = { ...list, PreferredMfaSetting: 'SOFTWARE_TOKEN_MFA' }
  test.each([
    ['OPTIONAL', settings(true, true), preferred],
    ['OPTIONAL', settings(true, false), list],
    ['OPTIONAL', settings(false, true), {}],
    ['ON', settings(false, true), list],
  ] as const)(
    'MFA %s with %j: GetUser, AdminGetUser and GetUserAuthFactors return %j',
    async (mfaConfiguration, change, members) => {
      const pool = await createMfaPool(mfaConfiguration)
      const { AccessToken } = await createSignedInUser(pool)
      await verifyAuthenticatorApp(pool, AccessToken)
      await pool.call('SetUserMFAPreference', { AccessToken, ...change })

      for (const { body } of [
        await pool.call('GetUser', { AccessToken }),
        await callWithIam(pool, 'AdminGetUser', { Username: rider.username }),
        await pool.call('GetUserAuthFactors', { AccessToken }),
      ]) {
        expect(v.parse(mfaMembers, body)).toEqual(members)
      }
    },
  )
})

describe('SOFTWARE_TOKEN_MFA challenge', () => {
  test('the TOTP challenge names the user and the device', async () => {
    const pool = await createMfaPool('ON')
    const { AccessToken } = await createSignedInUser(pool)
    const secret = await verifyAuthenticatorApp(pool, AccessToken)

    expect(requireChallenge(await signInBySrp(pool)).ChallengeParameters).toEqual({
      USER_ID_FOR_SRP: rider.username,
    })
    pool.clock.shiftWallClock(30)
    expectSuccess(
      await pool.call('VerifySoftwareToken', {
        AccessToken,
        UserCode: currentTotp(secret, pool),
        FriendlyDeviceName: 'my watch',
      }),
    )
    expect(requireChallenge(await signInBySrp(pool))).toEqual({
      ChallengeName: 'SOFTWARE_TOKEN_MFA',
      Session: expect.any(String),
      ChallengeParameters: {
        USER_ID_FOR_SRP: rider.username,
        FRIENDLY_DEVICE_NAME: 'my watch',
      },
    })
  })

  test('MFA ON: the TOTP challenge follows as soon as an authenticator app is verified', async () => {
    const pool = await createMfaPool('ON')
    const { AccessToken } = await createSignedInUser(pool)
    const secret = await verifyAuthenticatorApp(pool, AccessToken)
    pool.clock.shiftWallClock(30)
    const challenge = requireChallenge(await signInBySrp(pool))

    expect(challenge.ChallengeName).toBe('SOFTWARE_TOKEN_MFA')
    requireTokens(await answerCode(pool, challenge, currentTotp(secret, pool)))
  })

  test('TOTP: the correct code gives tokens that work', async () => {
    const { pool, secret, challenge } = await beginWithApp()
    const response = await answerCode(pool, challenge, currentTotp(secret, pool))

    expect(response.body).toMatchObject({ ChallengeParameters: {} })
    const { AccessToken } = requireTokens(response)
    expectSuccess(await pool.call('GetUser', { AccessToken }))
  })

  test('TOTP: a wrong code is a CodeMismatchException and the same Session accepts the correct one', async () => {
    const { pool, secret, challenge } = await beginWithApp()
    const code = currentTotp(secret, pool)

    expectError(await answerCode(pool, challenge, differentCode(code)), wrongCode)
    expectError(await answerCode(pool, challenge, `${code}0`), wrongCode)
    expectSuccess(await answerCode(pool, challenge, code))
  })

  test('TOTP replay: a code works once and the same Session accepts the next one', async () => {
    const { pool, secret, challenge } = await beginWithApp()
    const code = currentTotp(secret, pool)
    expectSuccess(await answerCode(pool, challenge, code))
    const again = requireChallenge(await signInBySrp(pool))

    expectError(await answerCode(pool, again, code), usedCode)
    pool.clock.shiftWallClock(30)
    expectError(await answerCode(pool, again, code), usedCode)
    expectSuccess(await answerCode(pool, again, currentTotp(secret, pool)))
  })

  test('TOTP replay: the code that verified the authenticator app is rejected', async () => {
    const pool = await createMfaPool('OPTIONAL')
    const { AccessToken } = await createSignedInUser(pool)
    const secret = await enableTotpMfa(pool, AccessToken)
    const challenge = requireChallenge(await signInBySrp(pool))

    expectError(await answerCode(pool, challenge, currentTotp(secret, pool)), usedCode)
  })

  test.each([-1, 0, 1])(
    'TOTP clock skew: a code that is %i steps off is accepted',
    async (steps) => {
      const { pool, secret, challenge } = await beginWithApp()
      pool.clock.shiftWallClock(60)

      expectSuccess(await answerCode(pool, challenge, currentTotp(secret, pool, steps)))
    },
  )

  test.each([-2, 2])('TOTP clock skew: a code that is %i steps off is rejected', async (steps) => {
    const { pool, secret, challenge } = await beginWithApp()
    pool.clock.shiftWallClock(90)

    expectError(await answerCode(pool, challenge, currentTotp(secret, pool, steps)), wrongCode)
  })

  test('TOTP clock skew: the movable test clock does not count', async () => {
    const { pool, secret, challenge } = await beginWithApp({ authSessionSeconds: 900 })
    pool.clock.advance(600)

    expectSuccess(await answerCode(pool, challenge, currentTotp(secret, pool)))
  })

  test('TOTP: a response without a code is rejected', async () => {
    const { pool, challenge } = await beginWithApp()

    expectError(await answerChallenge(pool, challenge), {
      type: 'InvalidParameterException',
      message: 'Missing required parameter SOFTWARE_TOKEN_MFA_CODE',
    })
  })

  test('TOTP: the response of the client library, which carries the code twice, is accepted', async () => {
    const { pool, secret, challenge } = await beginWithApp()
    const code = currentTotp(secret, pool)
    const responses = { SOFTWARE_TOKEN_MFA_CODE: code, SMS_MFA_CODE: code }

    expectSuccess(await answerChallenge(pool, challenge, responses))
  })
})

describe('Session of the TOTP challenge', () => {
  test('Session: a response without one is rejected', async () => {
    const { pool } = await beginWithApp()
    const response = await pool.call('RespondToAuthChallenge', {
      ClientId,
      ChallengeName: 'SOFTWARE_TOKEN_MFA',
      ChallengeResponses: { USERNAME: rider.username, SOFTWARE_TOKEN_MFA_CODE: '123456' },
    })

    expectError(response, {
      type: 'InvalidParameterException',
      message: 'Missing required parameter Session',
    })
  })

  test('Session replay: it is consumed by a correct code', async () => {
    const { pool, secret, challenge } = await beginWithApp()
    expectSuccess(await answerCode(pool, challenge, currentTotp(secret, pool)))
    pool.clock.shiftWallClock(30)

    expectError(await answerCode(pool, challenge, currentTotp(secret, pool)), spentSession)
  })

  test('Session replay: ten parallel responses succeed once', async () => {
    const { pool, secret, challenge } = await beginWithApp()
    const code = currentTotp(secret, pool)
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => answerCode(pool, challenge, code)),
    )

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  })

  test.each([180, 900])(
    'Session: it expires after the AuthSessionValidity of %i seconds',
    async (authSessionSeconds) => {
      const { pool, secret, challenge } = await beginWithApp({ authSessionSeconds })

      pool.clock.advance(authSessionSeconds)
      expectError(await answerCode(pool, challenge, currentTotp(secret, pool)), expiredSession)
      pool.clock.advance(-1)
      expectSuccess(await answerCode(pool, challenge, currentTotp(secret, pool)))
    },
  )

  test('Session: it is bound to its user', async () => {
    const { pool, secret, challenge } = await beginWithApp()
    await createConfirmedUser(pool, other)
    const SOFTWARE_TOKEN_MFA_CODE = currentTotp(secret, pool)

    for (const USERNAME of [other.username, 'ghost@example.com']) {
      expectError(
        await answerChallenge(pool, challenge, { USERNAME, SOFTWARE_TOKEN_MFA_CODE }),
        invalidSession,
      )
    }
  })

  test('Session: it is bound to its client', async () => {
    const { pool, secret, challenge } = await beginWithApp()
    const response = await pool.call('RespondToAuthChallenge', {
      ClientId: 'anotherclient',
      ...challenge,
      ChallengeResponses: {
        USERNAME: rider.username,
        SOFTWARE_TOKEN_MFA_CODE: currentTotp(secret, pool),
      },
    })

    expectError(response, {
      type: 'ResourceNotFoundException',
      message: 'User pool client anotherclient does not exist.',
    })
  })

  test('Session: it is bound to its challenge', async () => {
    const { pool, secret, challenge } = await beginWithApp()
    const { Session } = challenge

    for (const ChallengeName of ['MFA_SETUP', 'NEW_PASSWORD_REQUIRED', 'SMS_MFA']) {
      expectError(
        await answerChallenge(pool, { ChallengeName, Session }, { NEW_PASSWORD: 'N3w-Passw0rd!' }),
        invalidSession,
      )
    }
    expectError(await pool.call('AssociateSoftwareToken', { Session }), invalidSession)
    expectSuccess(await answerCode(pool, challenge, currentTotp(secret, pool)))
  })

  test('Session: it is bound to its pool and cannot be altered', async () => {
    const [here, there] = [await beginWithApp(), await beginWithApp()]
    const { Session, ChallengeName } = here.challenge
    const code = currentTotp(here.secret, here.pool)

    for (const session of [there.challenge.Session, `${Session.slice(0, -2)}AA`, 'x'.repeat(200)]) {
      expectError(
        await answerCode(here.pool, { ChallengeName, Session: session }, code),
        invalidSession,
      )
    }
  })

  test('Session: it is rejected when the user was disabled', async () => {
    const { pool, secret, challenge } = await beginWithApp()
    changeUser(pool, rider.username, { enabled: false })

    expectError(await answerCode(pool, challenge, currentTotp(secret, pool)), userDisabled)
  })

  test('Session: it is rejected when the user was deleted', async () => {
    const { pool, secret, challenge } = await beginWithApp()
    pool.store.deleteUser(requireStoredUser(pool, rider.username).sub)

    expectError(await answerCode(pool, challenge, currentTotp(secret, pool)), invalidSession)
  })
})

describe('MFA_SETUP challenge', () => {
  test('MFA ON: a user without an authenticator app gets the MFA_SETUP challenge', async () => {
    const { challenge } = await beginSetup()

    expect(challenge).toEqual({
      ChallengeName: 'MFA_SETUP',
      Session: expect.any(String),
      ChallengeParameters: {
        MFAS_CAN_SETUP: '["SOFTWARE_TOKEN_MFA"]',
        USER_ID_FOR_SRP: rider.username,
      },
    })
  })

  test('MFA_SETUP: AssociateSoftwareToken and VerifySoftwareToken lead to tokens, with a new Session each time', async () => {
    const { pool, challenge } = await beginSetup()
    const { Session: first, ChallengeName } = challenge
    const associated = await pool.call('AssociateSoftwareToken', { Session: first })
    const { SecretCode, Session: second = '' } = requireSecretCode(associated)
    const verified = await pool.call('VerifySoftwareToken', {
      Session: second,
      UserCode: currentTotp(SecretCode, pool),
    })
    const third = String(verified.body.Session)

    expect(verified.body).toEqual({ Status: 'SUCCESS', Session: expect.any(String) })
    expect(new Set([first, second, third]).size).toBe(3)
    requireTokens(await answerChallenge(pool, { ChallengeName, Session: third }))
    for (const Session of [first, second]) {
      expectError(await pool.call('AssociateSoftwareToken', { Session }), spentSession)
    }
    expectError(await answerChallenge(pool, { ChallengeName, Session: third }), spentSession)
    expect(requireChallenge(await signInBySrp(pool)).ChallengeName).toBe('SOFTWARE_TOKEN_MFA')
  })

  test('MFA_SETUP: a wrong code can be corrected with the same Session', async () => {
    const { pool, challenge } = await beginSetup()
    const { SecretCode, Session } = requireSecretCode(
      await pool.call('AssociateSoftwareToken', { Session: challenge.Session }),
    )
    const UserCode = currentTotp(SecretCode, pool)
    const verify = (code: string) => pool.call('VerifySoftwareToken', { Session, UserCode: code })

    expectError(await verify(differentCode(UserCode)), setUpMismatch)
    expectSuccess(await verify(UserCode))
  })

  test('MFA_SETUP: no tokens are issued before a code was verified', async () => {
    const { pool, challenge } = await beginSetup()
    const { ChallengeName } = challenge

    expectError(await answerChallenge(pool, challenge), invalidSession)
    const { Session = '' } = requireSecretCode(
      await pool.call('AssociateSoftwareToken', { Session: challenge.Session }),
    )
    expectError(await answerChallenge(pool, { ChallengeName, Session }), invalidSession)
  })

  test('MFA_SETUP: the Session expires', async () => {
    const { pool, challenge } = await beginSetup()
    const { Session } = challenge
    pool.clock.advance(900)

    expectError(await pool.call('AssociateSoftwareToken', { Session }), expiredSession)
  })
})
