/** Phone numbers: as names, aliases and verified attributes, with codes by SMS. */

import { describe, expect, test } from 'vitest'
import { expectError, expectSuccess } from '../../support/cognito-api.ts'
import {
  codeExpired,
  codeMismatch,
  incorrectCredentials,
  userNotFound,
} from '../../support/cognito-errors.ts'
import { callWithIam } from '../../support/iam-caller.ts'
import {
  bySms,
  createRiderWithPhone,
  otherPhone,
  phone,
  toPhoneSignUp,
  withPhones,
} from '../../support/phones.ts'
import { signInByPassword } from '../../support/sign-in.ts'
import { createTestPool, type TestPool } from '../../support/test-pool.ts'
import { ENABLED, LEGACY } from '../../support/user-existence-errors.ts'
import {
  ClientId,
  differentCode,
  latestCodeFor,
  requireStoredUser,
  requireTokens,
  rider,
  startSessionFor,
  UserPoolId,
} from '../../support/users.ts'

const { username: email, password } = rider
const byEmail = { Destination: 'r***@e***', DeliveryMedium: 'EMAIL', AttributeName: 'email' }
const noSmsConfiguration = {
  type: 'InvalidParameterException',
  message: 'User pool does not have SMS configuration to send messages.',
} as const

type Settings = Parameters<typeof createTestPool>[0]

const createPool = (overrides: Settings = {}): Promise<TestPool> =>
  createTestPool({ ...withPhones, ...LEGACY, ...overrides })

const signUp = (pool: TestPool, attributes: Readonly<Record<string, string>>, name: string) =>
  pool.call('SignUp', toPhoneSignUp(attributes, name))

const confirm = (pool: TestPool, Username: string, ConfirmationCode: string) =>
  pool.call('ConfirmSignUp', { ClientId, Username, ConfirmationCode })

