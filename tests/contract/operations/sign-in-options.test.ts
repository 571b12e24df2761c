/** What people sign up and in with: a user name, a user name or a proved address, an address alone. */

import { decodeJwt } from 'jose'
import { describe, expect, test } from 'vitest'
import {
  type AttributeRule,
  standardAttributes,
} from '../../../src/local-cloud/user-pool/attribute-schema.ts'
import type { UserPoolSettings } from '../../../src/local-cloud/user-pool/settings.ts'
import { LEGACY } from '../../support/existence-errors.ts'
import { callAsOwner } from '../../support/owner.ts'
import { signInBySrp } from '../../support/sign-in.ts'
import { createTestPool, type TestPool } from '../../support/test-pool.ts'
import {
  ClientId,
  changeUser,
  confirmUser,
  latestCodeFor,
  requestReset,
  requireStoredUser,
  requireTokens,
  rider,
} from '../../support/users.ts'
import { type Answer, expectRefusal, expectSuccess, type JsonObject } from '../../support/wire.ts'

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const { password } = rider
const email = 'rider@example.com'

const byName = { usernameModel: 'username' } as const
const byAlias = { usernameModel: 'email-alias' } as const
const byEmail = { usernameModel: 'email' } as const

const incorrect = {
  type: 'NotAuthorizedException',
  message: 'Incorrect username or password.',
} as const
const emailTaken = {
  type: 'UsernameExistsException',
  message: 'An account with the given email already exists.',
} as const
const nameTaken = { type: 'UsernameExistsException', message: 'User already exists' } as const

function signUp(pool: TestPool, Username: string, address: string | undefined = email) {
  return pool.call('SignUp', {
    ClientId,
    Username,
    Password: password,
    UserAttributes: [{ Name: 'email', Value: address }],
  })
}

async function confirm(
  pool: TestPool,
  Username: string,
  { address = email, ...change }: { address?: string; ForceAliasCreation?: boolean } = {},
): Promise<Answer> {
  const ConfirmationCode = latestCodeFor(pool, address)
  return pool.call('ConfirmSignUp', { ClientId, Username, ConfirmationCode, ...change })
}

/** A pool in which "alice" has proved the address. */
async function createPoolOfAlice(settings: Partial<UserPoolSettings> = byAlias): Promise<TestPool> {
  const pool = await createTestPool(settings)
  expectSuccess(await signUp(pool, 'alice'))
  expectSuccess(await confirm(pool, 'alice'))
  return pool
}

const signIn = (pool: TestPool, username: string) => signInBySrp(pool, { username, password })

const idClaims = (answer: Answer) => decodeJwt(requireTokens(answer).IdToken)

describe('in a pool of user names', () => {
  test('the user name is as typed, in tokens too, and the address is no name', async () => {
    const pool = await createPoolOfAlice(byName)

    expect(idClaims(await signIn(pool, 'alice'))['cognito:username']).toBe('alice')
    expectRefusal(await signIn(pool, email), incorrect)
  })

  test('an address may look like one, or be missing', async () => {
    const pool = await createTestPool(byName)

    expectSuccess(await signUp(pool, email))
    expectSuccess(await pool.call('SignUp', { ClientId, Username: 'bob', Password: password }))
    expect(requireStoredUser(pool, 'bob').attributes.size).toBe(0)
  })

  test('two users may have one address, and both prove it', async () => {
    const pool = await createPoolOfAlice(byName)

    expectSuccess(await signUp(pool, 'bob'))
    expectSuccess(await confirm(pool, 'bob'))
    requireTokens(await signIn(pool, 'bob'))
  })

  test('a user name is taken as soon as somebody signed up with it', async () => {
    const pool = await createTestPool(byName)
    await signUp(pool, 'alice')

    expectRefusal(await signUp(pool, 'alice', 'other@example.com'), nameTaken)
  })
})

