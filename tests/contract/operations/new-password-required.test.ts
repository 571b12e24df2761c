/** Temporary passwords: invitations, resets by an IAM caller, and the NEW_PASSWORD_REQUIRED challenge. */

import { describe, expect, test } from 'vitest'
import {
  type AttributeRule,
  standardAttributes,
} from '../../../src/local-cloud/user-pool/attribute-schema.ts'
import type { UserPoolSettings } from '../../../src/local-cloud/user-pool/settings.ts'
import {
  type ApiResponse,
  expectError,
  expectSuccess,
  type JsonObject,
} from '../../support/cognito-api.ts'
import {
  attributeNotMutable,
  attributeNotWritable,
  incorrectCredentials,
  passwordResetRequired,
  userNotFound,
} from '../../support/cognito-errors.ts'
import { callWithIam } from '../../support/iam-caller.ts'
import { answerChallenge, requireChallenge, signInBySrp } from '../../support/sign-in.ts'
import { createTestPool, type TestPool } from '../../support/test-pool.ts'
import { userExistenceErrors } from '../../support/user-existence-errors.ts'
import {
  ClientId,
  changeUser,
  createConfirmedUser,
  createSignedInUser,
  latestCodeFor,
  requireStoredUser,
  requireTokens,
  rider,
  signUpUser,
} from '../../support/users.ts'

const day = 86_400
const Username = rider.username
const invited = { username: Username, password: 'Temp0rary!' }
const NEW_PASSWORD = rider.password

const address = [
  { Name: 'email', Value: Username },
  { Name: 'email_verified', Value: 'true' },
]
const tooOld = {
  type: 'NotAuthorizedException',
  message: 'Temporary password has expired and must be reset by an administrator.',
} as const

function invite(pool: TestPool, change: JsonObject = {}): Promise<ApiResponse> {
  return callWithIam(pool, 'AdminCreateUser', {
    Username,
    TemporaryPassword: invited.password,
    UserAttributes: address,
    DesiredDeliveryMediums: ['EMAIL'],
    ...change,
  })
}

/** An invited user who has signed in with the temporary password. */
async function beginFirstSignIn(settings: Partial<UserPoolSettings> = {}, change: JsonObject = {}) {
  const pool = await createTestPool(settings)
  expectSuccess(await invite(pool, change))
  return { pool, challenge: requireChallenge(await signInBySrp(pool, invited)) }
}

const anything: AttributeRule = {
  type: 'String',
  required: false,
  mutable: true,
  min: undefined,
  max: undefined,
}
const demanding: Partial<UserPoolSettings> = {
  attributeSchema: new Map([
    ...standardAttributes,
    ['email', { ...anything, required: true }],
    ['family_name', { ...anything, required: true }],
  ]),
}

