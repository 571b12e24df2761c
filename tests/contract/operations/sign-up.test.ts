import { describe, expect, test } from 'vitest'
import { existenceErrors } from '../../support/existence-errors.ts'
import { createTestPool } from '../../support/test-pool.ts'
import { ClientId, registerUser, requireStoredUser, rider } from '../../support/users.ts'
import { expectRefusal, expectSuccess } from '../../support/wire.ts'

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

const signUpBody = {
  ClientId,
  Username: rider.username,
  Password: rider.password,
  UserAttributes: [{ Name: 'email', Value: rider.username }],
}

describe('a sign-up', () => {
  test('is answered with the sub and where the code went', async () => {
    const pool = await createTestPool()

    expect(await registerUser(pool)).toEqual({
      UserConfirmed: false,
      UserSub: expect.stringMatching(uuid),
      CodeDeliveryDetails: {
        Destination: 'r***@e***',
        DeliveryMedium: 'EMAIL',
        AttributeName: 'email',
      },
    })
  })

  test('makes a user who is unconfirmed, under the name as typed', async () => {
    const pool = await createTestPool()
    await registerUser(pool, { ...rider, username: 'Rider@Example.com' })

    expect(requireStoredUser(pool, 'rider@example.com')).toMatchObject({
      username: 'Rider@Example.com',
      status: 'UNCONFIRMED',
      enabled: true,
    })
  })

  test('mails one code in the words of the template', async () => {
    const pool = await createTestPool()
    await registerUser(pool)

    const [letter, ...others] = pool.outboxLetters
    expect(others).toEqual([])
    expect(letter).toEqual({
      to: rider.username,
      subject: 'Your Wild Rydes code',
      text: `Your Wild Rydes code is ${letter?.code}. If you did not ask for it, you can ignore this letter.`,
      code: expect.stringMatching(/^[0-9]{6}$/),
    })
  })

  test('puts the letter into the inbox as well', async () => {
    const pool = await createTestPool()
    await registerUser(pool)

    expect(pool.store.listEmails(10)).toEqual([
      { id: 1, sentAtMs: pool.clock.nowMs(), ...pool.outboxLetters[0] },
    ])
  })

  test('without an e-mail address sends no code and says nothing of one', async () => {
    const pool = await createTestPool()
    const { UserAttributes: _, ...withoutAddress } = signUpBody
    const { body } = await pool.call('SignUp', { ...withoutAddress, Username: 'rider' })

    expect(body).toEqual({ UserConfirmed: false, UserSub: expect.stringMatching(uuid) })
    expect(pool.outboxLetters).toEqual([])
  })

  test('in a pool that verifies nothing by itself sends no code', async () => {
    const pool = await createTestPool({ autoVerifiesEmail: false })

    expect(await registerUser(pool)).not.toHaveProperty('CodeDeliveryDetails')
    expect(pool.outboxLetters).toEqual([])
  })

  test('ignores members that the operation does not have and takes null ones for absent', async () => {
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
  ])('takes the user name %s', async (username) => {
    const pool = await createTestPool()

    expectSuccess(
      await pool.call('SignUp', { ...signUpBody, Username: username, UserAttributes: [] }),
    )
    expect(requireStoredUser(pool, username).username).toBe(username)
  })

  test.each([
    ['with an inner space', 'Pass w0rd!'],
    ['of 256 characters', `Aa1!${'x'.repeat(252)}`],
    ['of other scripts', 'Grüße-€-🔑-9aB'],
  ])('takes a password %s', async (_, password) => {
    const pool = await createTestPool()

    expectSuccess(await pool.call('SignUp', { ...signUpBody, Password: password }))
  })
})

describe.each(existenceErrors)('a taken user name under %s', (_, setting) => {
  test.each([rider.username, rider.username.toUpperCase()])(
    'is refused as %s',
    async (username) => {
      const pool = await createTestPool(setting)
      await registerUser(pool)

      expectRefusal(await pool.call('SignUp', { ...signUpBody, Username: username }), {
        type: 'UsernameExistsException',
        message: 'User already exists',
      })
    },
  )
})

describe('many sign-ups at once under one name', () => {
  test('make one user', async () => {
    const pool = await createTestPool()
    const names = Array.from({ length: 50 }, (_, index) =>
      index % 2 === 0 ? rider.username : rider.username.toUpperCase(),
    )
    const answers = await Promise.all(
      names.map((Username) => pool.call('SignUp', { ...signUpBody, Username })),
    )

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ body }) => body.__type === 'UsernameExistsException')).toHaveLength(49)
    expect(pool.store.listUsers({ limit: 10 })).toHaveLength(1)
    expect(pool.outboxLetters).toHaveLength(1)
  })

  test('make two users in a pool that tells upper from lower case', async () => {
    const pool = await createTestPool({ caseSensitive: true })
    await registerUser(pool)
    await registerUser(pool, { ...rider, username: rider.username.toUpperCase() })

    expect(pool.store.listUsers({ limit: 10 })).toHaveLength(2)
  })
})

const policy = 'Password did not conform with policy'
const pattern = '[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+'
const oneError = '1 validation error detected:'

describe('a refused sign-up', () => {
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
      "3 validation errors detected: Value at 'username' failed to satisfy constraint: Member must have length greater than or equal to 1; " +
        `Value at 'username' failed to satisfy constraint: Member must satisfy regular expression pattern: ${pattern}; ` +
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
  ] as const)('with %j is answered %s', async (change, type, message) => {
    const pool = await createTestPool()

    expectRefusal(await pool.call('SignUp', { ...signUpBody, ...change }), { type, message })
    expect(pool.store.listUsers({ limit: 1 })).toEqual([])
    expect(pool.outboxLetters).toEqual([])
  })

  test('in a pool where only administrators make users says so', async () => {
    const pool = await createTestPool({ allowsSignUp: false })

    expectRefusal(await pool.call('SignUp', signUpBody), {
      type: 'NotAuthorizedException',
      message: 'SignUp is not permitted for this user pool',
    })
  })
})