describe('in a pool with e-mail aliases', () => {
  test('a user name must not look like an address', async () => {
    const pool = await createTestPool(byAlias)
    const refusal = {
      type: 'InvalidParameterException',
      message: 'Username cannot be of email format, since user pool is configured for email alias.',
    } as const

    expectRefusal(await signUp(pool, email), refusal)
    expectRefusal(await callAsOwner(pool, 'AdminCreateUser', { Username: email }), refusal)
  })

  test('the address is a name once it is proved, and tokens have the true one', async () => {
    const pool = await createTestPool(byAlias)
    await signUp(pool, 'alice')

    expectRefusal(await signIn(pool, email), incorrect)
    expectSuccess(await confirm(pool, 'alice'))
    expect(idClaims(await signIn(pool, email))['cognito:username']).toBe('alice')
    expect(idClaims(await signIn(pool, 'alice'))['cognito:username']).toBe('alice')
  })

  test('an address that is not proved is the name of nobody, under LEGACY too', async () => {
    const pool = await createTestPool({ ...byAlias, ...LEGACY })
    await signUp(pool, 'alice')

    expectRefusal(await signIn(pool, email), {
      type: 'UserNotFoundException',
      message: 'User does not exist.',
    })
    expectSuccess(await callAsOwner(pool, 'AdminConfirmSignUp', { Username: 'alice' }))
    expectRefusal(await signIn(pool, email), {
      type: 'UserNotFoundException',
      message: 'User does not exist.',
    })
  })

  test('the owner makes it one by vouching for it, and takes it back', async () => {
    const pool = await createTestPool(byAlias)
    await signUp(pool, 'alice')
    await callAsOwner(pool, 'AdminConfirmSignUp', { Username: 'alice' })
    const vouch = (Value: string) =>
      callAsOwner(pool, 'AdminUpdateUserAttributes', {
        Username: 'alice',
        UserAttributes: [{ Name: 'email_verified', Value }],
      })

    expectSuccess(await vouch('true'))
    requireTokens(await signIn(pool, email))
    expectSuccess(await vouch('false'))
    expectRefusal(await signIn(pool, email), incorrect)
  })

  test('the second to prove an address is refused, stays unconfirmed, and may try again', async () => {
    const pool = await createPoolOfAlice()
    expectSuccess(await signUp(pool, 'bob'))

    expectRefusal(await confirm(pool, 'bob'), {
      type: 'AliasExistsException',
      message: 'An account with the email already exists.',
    })
    expect(requireStoredUser(pool, 'bob').status).toBe('UNCONFIRMED')
    expectSuccess(await confirm(pool, 'bob', { ForceAliasCreation: true }))
  })

  test('ForceAliasCreation moves the alias, and to its old owner the address is unproved', async () => {
    const pool = await createPoolOfAlice()
    await signUp(pool, 'bob')
    expectSuccess(await confirm(pool, 'bob', { ForceAliasCreation: true }))

    expect(idClaims(await signIn(pool, email))['cognito:username']).toBe('bob')
    expect(idClaims(await signIn(pool, 'alice')).email_verified).toBe(false)
  })

  test('ForceAliasCreation leaves the alias of an address that the code does not prove', async () => {
    const pool = await createTestPool(byAlias)
    await signUp(pool, 'bob', 'bob@example.com')
    const ConfirmationCode = latestCodeFor(pool, 'bob@example.com')
    await signUp(pool, 'alice')
    await confirm(pool, 'alice')
    changeUser(pool, 'bob', { attributes: new Map([['email', email]]) })

    expectSuccess(
      await pool.call('ConfirmSignUp', {
        ClientId,
        Username: 'bob',
        ConfirmationCode,
        ForceAliasCreation: true,
      }),
    )
    expect(idClaims(await signIn(pool, email))['cognito:username']).toBe('alice')
  })

  describe('AdminCreateUser with an address that is an alias already', () => {
    const create = (pool: TestPool, verified: string, change: JsonObject = {}) =>
      callAsOwner(pool, 'AdminCreateUser', {
        Username: 'bob',
        MessageAction: 'SUPPRESS',
        UserAttributes: [
          { Name: 'email', Value: email },
          { Name: 'email_verified', Value: verified },
        ],
        ...change,
      })

    test('is refused', async () => {
      expectRefusal(await create(await createPoolOfAlice(), 'true'), emailTaken)
    })

    test('moves it by ForceAliasCreation', async () => {
      const pool = await createPoolOfAlice()

      expectSuccess(await create(pool, 'true', { ForceAliasCreation: true }))
      expect(pool.store.findUser(email)?.username).toBe('bob')
    })

    test('leaves it where it is when nobody vouches for the new owner', async () => {
      const pool = await createPoolOfAlice()

      expectSuccess(await create(pool, 'false', { ForceAliasCreation: true }))
      expect(pool.store.findUser(email)?.username).toBe('alice')
    })
  })
})

