/** Time-based one-time passwords: setting an authenticator app up, and signing in with it. */

import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import type { UserPoolSettings } from '../../../src/local-cloud/user-pool/settings.ts'
import { callAsOwner } from '../../support/owner.ts'
import { answerChallenge, requireChallenge, signInBySrp } from '../../support/sign-in.ts'
import { createTestPool, type TestPool } from '../../support/test-pool.ts'
import {
  codeOf,
  proveApp,
  requireSecret,
  settleMidStep,
  switchOnApp,
  toTotp,
} from '../../support/totp.ts'
import {
  ClientId,
  changeUser,
  confirmUser,
  otherThan,
  requireStoredUser,
  requireTokens,
  rider,
  signInUser,
} from '../../support/users.ts'
import { expectRefusal, expectSuccess } from '../../support/wire.ts'

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
const invalidSession = {
  type: 'NotAuthorizedException',
  message: 'Invalid session for the user.',
} as const
const expiredSession = {
  type: 'NotAuthorizedException',
  message: 'Invalid session for the user, session is expired.',
} as const
const spentSession = {
  type: 'NotAuthorizedException',
  message: 'Invalid session for the user, session can only be used once.',
} as const

async function createMfaPool(
  mfaConfiguration: UserPoolSettings['mfaConfiguration'],
  overrides: Partial<UserPoolSettings> = {},
): Promise<TestPool> {
  const pool = await createTestPool({ ...overrides, mfaConfiguration })
  settleMidStep(pool.clock)
  return pool
}

/** A rider whose sign-in has come to the code of the app, which was proved in an earlier step. */
async function beginWithApp(overrides: Partial<UserPoolSettings> = {}) {
  const pool = await createMfaPool('OPTIONAL', overrides)
  const { AccessToken } = await signInUser(pool)
  const secret = await switchOnApp(pool, AccessToken)
  pool.clock.shiftWallClock(30)
  return { pool, secret, AccessToken, challenge: requireChallenge(await signInBySrp(pool)) }
}

/** A rider whose sign-in has come to MFA_SETUP. */
async function beginSetup() {
  const pool = await createMfaPool('ON')
  await confirmUser(pool)
  return { pool, challenge: requireChallenge(await signInBySrp(pool)) }
}

function answerCode(
  pool: TestPool,
  challenge: { ChallengeName: string; Session: string },
  code: string,
) {
  return answerChallenge(pool, challenge, { SOFTWARE_TOKEN_MFA_CODE: code })
}

describe('the app of these tests', () => {
  // RFC 6238, appendix B, SHA-1: the last six of its eight digits. The secret is "12345678901234567890".
  test.each([
    [59, '94287082'],
    [1_111_111_109, '07081804'],
    [1_111_111_111, '14050471'],
    [1_234_567_890, '89005924'],
    [2_000_000_000, '69279037'],
    [20_000_000_000, '65353130'],
  ])('shows at %i seconds what RFC 6238 says', (seconds, code) => {
    expect(toTotp('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', seconds * 1000)).toBe(code.slice(2))
  })
})

describe('with MFA off', () => {
  test('no app can be set up', async () => {
    const pool = await createMfaPool('OFF')
    const { AccessToken } = await signInUser(pool)

    expectRefusal(await pool.call('AssociateSoftwareToken', { AccessToken }), switchedOff)
    expectRefusal(
      await pool.call('VerifySoftwareToken', { AccessToken, UserCode: '123456' }),
      switchedOff,
    )
  })

  test('a password is enough', async () => {
    const pool = await createMfaPool('OFF')
    await confirmUser(pool)

    requireTokens(await signInBySrp(pool))
  })
})

