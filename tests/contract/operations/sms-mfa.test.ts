/** Codes by SMS at sign-in: SMS_MFA as second factor, SMS_OTP as first one, and the settings of both. */

import { describe, expect, test } from 'vitest'
import { expectError, expectSuccess } from '../../support/cognito-api.ts'
import { expiredSession, spentSession } from '../../support/cognito-errors.ts'
import { callWithIam } from '../../support/iam-caller.ts'
import {
  createRiderWithPhone,
  maskedPhone,
  otherPhone,
  phone,
  toPhoneSignUp,
  withPhones,
  withSmsMfa,
} from '../../support/phones.ts'
import {
  answerChallenge,
  requireChallenge,
  type SessionChallenge,
  signInByPassword,
} from '../../support/sign-in.ts'
import { createTestPool, type TestPool } from '../../support/test-pool.ts'
import { enableTotpMfa } from '../../support/totp.ts'
import {
  initiateUserAuth,
  requireSession,
  requireUserAuthChallenge,
} from '../../support/user-auth.ts'
import { ENABLED } from '../../support/user-existence-errors.ts'
import {
  changeUser,
  latestCodeFor,
  requireStoredUser,
  requireTokens,
  rider,
  startSessionFor,
} from '../../support/users.ts'

const { username: email } = rider
const wrongCode = {
  type: 'CodeMismatchException',
  message: 'Invalid code or auth state for the user.',
} as const
const notSetUp = {
  type: 'InvalidParameterException',
  message: 'User does not have delivery config set to turn on SMS_MFA',
} as const
const notConfigured = {
  type: 'InvalidParameterException',
  message: 'SMS MFA is not configured for this user pool.',
} as const
const sent = {
  CODE_DELIVERY_DELIVERY_MEDIUM: 'SMS',
  CODE_DELIVERY_DESTINATION: maskedPhone,
}
const smsOption = { DeliveryMedium: 'SMS', AttributeName: 'phone_number' }
/** Digits as many as in `code`, and all others. */
const toWrongCode = (code: string) =>
  code.replace(/\d/g, (digit) => String((Number(digit) + 1) % 10))

type Settings = Parameters<typeof createTestPool>[0]

/** A rider with a verified phone number. */
async function createPool(overrides: Settings = {}): Promise<TestPool> {
  const pool = await createTestPool({ ...withSmsMfa, ...overrides })
  await createRiderWithPhone(pool, { email, phone_number: phone })
  return pool
}

const prefer = (pool: TestPool, settings: object) =>
  callWithIam(pool, 'AdminSetUserMFAPreference', { Username: email, ...settings })
const on = { Enabled: true, PreferredMfa: true }

/** The same with MFA by SMS on, up to its challenge. */
async function beginSignIn(overrides: Settings = {}) {
  const pool = await createPool(overrides)
  expectSuccess(await prefer(pool, { SMSMfaSettings: on }))
  const challenge = requireChallenge(await signInByPassword(pool))
  return { pool, challenge, code: latestCodeFor(pool, phone) }
}

const answer = (pool: TestPool, challenge: SessionChallenge, SMS_MFA_CODE: string) =>
  answerChallenge(pool, challenge, { SMS_MFA_CODE })