describe('in a pool of addresses', () => {
  test.each(['rider', 'rider@', '@example.com', 'ri@der@example.com'])(
    'a user name must be one, and %s is none',
    async (Username) => {
      const pool = await createTestPool(byEmail)
      const refusal = {
        type: 'InvalidParameterException',
        message: 'Username should be an email.',
      } as const

      expectRefusal(await pool.call('SignUp', { ClientId, Username, Password: password }), refusal)
      expectRefusal(await callAsOwner(pool, 'AdminCreateUser', { Username }), refusal)
    },
  )

  test('the true user name is a uuid, the sub, and the address becomes an attribute', async () => {
    const pool = await createTestPool(byEmail)
    const { body } = await pool.call('SignUp', {
      ClientId,
      Username: email,
      Password: password,
    })

    expect(body).toEqual({
      UserConfirmed: false,
      UserSub: expect.stringMatching(uuid),
      CodeDeliveryDetails: {
        Destination: 'r***@e***',
        DeliveryMedium: 'EMAIL',
        AttributeName: 'email',
      },
    })
    expect((await callAsOwner(pool, 'AdminGetUser', { Username: email })).body).toMatchObject({
      Username: body.UserSub,
      UserAttributes: [
        { Name: 'sub', Value: body.UserSub },
        { Name: 'email', Value: email },
        { Name: 'email_verified', Value: 'false' },
      ],
    })
  })

  test('the address signs in, and answers and tokens have the uuid', async () => {
    const pool = await createTestPool(byEmail)
    await confirmUser(pool)
    const { sub } = requireStoredUser(pool, email)
    const begun = await pool.call('InitiateAuth', {
      ClientId,
      AuthFlow: 'USER_SRP_AUTH',
      AuthParameters: { USERNAME: email, SRP_A: 'a5'.repeat(384) },
    })

    expect(begun.body.ChallengeParameters).toMatchObject({ USERNAME: sub, USER_ID_FOR_SRP: sub })
    const answer = await signIn(pool, email)
    expect(idClaims(answer)).toMatchObject({ sub, 'cognito:username': sub, email })
    const { AccessToken } = requireTokens(answer)
    expect(decodeJwt(AccessToken).username).toBe(sub)
    expect((await pool.call('GetUser', { AccessToken })).body.Username).toBe(sub)
  })

  test('the uuid signs in as well', async () => {
    const pool = await createTestPool(byEmail)
    await confirmUser(pool)

    requireTokens(await signIn(pool, requireStoredUser(pool, email).sub))
  })

  test('an unconfirmed user is found by the address, and told so', async () => {
    const pool = await createTestPool(byEmail)
    await signUp(pool, email)

    expectRefusal(await signIn(pool, email), {
      type: 'UserNotConfirmedException',
      message: 'User is not confirmed.',
    })
  })

  test('a user confirmed by the owner signs in with an address that nobody proved', async () => {
    const pool = await createTestPool(byEmail)
    await signUp(pool, email)
    expectSuccess(await callAsOwner(pool, 'AdminConfirmSignUp', { Username: email }))

    requireTokens(await signIn(pool, email))
  })

  test.each([{}, { ForceAliasCreation: true }])(
    'an address is taken at once, with %j',
    async (change) => {
      const pool = await createTestPool(byEmail)
      await signUp(pool, email)

      expectRefusal(await signUp(pool, email), emailTaken)
      expectRefusal(
        await callAsOwner(pool, 'AdminCreateUser', { Username: email, ...change }),
        emailTaken,
      )
    },
  )

  test.each(['in the address', 'in the uuid'])('a reset is asked for %s', async (kind) => {
    const pool = await createTestPool(byEmail)
    await confirmUser(pool)
    const Username = kind === 'in the uuid' ? requireStoredUser(pool, email).sub : email
    expectSuccess(await pool.call('ForgotPassword', { ClientId, Username }))

    expectSuccess(
      await pool.call('ConfirmForgotPassword', {
        ClientId,
        Username,
        ConfirmationCode: latestCodeFor(pool, email),
        Password: 'N3w-Passw0rd!',
      }),
    )
    requireTokens(await signInBySrp(pool, { username: email, password: 'N3w-Passw0rd!' }))
  })
})