describe('setting an app up while signed in', () => {
  test('gives a new secret of 52 characters each time, and no Session', async () => {
    const pool = await createMfaPool('OPTIONAL')
    const { AccessToken } = await signInUser(pool)
    const first = await pool.call('AssociateSoftwareToken', { AccessToken })
    const second = await pool.call('AssociateSoftwareToken', { AccessToken })

    expect(first.body).toEqual({ SecretCode: expect.stringMatching(/^[A-Z2-7]{52}$/) })
    expect(first.body.SecretCode).not.toBe(second.body.SecretCode)
  })

  test('succeeds with the code of the newest secret, and of no other', async () => {
    const pool = await createMfaPool('OPTIONAL')
    const { AccessToken } = await signInUser(pool)
    const first = requireSecret(await pool.call('AssociateSoftwareToken', { AccessToken }))
    const second = requireSecret(await pool.call('AssociateSoftwareToken', { AccessToken }))
    const verify = (UserCode: string) =>
      pool.call('VerifySoftwareToken', { AccessToken, UserCode, FriendlyDeviceName: 'my watch' })

    expectRefusal(await verify(codeOf(first.SecretCode, pool)), setUpMismatch)
    const { status, body } = await verify(codeOf(second.SecretCode, pool))
    expect({ status, body }).toEqual({ status: 200, body: { Status: 'SUCCESS' } })
  })

  test('needs a secret first', async () => {
    const pool = await createMfaPool('OPTIONAL')
    const { AccessToken } = await signInUser(pool)
    const answer = await pool.call('VerifySoftwareToken', { AccessToken, UserCode: '123456' })

    expectRefusal(answer, setUpMismatch)
  })

  test('is for exactly one of AccessToken and Session', async () => {
    const pool = await createMfaPool('OPTIONAL')
    const { AccessToken } = await signInUser(pool)

    for (const body of [{}, { AccessToken, Session: 'x'.repeat(200) }]) {
      const answer = await pool.call('AssociateSoftwareToken', body)
      expect(answer.body).toMatchObject({ __type: 'InvalidParameterException' })
    }
  })

  test.each([
    ['12345', 'Member must have length greater than or equal to 6'],
    ['1234567', 'Member must have length less than or equal to 6'],
    ['12345a', 'Member must satisfy regular expression pattern: [0-9]+'],
  ])('takes six digits, and not %s', async (UserCode, constraint) => {
    const pool = await createMfaPool('OPTIONAL')
    const { AccessToken } = await signInUser(pool)

    expectRefusal(await pool.call('VerifySoftwareToken', { AccessToken, UserCode }), {
      type: 'InvalidParameterException',
      message: `1 validation error detected: Value at 'userCode' failed to satisfy constraint: ${constraint}`,
    })
  })

  test('leaves the app in use until a code of the new one was right', async () => {
    const { pool, secret, AccessToken, challenge } = await beginWithApp()
    await pool.call('AssociateSoftwareToken', { AccessToken })

    expectSuccess(await answerCode(pool, challenge, codeOf(secret, pool)))
  })

  test('puts a proved new app in the place of the old one', async () => {
    const { pool, secret, AccessToken } = await beginWithApp()
    const next = await proveApp(pool, AccessToken)
    pool.clock.shiftWallClock(30)
    const challenge = requireChallenge(await signInBySrp(pool))

    expectRefusal(await answerCode(pool, challenge, codeOf(secret, pool)), wrongCode)
    expectSuccess(await answerCode(pool, challenge, codeOf(next, pool)))
  })
})

