/** Passwords that the pool's owner sets or resets, and how a rider comes by one of their own. */

import { describe, expect, test } from 'vitest'
import {
  type AttributeRule,
  standardAttributes,
} from '../../../src/local-cloud/user-pool/attribute-schema.ts'
import type { UserPoolSettings } from '../../../src/local-cloud/user-pool/settings.ts'
import { existenceErrors } from '../../support/existence-errors.ts'
import { callAsOwner } from '../../support/owner.ts'
import { answerChallenge, requireChallenge, signInBySrp } from '../../support/sign-in.ts'
import { createTestPool, type TestPool } from '../../support/test-pool.ts'
import {
  ClientId,
  changeUser,
  confirmUser,
  latestCodeFor,
  registerUser,
  requireStoredUser,
  requireTokens,
  rider,
  signInUser,
} from '../../support/users.ts'
import { type Answer, expectRefusal, expectSuccess, type JsonObject } from '../../support/wire.ts'

const day = 86_400
const Username = rider.username
const invited = { username: Username, password: 'Temp0rary!' }
const NEW_PASSWORD = rider.password

const address = [
  { Name: 'email', Value: Username },
  { Name: 'email_verified', Value: 'true' },
]
const incorrect = {
  type: 'NotAuthorizedException',
  message: 'Incorrect username or password.',
} as const
const tooOld = {
  type: 'NotAuthorizedException',
  message: 'Temporary password has expired and must be reset by an administrator.',
} as const
const unauthorized = {
  type: 'NotAuthorizedException',
  message: 'A client attempted to write unauthorized attribute',
} as const

function invite(pool: TestPool, change: JsonObject = {}): Promise<Answer> {
  return callAsOwner(pool, 'AdminCreateUser', {
    Username,
    TemporaryPassword: invited.password,
    UserAttributes: address,
    DesiredDeliveryMediums: ['EMAIL'],
    ...change,
  })
}