describe('sign-up by phone number', () => {
  test('SignUp sends the code by SMS, tells where it went with a star for each hidden digit, and the code confirms', async () => {
    const pool = await createPool({ usernameModel: 'phone' })
    const response = await signUp(pool, {}, phone)

    expect(response.body).toMatchObject({ UserConfirmed: false, CodeDeliveryDetails: bySms })
    const code = latestCodeFor(pool, phone)
    expect(code).toMatch(/^\d{6}$/)
    expect(pool.sentMessages).toEqual([
      {
        medium: 'SMS',
        to: phone,
        subject: '',
        text: `Your verification code is ${code}.`,
        code,
      },
    ])
    expectError(await confirm(pool, phone, differentCode(code)), codeMismatch)
    expectSuccess(await confirm(pool, phone, code))
    const { username, sub, attributes } = requireStoredUser(pool, phone)
    expect(username).toBe(sub)
    expect([...attributes]).toEqual(
      expect.arrayContaining([
        ['phone_number', phone],
        ['phone_number_verified', 'true'],
      ]),
    )
    requireTokens(await signInByPassword(pool, { username: phone, password }))
  })

  test('SignUp: the SMS has the text of the template', async () => {
    const pool = await createPool({ usernameModel: 'phone', verificationSms: 'Taxi: {####}' })
    await signUp(pool, {}, phone)

    expect(pool.sentMessages[0]?.text).toBe(`Taxi: ${latestCodeFor(pool, phone)}`)
  })

  test.each([
    ['phone', 'rider', 'Username should be a phone number.'],
    ['phone', '0123456789', 'Username should be a phone number.'],
    ['phone', '+1(206)5550100', 'Username should be a phone number.'],
    ['phone', `+${'1'.repeat(16)}`, 'Username should be a phone number.'],
    ['phone', email, 'Username should be a phone number.'],
    ['email', phone, 'Username should be an email.'],
    ['email-or-phone', 'rider', 'Username should be either an email or a phone number.'],
    [
      'phone-alias',
      phone,
      'Username cannot be of phone number format, since user pool is configured for phone number alias.',
    ],
    [
      'email-and-phone-alias',
      email,
      'Username cannot be of email format, since user pool is configured for email alias.',
    ],
  ] as const)(
    'SignUp with usernameModel %s refuses the name %s',
    async (usernameModel, name, message) => {
      const response = await signUp(await createPool({ usernameModel }), {}, name)

      expectError(response, { type: 'InvalidParameterException', message })
    },
  )

  test.each(['12065550100', '+', '+1206555010a', '+1-206', `+${'1'.repeat(16)}`])(
    'SignUp refuses the phone_number %s',
    async (phone_number) => {
      expectError(await signUp(await createPool(), { phone_number }, 'rider'), {
        type: 'InvalidParameterException',
        message: 'Invalid phone number format.',
      })
    },
  )

  test('SignUp: a phone number that is a name is taken once', async () => {
    const pool = await createPool({ usernameModel: 'email-or-phone' })
    await signUp(pool, {}, phone)
    const taken = {
      type: 'UsernameExistsException',
      message: 'An account with the given phone_number already exists.',
    } as const

    expectError(await signUp(pool, {}, phone), taken)
    expectError(await signUp(pool, { phone_number: phone }, email), taken)
    expectSuccess(await signUp(pool, { phone_number: otherPhone }, email))
    expectError(await signUp(pool, {}, otherPhone), taken)
  })

  test('SignUp: in a pool of usernameModel username two users may have one phone number', async () => {
    const pool = await createPool()

    expectSuccess(await signUp(pool, { phone_number: phone }, 'anna'))
    expectSuccess(await signUp(pool, { phone_number: phone }, 'otto'))
  })

  test('SignUp with both an email address and a phone number sends an SMS alone', async () => {
    const pool = await createPool()
    const response = await signUp(pool, { email, phone_number: phone }, 'rider')

    expect(response.body).toMatchObject({ CodeDeliveryDetails: bySms })
    expect(pool.sentMessages.map(({ medium }) => medium)).toEqual(['SMS'])
    expectSuccess(await confirm(pool, 'rider', latestCodeFor(pool, phone)))
    const { attributes } = requireStoredUser(pool, 'rider')
    expect(attributes.get('phone_number_verified')).toBe('true')
    expect(attributes.get('email_verified')).toBe('false')
  })

  test.each([
    ['an email address alone', { email }, byEmail],
    ['a phone number alone', { phone_number: phone }, bySms],
    ['neither', {}, undefined],
  ])('SignUp with %s sends the code there', async (_, attributes, details) => {
    const { body } = await signUp(await createPool(), attributes, 'rider')

    expect(body.CodeDeliveryDetails).toEqual(details)
  })

  test('ResendConfirmationCode sends a new SMS, which supersedes the first; it expires after a day', async () => {
    const pool = await createPool({ usernameModel: 'phone' })
    await signUp(pool, {}, phone)
    const first = latestCodeFor(pool, phone)
    const again = { ClientId, Username: phone }

    expect((await pool.call('ResendConfirmationCode', again)).body).toEqual({
      CodeDeliveryDetails: bySms,
    })
    const second = latestCodeFor(pool, phone)
    expectError(await confirm(pool, phone, first), codeExpired)
    pool.clock.advance(86_400)
    expectError(await confirm(pool, phone, second), codeExpired)
    expectSuccess(await pool.call('ResendConfirmationCode', again))
    expectSuccess(await confirm(pool, phone, latestCodeFor(pool, phone)))
  })

  test('ResendConfirmationCode is limited to five calls an hour, also by SMS', async () => {
    const pool = await createPool({ usernameModel: 'phone' })
    await signUp(pool, {}, phone)
    const again = () => pool.call('ResendConfirmationCode', { ClientId, Username: phone })
    for (let count = 0; count < 5; count += 1) expectSuccess(await again())

    expect((await again()).body).toMatchObject({ __type: 'LimitExceededException' })
    expect(pool.sentMessages).toHaveLength(6)
    pool.clock.advance(3600)
    expectSuccess(await again())
  })

  test.each(['ResendConfirmationCode', 'ForgotPassword'])(
    'user enumeration: %s for an unknown phone number tells of an SMS, and sends none',
    async (operation) => {
      const pool = await createPool({ ...ENABLED, usernameModel: 'email-or-phone' })

      expect((await pool.call(operation, { ClientId, Username: phone })).body).toEqual({
        CodeDeliveryDetails: bySms,
      })
      expect(pool.store.listMessages(1)).toEqual([])
    },
  )
})

