/** SignUp: the new user, the emailed code and every rejected request. */

import { describe, expect, test } from 'vitest'
import { expectError, expectSuccess } from '../../support/cognito-api.ts'
import { usernameTaken } from '../../support/cognito-errors.ts'
import { createTestPool } from '../../support/test-pool.ts'
import { userExistenceErrors } from '../../support/user-existence-errors.ts'
import { ClientId, requireStoredUser, rider, signUpUser } from '../../support/users.ts'

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

const signUpBody = {
  ClientId,
  Username: rider.username,
  Password: rider.password,
  UserAttributes: [{ Name: 'email', Value: rider.username }],
}

describe('SignUp', () => {
  test('SignUp returns the sub and the masked destination of the code', async () => {
    const pool = await createTestPool()

    expect(await signUpUser(pool)).toEqual({
      UserConfirmed: false,
      UserSub: expect.stringMatching(uuid),
      CodeDeliveryDetails: {
        Destination: 'r***@e***',
        DeliveryMedium: 'EMAIL',
        AttributeName: 'email',
      },
    })
  })

  test('SignUp creates an unconfirmed user whose name is kept as typed', async () => {
    const pool = await createTestPool()
    await signUpUser(pool, { ...rider, username: 'Rider@Example.com' })

    expect(requireStoredUser(pool, 'rider@example.com')).toMatchObject({
      username: 'Rider@Example.com',
      status: 'UNCONFIRMED',
      enabled: true,
    })
  })

  test('SignUp mails one code in the text of the template', async () => {
    const pool = await createTestPool()
    await signUpUser(pool)

    const [email, ...others] = pool.sentEmails
    expect(others).toEqual([])
    expect(email).toEqual({
      medium: 'EMAIL',
      to: rider.username,
      subject: 'Your Wild Rydes code',
      text: expect.stringContaining(`<h2>${email?.code}</h2>`),
      code: expect.stringMatching(/^[0-9]{6}$/),
    })
  })

  test('SignUp adds the email to the inbox of the console', async () => {
    const pool = await createTestPool()
    await signUpUser(pool)

    expect(pool.store.listMessages(10)).toEqual([
      { id: 1, sentAtMs: pool.clock.nowMs(), ...pool.sentEmails[0] },
    ])
  })

  test('SignUp without an email address sends no code and returns no CodeDeliveryDetails', async () => {
    const pool = await createTestPool()
    const { UserAttributes: _, ...withoutAddress } = signUpBody
    const { body } = await pool.call('SignUp', { ...withoutAddress, Username: 'rider' })

    expect(body).toEqual({ UserConfirmed: false, UserSub: expect.stringMatching(uuid) })
    expect(pool.sentEmails).toEqual([])
  })

  test('SignUp sends no code in a pool without auto-verification', async () => {
    const pool = await createTestPool({ autoVerifiedAttributes: new Set<'email'>() })

    expect(await signUpUser(pool)).not.toHaveProperty('CodeDeliveryDetails')
    expect(pool.sentEmails).toEqual([])
  })

  test('SignUp ignores unknown members and treats null as missing', async () => {
    const pool = await createTestPool()

    expectSuccess(
      await pool.call('SignUp', {
        ...signUpBody,
        ValidationData: null,
        SecretHash: null,
        ClientMetadata: { from: 'test' },
        NoSuchMember: [1, 2, 3],
      }),
    )
  })

  test.each([
    'grüße@exämple.de',
    "o'hara+rides@example.com",
    '../../etc/passwd',
    '__proto__',
    'constructor',
    '🦄',
  ])('SignUp accepts the user name %s', async (username) => {
    const pool = await createTestPool()

    expectSuccess(
      await pool.call('SignUp', { ...signUpBody, Username: username, UserAttributes: [] }),
    )
    expect(requireStoredUser(pool, username).username).toBe(username)
  })

  test.each([
    ['with an inner space', 'Pass w0rd!'],
    ['of 256 characters', `Aa1!${'x'.repeat(252)}`],
    ['in other scripts', 'Grüße-€-🔑-9aB'],
  ])('SignUp accepts a password %s', async (_, password) => {
    const pool = await createTestPool()

    expectSuccess(await pool.call('SignUp', { ...signUpBody, Password: password }))
  })
})

describe.each(userExistenceErrors)('PreventUserExistenceErrors %s', (_, setting) => {
  test.each([rider.username, rider.username.toUpperCase()])(
    'a taken user name is rejected when it is typed as %s',
    async (username) => {
      const pool = await createTestPool(setting)
      await signUpUser(pool)

      expectError(await pool.call('SignUp', { ...signUpBody, Username: username }), usernameTaken)
    },
  )
})

