/** UsernameAttributes and AliasAttributes: sign-in by user name, by verified email alias, or by email address. */

import { decodeJwt } from 'jose'
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
  emailTaken,
  incorrectCredentials,
  userNotConfirmed,
  userNotFound,
  usernameTaken,
} from '../../support/cognito-errors.ts'
import { callWithIam } from '../../support/iam-caller.ts'
import { signInBySrp } from '../../support/sign-in.ts'
import { createTestPool, type TestPool } from '../../support/test-pool.ts'
import { LEGACY } from '../../support/user-existence-errors.ts'
import {
  ClientId,
  changeUser,
  createConfirmedUser,
  latestCodeFor,
  requestPasswordReset,
  requireStoredUser,
  requireTokens,
  rider,
} from '../../support/users.ts'

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const { password } = rider
const email = 'rider@example.com'

const byName = { usernameModel: 'username' } as const
const byAlias = { usernameModel: 'email-alias' } as const
const byEmail = { usernameModel: 'email' } as const

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
): Promise<ApiResponse> {
  const ConfirmationCode = latestCodeFor(pool, address)
  return pool.call('ConfirmSignUp', { ClientId, Username, ConfirmationCode, ...change })
}

/** A pool in which "alice" has a verified email address. */
async function createPoolOfAlice(settings: Partial<UserPoolSettings> = byAlias): Promise<TestPool> {
  const pool = await createTestPool(settings)
  expectSuccess(await signUp(pool, 'alice'))
  expectSuccess(await confirm(pool, 'alice'))
  return pool
}

const signIn = (pool: TestPool, username: string) => signInBySrp(pool, { username, password })

const idClaims = (response: ApiResponse) => decodeJwt(requireTokens(response).IdToken)

describe('usernameModel username', () => {
  test('the user name is kept as typed, also in tokens, and the email address does not sign in', async () => {
    const pool = await createPoolOfAlice(byName)

    expect(idClaims(await signIn(pool, 'alice'))['cognito:username']).toBe('alice')
    expectError(await signIn(pool, email), incorrectCredentials)
  })

  test('a user name may look like an email address, and an email address is optional', async () => {
    const pool = await createTestPool(byName)

    expectSuccess(await signUp(pool, email))
    expectSuccess(await pool.call('SignUp', { ClientId, Username: 'bob', Password: password }))
    expect(requireStoredUser(pool, 'bob').attributes.size).toBe(0)
  })

  test('two users may share and verify one email address', async () => {
    const pool = await createPoolOfAlice(byName)

    expectSuccess(await signUp(pool, 'bob'))
    expectSuccess(await confirm(pool, 'bob'))
    requireTokens(await signIn(pool, 'bob'))
  })

  test('a user name is taken as soon as someone has signed up with it', async () => {
    const pool = await createTestPool(byName)
    await signUp(pool, 'alice')

    expectError(await signUp(pool, 'alice', 'other@example.com'), usernameTaken)
  })
})