describe('phone number as alias', () => {
  const byAlias = { usernameModel: 'email-and-phone-alias' } as const
  const signIn = (pool: TestPool, username: string) =>
    signInByPassword(pool, { username, password })

  test('alias: a phone number signs in once it is verified, beside the user name and the email address', async () => {
    const pool = await createPool(byAlias)
    await signUp(pool, { email, phone_number: phone }, 'anna')
    const code = latestCodeFor(pool, phone)
    expectError(await confirm(pool, phone, code), {
      type: 'UserNotFoundException',
      message: 'Username/client id combination not found.',
    })
    expectSuccess(await confirm(pool, 'anna', code))

    requireTokens(await signIn(pool, phone))
    requireTokens(await signIn(pool, 'anna'))
    expectError(await signIn(pool, email), userNotFound)
    await callWithIam(pool, 'AdminUpdateUserAttributes', {
      Username: 'anna',
      UserAttributes: [{ Name: 'email_verified', Value: 'true' }],
    })
    requireTokens(await signIn(pool, email))
    requireTokens(await signIn(pool, phone))
  })

  test('alias: a second user cannot verify the same phone number, but for ForceAliasCreation, which moves it', async () => {
    const pool = await createPool(byAlias)
    await createRiderWithPhone(pool, { phone_number: phone }, 'anna')
    await signUp(pool, { phone_number: phone }, 'otto')
    const code = { ClientId, Username: 'otto', ConfirmationCode: latestCodeFor(pool, phone) }

    expectError(await pool.call('ConfirmSignUp', code), {
      type: 'AliasExistsException',
      message: 'An account with the phone_number already exists.',
    })
    expectSuccess(await pool.call('ConfirmSignUp', { ...code, ForceAliasCreation: true }))
    expect(requireStoredUser(pool, phone).username).toBe('otto')
    expect(requireStoredUser(pool, 'anna').attributes.get('phone_number_verified')).toBe('false')
  })

  test('alias: AdminUpdateUserAttributes moves the phone number to the user for whom it verifies it', async () => {
    const pool = await createPool(byAlias)
    await createRiderWithPhone(pool, { phone_number: phone }, 'anna')
    await createRiderWithPhone(pool, { phone_number: otherPhone }, 'otto')
    const UserAttributes = [
      { Name: 'phone_number', Value: phone },
      { Name: 'phone_number_verified', Value: 'true' },
    ]

    expectSuccess(
      await callWithIam(pool, 'AdminUpdateUserAttributes', { Username: 'otto', UserAttributes }),
    )
    expect(requireStoredUser(pool, phone).username).toBe('otto')
    expect(pool.store.findUser(otherPhone)).toBeUndefined()
  })

  test('alias: a user with two names is found by each, and listed once', async () => {
    const pool = await createPool({ usernameModel: 'email-or-phone' })
    await createRiderWithPhone(pool, { phone_number: phone }, email)

    expect(pool.store.findUser(email)?.sub).toBe(pool.store.findUser(phone)?.sub)
    expect(pool.store.listUsersByName({ limit: 9, prefix: '' }).map(({ sub }) => sub)).toEqual([
      pool.store.findUser(phone)?.sub,
    ])
  })
})

