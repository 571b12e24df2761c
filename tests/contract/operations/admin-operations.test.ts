/** IAM operations: who may call them, AdminConfirmSignUp and AdminGetUser. */

import { describe, expect, test } from 'vitest'
import { operations } from '../../../src/local-cloud/user-pool/operations/index.ts'
import { expectError, expectSuccess } from '../../support/cognito-api.ts'
import { incorrectCredentials, userNotFound } from '../../support/cognito-errors.ts'
import { callWithIam } from '../../support/iam-caller.ts'
import { withSmsMfa } from '../../support/phones.ts'
import { signInBySrp } from '../../support/sign-in.ts'
import { createTestPool } from '../../support/test-pool.ts'
import { ENABLED, LEGACY } from '../../support/user-existence-errors.ts'
import {
  ClientId,
  changeUser,
  createConfirmedUser,
  latestCodeFor,
  requireStoredUser,
  rider,
  signUpUser,
  UserPoolId,
} from '../../support/users.ts'

const Username = rider.username

/** Operations on one user, with the other members of a valid body. */
const onUsers: readonly (readonly [operation: string, members: object])[] = [
  ['AdminConfirmSignUp', {}],
  ['AdminDeleteUser', {}],
  ['AdminDeleteUserAttributes', { UserAttributeNames: ['nickname'] }],
  ['AdminDisableUser', {}],
  ['AdminEnableUser', {}],
  ['AdminGetUser', {}],
  ['AdminListGroupsForUser', {}],
  ['AdminResetUserPassword', {}],
  ['AdminSetUserMFAPreference', {}],
  ['AdminSetUserPassword', { Password: rider.password }],
  ['AdminSetUserSettings', { MFAOptions: [] }],
  ['AdminUpdateUserAttributes', { UserAttributes: [{ Name: 'nickname', Value: 'Bucephalus' }] }],
  ['AdminUserGlobalSignOut', {}],
]
/** Operations on one user and one group. */
const onMembers: typeof onUsers = [
  ['AdminAddUserToGroup', { GroupName: 'riders' }],
  ['AdminRemoveUserFromGroup', { GroupName: 'riders' }],
]
const onPool: typeof onUsers = [
  ...onUsers,
  ...onMembers,
  ['AddCustomAttributes', { CustomAttributes: [{ Name: 'horse' }] }],
  ['AdminCreateUser', {}],
  ['AdminInitiateAuth', { ClientId, AuthFlow: 'ADMIN_NO_SRP_AUTH' }],
  ['AdminRespondToAuthChallenge', { ClientId, ChallengeName: 'MFA_SETUP' }],
  ['CreateGroup', { GroupName: 'riders' }],
  ['DeleteGroup', { GroupName: 'riders' }],
  ['DescribeUserPool', {}],
  ['DescribeUserPoolClient', { ClientId }],
  ['GetGroup', { GroupName: 'riders' }],
  ['GetUserPoolMfaConfig', {}],
  ['ListGroups', {}],
  ['ListUserPoolClients', {}],
  ['ListUsers', {}],
  ['ListUsersInGroup', { GroupName: 'riders' }],
  ['SetUserPoolMfaConfig', {}],
  ['UpdateGroup', { GroupName: 'riders' }],
]

test('IAM authorization: the tests below cover every operation of administrators', () => {
  const owned = [...operations.keys()].filter((name) =>
    /^(Add|Admin|Describe|List)|Group$|UserPoolMfaConfig$/.test(name),
  )
  const ofUsers = ['ListDevices', 'ListWebAuthnCredentials']

  expect([...onPool.map(([operation]) => operation), ...ofUsers, 'ListUserPools'].sort()).toEqual(
    owned.sort(),
  )
})

test('IAM authorization: ListUserPools without an AWS signature is rejected', async () => {
  expectError(await (await createTestPool()).call('ListUserPools', { MaxResults: 60 }), {
    type: 'MissingAuthenticationTokenException',
    message: 'Missing Authentication Token',
  })
})