describe('parallel sign-ups under one user name', () => {
  test('race: fifty parallel sign-ups create one user', async () => {
    const pool = await createTestPool()
    const names = Array.from({ length: 50 }, (_, index) =>
      index % 2 === 0 ? rider.username : rider.username.toUpperCase(),
    )
    const responses = await Promise.all(
      names.map((Username) => pool.call('SignUp', { ...signUpBody, Username })),
    )

    expect(responses.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(responses.filter(({ body }) => body.__type === 'UsernameExistsException')).toHaveLength(
      49,
    )
    expect(pool.store.listUsers({ limit: 10 })).toHaveLength(1)
    expect(pool.sentEmails).toHaveLength(1)
  })

  test('case sensitivity: two spellings create two users in a case-sensitive pool', async () => {
    const pool = await createTestPool({ caseSensitive: true })
    await signUpUser(pool)
    await signUpUser(pool, { ...rider, username: rider.username.toUpperCase() })

    expect(pool.store.listUsers({ limit: 10 })).toHaveLength(2)
  })
})

const policy = 'Password did not conform with policy'
const pattern = '[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+'
const oneError = '1 validation error detected:'

describe('rejected SignUp', () => {
  test.each([
    [{ Password: 'Abcd1!x' }, 'InvalidPasswordException', `${policy}: Password not long enough`],
    [
      { Password: 'PASSW0RD!' },
      'InvalidPasswordException',
      `${policy}: Password must have lowercase characters`,
    ],
    [
      { Password: 'passw0rd!' },
      'InvalidPasswordException',
      `${policy}: Password must have uppercase characters`,
    ],
    [
      { Password: 'Password!' },
      'InvalidPasswordException',
      `${policy}: Password must have numeric characters`,
    ],
    [
      { Password: 'Passw0rdx' },
      'InvalidPasswordException',
      `${policy}: Password must have symbol characters`,
    ],
    [{ Password: 'abcdefg' }, 'InvalidPasswordException', `${policy}: Password not long enough`],
    [
      { Password: ' Passw0rd!' },
      'InvalidPasswordException',
      `${policy}: Password must satisfy regular expression pattern: ^\\S.*\\S$`,
    ],
    [
      { Password: 'Passw0rd! ' },
      'InvalidPasswordException',
      `${policy}: Password must satisfy regular expression pattern: ^\\S.*\\S$`,
    ],
    [
      { Password: 'Ab1!x' },
      'InvalidParameterException',
      `${oneError} Value at 'password' failed to satisfy constraint: Member must have length greater than or equal to 6`,
    ],
    [
      { Password: `Aa1!${'x'.repeat(253)}` },
      'InvalidParameterException',
      `${oneError} Value at 'password' failed to satisfy constraint: Member must have length less than or equal to 256`,
    ],
    [
      { Password: null },
      'InvalidParameterException',
      `${oneError} Value null at 'password' failed to satisfy constraint: Member must not be null`,
    ],
    [
      { Username: 'two words' },
      'InvalidParameterException',
      `${oneError} Value at 'username' failed to satisfy constraint: Member must satisfy regular expression pattern: ${pattern}`,
    ],
    [
      { Username: 'x'.repeat(129) },
      'InvalidParameterException',
      `${oneError} Value at 'username' failed to satisfy constraint: Member must have length less than or equal to 128`,
    ],
    [
      { Username: '', Password: 'x' },
      'InvalidParameterException',
      `3 validation errors detected: Value at 'username' failed to satisfy constraint: Member must satisfy regular expression pattern: ${pattern}; ` +
        "Value at 'username' failed to satisfy constraint: Member must have length greater than or equal to 1; " +
        "Value at 'password' failed to satisfy constraint: Member must have length greater than or equal to 6",
    ],
    [{ Username: 7 }, 'SerializationException', 'NUMBER_VALUE can not be converted to a String'],
    [
      { UserAttributes: [{ Name: 'email', Value: 'nobody' }] },
      'InvalidParameterException',
      'Invalid email address format.',
    ],
    [
      { UserAttributes: [{ Name: 'phone_number', Value: '0123' }] },
      'InvalidParameterException',
      'Invalid phone number format.',
    ],
    [
      { UserAttributes: [{ Name: 'sub', Value: 'mine' }] },
      'NotAuthorizedException',
      'A client attempted to write unauthorized attribute',
    ],
    [
      { UserAttributes: [{ Name: 'email_verified', Value: 'true' }] },
      'NotAuthorizedException',
      'A client attempted to write unauthorized attribute',
    ],
    [
      { UserAttributes: [{ Name: 'custom:tier', Value: 'gold' }] },
      'InvalidParameterException',
      'Attributes did not conform to the schema: custom:tier: Attribute does not exist in the schema.\n',
    ],
    [
      { UserAttributes: [{ Name: '__proto__', Value: 'x' }] },
      'InvalidParameterException',
      'Attributes did not conform to the schema: __proto__: Attribute does not exist in the schema.\n',
    ],
    [
      { ClientId: 'nosuchclient' },
      'ResourceNotFoundException',
      'User pool client nosuchclient does not exist.',
    ],
  ] as const)('SignUp with %j is rejected with %s', async (change, type, message) => {
    const pool = await createTestPool()

    expectError(await pool.call('SignUp', { ...signUpBody, ...change }), { type, message })
    expect(pool.store.listUsers({ limit: 1 })).toEqual([])
    expect(pool.sentEmails).toEqual([])
  })

  test('SignUp is rejected when only administrators may create users', async () => {
    const pool = await createTestPool({ allowsSignUp: false })

    expectError(await pool.call('SignUp', signUpBody), {
      type: 'NotAuthorizedException',
      message: 'SignUp is not permitted for this user pool',
    })
  })
})