describe('SMS_MFA', () => {
  test('the challenge tells where the code went; six digits, which sign in once', async () => {
    const { pool, challenge, code } = await beginSignIn({ signInSms: 'Taxi {####}' })

    expect(challenge).toEqual({
      ChallengeName: 'SMS_MFA',
      Session: expect.any(String),
      ChallengeParameters: { ...sent, USER_ID_FOR_SRP: email },
    })
    expect(code).toMatch(/^\d{6}$/)
    expect(pool.sentMessages.at(-1)).toEqual({
      medium: 'SMS',
      to: phone,
      subject: '',
      text: `Taxi ${code}`,
      code,
    })
    requireTokens(await answer(pool, challenge, code))
    expectError(await answer(pool, challenge, code), spentSession)
  })

  test('a wrong code leaves the Session as it is, and a code of another Session is wrong', async () => {
    const { pool, challenge, code } = await beginSignIn()
    const second = requireChallenge(await signInByPassword(pool))
    const secondCode = latestCodeFor(pool, phone)

    expectError(await answer(pool, challenge, toWrongCode(code)), wrongCode)
    expectError(await answerChallenge(pool, challenge), {
      type: 'InvalidParameterException',
      message: 'Missing required parameter SMS_MFA_CODE',
    })
    if (code !== secondCode) expectError(await answer(pool, second, code), wrongCode)
    requireTokens(await answer(pool, challenge, code))
  })

  test('five wrong codes lock the user out', async () => {
    const { pool, challenge, code } = await beginSignIn()
    for (let count = 0; count < 5; count += 1) {
      expectError(await answer(pool, challenge, toWrongCode(code)), wrongCode)
    }

    expectError(await answer(pool, challenge, code), {
      type: 'NotAuthorizedException',
      message: 'Password attempts exceeded',
    })
    pool.clock.advance(1)
    requireTokens(await answer(pool, challenge, code))
  })

  test('the code expires with its Session', async () => {
    const { pool, challenge, code } = await beginSignIn({ authSessionSeconds: 180 })
    pool.clock.advance(180)

    expectError(await answer(pool, challenge, code), expiredSession)
  })

  test('a code is good for the phone that got it, not once the user has another number', async () => {
    const { pool, challenge, code } = await beginSignIn()
    changeUser(pool, email, { attributes: new Map([['phone_number', otherPhone]]) })

    expectError(await answer(pool, challenge, code), {
      type: 'NotAuthorizedException',
      message: 'Invalid session for the user.',
    })
  })

  test('a Session of SMS_MFA does for no other challenge', async () => {
    const { pool, challenge, code } = await beginSignIn()

    for (const ChallengeName of ['EMAIL_OTP', 'SMS_OTP', 'SOFTWARE_TOKEN_MFA']) {
      const codes = { [`${ChallengeName}_CODE`]: code }
      expectError(await answerChallenge(pool, { ...challenge, ChallengeName }, codes), {
        type: 'NotAuthorizedException',
        message: 'Invalid session for the user.',
      })
    }
  })

  test('where MFA is required, a phone number is all it needs, and the right code verifies it', async () => {
    const pool = await createPool({
      mfaConfiguration: 'ON',
      mfaFactors: new Set(['SMS_MFA'] as const),
    })
    const unverified = [...requireStoredUser(pool, email).attributes].filter(
      ([name]) => name !== 'phone_number_verified',
    )
    changeUser(pool, email, { attributes: new Map(unverified) })
    const challenge = requireChallenge(await signInByPassword(pool))

    expect(challenge.ChallengeName).toBe('SMS_MFA')
    requireTokens(await answer(pool, challenge, latestCodeFor(pool, phone)))
    expect(requireStoredUser(pool, email).attributes.get('phone_number_verified')).toBe('true')
  })

  test('where MFA is required, a user without a phone number gets MFA_SETUP with the factors of the pool', async () => {
    const pool = await createTestPool({
      ...withSmsMfa,
      mfaConfiguration: 'ON',
      mfaFactors: new Set(['SMS_MFA', 'SOFTWARE_TOKEN_MFA'] as const),
    })
    await pool.call('SignUp', toPhoneSignUp({}, email))
    await callWithIam(pool, 'AdminConfirmSignUp', { Username: email })
    const { ChallengeName, ChallengeParameters } = requireChallenge(await signInByPassword(pool))

    expect(ChallengeName).toBe('MFA_SETUP')
    expect(JSON.parse(ChallengeParameters.MFAS_CAN_SETUP ?? '')).toEqual([
      'SMS_MFA',
      'SOFTWARE_TOKEN_MFA',
    ])
  })

  test('SELECT_MFA_TYPE offers SMS_MFA beside the other factors, and its choice sends the code', async () => {
    const pool = await createPool()
    await enableTotpMfa(pool, (await startSessionFor(pool, email)).AccessToken)
    for (const name of ['SMSMfaSettings', 'SoftwareTokenMfaSettings', 'EmailMfaSettings']) {
      expectSuccess(await prefer(pool, { [name]: { Enabled: true } }))
    }
    const selection = requireChallenge(await signInByPassword(pool))

    expect(selection.ChallengeName).toBe('SELECT_MFA_TYPE')
    expect(JSON.parse(selection.ChallengeParameters.MFAS_CAN_CHOOSE ?? '')).toEqual([
      'SMS_MFA',
      'SOFTWARE_TOKEN_MFA',
      'EMAIL_OTP',
    ])
    const chosen = requireChallenge(await answerChallenge(pool, selection, { ANSWER: 'SMS_MFA' }))
    expect(chosen).toMatchObject({ ChallengeName: 'SMS_MFA', ChallengeParameters: sent })
    requireTokens(await answer(pool, chosen, latestCodeFor(pool, phone)))
  })
})

