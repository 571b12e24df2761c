import { describe, expect, test } from 'vitest'
import { operations } from '../../../src/local-cloud/user-pool/operations/index.ts'
import { ENABLED, LEGACY } from '../../support/existence-errors.ts'
import { callAsOwner } from '../../support/owner.ts'
import { createTestPool } from '../../support/test-pool.ts'
import {
  ClientId,
  changeUser,
  confirmUser,
  latestCodeFor,
  registerUser,
  requireStoredUser,
  rider,
  UserPoolId,
} from '../../support/users.ts'
import { expectRefusal, expectSuccess } from '../../support/wire.ts'

const Username = rider.username

/** Operations on one user, with the rest of a body that each would accept. */
const onUsers: readonly (readonly [operation: string, members: object])[] = [
  ['AdminConfirmSignUp', {}],
  ['AdminDeleteUser', {}],
  ['AdminDisableUser', {}],
  ['AdminEnableUser', {}],
  ['AdminGetUser', {}],
  ['AdminResetUserPassword', {}],
  ['AdminSetUserMFAPreference', {}],
  ['AdminSetUserPassword', { Password: rider.password }],
  ['AdminUpdateUserAttributes', { UserAttributes: [{ Name: 'nickname', Value: 'Bucephalus' }] }],
  ['AdminUserGlobalSignOut', {}],
]
const onPool: typeof onUsers = [
  ...onUsers,
  ['AdminCreateUser', {}],
  ['AdminInitiateAuth', { ClientId, AuthFlow: 'ADMIN_NO_SRP_AUTH' }],
  ['AdminRespondToAuthChallenge', { ClientId, ChallengeName: 'MFA_SETUP' }],
  ['DescribeUserPool', {}],
  ['DescribeUserPoolClient', { ClientId }],
  ['ListUserPoolClients', {}],
  ['ListUsers', {}],
]

test('every operation of the owner is held to what follows', () => {
  const owned = [...operations.keys()].filter((name) => /^(Admin|List|Describe)/.test(name))
  const ofUsers = ['ListDevices', 'ListWebAuthnCredentials']

  expect([...onPool.map(([operation]) => operation), ...ofUsers, 'ListUserPools'].sort()).toEqual(
    owned.sort(),
  )
})

test('ListUserPools, which is about no pool, is refused without a signature', async () => {
  expectRefusal(await (await createTestPool()).call('ListUserPools', { MaxResults: 60 }), {
    type: 'MissingAuthenticationTokenException',
    message: 'Missing Authentication Token',
  })
})

describe.each(onPool)('%s', (operation, members) => {
  test('is refused without a signature, and changes nothing', async () => {
    const pool = await createTestPool()
    await registerUser(pool)
    const before = requireStoredUser(pool, Username)

    expectRefusal(await pool.call(operation, { UserPoolId, Username, ...members }), {
      type: 'MissingAuthenticationTokenException',
      message: 'Missing Authentication Token',
    })
    expect(pool.store.listUsers({ limit: 2 })).toEqual([before])
  })

  test('is refused with an Authorization that is no signature', async () => {
    const pool = await createTestPool()
    const response = await pool.respond(
      new Request('http://localhost/', {
        method: 'POST',
        headers: {
          'X-Amz-Target': `AWSCognitoIdentityProviderService.${operation}`,
          Authorization: 'Bearer AWS4-HMAC-SHA256 ',
        },
        body: JSON.stringify({ UserPoolId, Username, ...members }),
      }),
    )

    expect(await response.json()).toMatchObject({ __type: 'MissingAuthenticationTokenException' })
  })

  test('names a pool that is not this one', async () => {
    const pool = await createTestPool()
    const body = { UserPoolId: 'us-east-1_Other', Username, ...members }

    expectRefusal(await pool.call(operation, body, { signed: true }), {
      type: 'ResourceNotFoundException',
      message: 'User pool us-east-1_Other does not exist.',
    })
  })

  test('asks for the pool', async () => {
    const pool = await createTestPool()

    expectRefusal(await pool.call(operation, { Username, ...members }, { signed: true }), {
      type: 'InvalidParameterException',
      message:
        "1 validation error detected: Value null at 'userPoolId' failed to satisfy constraint: Member must not be null",
    })
  })
})

describe.each(onUsers)('%s', (operation, members) => {
  test.each([ENABLED, LEGACY])('names an unknown user, with %j', async (setting) => {
    const pool = await createTestPool(setting)

    expectRefusal(await callAsOwner(pool, operation, { Username, ...members }), {
      type: 'UserNotFoundException',
      message: 'User does not exist.',
    })
  })
})

describe('AdminConfirmSignUp', () => {
  test('confirms the user and leaves the address unproved', async () => {
    const pool = await createTestPool()
    await registerUser(pool)
    const answer = await pool.call('AdminConfirmSignUp', { UserPoolId, Username }, { signed: true })

    expect({ status: answer.status, body: answer.body }).toEqual({ status: 200, body: {} })
    const { status, attributes } = requireStoredUser(pool, Username)
    expect(status).toBe('CONFIRMED')
    expect(attributes.get('email_verified')).not.toBe('true')
  })

  test('makes the mailed code worthless', async () => {
    const pool = await createTestPool()
    await registerUser(pool)
    await pool.call('AdminConfirmSignUp', { UserPoolId, Username }, { signed: true })
    const ConfirmationCode = latestCodeFor(pool, Username)

    expectRefusal(await pool.call('ConfirmSignUp', { ClientId, Username, ConfirmationCode }), {
      type: 'NotAuthorizedException',
      message: 'User cannot be confirmed. Current status is CONFIRMED',
    })
  })

  test.each(['CONFIRMED', 'RESET_REQUIRED', 'FORCE_CHANGE_PASSWORD'] as const)(
    'refuses a user who is %s',
    async (status) => {
      const pool = await createTestPool()
      await confirmUser(pool)
      changeUser(pool, Username, { status })

      expectRefusal(
        await pool.call('AdminConfirmSignUp', { UserPoolId, Username }, { signed: true }),
        {
          type: 'NotAuthorizedException',
          message: `User cannot be confirmed. Current status is ${status}`,
        },
      )
    },
  )
})

describe('AdminGetUser', () => {
  test('tells everything but the password: dates in seconds, attributes under their own name', async () => {
    const pool = await createTestPool()
    const created = pool.clock.nowMs() / 1000
    await registerUser(pool)
    pool.clock.advance(90)
    const ConfirmationCode = latestCodeFor(pool, Username)
    expectSuccess(await pool.call('ConfirmSignUp', { ClientId, Username, ConfirmationCode }))
    const { body } = await pool.call('AdminGetUser', { UserPoolId, Username }, { signed: true })

    expect(body).toEqual({
      Username,
      UserAttributes: [
        { Name: 'sub', Value: requireStoredUser(pool, Username).sub },
        { Name: 'email', Value: Username },
        { Name: 'email_verified', Value: 'true' },
      ],
      UserCreateDate: created,
      UserLastModifiedDate: created + 90,
      Enabled: true,
      UserStatus: 'CONFIRMED',
    })
  })

  test('tells that a user is disabled', async () => {
    const pool = await createTestPool()
    await confirmUser(pool)
    changeUser(pool, Username, { enabled: false })
    const { body } = await pool.call('AdminGetUser', { UserPoolId, Username }, { signed: true })

    expect(body).toMatchObject({ Enabled: false, UserStatus: 'CONFIRMED' })
  })
})