describe('change of a phone number', () => {
  async function startRide(overrides: Settings = {}) {
    const pool = await createPool(overrides)
    await createRiderWithPhone(pool, { email, phone_number: phone }, email)
    const { AccessToken } = await startSessionFor(pool, email)
    const call = (operation: string, body: object) => pool.call(operation, { AccessToken, ...body })
    return {
      pool,
      call,
      update: (attributes: Readonly<Record<string, string>>) =>
        call('UpdateUserAttributes', {
          UserAttributes: Object.entries(attributes).map(([Name, Value]) => ({ Name, Value })),
        }),
      verify: (Code: string, AttributeName = 'phone_number') =>
        call('VerifyUserAttribute', { AttributeName, Code }),
      read: (name: string) => requireStoredUser(pool, email).attributes.get(name),
    }
  }
  const atOnce = { verifiedBeforeUpdate: new Set<'email'>() }
  const onceProved = { verifiedBeforeUpdate: new Set(['phone_number'] as const) }

  test('UpdateUserAttributes: a new phone number takes effect unverified and gets a code by SMS', async () => {
    const { pool, update, verify, read } = await startRide(atOnce)

    expect((await update({ phone_number: otherPhone })).body).toEqual({
      CodeDeliveryDetailsList: [{ ...bySms, Destination: '+*******0177' }],
    })
    expect([read('phone_number'), read('phone_number_verified')]).toEqual([otherPhone, 'false'])
    expectSuccess(await verify(latestCodeFor(pool, otherPhone)))
    expect(read('phone_number_verified')).toBe('true')
  })

  test('UpdateUserAttributes: where it is verified before, the old phone number stays until the code is right', async () => {
    const { pool, update, verify, read, call } = await startRide(onceProved)
    await update({ phone_number: otherPhone })

    expect([read('phone_number'), read('phone_number_verified')]).toEqual([phone, 'true'])
    const first = latestCodeFor(pool, otherPhone)
    await call('GetUserAttributeVerificationCode', { AttributeName: 'phone_number' })
    const second = latestCodeFor(pool, otherPhone)
    expectError(await verify(first), codeExpired)
    expectError(await verify(differentCode(second)), codeMismatch)
    expectSuccess(await verify(second))
    expect([read('phone_number'), read('phone_number_verified')]).toEqual([otherPhone, 'true'])
  })

  test('UpdateUserAttributes: a change of both gets a code each, which verify their own attribute alone', async () => {
    const { pool, update, verify, read } = await startRide(atOnce)
    const newEmail = 'new@example.com'
    const { body } = await update({ email: newEmail, phone_number: otherPhone })

    expect(body.CodeDeliveryDetailsList).toMatchObject([
      { DeliveryMedium: 'EMAIL' },
      { DeliveryMedium: 'SMS' },
    ])
    const codes = [latestCodeFor(pool, newEmail), latestCodeFor(pool, otherPhone)] as const
    if (codes[0] !== codes[1]) expectError(await verify(codes[0]), codeMismatch)
    expectSuccess(await verify(codes[1]))
    expectSuccess(await verify(codes[0], 'email'))
    expect([read('email_verified'), read('phone_number_verified')]).toEqual(['true', 'true'])
  })

  test('UpdateUserAttributes: a phone number that another user has is refused where it is a name', async () => {
    const { pool, update } = await startRide({ ...atOnce, usernameModel: 'email-or-phone' })
    await createRiderWithPhone(pool, {}, otherPhone)

    expectError(await update({ phone_number: otherPhone }), {
      type: 'AliasExistsException',
      message: 'An account with the given phone_number already exists.',
    })
  })

  test('DeleteUserAttributes: one of two names can go, the last one not', async () => {
    const { call, read } = await startRide({ usernameModel: 'email-or-phone' })
    const remove = (name: string) => call('DeleteUserAttributes', { UserAttributeNames: [name] })

    expectSuccess(await remove('phone_number'))
    expect(read('phone_number_verified')).toBeUndefined()
    expectError(await remove('email'), {
      type: 'InvalidParameterException',
      message: 'Invalid user attributes: email: Required attribute cannot be deleted.',
    })
  })

  test('VerifyUserAttribute: a code by SMS expires after a day', async () => {
    const { pool, call } = await startRide()
    const response = await call('GetUserAttributeVerificationCode', {
      AttributeName: 'phone_number',
    })
    expect(response.body).toEqual({ CodeDeliveryDetails: bySms })
    pool.clock.advance(86_400)
    const { AccessToken } = await startSessionFor(pool, email)
    const AttributeName = 'phone_number'
    const Code = latestCodeFor(pool, phone)

    expectError(
      await pool.call('VerifyUserAttribute', { AccessToken, AttributeName, Code }),
      codeExpired,
    )
  })

  test('ID token: phone_number_verified is a JSON boolean', async () => {
    const { pool } = await startRide()
    const { IdToken } = await startSessionFor(pool, email)
    const [, payload = ''] = IdToken.split('.')

    expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toMatchObject({
      phone_number: phone,
      phone_number_verified: true,
    })
  })
})