describe('MFA preference for SMS', () => {
  const readUser = async (pool: TestPool) =>
    (await callWithIam(pool, 'AdminGetUser', { Username: email })).body

  test('the preferred factor takes that place from the others', async () => {
    const pool = await createPool()
    await enableTotpMfa(pool, (await startSessionFor(pool, email)).AccessToken)
    expectSuccess(await prefer(pool, { SoftwareTokenMfaSettings: on }))
    expectSuccess(await prefer(pool, { SMSMfaSettings: on }))

    expect(await readUser(pool)).toMatchObject({
      UserMFASettingList: ['SMS_MFA', 'SOFTWARE_TOKEN_MFA'],
      PreferredMfaSetting: 'SMS_MFA',
      MFAOptions: [smsOption],
    })
    expectSuccess(await prefer(pool, { EmailMfaSettings: on }))
    expect(await readUser(pool)).toMatchObject({ PreferredMfaSetting: 'EMAIL_OTP' })
    expectSuccess(await prefer(pool, { SMSMfaSettings: { Enabled: false } }))
    expect(await readUser(pool)).not.toHaveProperty('MFAOptions')
  })

  test.each([
    [{ SMSMfaSettings: on, EmailMfaSettings: on }],
    [{ SMSMfaSettings: on, SoftwareTokenMfaSettings: on }],
  ])('%j names two preferred factors, which is refused', async (settings) => {
    expectError(await prefer(await createPool(), settings), {
      type: 'InvalidParameterException',
      message: 'Only one MFA method can be preferred.',
    })
  })

  test('it cannot be turned on without a phone number, nor in a pool without it', async () => {
    const pool = await createPool()
    changeUser(pool, email, { attributes: new Map([['email', email]]) })
    expectError(await prefer(pool, { SMSMfaSettings: on }), notSetUp)

    const other = await createPool({ mfaFactors: new Set(['SOFTWARE_TOKEN_MFA'] as const) })
    expectError(await prefer(other, { SMSMfaSettings: on }), notSetUp)
    expectSuccess(await prefer(other, { SMSMfaSettings: { Enabled: false } }))
  })

  test('SetUserSettings and AdminSetUserSettings turn it on and off in the older way', async () => {
    const pool = await createPool()
    const { AccessToken } = await startSessionFor(pool, email)
    const set = (MFAOptions: readonly object[]) =>
      pool.call('SetUserSettings', { AccessToken, MFAOptions })

    expectSuccess(await set([smsOption]))
    expect(requireChallenge(await signInByPassword(pool)).ChallengeName).toBe('SMS_MFA')
    expect((await pool.call('GetUser', { AccessToken })).body).toMatchObject({
      MFAOptions: [smsOption],
      UserMFASettingList: ['SMS_MFA'],
    })
    expectSuccess(
      await callWithIam(pool, 'AdminSetUserSettings', { Username: email, MFAOptions: [] }),
    )
    requireTokens(await signInByPassword(pool))
    for (const option of [{ DeliveryMedium: 'EMAIL', AttributeName: 'email' }, {}]) {
      expect((await set([option])).body).toMatchObject({ __type: 'InvalidParameterException' })
    }
    expect((await set([{ ...smsOption, DeliveryMedium: 'PIGEON' }])).body.message).toContain(
      'Member must satisfy enum value set: [EMAIL, SMS]',
    )
  })

  test('SetUserSettings is refused in a pool without MFA by SMS', async () => {
    const pool = await createPool({ mfaFactors: new Set(['SOFTWARE_TOKEN_MFA'] as const) })
    const { AccessToken } = await startSessionFor(pool, email)

    expectError(
      await pool.call('SetUserSettings', { AccessToken, MFAOptions: [smsOption] }),
      notConfigured,
    )
  })
})

describe('MFA configuration for SMS', () => {
  const SmsConfiguration = { SnsCallerArn: 'arn:aws:iam::000000000000:role/sms', ExternalId: 'x' }
  const setMfa = (pool: TestPool, config: object) =>
    callWithIam(pool, 'SetUserPoolMfaConfig', { ...config })

  test('SetUserPoolMfaConfig with SmsConfiguration turns it on with its own text, and GetUserPoolMfaConfig tells it', async () => {
    const pool = await createTestPool({
      explicitAuthFlows: withPhones.explicitAuthFlows,
      mfaConfiguration: 'OFF',
      mfaFactors: new Set<'SMS_MFA'>(),
    })
    const SmsMfaConfiguration = { SmsAuthenticationMessage: 'Taxi {####}', SmsConfiguration }
    const config = { MfaConfiguration: 'ON', SmsMfaConfiguration }

    expect((await setMfa(pool, config)).body).toEqual({
      MfaConfiguration: 'ON',
      SmsMfaConfiguration: { SmsAuthenticationMessage: 'Taxi {####}' },
    })
    expect((await callWithIam(pool, 'GetUserPoolMfaConfig')).body).toMatchObject({
      SmsMfaConfiguration: { SmsAuthenticationMessage: 'Taxi {####}' },
    })
    expectSuccess(await pool.call('SignUp', toPhoneSignUp({ phone_number: phone }, email)))
    await callWithIam(pool, 'AdminConfirmSignUp', { Username: email })
    requireChallenge(await signInByPassword(pool))
    expect(pool.sentMessages).toMatchObject([
      { medium: 'SMS', text: `Taxi ${latestCodeFor(pool, phone)}` },
    ])
  })

  test.each([
    [{ SmsAuthenticationMessage: 'Taxi' }],
    [{ SmsAuthenticationMessage: `{####}${'x'.repeat(140)}` }],
    [{ SmsConfiguration: { SnsCallerArn: 'x' } }],
    [{ SmsConfiguration: {} }],
  ])('SetUserPoolMfaConfig refuses SmsMfaConfiguration %j', async (SmsMfaConfiguration) => {
    const pool = await createTestPool(withSmsMfa)
    const { body } = await setMfa(pool, { MfaConfiguration: 'OPTIONAL', SmsMfaConfiguration })

    expect(body).toMatchObject({
      __type: 'InvalidParameterException',
      message: expect.stringContaining('failed to satisfy constraint'),
    })
  })
})