describe('usernameModel email-alias', () => {
  test('a user name in the form of an email address is rejected', async () => {
    const pool = await createTestPool(byAlias)
    const expectedError = {
      type: 'InvalidParameterException',
      message: 'Username cannot be of email format, since user pool is configured for email alias.',
    } as const

    expectError(await signUp(pool, email), expectedError)
    expectError(await callWithIam(pool, 'AdminCreateUser', { Username: email }), expectedError)
  })

  test('a verified email address signs in, and the tokens carry the user name', async () => {
    const pool = await createTestPool(byAlias)
    await signUp(pool, 'alice')

    expectError(await signIn(pool, email), incorrectCredentials)
    expectSuccess(await confirm(pool, 'alice'))
    expect(idClaims(await signIn(pool, email))['cognito:username']).toBe('alice')
    expect(idClaims(await signIn(pool, 'alice'))['cognito:username']).toBe('alice')
  })

  test('user enumeration: with LEGACY an unverified email address is an unknown user', async () => {
    const pool = await createTestPool({ ...byAlias, ...LEGACY })
    await signUp(pool, 'alice')

    expectError(await signIn(pool, email), userNotFound)
    expectSuccess(await callWithIam(pool, 'AdminConfirmSignUp', { Username: 'alice' }))
    expectError(await signIn(pool, email), userNotFound)
  })

  test('an IAM caller sets and clears email_verified, which creates and removes the alias', async () => {
    const pool = await createTestPool(byAlias)
    await signUp(pool, 'alice')
    await callWithIam(pool, 'AdminConfirmSignUp', { Username: 'alice' })
    const vouch = (Value: string) =>
      callWithIam(pool, 'AdminUpdateUserAttributes', {
        Username: 'alice',
        UserAttributes: [{ Name: 'email_verified', Value }],
      })

    expectSuccess(await vouch('true'))
    requireTokens(await signIn(pool, email))
    expectSuccess(await vouch('false'))
    expectError(await signIn(pool, email), incorrectCredentials)
  })

  test.each([true, false])(
    'AdminUpdateUserAttributes moves the alias to the user whose address it verifies, with verification before update %j',
    async (isVerifiedFirst) => {
      const verifiedBeforeUpdate = new Set(isVerifiedFirst ? (['email'] as const) : [])
      const pool = await createPoolOfAlice({ ...byAlias, verifiedBeforeUpdate })
      expectSuccess(await signUp(pool, 'bob'))
      expectSuccess(await callWithIam(pool, 'AdminConfirmSignUp', { Username: 'bob' }))
      const verifyEmailOf = (Username: string) =>
        callWithIam(pool, 'AdminUpdateUserAttributes', {
          Username,
          UserAttributes: [
            { Name: 'email', Value: email },
            { Name: 'email_verified', Value: 'true' },
          ],
        })

      expectSuccess(await verifyEmailOf('bob'))
      expect(idClaims(await signIn(pool, email))['cognito:username']).toBe('bob')
      expect(requireStoredUser(pool, 'alice').attributes.get('email_verified')).toBe('false')
      expectSuccess(await verifyEmailOf('alice'))
      expect(idClaims(await signIn(pool, email))['cognito:username']).toBe('alice')
    },
  )

  test('AdminUpdateUserAttributes leaves the alias where it is while the address is not verified', async () => {
    const pool = await createPoolOfAlice({ ...byAlias, verifiedBeforeUpdate: new Set<'email'>() })
    expectSuccess(await signUp(pool, 'bob', 'bob@example.com'))
    expectSuccess(
      await callWithIam(pool, 'AdminUpdateUserAttributes', {
        Username: 'bob',
        UserAttributes: [{ Name: 'email', Value: email }],
      }),
    )

    expect(idClaims(await signIn(pool, email))['cognito:username']).toBe('alice')
    expect(requireStoredUser(pool, 'bob').attributes.get('email_verified')).toBe('false')
  })

  test('AdminUpdateUserAttributes rejects an address that is taken in a pool of usernameModel email', async () => {
    const pool = await createTestPool(byEmail)
    await createConfirmedUser(pool)
    await createConfirmedUser(pool, { ...rider, username: 'bob@example.com' })

    expectError(
      await callWithIam(pool, 'AdminUpdateUserAttributes', {
        Username: 'bob@example.com',
        UserAttributes: [
          { Name: 'email', Value: email },
          { Name: 'email_verified', Value: 'true' },
        ],
      }),
      { type: 'AliasExistsException', message: emailTaken.message },
    )
  })

  test('the second user with one email address is rejected and can retry with ForceAliasCreation', async () => {
    const pool = await createPoolOfAlice()
    expectSuccess(await signUp(pool, 'bob'))

    expectError(await confirm(pool, 'bob'), {
      type: 'AliasExistsException',
      message: 'An account with the email already exists.',
    })
    expect(requireStoredUser(pool, 'bob').status).toBe('UNCONFIRMED')
    expectSuccess(await confirm(pool, 'bob', { ForceAliasCreation: true }))
  })

  test('ForceAliasCreation moves the alias and unverifies the address of the former owner', async () => {
    const pool = await createPoolOfAlice()
    await signUp(pool, 'bob')
    expectSuccess(await confirm(pool, 'bob', { ForceAliasCreation: true }))

    expect(idClaims(await signIn(pool, email))['cognito:username']).toBe('bob')
    expect(idClaims(await signIn(pool, 'alice')).email_verified).toBe(false)
  })

  test('ForceAliasCreation does not move an alias to an address that the code did not verify', async () => {
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

  describe('AdminCreateUser with an email address that is an alias already', () => {
    const create = (pool: TestPool, verified: string, change: JsonObject = {}) =>
      callWithIam(pool, 'AdminCreateUser', {
        Username: 'bob',
        MessageAction: 'SUPPRESS',
        UserAttributes: [
          { Name: 'email', Value: email },
          { Name: 'email_verified', Value: verified },
        ],
        ...change,
      })

    test('AdminCreateUser rejects an email address that is the alias of another user', async () => {
      expectError(await create(await createPoolOfAlice(), 'true'), emailTaken)
    })

    test('AdminCreateUser with ForceAliasCreation moves the alias', async () => {
      const pool = await createPoolOfAlice()

      expectSuccess(await create(pool, 'true', { ForceAliasCreation: true }))
      expect(pool.store.findUser(email)?.username).toBe('bob')
    })

    test('AdminCreateUser with email_verified false leaves the alias where it is', async () => {
      const pool = await createPoolOfAlice()

      expectSuccess(await create(pool, 'false', { ForceAliasCreation: true }))
      expect(pool.store.findUser(email)?.username).toBe('alice')
    })
  })
})

describe('usernameModel email', () => {
  test.each(['rider', 'rider@', '@example.com', 'ri@der@example.com'])(
    'the user name must be an email address and not %s',
    async (Username) => {
      const pool = await createTestPool(byEmail)
      const expectedError = {
        type: 'InvalidParameterException',
        message: 'Username should be an email.',
      } as const

      expectError(
        await pool.call('SignUp', { ClientId, Username, Password: password }),
        expectedError,
      )
      expectError(await callWithIam(pool, 'AdminCreateUser', { Username }), expectedError)
    },
  )

  test('the user name becomes a UUID equal to sub, and the address becomes the email attribute', async () => {
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
    expect((await callWithIam(pool, 'AdminGetUser', { Username: email })).body).toMatchObject({
      Username: body.UserSub,
      UserAttributes: [
        { Name: 'sub', Value: body.UserSub },
        { Name: 'email', Value: email },
        { Name: 'email_verified', Value: 'false' },
      ],
    })
  })

  test('the email address signs in, and responses and tokens carry the UUID', async () => {
    const pool = await createTestPool(byEmail)
    await createConfirmedUser(pool)
    const { sub } = requireStoredUser(pool, email)
    const begun = await pool.call('InitiateAuth', {
      ClientId,
      AuthFlow: 'USER_SRP_AUTH',
      AuthParameters: { USERNAME: email, SRP_A: 'a5'.repeat(384) },
    })

    expect(begun.body.ChallengeParameters).toMatchObject({ USERNAME: sub, USER_ID_FOR_SRP: sub })
    const response = await signIn(pool, email)
    expect(idClaims(response)).toMatchObject({ sub, 'cognito:username': sub, email })
    const { AccessToken } = requireTokens(response)
    expect(decodeJwt(AccessToken).username).toBe(sub)
    expect((await pool.call('GetUser', { AccessToken })).body.Username).toBe(sub)
  })

  test('the UUID signs in as well', async () => {
    const pool = await createTestPool(byEmail)
    await createConfirmedUser(pool)

    requireTokens(await signIn(pool, requireStoredUser(pool, email).sub))
  })

  test('an unconfirmed user is found by their email address and told UserNotConfirmedException', async () => {
    const pool = await createTestPool(byEmail)
    await signUp(pool, email)

    expectError(await signIn(pool, email), userNotConfirmed)
  })

  test('a user confirmed by an IAM caller signs in with an unverified email address', async () => {
    const pool = await createTestPool(byEmail)
    await signUp(pool, email)
    expectSuccess(await callWithIam(pool, 'AdminConfirmSignUp', { Username: email }))

    requireTokens(await signIn(pool, email))
  })

  test.each([{}, { ForceAliasCreation: true }])(
    'an email address is taken at sign-up, with %j',
    async (change) => {
      const pool = await createTestPool(byEmail)
      await signUp(pool, email)

      expectError(await signUp(pool, email), emailTaken)
      expectError(
        await callWithIam(pool, 'AdminCreateUser', { Username: email, ...change }),
        emailTaken,
      )
    },
  )

  test.each(['in the address', 'in the uuid'])(
    'password reset: ForgotPassword finds the user %s',
    async (kind) => {
      const pool = await createTestPool(byEmail)
      await createConfirmedUser(pool)
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
    },
  )
})

test('usernameModel email-alias: ForgotPassword finds the user by their alias', async () => {
  const pool = await createPoolOfAlice()
  const ConfirmationCode = await requestPasswordReset(pool, email)

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
  ['user names', byName, 'rider', 'RIDER', usernameTaken],
  ['addresses', byEmail, 'rider@example.com', 'Rider@Example.COM', emailTaken],
] as const)('caseSensitive in a pool of %s', (_, model, lower, upper, taken) => {
  test('with caseSensitive false both spellings are one user, stored as first typed', async () => {
    const pool = await createTestPool({ ...model, caseSensitive: false })
    await signUp(pool, upper, upper.includes('@') ? upper : email)

    expectError(await signUp(pool, lower, lower.includes('@') ? lower : email), taken)
    await callWithIam(pool, 'AdminConfirmSignUp', { Username: lower })
    requireTokens(await signIn(pool, lower))
    const { username, attributes } = requireStoredUser(pool, lower)
    expect([username, attributes.get('email')]).toContain(upper)
  })

  test('with caseSensitive true the spellings are two users', async () => {
    const pool = await createTestPool({ ...model, caseSensitive: true })

    expectSuccess(await signUp(pool, upper, upper.includes('@') ? upper : email))
    await callWithIam(pool, 'AdminConfirmSignUp', { Username: upper })
    expectError(await signIn(pool, lower), incorrectCredentials)
    expectSuccess(await signUp(pool, lower, lower.includes('@') ? lower : email))
  })
})

describe('caseSensitive and email aliases', () => {
  test.each([
    [false, 'finds the user', 'alice'],
    [true, 'finds nobody', undefined],
  ])('an alias in another case with caseSensitive %j %s', async (caseSensitive, _, found) => {
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
  ])('required attributes: %j are all named when they are missing', async (names, problems) => {
    const pool = await createTestPool({ ...byName, ...demanding(...names) })

    expectError(await pool.call('SignUp', { ClientId, Username: 'rider', Password: password }), {
      type: 'InvalidParameterException',
      message: `Attributes did not conform to the schema: ${problems}`,
    })
    expect(pool.store.countUsers()).toBe(0)
  })

  test('required attributes: the user name of an email pool counts as the email attribute', async () => {
    const pool = await createTestPool({ ...byEmail, ...demanding('email') })

    expectSuccess(await pool.call('SignUp', { ClientId, Username: email, Password: password }))
  })

  test('required attributes: a blank value counts as missing', async () => {
    const pool = await createTestPool({ ...byName, ...demanding('family_name') })
    const response = await pool.call('SignUp', {
      ClientId,
      Username: 'rider',
      Password: password,
      UserAttributes: [{ Name: 'family_name', Value: '' }],
    })

    expectError(response, {
      type: 'InvalidParameterException',
      message: 'Attributes did not conform to the schema: family_name: The attribute is required\n',
    })
  })
})

describe('alias preferred_username', () => {
  const byPreferred = { ...byName, hasPreferredUsernameAlias: true } as const
  const preferredUsername = (Value: string) => [{ Name: 'preferred_username', Value }]

  const signIn = (pool: TestPool, username: string) => signInBySrp(pool, { username, password })

  async function startPool() {
    const pool = await createTestPool(byPreferred)
    await createConfirmedUser(pool)
    const { AccessToken } = requireTokens(await signIn(pool, rider.username))
    const update = (Value: string) =>
      pool.call('UpdateUserAttributes', { AccessToken, UserAttributes: preferredUsername(Value) })
    return { pool, update }
  }

  test('preferred_username: a confirmed user sets it, signs in by it in any case, and no more by the one before', async () => {
    const { pool, update } = await startPool()
    expectSuccess(await update('Stardust'))

    const tokens = requireTokens(await signIn(pool, 'stardust'))
    expect(decodeJwt(tokens.AccessToken).username).toBe(rider.username)
    expectSuccess(await update('Moonbeam'))
    requireTokens(await signIn(pool, 'Moonbeam'))
    expect(pool.store.findUser('Stardust')).toBeUndefined()
    requireTokens(await signIn(pool, rider.username))
  })

  test("preferred_username: another user's is refused, also for an administrator, and nothing changes", async () => {
    const { pool, update } = await startPool()
    const body = { Username: 'other', MessageAction: 'SUPPRESS' }
    expectSuccess(
      await callWithIam(pool, 'AdminCreateUser', {
        ...body,
        UserAttributes: preferredUsername('Stardust'),
      }),
    )
    const message = 'An account with the given preferred_username already exists.'

    expectError(await update('STARDUST'), { type: 'AliasExistsException', message })
    expectError(
      await callWithIam(pool, 'AdminCreateUser', {
        ...body,
        Username: 'third',
        UserAttributes: preferredUsername('stardust'),
      }),
      { type: 'UsernameExistsException', message },
    )
    expect(pool.store.findUser('stardust')?.username).toBe('other')
    pool.store.deleteUser(requireStoredUser(pool, 'other').sub)
    expectSuccess(await update('stardust'))
  })

  test('preferred_username: a user who is not confirmed cannot have it', async () => {
    const pool = await createTestPool(byPreferred)
    const refused = {
      type: 'InvalidParameterException',
      message:
        'Preferred username cannot be provided for unconfirmed account, since user pool is configured for preferred username alias.',
    } as const
    expectError(
      await pool.call('SignUp', {
        ClientId,
        Username: 'starlight',
        Password: password,
        UserAttributes: preferredUsername('Stardust'),
      }),
      refused,
    )
    expectSuccess(await signUp(pool, 'starlight'))
    expectError(
      await callWithIam(pool, 'AdminUpdateUserAttributes', {
        Username: 'starlight',
        UserAttributes: preferredUsername('Stardust'),
      }),
      refused,
    )
  })

  test('preferred_username: without the alias it is an attribute like others', async () => {
    const pool = await createTestPool(byName)
    for (const Username of ['starlight', 'moonlight']) {
      expectSuccess(
        await pool.call('SignUp', {
          ClientId,
          Username,
          Password: password,
          UserAttributes: preferredUsername('Stardust'),
        }),
      )
    }
    expect(pool.store.findUser('Stardust')).toBeUndefined()
  })

  test.each([
    [byPreferred, ['preferred_username']],
    [{ ...byAlias, hasPreferredUsernameAlias: true }, ['email', 'preferred_username']],
    [byAlias, ['email']],
  ])(
    'preferred_username: with %j DescribeUserPool names the aliases',
    async (settings, aliases) => {
      const pool = await createTestPool(settings)
      const described = await callWithIam(pool, 'DescribeUserPool')

      expect(described.body).toMatchObject({ UserPool: { AliasAttributes: aliases } })
    },
  )
})