/** A rider who was invited and has given the temporary password. */
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
  test('makes a user who must change the password, and tells all about it', async () => {
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

  test('mails the user name and the temporary password', async () => {
    const pool = await createTestPool({
      invitationEmail: { subject: 'Come in', text: 'You are {username}, with {####}' },
    })
    await invite(pool)

    expect(pool.outboxLetters).toEqual([
      {
        to: Username,
        subject: 'Come in',
        text: `You are ${Username}, with ${invited.password}`,
        code: invited.password,
      },
    ])
  })

  test.each([
    ['that is suppressed', { MessageAction: 'SUPPRESS' }],
    ['to a telephone', { DesiredDeliveryMediums: ['SMS'] }],
    ['to nobody', { UserAttributes: [] }],
  ])('sends no letter %s', async (_, change) => {
    const pool = await createTestPool()

    expectSuccess(await invite(pool, change))
    expect(pool.outboxLetters).toEqual([])
  })

  test.each([8, 30, 99])(
    'makes a password for a policy of %i characters when none is given',
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

  test('makes another password each time', async () => {
    const pool = await createTestPool()
    await invite(pool, { TemporaryPassword: null })
    await invite(pool, { TemporaryPassword: null, MessageAction: 'RESEND' })
    const [first, second] = pool.outboxLetters

    expect(first?.code).not.toBe(second?.code)
  })

  test('refuses a user name that is taken', async () => {
    const pool = await createTestPool()
    await registerUser(pool)

    expectRefusal(await invite(pool), {
      type: 'UsernameExistsException',
      message: 'User account already exists',
    })
  })

  test('lets anybody in whom sign-up keeps out', async () => {
    const { challenge } = await beginFirstSignIn({ allowsSignUp: false })

    expect(challenge.ChallengeName).toBe('NEW_PASSWORD_REQUIRED')
  })

  test('is not held to what the client may write', async () => {
    const { pool } = await beginFirstSignIn({ writeAttributes: new Set() })

    expect(requireStoredUser(pool, Username).attributes.get('email')).toBe(Username)
  })
})

describe('RESEND', () => {
  const resend = { MessageAction: 'RESEND', TemporaryPassword: 'Temp0rary?' }

  test.each(['username', 'email'] as const)(
    'sends the letter again with a password that takes the place of the first, in a pool by %s',
    async (usernameModel) => {
      const { pool } = await beginFirstSignIn({ usernameModel })
      expectSuccess(await invite(pool, resend))
      const [first, second] = pool.outboxLetters

      expect(second).toEqual({
        ...first,
        text: first?.text.replace(invited.password, resend.TemporaryPassword),
        code: resend.TemporaryPassword,
      })
      expectRefusal(await signInBySrp(pool, invited), incorrect)
      requireChallenge(
        await signInBySrp(pool, { username: Username, password: resend.TemporaryPassword }),
      )
    },
  )

  test('begins the life of the temporary password anew', async () => {
    const { pool } = await beginFirstSignIn()
    pool.clock.advance(8 * day)

    expectRefusal(await signInBySrp(pool, invited), tooOld)
    expectSuccess(await invite(pool, { MessageAction: 'RESEND' }))
    requireChallenge(await signInBySrp(pool, invited))
  })

  test('changes no attribute', async () => {
    const { pool } = await beginFirstSignIn()
    const { attributes } = requireStoredUser(pool, Username)
    await invite(pool, {
      ...resend,
      UserAttributes: [{ Name: 'email', Value: 'new@example.com' }],
    })

    expect(requireStoredUser(pool, Username).attributes).toEqual(attributes)
  })

  test('is not for a user who has a password of their own', async () => {
    const pool = await createTestPool()
    await confirmUser(pool)
    const { body } = await invite(pool, resend)

    expect(body).toMatchObject({ __type: 'UnsupportedUserStateException' })
    expectSuccess(await signInBySrp(pool))
  })

  test('is not for a user who does not exist', async () => {
    expectRefusal(await invite(await createTestPool(), resend), {
      type: 'UserNotFoundException',
      message: 'User does not exist.',
    })
  })
})

describe('NEW_PASSWORD_REQUIRED', () => {
  test('tells the attributes there are and the required ones there are not', async () => {
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

  test('has both lists also when both are empty', async () => {
    const { challenge } = await beginFirstSignIn({}, { UserAttributes: [] })

    expect(challenge.ChallengeParameters).toMatchObject({
      userAttributes: '{}',
      requiredAttributes: '[]',
    })
  })

  test('leads to tokens, a confirmed user, and a password that counts', async () => {
    const { pool, challenge } = await beginFirstSignIn()
    const answer = await answerChallenge(pool, challenge, { NEW_PASSWORD })

    expect(answer.body).toMatchObject({ ChallengeParameters: {} })
    const { AccessToken } = requireTokens(answer)
    expectSuccess(await pool.call('GetUser', { AccessToken }))
    expect(requireStoredUser(pool, Username).status).toBe('CONFIRMED')
    expectRefusal(await signInBySrp(pool, invited), incorrect)
    pool.clock.advance(30 * day)
    requireTokens(await signInBySrp(pool))
  })

  test('takes the attributes that come with the password', async () => {
    const { pool, challenge } = await beginFirstSignIn(demanding)
    const responses = { NEW_PASSWORD, 'userAttributes.family_name': 'Horn' }

    expectSuccess(await answerChallenge(pool, challenge, responses))
    expect(requireStoredUser(pool, Username).attributes.get('family_name')).toBe('Horn')
  })

  test('refuses an answer without the required ones, and takes the next with the same Session', async () => {
    const { pool, challenge } = await beginFirstSignIn(demanding, { UserAttributes: [] })

    expectRefusal(await answerChallenge(pool, challenge, { NEW_PASSWORD }), {
      type: 'InvalidParameterException',
      message:
        'Attributes did not conform to the schema: email: The attribute is required\nfamily_name: The attribute is required\n',
    })
    expectSuccess(
      await answerChallenge(pool, challenge, {
        NEW_PASSWORD,
        'userAttributes.email': Username,
        'userAttributes.family_name': 'Horn',
      }),
    )
  })

  test.each([
    ['email_verified', 'true', unauthorized],
    ['locale', 'en', unauthorized],
    [
      'email',
      Username,
      { type: 'NotAuthorizedException', message: 'Cannot modify an already provided email' },
    ],
  ] as const)('refuses %s in the answer, and changes nothing', async (name, value, refusal) => {
    const { pool, challenge } = await beginFirstSignIn({
      writeAttributes: new Set(['email', 'nickname']),
    })
    const responses = { NEW_PASSWORD, [`userAttributes.${name}`]: value }

    expectRefusal(await answerChallenge(pool, challenge, responses), refusal)
    expect(requireStoredUser(pool, Username).status).toBe('FORCE_CHANGE_PASSWORD')
    expectSuccess(await answerChallenge(pool, challenge, { NEW_PASSWORD }))
  })

  test.each([
    ['Passw0r', 'Password not long enough'],
    ['PASSW0RD!', 'Password must have lowercase characters'],
    ['passw0rd!', 'Password must have uppercase characters'],
    ['Password!', 'Password must have numeric characters'],
    ['Passw0rdd', 'Password must have symbol characters'],
    [' Passw0rd!', 'Password must satisfy regular expression pattern: ^\\S.*\\S$'],
  ])(
    'refuses %j by the policy, and takes a better one with the same Session',
    async (weak, problem) => {
      const { pool, challenge } = await beginFirstSignIn()

      expectRefusal(await answerChallenge(pool, challenge, { NEW_PASSWORD: weak }), {
        type: 'InvalidPasswordException',
        message: `Password does not conform to policy: ${problem}`,
      })
      expectSuccess(await answerChallenge(pool, challenge, { NEW_PASSWORD }))
    },
  )

  test('asks for the password', async () => {
    const { pool, challenge } = await beginFirstSignIn()

    expectRefusal(await answerChallenge(pool, challenge), {
      type: 'InvalidParameterException',
      message: 'Missing required parameter NEW_PASSWORD',
    })
  })

  test('has a Session for one answer, of a few minutes, by one user', async () => {
    const { pool, challenge } = await beginFirstSignIn()
    await confirmUser(pool, { ...rider, username: 'other@example.com' })
    const invalid = 'Invalid session for the user'
    const refusal = (message: string) => ({ type: 'NotAuthorizedException', message }) as const

    expectRefusal(
      await answerChallenge(pool, challenge, { NEW_PASSWORD, USERNAME: 'other@example.com' }),
      refusal(`${invalid}.`),
    )
    pool.clock.advance(900)
    expectRefusal(
      await answerChallenge(pool, challenge, { NEW_PASSWORD }),
      refusal(`${invalid}, session is expired.`),
    )
    pool.clock.advance(-1)
    expectSuccess(await answerChallenge(pool, challenge, { NEW_PASSWORD }))
    expectRefusal(
      await answerChallenge(pool, challenge, { NEW_PASSWORD }),
      refusal(`${invalid}, session can only be used once.`),
    )
  })

  test('comes before the second factor where one must be set up', async () => {
    const { pool, challenge } = await beginFirstSignIn({ mfaConfiguration: 'ON' })
    const next = requireChallenge(await answerChallenge(pool, challenge, { NEW_PASSWORD }))

    expect(next.ChallengeName).toBe('MFA_SETUP')
    expect(next.Session).not.toBe(challenge.Session)
  })
})

describe('a temporary password', () => {
  test.each([1, 7, 365])('of %i days ends with them', async (temporaryPasswordDays) => {
    const { pool } = await beginFirstSignIn({ temporaryPasswordDays })

    pool.clock.advance(temporaryPasswordDays * day)
    expectRefusal(await signInBySrp(pool, invited), tooOld)
    pool.clock.advance(-1)
    requireChallenge(await signInBySrp(pool, invited))
  })

  test('that ends between the challenge and the answer is too old', async () => {
    const { pool } = await beginFirstSignIn()
    pool.clock.advance(7 * day - 60)
    const challenge = requireChallenge(await signInBySrp(pool, invited))
    pool.clock.advance(60)

    expectRefusal(await answerChallenge(pool, challenge, { NEW_PASSWORD }), tooOld)
  })

  test.each(existenceErrors)('cannot be reset by mail, under %s', async (_, setting) => {
    const { pool } = await beginFirstSignIn(setting)

    expectRefusal(await pool.call('ForgotPassword', { ClientId, Username }), {
      type: 'NotAuthorizedException',
      message: 'User password cannot be reset in the current state.',
    })
  })
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
      await registerUser(pool)
      return callAsOwner(pool, 'AdminSetUserPassword', { Username, ...change })
    },
  ],
] as const)('%s', (_, member, setPassword) => {
  test.each([
    ['Passw0r', 'Password not long enough'],
    ['PASSW0RD!', 'Password must have lowercase characters'],
    ['passw0rd!', 'Password must have uppercase characters'],
    ['Password!', 'Password must have numeric characters'],
    ['Passw0rdd', 'Password must have symbol characters'],
    ['Passw0rd! ', 'Password must satisfy regular expression pattern: ^\\S.*\\S$'],
  ])('refuses %j by the policy, in words of its own', async (password, problem) => {
    const pool = await createTestPool()

    expectRefusal(await setPassword(pool, { [member]: password }), {
      type: 'InvalidPasswordException',
      message: `Password did not conform with password policy: ${problem}`,
    })
  })
})

describe('AdminSetUserPassword', () => {
  const setPassword = (pool: TestPool, change: JsonObject) =>
    callAsOwner(pool, 'AdminSetUserPassword', { Username, Password: invited.password, ...change })

  test.each(['UNCONFIRMED', 'CONFIRMED', 'RESET_REQUIRED', 'FORCE_CHANGE_PASSWORD'] as const)(
    'for good makes a user who was %s a confirmed one, who signs in with it',
    async (status) => {
      const pool = await createTestPool()
      await confirmUser(pool)
      changeUser(pool, Username, { status })
      const answer = await setPassword(pool, { Permanent: true })

      expect({ status: answer.status, body: answer.body }).toEqual({ status: 200, body: {} })
      expect(requireStoredUser(pool, Username).status).toBe('CONFIRMED')
      pool.clock.advance(30 * day)
      requireTokens(await signInBySrp(pool, invited))
      expectRefusal(await signInBySrp(pool), incorrect)
    },
  )

  test.each([{}, { Permanent: false }])(
    'until the first sign-in, with %j, is temporary',
    async (change) => {
      const pool = await createTestPool()
      await confirmUser(pool)
      const answer = await setPassword(pool, change)

      expect({ status: answer.status, body: answer.body }).toEqual({ status: 200, body: {} })
      expect(requireStoredUser(pool, Username).status).toBe('FORCE_CHANGE_PASSWORD')
      const challenge = requireChallenge(await signInBySrp(pool, invited))
      expect(challenge.ChallengeName).toBe('NEW_PASSWORD_REQUIRED')
      pool.clock.advance(7 * day)
      expectRefusal(await signInBySrp(pool, invited), tooOld)
    },
  )
})

describe('AdminResetUserPassword', () => {
  const reset = (pool: TestPool) => callAsOwner(pool, 'AdminResetUserPassword', { Username })

  test('shuts the user out until a mailed code has set a new password', async () => {
    const pool = await createTestPool()
    await confirmUser(pool)
    const { status, body } = await reset(pool)

    expect({ status, body }).toEqual({ status: 200, body: {} })
    expect(requireStoredUser(pool, Username).status).toBe('RESET_REQUIRED')
    expectRefusal(await signInBySrp(pool), {
      type: 'PasswordResetRequiredException',
      message: 'Password reset required for the user',
    })
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

  test('sends another code when it is asked again, and ForgotPassword does too', async () => {
    const pool = await createTestPool()
    await confirmUser(pool)
    await reset(pool)
    expectSuccess(await reset(pool))
    expectSuccess(await pool.call('ForgotPassword', { ClientId, Username }))

    expect(pool.outboxLetters).toHaveLength(4)
    expect(requireStoredUser(pool, Username).status).toBe('RESET_REQUIRED')
  })

  test('leaves a session that began before as it is', async () => {
    const pool = await createTestPool()
    const { RefreshToken } = await signInUser(pool)
    await reset(pool)

    expectSuccess(await pool.call('GetTokensFromRefreshToken', { ClientId, RefreshToken }))
  })

  test.each(['UNCONFIRMED', 'FORCE_CHANGE_PASSWORD'] as const)(
    'refuses a user who is %s',
    async (status) => {
      const pool = await createTestPool()
      await confirmUser(pool)
      changeUser(pool, Username, { status })

      expectRefusal(await reset(pool), {
        type: 'NotAuthorizedException',
        message: 'User password cannot be reset in the current state.',
      })
    },
  )

  test('refuses a user without a proved address', async () => {
    const pool = await createTestPool()
    await confirmUser(pool)
    changeUser(pool, Username, { attributes: new Map([['email', Username]]) })

    expectRefusal(await reset(pool), {
      type: 'InvalidParameterException',
      message:
        'Cannot reset password for the user as there is no registered/verified email or phone_number',
    })
    expectSuccess(await signInBySrp(pool))
  })
})

test('a Session that waits is over once another sign-in has set the password', async () => {
  const { pool, challenge } = await beginFirstSignIn()
  const other = requireChallenge(await signInBySrp(pool, invited))
  requireTokens(await answerChallenge(pool, challenge, { NEW_PASSWORD }))

  expectRefusal(await answerChallenge(pool, other, { NEW_PASSWORD: 'An0ther-Passw0rd!' }), {
    type: 'NotAuthorizedException',
    message: 'Invalid session for the user.',
  })
  requireTokens(await signInBySrp(pool, rider))
})