describe('AdminCreateUser', () => {
  test('AdminCreateUser creates a user in FORCE_CHANGE_PASSWORD and returns them', async () => {
    const pool = await createTestPool()
    const { status, body } = await invite(pool)

    expect({ status, body }).toEqual({
      status: 200,
      body: {
        User: {
          Username,
          Attributes: [{ Name: 'sub', Value: requireStoredUser(pool, Username).sub }, ...address],
          UserCreateDate: pool.clock.nowMs() / 1000,
          UserLastModifiedDate: pool.clock.nowMs() / 1000,
          Enabled: true,
          UserStatus: 'FORCE_CHANGE_PASSWORD',
        },
      },
    })
  })

  test('AdminCreateUser mails the user name and the temporary password', async () => {
    const pool = await createTestPool({
      invitationEmail: { subject: 'Come in', text: 'You are {username}, with {####}' },
    })
    await invite(pool)

    expect(pool.sentEmails).toEqual([
      {
        medium: 'EMAIL',
        to: Username,
        subject: 'Come in',
        text: `You are ${Username}, with ${invited.password}`,
        code: invited.password,
      },
    ])
  })

  test.each([
    ['when MessageAction is SUPPRESS', { MessageAction: 'SUPPRESS' }],
    ['when the delivery medium is SMS', { DesiredDeliveryMediums: ['SMS'] }],
    ['to a user without an email address', { UserAttributes: [] }],
  ])('AdminCreateUser sends no invitation %s', async (_, change) => {
    const pool = await createTestPool()

    expectSuccess(await invite(pool, change))
    expect(pool.sentEmails).toEqual([])
  })

  test.each([8, 30, 99])(
    'AdminCreateUser generates a temporary password for a policy of %i characters',
    async (MinimumLength) => {
      const { passwordPolicy } = (await createTestPool()).settings
      const pool = await createTestPool({ passwordPolicy: { ...passwordPolicy, MinimumLength } })
      expectSuccess(await invite(pool, { TemporaryPassword: null }))
      const password = latestCodeFor(pool, Username)

      expect(password.length).toBeGreaterThanOrEqual(MinimumLength)
      for (const kind of [/[a-z]/, /[A-Z]/, /[0-9]/, /[\^$*.[\]{}()?\-"!@#%&/\\,><':;|_~`+=]/]) {
        expect(password).toMatch(kind)
      }
      const challenge = requireChallenge(await signInBySrp(pool, { username: Username, password }))
      expect(challenge.ChallengeName).toBe('NEW_PASSWORD_REQUIRED')
    },
  )

  test('AdminCreateUser generates a different temporary password each time', async () => {
    const pool = await createTestPool()
    await invite(pool, { TemporaryPassword: null })
    await invite(pool, { TemporaryPassword: null, MessageAction: 'RESEND' })
    const [first, second] = pool.sentEmails

    expect(first?.code).not.toBe(second?.code)
  })

  test('AdminCreateUser rejects a user name that is taken', async () => {
    const pool = await createTestPool()
    await signUpUser(pool)

    expectError(await invite(pool), {
      type: 'UsernameExistsException',
      message: 'User account already exists',
    })
  })

  test('AdminCreateUser rejects a sub, which the pool gives', async () => {
    const pool = await createTestPool()
    const UserAttributes = [...address, { Name: 'sub', Value: 'of-another-pool' }]

    expectError(await invite(pool, { UserAttributes }), attributeNotMutable('sub'))
    expect(pool.store.countUsers()).toBe(0)
  })

  test('AdminCreateUser takes email_verified in any case, and ForgotPassword then mails the address', async () => {
    const pool = await createTestPool()
    const UserAttributes = [address[0], { Name: 'email_verified', Value: 'True' }]
    expectSuccess(await invite(pool, { UserAttributes }))
    const body = { Username, Password: rider.password, Permanent: true }
    expectSuccess(await callWithIam(pool, 'AdminSetUserPassword', body))

    expectSuccess(await pool.call('ForgotPassword', { ClientId, Username }))
    expect(pool.sentEmails.at(-1)?.to).toBe(Username)
    expect(requireStoredUser(pool, Username).attributes.get('email_verified')).toBe('true')
  })

  test('AdminCreateUser rejects an attribute without a value', async () => {
    const pool = await createTestPool()
    const UserAttributes = [{ Name: 'picture', Value: null }]

    expectError(await invite(pool, { UserAttributes }), {
      type: 'InvalidParameterException',
      message: 'Attribute value for picture must not be null',
    })
  })

  test('AdminCreateUser works where sign-up is disabled', async () => {
    const { challenge } = await beginFirstSignIn({ allowsSignUp: false })

    expect(challenge.ChallengeName).toBe('NEW_PASSWORD_REQUIRED')
  })

  test('AdminCreateUser may write attributes that the client may not', async () => {
    const { pool } = await beginFirstSignIn({ writeAttributes: new Set() })

    expect(requireStoredUser(pool, Username).attributes.get('email')).toBe(Username)
  })
})

describe('AdminCreateUser with MessageAction RESEND', () => {
  const resend = { MessageAction: 'RESEND', TemporaryPassword: 'Temp0rary?' }

  test.each(['username', 'email'] as const)(
    'RESEND mails a new temporary password that replaces the first, in a pool of usernameModel %s',
    async (usernameModel) => {
      const { pool } = await beginFirstSignIn({ usernameModel })
      expectSuccess(await invite(pool, resend))
      const [first, second] = pool.sentEmails

      expect(second).toEqual({
        ...first,
        text: first?.text.replace(invited.password, resend.TemporaryPassword),
        code: resend.TemporaryPassword,
      })
      expectError(await signInBySrp(pool, invited), incorrectCredentials)
      requireChallenge(
        await signInBySrp(pool, { username: Username, password: resend.TemporaryPassword }),
      )
    },
  )

  test('RESEND restarts the validity period of the temporary password', async () => {
    const { pool } = await beginFirstSignIn()
    pool.clock.advance(8 * day)

    expectError(await signInBySrp(pool, invited), tooOld)
    expectSuccess(await invite(pool, { MessageAction: 'RESEND' }))
    requireChallenge(await signInBySrp(pool, invited))
  })

  test('RESEND ignores UserAttributes', async () => {
    const { pool } = await beginFirstSignIn()
    const { attributes } = requireStoredUser(pool, Username)
    await invite(pool, {
      ...resend,
      UserAttributes: [{ Name: 'email', Value: 'new@example.com' }],
    })

    expect(requireStoredUser(pool, Username).attributes).toEqual(attributes)
  })

  test('RESEND rejects a user who has a permanent password', async () => {
    const pool = await createTestPool()
    await createConfirmedUser(pool)
    const { body } = await invite(pool, resend)

    expect(body).toMatchObject({ __type: 'UnsupportedUserStateException' })
    expectSuccess(await signInBySrp(pool))
  })

  test.each(['username', 'email'] as const)(
    'RESEND to a user named by their sub mails the name they sign in with, in a pool of usernameModel %s',
    async (usernameModel) => {
      const { pool } = await beginFirstSignIn({ usernameModel })
      const { sub } = requireStoredUser(pool, Username)
      expectSuccess(await invite(pool, { ...resend, Username: sub }))

      expect(pool.sentEmails.at(-1)?.text).toContain(Username)
      expect(pool.sentEmails.at(-1)?.text).not.toContain(sub)
    },
  )

  test('RESEND rejects an unknown user', async () => {
    expectError(await invite(await createTestPool(), resend), userNotFound)
  })
})

describe('NEW_PASSWORD_REQUIRED challenge', () => {
  test('the challenge lists the present attributes and the missing required ones', async () => {
    const { challenge } = await beginFirstSignIn(demanding)

    expect(challenge).toEqual({
      ChallengeName: 'NEW_PASSWORD_REQUIRED',
      Session: expect.any(String),
      ChallengeParameters: {
        USER_ID_FOR_SRP: Username,
        userAttributes: JSON.stringify({ email: Username, email_verified: 'true' }),
        requiredAttributes: '["userAttributes.family_name"]',
      },
    })
  })

  test('the challenge has both lists even when they are empty', async () => {
    const { challenge } = await beginFirstSignIn({}, { UserAttributes: [] })

    expect(challenge.ChallengeParameters).toMatchObject({
      userAttributes: '{}',
      requiredAttributes: '[]',
    })
  })

  test('the response gives tokens, confirms the user and sets the password', async () => {
    const { pool, challenge } = await beginFirstSignIn()
    const response = await answerChallenge(pool, challenge, { NEW_PASSWORD })

    expect(response.body).toMatchObject({ ChallengeParameters: {} })
    const { AccessToken } = requireTokens(response)
    expectSuccess(await pool.call('GetUser', { AccessToken }))
    expect(requireStoredUser(pool, Username).status).toBe('CONFIRMED')
    expectError(await signInBySrp(pool, invited), incorrectCredentials)
    pool.clock.advance(30 * day)
    requireTokens(await signInBySrp(pool))
  })

  test('the response sets the attributes that it carries', async () => {
    const { pool, challenge } = await beginFirstSignIn(demanding)
    const responses = { NEW_PASSWORD, 'userAttributes.family_name': 'Horn' }

    expectSuccess(await answerChallenge(pool, challenge, responses))
    expect(requireStoredUser(pool, Username).attributes.get('family_name')).toBe('Horn')
  })

  test('a response without required attributes is rejected and can be repeated with the same Session', async () => {
    const { pool, challenge } = await beginFirstSignIn(demanding, { UserAttributes: [] })

    const missing = (name: string) =>
      ({
        type: 'InvalidParameterException',
        message: `Invalid attributes given, ${name} is missing`,
      }) as const
    const email = { NEW_PASSWORD, 'userAttributes.email': Username }

    expectError(await answerChallenge(pool, challenge, { NEW_PASSWORD }), missing('email'))
    expectError(await answerChallenge(pool, challenge, email), missing('family_name'))
    expectError(
      await answerChallenge(pool, challenge, { ...email, 'userAttributes.family_name': '' }),
      missing('family_name'),
    )
    expectSuccess(
      await answerChallenge(pool, challenge, {
        NEW_PASSWORD,
        'userAttributes.email': Username,
        'userAttributes.family_name': 'Horn',
      }),
    )
  })

  test.each([
    ['email_verified', 'true', attributeNotMutable('email_verified')],
    ['phone_number_verified', 'false', attributeNotMutable('phone_number_verified')],
    ['sub', 'x', attributeNotMutable('sub')],
    ['locale', 'en', attributeNotWritable],
    [
      'email',
      Username,
      { type: 'NotAuthorizedException', message: 'Cannot modify an already provided email' },
    ],
  ] as const)(
    'a response with the attribute %s is rejected and changes nothing',
    async (name, value, expectedError) => {
      const { pool, challenge } = await beginFirstSignIn({
        writeAttributes: new Set(['email', 'nickname']),
      })
      const responses = { NEW_PASSWORD, [`userAttributes.${name}`]: value }

      expectError(await answerChallenge(pool, challenge, responses), expectedError)
      expect(requireStoredUser(pool, Username).status).toBe('FORCE_CHANGE_PASSWORD')
      expectSuccess(await answerChallenge(pool, challenge, { NEW_PASSWORD }))
    },
  )

  test.each([
    ['Passw0r', 'Password not long enough'],
    ['PASSW0RD!', 'Password must have lowercase characters'],
    ['passw0rd!', 'Password must have uppercase characters'],
    ['Password!', 'Password must have numeric characters'],
    ['Passw0rdd', 'Password must have symbol characters'],
    [' Passw0rd!', 'Password must satisfy regular expression pattern: ^\\S.*\\S$'],
  ])(
    'password policy: %j is rejected and a better one is accepted with the same Session',
    async (weak, problem) => {
      const { pool, challenge } = await beginFirstSignIn()

      expectError(await answerChallenge(pool, challenge, { NEW_PASSWORD: weak }), {
        type: 'InvalidPasswordException',
        message: `Password does not conform to policy: ${problem}`,
      })
      expectSuccess(await answerChallenge(pool, challenge, { NEW_PASSWORD }))
    },
  )

  test('a response without NEW_PASSWORD is rejected', async () => {
    const { pool, challenge } = await beginFirstSignIn()

    expectError(await answerChallenge(pool, challenge), {
      type: 'InvalidParameterException',
      message: 'Missing required parameter NEW_PASSWORD',
    })
  })

  test('the Session works once, expires, and belongs to one user', async () => {
    const { pool, challenge } = await beginFirstSignIn()
    await createConfirmedUser(pool, { ...rider, username: 'other@example.com' })
    const invalid = 'Invalid session for the user'
    const sessionError = (message: string) => ({ type: 'NotAuthorizedException', message }) as const

    expectError(
      await answerChallenge(pool, challenge, { NEW_PASSWORD, USERNAME: 'other@example.com' }),
      sessionError(`${invalid}.`),
    )
    pool.clock.advance(900)
    expectError(
      await answerChallenge(pool, challenge, { NEW_PASSWORD }),
      sessionError(`${invalid}, session is expired.`),
    )
    pool.clock.advance(-1)
    expectSuccess(await answerChallenge(pool, challenge, { NEW_PASSWORD }))
    expectError(
      await answerChallenge(pool, challenge, { NEW_PASSWORD }),
      sessionError(`${invalid}, session can only be used once.`),
    )
  })

  test('NEW_PASSWORD_REQUIRED comes before MFA_SETUP', async () => {
    const { pool, challenge } = await beginFirstSignIn({ mfaConfiguration: 'ON' })
    const next = requireChallenge(await answerChallenge(pool, challenge, { NEW_PASSWORD }))

    expect(next.ChallengeName).toBe('MFA_SETUP')
    expect(next.Session).not.toBe(challenge.Session)
  })
})

describe('temporary password', () => {
  test.each([1, 7, 365])(
    'temporary password: it expires after %i days',
    async (temporaryPasswordDays) => {
      const { pool } = await beginFirstSignIn({ temporaryPasswordDays })

      pool.clock.advance(temporaryPasswordDays * day)
      expectError(await signInBySrp(pool, invited), tooOld)
      pool.clock.advance(-1)
      requireChallenge(await signInBySrp(pool, invited))
    },
  )

  test('temporary password: it can expire between the challenge and the response', async () => {
    const { pool } = await beginFirstSignIn()
    pool.clock.advance(7 * day - 60)
    const challenge = requireChallenge(await signInBySrp(pool, invited))
    pool.clock.advance(60)

    expectError(await answerChallenge(pool, challenge, { NEW_PASSWORD }), tooOld)
  })

  test.each(userExistenceErrors)(
    'temporary password: ForgotPassword rejects it with PreventUserExistenceErrors %s',
    async (_, setting) => {
      const { pool } = await beginFirstSignIn(setting)

      expectError(await pool.call('ForgotPassword', { ClientId, Username }), {
        type: 'NotAuthorizedException',
        message: 'User password cannot be reset in the current state.',
      })
    },
  )
})

describe.each([
  [
    'AdminCreateUser',
    'TemporaryPassword',
    (pool: TestPool, change: JsonObject) => invite(pool, change),
  ],
  [
    'AdminSetUserPassword',
    'Password',
    async (pool: TestPool, change: JsonObject) => {
      await signUpUser(pool)
      return callWithIam(pool, 'AdminSetUserPassword', { Username, ...change })
    },
  ],
] as const)('password policy: %s', (_, member, setPassword) => {
  test.each([
    ['Passw0r', 'Password not long enough'],
    ['PASSW0RD!', 'Password must have lowercase characters'],
    ['passw0rd!', 'Password must have uppercase characters'],
    ['Password!', 'Password must have numeric characters'],
    ['Passw0rdd', 'Password must have symbol characters'],
    ['Passw0rd! ', 'Password must satisfy regular expression pattern: ^\\S.*\\S$'],
  ])('a temporary password %j is rejected with the rule it breaks', async (password, problem) => {
    const pool = await createTestPool()

    expectError(await setPassword(pool, { [member]: password }), {
      type: 'InvalidPasswordException',
      message: `Password did not conform with password policy: ${problem}`,
    })
  })
})

describe('AdminSetUserPassword', () => {
  const setPassword = (pool: TestPool, change: JsonObject) =>
    callWithIam(pool, 'AdminSetUserPassword', { Username, Password: invited.password, ...change })

  test.each(['UNCONFIRMED', 'CONFIRMED', 'RESET_REQUIRED', 'FORCE_CHANGE_PASSWORD'] as const)(
    'AdminSetUserPassword with Permanent confirms a user who was %s',
    async (status) => {
      const pool = await createTestPool()
      await createConfirmedUser(pool)
      changeUser(pool, Username, { status })
      const response = await setPassword(pool, { Permanent: true })

      expect({ status: response.status, body: response.body }).toEqual({ status: 200, body: {} })
      expect(requireStoredUser(pool, Username).status).toBe('CONFIRMED')
      pool.clock.advance(30 * day)
      requireTokens(await signInBySrp(pool, invited))
      expectError(await signInBySrp(pool), incorrectCredentials)
    },
  )

  test.each([{}, { Permanent: false }])(
    'AdminSetUserPassword with %j sets a temporary password',
    async (change) => {
      const pool = await createTestPool()
      await createConfirmedUser(pool)
      const response = await setPassword(pool, change)

      expect({ status: response.status, body: response.body }).toEqual({ status: 200, body: {} })
      expect(requireStoredUser(pool, Username).status).toBe('FORCE_CHANGE_PASSWORD')
      const challenge = requireChallenge(await signInBySrp(pool, invited))
      expect(challenge.ChallengeName).toBe('NEW_PASSWORD_REQUIRED')
      pool.clock.advance(7 * day)
      expectError(await signInBySrp(pool, invited), tooOld)
    },
  )
})

describe('AdminResetUserPassword', () => {
  const reset = (pool: TestPool) => callWithIam(pool, 'AdminResetUserPassword', { Username })

  test('AdminResetUserPassword blocks the sign-in until the mailed code sets a new password', async () => {
    const pool = await createTestPool()
    await createConfirmedUser(pool)
    const { status, body } = await reset(pool)

    expect({ status, body }).toEqual({ status: 200, body: {} })
    expect(requireStoredUser(pool, Username).status).toBe('RESET_REQUIRED')
    expectError(await signInBySrp(pool), passwordResetRequired)
    expectSuccess(
      await pool.call('ConfirmForgotPassword', {
        ClientId,
        Username,
        ConfirmationCode: latestCodeFor(pool, Username),
        Password: invited.password,
      }),
    )
    expect(requireStoredUser(pool, Username).status).toBe('CONFIRMED')
    requireTokens(await signInBySrp(pool, invited))
  })

  test('AdminResetUserPassword and ForgotPassword can send a further code', async () => {
    const pool = await createTestPool()
    await createConfirmedUser(pool)
    await reset(pool)
    expectSuccess(await reset(pool))
    expectSuccess(await pool.call('ForgotPassword', { ClientId, Username }))

    expect(pool.sentEmails).toHaveLength(4)
    expect(requireStoredUser(pool, Username).status).toBe('RESET_REQUIRED')
  })

  test('AdminResetUserPassword keeps existing sessions valid', async () => {
    const pool = await createTestPool()
    const { RefreshToken } = await createSignedInUser(pool)
    await reset(pool)

    expectSuccess(await pool.call('GetTokensFromRefreshToken', { ClientId, RefreshToken }))
  })

  test.each(['UNCONFIRMED', 'FORCE_CHANGE_PASSWORD'] as const)(
    'AdminResetUserPassword rejects a user in status %s',
    async (status) => {
      const pool = await createTestPool()
      await createConfirmedUser(pool)
      changeUser(pool, Username, { status })

      expectError(await reset(pool), {
        type: 'NotAuthorizedException',
        message: 'User password cannot be reset in the current state.',
      })
    },
  )

  test('AdminResetUserPassword rejects a user without a verified email address', async () => {
    const pool = await createTestPool()
    await createConfirmedUser(pool)
    changeUser(pool, Username, { attributes: new Map([['email', Username]]) })

    expectError(await reset(pool), {
      type: 'InvalidParameterException',
      message:
        'Cannot reset password for the user as there is no registered/verified email or phone_number',
    })
    expectSuccess(await signInBySrp(pool))
  })
})

test('NEW_PASSWORD_REQUIRED: a second Session is invalid once another sign-in has set the password', async () => {
  const { pool, challenge } = await beginFirstSignIn()
  const other = requireChallenge(await signInBySrp(pool, invited))
  requireTokens(await answerChallenge(pool, challenge, { NEW_PASSWORD }))

  expectError(await answerChallenge(pool, other, { NEW_PASSWORD: 'An0ther-Passw0rd!' }), {
    type: 'NotAuthorizedException',
    message: 'Invalid session for the user.',
  })
  requireTokens(await signInBySrp(pool, rider))
})