describe('password reset by SMS', () => {
  const forgot = (pool: TestPool) => pool.call('ForgotPassword', { ClientId, Username: email })
  async function createRider(overrides: Settings, verified: readonly string[]): Promise<TestPool> {
    const pool = await createPool(overrides)
    await callWithIam(pool, 'AdminCreateUser', {
      Username: email,
      MessageAction: 'SUPPRESS',
      UserAttributes: [
        { Name: 'email', Value: email },
        { Name: 'phone_number', Value: phone },
        ...verified.map((name) => ({ Name: `${name}_verified`, Value: 'true' })),
      ],
    })
    const Password = 'Passw0rd!'
    await callWithIam(pool, 'AdminSetUserPassword', { Username: email, Password, Permanent: true })
    return pool
  }
  const both = ['email', 'phone_number']

  test.each([
    ['the phone first', ['verified_phone_number', 'verified_email'], both, bySms],
    ['the email first', ['verified_email', 'verified_phone_number'], both, byEmail],
    [
      'the second where the first is not verified',
      ['verified_phone_number', 'verified_email'],
      ['email'],
      byEmail,
    ],
    ['the phone alone', ['verified_phone_number'], both, bySms],
  ] as const)(
    'ForgotPassword: the recovery mechanisms say %s',
    async (_, recoveryMechanisms, verified, details) => {
      const pool = await createRider({ recoveryMechanisms }, verified)

      expect((await forgot(pool)).body).toEqual({ CodeDeliveryDetails: details })
    },
  )

  test('ForgotPassword: a phone number that is not among them gets no code', async () => {
    const pool = await createRider({ recoveryMechanisms: ['verified_email'] }, ['phone_number'])

    expect((await forgot(pool)).body).toMatchObject({
      message:
        'Cannot reset password for the user as there is no registered/verified email or phone_number',
    })
  })

  test('ConfirmForgotPassword takes the code of the SMS, for an hour', async () => {
    const pool = await createRider({}, both)
    await forgot(pool)
    const Password = 'N3w-Passw0rd!'
    const reset = () =>
      pool.call('ConfirmForgotPassword', {
        ClientId,
        Username: email,
        ConfirmationCode: latestCodeFor(pool, phone),
        Password,
      })
    pool.clock.advance(3600)
    expectError(await reset(), codeExpired)

    await forgot(pool)
    expectSuccess(await reset())
    expectError(await signInByPassword(pool), incorrectCredentials)
    requireTokens(await signInByPassword(pool, { username: email, password: Password }))
  })

  test.each([
    ['AccountRecoverySetting is set', false, byEmail],
    ['it is not', true, bySms],
  ] as const)(
    'ForgotPassword: a phone that is the second factor is passed over where %s',
    async (_, recoversByMfaPhone, details) => {
      const pool = await createRider(
        { recoversByMfaPhone, mfaConfiguration: 'ON', mfaFactors: new Set(['SMS_MFA'] as const) },
        both,
      )

      expect((await forgot(pool)).body).toEqual({ CodeDeliveryDetails: details })
    },
  )

  test('AdminResetUserPassword sends the code by SMS', async () => {
    const pool = await createRider({}, both)

    expectSuccess(await callWithIam(pool, 'AdminResetUserPassword', { Username: email }))
    expect(pool.sentMessages).toMatchObject([{ medium: 'SMS', to: phone }])
  })
})