describe('SMS_OTP', () => {
  const withSmsCodes = {
    ...withPhones,
    firstAuthFactors: new Set(['PASSWORD', 'EMAIL_OTP', 'SMS_OTP'] as const),
  }
  const ask = async (pool: TestPool, parameters: Readonly<Record<string, string>> = {}) =>
    requireUserAuthChallenge(
      await initiateUserAuth(pool, { PREFERRED_CHALLENGE: 'SMS_OTP', ...parameters }),
    )

  test('the code has eight digits, and signs in once', async () => {
    const pool = await createPool(withSmsCodes)
    const challenge = await ask(pool)
    const code = latestCodeFor(pool, phone)

    expect(challenge).toEqual({
      ChallengeName: 'SMS_OTP',
      Session: expect.any(String),
      ChallengeParameters: sent,
      AvailableChallenges: ['SMS_OTP'],
    })
    expect(code).toMatch(/^\d{8}$/)
    const respond = (SMS_OTP_CODE: string) => answerChallenge(pool, challenge, { SMS_OTP_CODE })
    expectError(await respond(toWrongCode(code)), wrongCode)
    requireTokens(await respond(code))
    expectError(await respond(code), spentSession)
  })

  test('it is offered for a verified phone number, and while no second factor is on', async () => {
    const pool = await createPool({ ...withSmsMfa, ...withSmsCodes })
    const offered = async () =>
      requireUserAuthChallenge(await initiateUserAuth(pool)).AvailableChallenges
    expect(await offered()).toEqual(['PASSWORD_SRP', 'PASSWORD', 'SMS_OTP'])

    await prefer(pool, { SMSMfaSettings: on })
    expect(await offered()).toEqual(['PASSWORD_SRP', 'PASSWORD'])
    await prefer(pool, { SMSMfaSettings: { Enabled: false } })
    const { attributes } = requireStoredUser(pool, email)
    changeUser(pool, email, {
      attributes: new Map([...attributes, ['phone_number_verified', 'false']]),
    })
    expect(await offered()).toEqual(['PASSWORD_SRP', 'PASSWORD'])
  })

  test('a user signs up without a password, by phone number alone', async () => {
    const pool = await createTestPool({ ...withSmsCodes, usernameModel: 'phone' })
    const { ClientId } = toPhoneSignUp({}, phone)
    const { body } = await pool.call('SignUp', { ClientId, Username: phone })
    expectSuccess(
      await pool.call('ConfirmSignUp', {
        ClientId,
        Username: phone,
        ConfirmationCode: latestCodeFor(pool, phone),
        Session: requireSession(body),
      }),
    )
    const challenge = await ask(pool, { USERNAME: phone })

    requireTokens(
      await answerChallenge(pool, challenge, {
        USERNAME: phone,
        SMS_OTP_CODE: latestCodeFor(pool, phone),
      }),
    )
  })

  test('user enumeration: an unknown phone number gets the same challenge, and no SMS', async () => {
    const pool = await createTestPool({ ...withSmsCodes, ...ENABLED, usernameModel: 'phone' })
    const challenge = await ask(pool, { USERNAME: phone })

    expect(challenge).toMatchObject({ ChallengeName: 'SMS_OTP', ChallengeParameters: sent })
    expect(pool.sentMessages).toEqual([])
    expectError(
      await answerChallenge(pool, challenge, { USERNAME: phone, SMS_OTP_CODE: '12345678' }),
      wrongCode,
    )
  })
})