describe('SetUserMFAPreference', () => {
  const settings = (Enabled: boolean, PreferredMfa: boolean) => ({
    SoftwareTokenMfaSettings: { Enabled, PreferredMfa },
  })

  test('is what makes an optional app count at sign-in', async () => {
    const pool = await createMfaPool('OPTIONAL')
    const { AccessToken } = await signInUser(pool)
    await proveApp(pool, AccessToken)

    requireTokens(await signInBySrp(pool))
    const { status, body } = await pool.call('SetUserMFAPreference', {
      AccessToken,
      ...settings(true, true),
    })
    expect({ status, body }).toEqual({ status: 200, body: {} })
    expect(requireChallenge(await signInBySrp(pool)).ChallengeName).toBe('SOFTWARE_TOKEN_MFA')
  })

  test('switches it off again', async () => {
    const { pool, AccessToken } = await beginWithApp()

    expectSuccess(
      await pool.call('SetUserMFAPreference', { AccessToken, ...settings(false, false) }),
    )
    requireTokens(await signInBySrp(pool))
  })

  test('is switched off by the owner for a rider who has lost the device', async () => {
    const { pool } = await beginWithApp()
    const body = { Username: rider.username, ...settings(false, false) }

    expectSuccess(await callAsOwner(pool, 'AdminSetUserMFAPreference', body))
    requireTokens(await signInBySrp(pool))
  })

  test.each([
    [settings(true, false), 'SOFTWARE_TOKEN_MFA'],
    [{ SMSMfaSettings: { Enabled: true } }, 'SMS_MFA'],
    [{ EmailMfaSettings: { Enabled: true } }, 'EMAIL_OTP'],
  ])('refuses %j of a rider who has not set it up', async (change, factor) => {
    const pool = await createMfaPool('OPTIONAL')
    const { AccessToken } = await signInUser(pool)
    await pool.call('AssociateSoftwareToken', { AccessToken })

    expectRefusal(await pool.call('SetUserMFAPreference', { AccessToken, ...change }), {
      type: 'InvalidParameterException',
      message: `User does not have delivery config set to turn on ${factor}`,
    })
  })

  test('switches off what was never on', async () => {
    const pool = await createMfaPool('OPTIONAL')
    const { AccessToken } = await signInUser(pool)
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
    'of a pool with MFA %s, %j, is told by GetUser, AdminGetUser and GetUserAuthFactors as %j',
    async (mfaConfiguration, change, members) => {
      const pool = await createMfaPool(mfaConfiguration)
      const { AccessToken } = await signInUser(pool)
      await proveApp(pool, AccessToken)
      await pool.call('SetUserMFAPreference', { AccessToken, ...change })

      for (const { body } of [
        await pool.call('GetUser', { AccessToken }),
        await callAsOwner(pool, 'AdminGetUser', { Username: rider.username }),
        await pool.call('GetUserAuthFactors', { AccessToken }),
      ]) {
        expect(v.parse(mfaMembers, body)).toEqual(members)
      }
    },
  )
})

describe('SOFTWARE_TOKEN_MFA', () => {
  test('names the user and the device', async () => {
    const pool = await createMfaPool('ON')
    const { AccessToken } = await signInUser(pool)
    const secret = await proveApp(pool, AccessToken)

    expect(requireChallenge(await signInBySrp(pool)).ChallengeParameters).toEqual({
      USER_ID_FOR_SRP: rider.username,
    })
    pool.clock.shiftWallClock(30)
    expectSuccess(
      await pool.call('VerifySoftwareToken', {
        AccessToken,
        UserCode: codeOf(secret, pool),
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

  test('is asked for by a pool with MFA on as soon as an app was proved', async () => {
    const pool = await createMfaPool('ON')
    const { AccessToken } = await signInUser(pool)
    const secret = await proveApp(pool, AccessToken)
    pool.clock.shiftWallClock(30)
    const challenge = requireChallenge(await signInBySrp(pool))

    expect(challenge.ChallengeName).toBe('SOFTWARE_TOKEN_MFA')
    requireTokens(await answerCode(pool, challenge, codeOf(secret, pool)))
  })

  test('gives tokens that work for the right code', async () => {
    const { pool, secret, challenge } = await beginWithApp()
    const answer = await answerCode(pool, challenge, codeOf(secret, pool))

    expect(answer.body).toMatchObject({ ChallengeParameters: {} })
    const { AccessToken } = requireTokens(answer)
    expectSuccess(await pool.call('GetUser', { AccessToken }))
  })

  test('calls a wrong code a mismatch, and the same Session takes the right one', async () => {
    const { pool, secret, challenge } = await beginWithApp()
    const code = codeOf(secret, pool)

    expectRefusal(await answerCode(pool, challenge, otherThan(code)), wrongCode)
    expectRefusal(await answerCode(pool, challenge, `${code}0`), wrongCode)
    expectSuccess(await answerCode(pool, challenge, code))
  })

  test('takes no code twice, and the same Session takes the next one', async () => {
    const { pool, secret, challenge } = await beginWithApp()
    const code = codeOf(secret, pool)
    expectSuccess(await answerCode(pool, challenge, code))
    const again = requireChallenge(await signInBySrp(pool))

    expectRefusal(await answerCode(pool, again, code), usedCode)
    pool.clock.shiftWallClock(30)
    expectRefusal(await answerCode(pool, again, code), usedCode)
    expectSuccess(await answerCode(pool, again, codeOf(secret, pool)))
  })

  test('does not take the code that proved the app', async () => {
    const pool = await createMfaPool('OPTIONAL')
    const { AccessToken } = await signInUser(pool)
    const secret = await switchOnApp(pool, AccessToken)
    const challenge = requireChallenge(await signInBySrp(pool))

    expectRefusal(await answerCode(pool, challenge, codeOf(secret, pool)), usedCode)
  })

  test.each([-1, 0, 1])('takes the code of a watch that is %i steps off', async (steps) => {
    const { pool, secret, challenge } = await beginWithApp()
    pool.clock.shiftWallClock(60)

    expectSuccess(await answerCode(pool, challenge, codeOf(secret, pool, steps)))
  })

  test.each([-2, 2])('refuses the code of a watch that is %i steps off', async (steps) => {
    const { pool, secret, challenge } = await beginWithApp()
    pool.clock.shiftWallClock(90)

    expectRefusal(await answerCode(pool, challenge, codeOf(secret, pool, steps)), wrongCode)
  })

  test('has nothing to do with the clock that tests move', async () => {
    const { pool, secret, challenge } = await beginWithApp({ authSessionSeconds: 900 })
    pool.clock.advance(600)

    expectSuccess(await answerCode(pool, challenge, codeOf(secret, pool)))
  })

  test('asks for the code', async () => {
    const { pool, challenge } = await beginWithApp()

    expectRefusal(await answerChallenge(pool, challenge), {
      type: 'InvalidParameterException',
      message: 'Missing required parameter SOFTWARE_TOKEN_MFA_CODE',
    })
  })

  test('takes the answer of the client library, which has the code twice', async () => {
    const { pool, secret, challenge } = await beginWithApp()
    const code = codeOf(secret, pool)
    const responses = { SOFTWARE_TOKEN_MFA_CODE: code, SMS_MFA_CODE: code }

    expectSuccess(await answerChallenge(pool, challenge, responses))
  })
})

describe('a Session', () => {
  test('is asked for', async () => {
    const { pool } = await beginWithApp()
    const answer = await pool.call('RespondToAuthChallenge', {
      ClientId,
      ChallengeName: 'SOFTWARE_TOKEN_MFA',
      ChallengeResponses: { USERNAME: rider.username, SOFTWARE_TOKEN_MFA_CODE: '123456' },
    })

    expectRefusal(answer, {
      type: 'InvalidParameterException',
      message: 'Missing required parameter Session',
    })
  })

  test('is used up by a right code', async () => {
    const { pool, secret, challenge } = await beginWithApp()
    expectSuccess(await answerCode(pool, challenge, codeOf(secret, pool)))
    pool.clock.shiftWallClock(30)

    expectRefusal(await answerCode(pool, challenge, codeOf(secret, pool)), spentSession)
  })

  test('gives one success to ten answers at once', async () => {
    const { pool, secret, challenge } = await beginWithApp()
    const code = codeOf(secret, pool)
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => answerCode(pool, challenge, code)),
    )

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  })

  test.each([180, 900])('of %i seconds ends with them', async (authSessionSeconds) => {
    const { pool, secret, challenge } = await beginWithApp({ authSessionSeconds })

    pool.clock.advance(authSessionSeconds)
    expectRefusal(await answerCode(pool, challenge, codeOf(secret, pool)), expiredSession)
    pool.clock.advance(-1)
    expectSuccess(await answerCode(pool, challenge, codeOf(secret, pool)))
  })

  test('is for its user alone', async () => {
    const { pool, secret, challenge } = await beginWithApp()
    await confirmUser(pool, other)
    const SOFTWARE_TOKEN_MFA_CODE = codeOf(secret, pool)

    for (const USERNAME of [other.username, 'ghost@example.com']) {
      expectRefusal(
        await answerChallenge(pool, challenge, { USERNAME, SOFTWARE_TOKEN_MFA_CODE }),
        invalidSession,
      )
    }
  })

  test('is for its client alone', async () => {
    const { pool, secret, challenge } = await beginWithApp()
    const answer = await pool.call('RespondToAuthChallenge', {
      ClientId: 'anotherclient',
      ...challenge,
      ChallengeResponses: {
        USERNAME: rider.username,
        SOFTWARE_TOKEN_MFA_CODE: codeOf(secret, pool),
      },
    })

    expectRefusal(answer, {
      type: 'ResourceNotFoundException',
      message: 'User pool client anotherclient does not exist.',
    })
  })

  test('is for its challenge alone', async () => {
    const { pool, secret, challenge } = await beginWithApp()
    const { Session } = challenge

    for (const ChallengeName of ['MFA_SETUP', 'NEW_PASSWORD_REQUIRED', 'SMS_MFA']) {
      expectRefusal(
        await answerChallenge(pool, { ChallengeName, Session }, { NEW_PASSWORD: 'N3w-Passw0rd!' }),
        invalidSession,
      )
    }
    expectRefusal(await pool.call('AssociateSoftwareToken', { Session }), invalidSession)
    expectSuccess(await answerCode(pool, challenge, codeOf(secret, pool)))
  })

  test('is for its pool alone, and cannot be changed', async () => {
    const [here, there] = [await beginWithApp(), await beginWithApp()]
    const { Session, ChallengeName } = here.challenge
    const code = codeOf(here.secret, here.pool)

    for (const session of [there.challenge.Session, `${Session.slice(0, -2)}AA`, 'x'.repeat(200)]) {
      expectRefusal(
        await answerCode(here.pool, { ChallengeName, Session: session }, code),
        invalidSession,
      )
    }
  })

  test('is worth nothing to a user disabled since', async () => {
    const { pool, secret, challenge } = await beginWithApp()
    changeUser(pool, rider.username, { enabled: false })

    expectRefusal(await answerCode(pool, challenge, codeOf(secret, pool)), {
      type: 'NotAuthorizedException',
      message: 'User is disabled.',
    })
  })

  test('is worth nothing when its user is gone', async () => {
    const { pool, secret, challenge } = await beginWithApp()
    pool.store.deleteUser(requireStoredUser(pool, rider.username).sub)

    expectRefusal(await answerCode(pool, challenge, codeOf(secret, pool)), invalidSession)
  })
})

describe('MFA_SETUP', () => {
  test('is what a pool with MFA on gives a rider without an app', async () => {
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

  test('leads by Associate and Verify to tokens, with a new Session each time', async () => {
    const { pool, challenge } = await beginSetup()
    const { Session: first, ChallengeName } = challenge
    const associated = await pool.call('AssociateSoftwareToken', { Session: first })
    const { SecretCode, Session: second = '' } = requireSecret(associated)
    const verified = await pool.call('VerifySoftwareToken', {
      Session: second,
      UserCode: codeOf(SecretCode, pool),
    })
    const third = String(verified.body.Session)

    expect(verified.body).toEqual({ Status: 'SUCCESS', Session: expect.any(String) })
    expect(new Set([first, second, third]).size).toBe(3)
    requireTokens(await answerChallenge(pool, { ChallengeName, Session: third }))
    for (const Session of [first, second]) {
      expectRefusal(await pool.call('AssociateSoftwareToken', { Session }), spentSession)
    }
    expectRefusal(await answerChallenge(pool, { ChallengeName, Session: third }), spentSession)
    expect(requireChallenge(await signInBySrp(pool)).ChallengeName).toBe('SOFTWARE_TOKEN_MFA')
  })

  test('lets a wrong code be mended with the same Session', async () => {
    const { pool, challenge } = await beginSetup()
    const { SecretCode, Session } = requireSecret(
      await pool.call('AssociateSoftwareToken', { Session: challenge.Session }),
    )
    const UserCode = codeOf(SecretCode, pool)
    const verify = (code: string) => pool.call('VerifySoftwareToken', { Session, UserCode: code })

    expectRefusal(await verify(otherThan(UserCode)), setUpMismatch)
    expectSuccess(await verify(UserCode))
  })

  test('gives no tokens before a code was right', async () => {
    const { pool, challenge } = await beginSetup()
    const { ChallengeName } = challenge

    expectRefusal(await answerChallenge(pool, challenge), invalidSession)
    const { Session = '' } = requireSecret(
      await pool.call('AssociateSoftwareToken', { Session: challenge.Session }),
    )
    expectRefusal(await answerChallenge(pool, { ChallengeName, Session }), invalidSession)
  })

  test('is over when its time is', async () => {
    const { pool, challenge } = await beginSetup()
    const { Session } = challenge
    pool.clock.advance(900)

    expectRefusal(await pool.call('AssociateSoftwareToken', { Session }), expiredSession)
  })
})