test('an alias asks for a reset as the user name does', async () => {
  const pool = await createPoolOfAlice()
  const ConfirmationCode = await requestReset(pool, email)

  expectSuccess(
    await pool.call('ConfirmForgotPassword', {
      ClientId,
      Username: 'alice',
      ConfirmationCode,
      Password: 'N3w-Passw0rd!',
    }),
  )
})

describe.each([
  ['user names', byName, 'rider', 'RIDER', nameTaken],
  ['addresses', byEmail, 'rider@example.com', 'Rider@Example.COM', emailTaken],
] as const)('upper and lower case in a pool of %s', (_, model, lower, upper, taken) => {
  test('are the same user where the pool says so, stored as first typed', async () => {
    const pool = await createTestPool({ ...model, caseSensitive: false })
    await signUp(pool, upper, upper.includes('@') ? upper : email)

    expectRefusal(await signUp(pool, lower, lower.includes('@') ? lower : email), taken)
    await callAsOwner(pool, 'AdminConfirmSignUp', { Username: lower })
    requireTokens(await signIn(pool, lower))
    const { username, attributes } = requireStoredUser(pool, lower)
    expect([username, attributes.get('email')]).toContain(upper)
  })

  test('are two users where the pool says so', async () => {
    const pool = await createTestPool({ ...model, caseSensitive: true })

    expectSuccess(await signUp(pool, upper, upper.includes('@') ? upper : email))
    await callAsOwner(pool, 'AdminConfirmSignUp', { Username: upper })
    expectRefusal(await signIn(pool, lower), incorrect)
    expectSuccess(await signUp(pool, lower, lower.includes('@') ? lower : email))
  })
})

describe('upper and lower case of an alias', () => {
  test.each([
    [false, 'alice'],
    [true, undefined],
  ])('with caseSensitive %j find %s', async (caseSensitive, found) => {
    const pool = await createPoolOfAlice({ ...byAlias, caseSensitive })

    expect(pool.store.findUser('RIDER@example.com')?.username).toBe(found)
  })
})

describe('required attributes', () => {
  const required: AttributeRule = {
    type: 'String',
    required: true,
    mutable: true,
    min: undefined,
    max: undefined,
  }
  const demanding = (...names: readonly string[]) => ({
    attributeSchema: new Map([
      ...standardAttributes,
      ...names.map((name) => [name, required] as const),
    ]),
  })

  test.each([
    [['email'], 'email: The attribute is required\n'],
    [['name'], 'name.formatted: The attribute name.formatted is required\n'],
    [
      ['email', 'family_name'],
      'email: The attribute is required\nfamily_name: The attribute is required\n',
    ],
  ])('%j are all named when they are missing', async (names, problems) => {
    const pool = await createTestPool({ ...byName, ...demanding(...names) })

    expectRefusal(await pool.call('SignUp', { ClientId, Username: 'rider', Password: password }), {
      type: 'InvalidParameterException',
      message: `Attributes did not conform to the schema: ${problems}`,
    })
    expect(pool.store.countUsers()).toBe(0)
  })

  test('are there when the user name fills them in', async () => {
    const pool = await createTestPool({ ...byEmail, ...demanding('email') })

    expectSuccess(await pool.call('SignUp', { ClientId, Username: email, Password: password }))
  })

  test('are not there when they are blank', async () => {
    const pool = await createTestPool({ ...byName, ...demanding('family_name') })
    const answer = await pool.call('SignUp', {
      ClientId,
      Username: 'rider',
      Password: password,
      UserAttributes: [{ Name: 'family_name', Value: '' }],
    })

    expectRefusal(answer, {
      type: 'InvalidParameterException',
      message: 'Attributes did not conform to the schema: family_name: The attribute is required\n',
    })
  })
})