describe('invitation by SMS', () => {
  const invite = (pool: TestPool, members: object = {}, Username = 'rider') =>
    pool.call(
      'AdminCreateUser',
      {
        UserPoolId,
        Username,
        TemporaryPassword: password,
        UserAttributes: [
          { Name: 'email', Value: email },
          { Name: 'phone_number', Value: phone },
        ],
        ...members,
      },
      { signed: true },
    )

  test.each([
    [undefined, ['SMS']],
    [['SMS'], ['SMS']],
    [['EMAIL'], ['EMAIL']],
    [
      ['SMS', 'EMAIL'],
      ['EMAIL', 'SMS'],
    ],
  ])('AdminCreateUser with DesiredDeliveryMediums %j invites by %j', async (mediums, sent) => {
    const pool = await createPool()
    const members = mediums && { DesiredDeliveryMediums: mediums }

    expectSuccess(await invite(pool, members))
    expect(pool.sentMessages.map(({ medium }) => medium)).toEqual(sent)
    for (const { code } of pool.sentMessages) expect(code).toBe(password)
  })

  test('AdminCreateUser: the SMS has the text of the template, with the name that signs in', async () => {
    const pool = await createPool({
      usernameModel: 'phone',
      invitationSms: '{username}, use {####}',
    })
    expectSuccess(await invite(pool, { UserAttributes: [] }, phone))

    expect(pool.sentMessages).toEqual([
      { medium: 'SMS', to: phone, subject: '', text: `${phone}, use ${password}`, code: password },
    ])
    const resend = { MessageAction: 'RESEND', UserAttributes: [] }
    expectSuccess(await invite(pool, resend, requireStoredUser(pool, phone).sub))
    expect(pool.sentMessages.at(-1)?.text).toBe(`${phone}, use ${password}`)
  })

  test('AdminCreateUser by SMS is refused in a pool without SmsConfiguration, and makes no user', async () => {
    const pool = await createPool({ sendsSms: false })

    expectError(await invite(pool, { DesiredDeliveryMediums: ['SMS'] }), noSmsConfiguration)
    expect(pool.store.countUsers()).toBe(0)
    expectSuccess(await invite(pool))
    expect(pool.sentMessages.map(({ medium }) => medium)).toEqual(['EMAIL'])
  })

  test('NEW_PASSWORD_REQUIRED: a phone number that an administrator gave cannot be changed', async () => {
    const pool = await createPool()
    await invite(pool)
    const { body } = await signInByPassword(pool, { username: 'rider', password })
    const { Session } = body

    expectError(
      await pool.call('RespondToAuthChallenge', {
        ClientId,
        ChallengeName: 'NEW_PASSWORD_REQUIRED',
        Session,
        ChallengeResponses: {
          USERNAME: 'rider',
          NEW_PASSWORD: 'N3w-Passw0rd!',
          'userAttributes.phone_number': otherPhone,
        },
      }),
      {
        type: 'NotAuthorizedException',
        message: 'Cannot modify an already provided phone_number',
      },
    )
  })
})

test.each([
  ['phone', { UsernameAttributes: ['phone_number'] }],
  ['email-or-phone', { UsernameAttributes: ['email', 'phone_number'] }],
  ['phone-alias', { AliasAttributes: ['phone_number'] }],
  ['email-and-phone-alias', { AliasAttributes: ['email', 'phone_number'] }],
] as const)('DescribeUserPool with usernameModel %s returns %j', async (usernameModel, members) => {
  const pool = await createPool({ usernameModel, signInSms: 'in {####}' })
  const { body } = await callWithIam(pool, 'DescribeUserPool')

  expect(body.UserPool).toMatchObject({
    ...members,
    AutoVerifiedAttributes: ['email', 'phone_number'],
    SmsVerificationMessage: 'Your verification code is {####}.',
    SmsAuthenticationMessage: 'in {####}',
    VerificationMessageTemplate: { SmsMessage: 'Your verification code is {####}.' },
    AccountRecoverySetting: {
      RecoveryMechanisms: [
        { Name: 'verified_phone_number', Priority: 1 },
        { Name: 'verified_email', Priority: 2 },
      ],
    },
  })
})