describe.each(onPool)('IAM authorization: %s', (operation, members) => {
  test('a call without an AWS signature is rejected and changes nothing', async () => {
    const pool = await createTestPool()
    await signUpUser(pool)
    const before = requireStoredUser(pool, Username)

    expectError(await pool.call(operation, { UserPoolId, Username, ...members }), {
      type: 'MissingAuthenticationTokenException',
      message: 'Missing Authentication Token',
    })
    expect(pool.store.listUsers({ limit: 2 })).toEqual([before])
  })

  test('a call whose Authorization header is a bearer token is rejected', async () => {
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

  test('a call for another user pool is answered with ResourceNotFoundException', async () => {
    const pool = await createTestPool()
    const body = { UserPoolId: 'us-east-1_Other', Username, ...members }

    expectError(await pool.call(operation, body, { signed: true }), {
      type: 'ResourceNotFoundException',
      message: 'User pool us-east-1_Other does not exist.',
    })
  })

  test('a call without UserPoolId is a validation error', async () => {
    const pool = await createTestPool()

    expectError(await pool.call(operation, { Username, ...members }, { signed: true }), {
      type: 'InvalidParameterException',
      message:
        "1 validation error detected: Value null at 'userPoolId' failed to satisfy constraint: Member must not be null",
    })
  })
})

describe.each(onUsers)('unknown user: %s', (operation, members) => {
  test.each([ENABLED, LEGACY])(
    'an IAM caller is told UserNotFoundException with %j',
    async (setting) => {
      const pool = await createTestPool(setting)

      expectError(await callWithIam(pool, operation, { Username, ...members }), userNotFound)
    },
  )
})

describe.each([...onUsers, ...onMembers])('sub as Username: %s', (operation, members) => {
  test.each(['username', 'email-alias'] as const)(
    'an IAM caller may name a user by their sub in a pool of usernameModel %s',
    async (usernameModel) => {
      const pool = await createTestPool({ ...withSmsMfa, usernameModel })
      const password = { Username: 'rider', Password: rider.password }
      const UserAttributes = [
        { Name: 'email', Value: rider.username },
        { Name: 'email_verified', Value: 'true' },
      ]
      await callWithIam(pool, 'AdminCreateUser', { Username: 'rider', UserAttributes })
      if (operation === 'AdminConfirmSignUp') changeUser(pool, 'rider', { status: 'UNCONFIRMED' })
      else await callWithIam(pool, 'AdminSetUserPassword', { ...password, Permanent: true })
      await callWithIam(pool, 'CreateGroup', { GroupName: 'riders' })
      const { sub } = requireStoredUser(pool, 'rider')

      expectSuccess(await callWithIam(pool, operation, { Username: sub, ...members }))
    },
  )
})

test('sub as Username: it does not sign in', async () => {
  const pool = await createTestPool({
    explicitAuthFlows: new Set(['ALLOW_USER_SRP_AUTH', 'ALLOW_ADMIN_USER_PASSWORD_AUTH']),
  })
  await createConfirmedUser(pool)
  const { sub: USERNAME } = requireStoredUser(pool, Username)
  const AuthFlow = 'ADMIN_USER_PASSWORD_AUTH'
  const AuthParameters = { USERNAME, PASSWORD: rider.password }

  expectError(await signInBySrp(pool, { ...rider, username: USERNAME }), incorrectCredentials)
  expectError(
    await callWithIam(pool, 'AdminInitiateAuth', { ClientId, AuthFlow, AuthParameters }),
    incorrectCredentials,
  )
})

describe('AdminConfirmSignUp', () => {
  test('AdminConfirmSignUp confirms the user and leaves email_verified unset', async () => {
    const pool = await createTestPool()
    await signUpUser(pool)
    const answer = await pool.call('AdminConfirmSignUp', { UserPoolId, Username }, { signed: true })

    expect({ status: answer.status, body: answer.body }).toEqual({ status: 200, body: {} })
    const { status, attributes } = requireStoredUser(pool, Username)
    expect(status).toBe('CONFIRMED')
    expect(attributes.get('email_verified')).not.toBe('true')
  })

  test('AdminConfirmSignUp invalidates the mailed confirmation code', async () => {
    const pool = await createTestPool()
    await signUpUser(pool)
    await pool.call('AdminConfirmSignUp', { UserPoolId, Username }, { signed: true })
    const ConfirmationCode = latestCodeFor(pool, Username)

    expectError(await pool.call('ConfirmSignUp', { ClientId, Username, ConfirmationCode }), {
      type: 'NotAuthorizedException',
      message: 'User cannot be confirmed. Current status is CONFIRMED',
    })
  })

  test.each(['CONFIRMED', 'RESET_REQUIRED', 'FORCE_CHANGE_PASSWORD'] as const)(
    'AdminConfirmSignUp rejects a user in status %s',
    async (status) => {
      const pool = await createTestPool()
      await createConfirmedUser(pool)
      changeUser(pool, Username, { status })

      expectError(
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
  test('AdminGetUser returns the status, dates in seconds and UserAttributes, and no password', async () => {
    const pool = await createTestPool()
    const created = pool.clock.nowMs() / 1000
    await signUpUser(pool)
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

  test('AdminGetUser reports a disabled user', async () => {
    const pool = await createTestPool()
    await createConfirmedUser(pool)
    changeUser(pool, Username, { enabled: false })
    const { body } = await pool.call('AdminGetUser', { UserPoolId, Username }, { signed: true })

    expect(body).toMatchObject({ Enabled: false, UserStatus: 'CONFIRMED' })
  })
})
