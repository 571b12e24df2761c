/** What the pool tells of itself, what it has switched off, and whom its owner shuts out. */

import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { standardAttributes } from '../../../src/local-cloud/user-pool/attribute-schema.ts'
import { callAsOwner } from '../../support/owner.ts'
import { signInBySrp } from '../../support/sign-in.ts'
import { createTestPool } from '../../support/test-pool.ts'
import { userOperations } from '../../support/user-operations.ts'
import {
  ClientId,
  changeUser,
  confirmUser,
  requireStoredUser,
  requireTokens,
  rider,
  signInUser,
  startSessionOf,
  UserPoolId,
} from '../../support/users.ts'
import { expectRefusal, expectSuccess } from '../../support/wire.ts'

const Username = rider.username

const nameAttributes = v.object({
  UserPool: v.object({
    AliasAttributes: v.optional(v.array(v.string())),
    UsernameAttributes: v.optional(v.array(v.string())),
  }),
})

const disabled = { type: 'NotAuthorizedException', message: 'User is disabled.' } as const
const revoked = {
  type: 'NotAuthorizedException',
  message: 'Access Token has been revoked',
} as const

describe('DescribeUserPool', () => {
  test('tells what the template says', async () => {
    const pool = await createTestPool()
    const { status, body } = await callAsOwner(pool, 'DescribeUserPool')

    expect({ status, body }).toMatchObject({
      status: 200,
      body: {
        UserPool: {
          Id: UserPoolId,
          Name: 'WildRydes',
          Arn: `arn:aws:cognito-idp:us-east-1:000000000000:userpool/${UserPoolId}`,
          CreationDate: pool.clock.nowMs() / 1000,
          LastModifiedDate: pool.clock.nowMs() / 1000,
          Policies: {
            PasswordPolicy: {
              MinimumLength: 8,
              RequireUppercase: true,
              RequireLowercase: true,
              RequireNumbers: true,
              RequireSymbols: true,
              TemporaryPasswordValidityDays: 7,
            },
            SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD'] },
          },
          AutoVerifiedAttributes: ['email'],
          UsernameConfiguration: { CaseSensitive: false },
          UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ['email'] },
          MfaConfiguration: 'OPTIONAL',
          AccountRecoverySetting: {
            RecoveryMechanisms: [{ Name: 'verified_email', Priority: 1 }],
          },
          AdminCreateUserConfig: { AllowAdminCreateUserOnly: false },
          EstimatedNumberOfUsers: 0,
          UserPoolTier: 'ESSENTIALS',
          DeletionProtection: 'ACTIVE',
          LambdaConfig: {},
        },
      },
    })
  })

  test.each([
    ['username', {}],
    ['email-alias', { AliasAttributes: ['email'] }],
    ['email', { UsernameAttributes: ['email'] }],
  ] as const)('tells of a pool by %s %j, and never both', async (usernameModel, members) => {
    const pool = await createTestPool({ usernameModel })
    const { body } = await callAsOwner(pool, 'DescribeUserPool')

    expect(v.parse(nameAttributes, body).UserPool).toEqual(members)
  })

  test('tells of each attribute its type, its bounds and who may change it', async () => {
    const rule = { required: false, mutable: false, min: 1, max: 9 } as const
    const pool = await createTestPool({
      attributeSchema: new Map([
        ...standardAttributes,
        ['custom:horse', { ...rule, type: 'String' }],
        ['custom:age', { ...rule, type: 'Number' }],
      ]),
    })
    const { body } = await callAsOwner(pool, 'DescribeUserPool')
    const common = { DeveloperOnlyAttribute: false, Mutable: false, Required: false }

    expect(body.UserPool).toMatchObject({
      SchemaAttributes: expect.arrayContaining([
        {
          Name: 'sub',
          ...common,
          AttributeDataType: 'String',
          Required: true,
          StringAttributeConstraints: { MinLength: '1', MaxLength: '2048' },
        },
        {
          Name: 'custom:horse',
          ...common,
          AttributeDataType: 'String',
          StringAttributeConstraints: { MinLength: '1', MaxLength: '9' },
        },
        {
          Name: 'custom:age',
          ...common,
          AttributeDataType: 'Number',
          NumberAttributeConstraints: { MinValue: '1', MaxValue: '9' },
        },
        { Name: 'email_verified', ...common, Mutable: true, AttributeDataType: 'Boolean' },
      ]),
    })
  })

  test('counts the users', async () => {
    const pool = await createTestPool()
    await confirmUser(pool)
    const { body } = await callAsOwner(pool, 'DescribeUserPool')

    expect(body.UserPool).toMatchObject({ EstimatedNumberOfUsers: 1 })
  })
})

describe('DescribeUserPoolClient', () => {
  test('tells what the template says, and of no secret where there is none', async () => {
    const pool = await createTestPool()
    const { status, body } = await callAsOwner(pool, 'DescribeUserPoolClient', { ClientId })

    expect({ status, body }).toEqual({
      status: 200,
      body: {
        UserPoolClient: {
          UserPoolId,
          ClientId,
          ClientName: 'WildRydesWebApp',
          CreationDate: pool.clock.nowMs() / 1000,
          LastModifiedDate: pool.clock.nowMs() / 1000,
          AccessTokenValidity: 3600,
          IdTokenValidity: 3600,
          RefreshTokenValidity: 86_400,
          TokenValidityUnits: {
            AccessToken: 'seconds',
            IdToken: 'seconds',
            RefreshToken: 'seconds',
          },
          ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
          PreventUserExistenceErrors: 'ENABLED',
          EnableTokenRevocation: true,
          AuthSessionValidity: 15,
          RefreshTokenRotation: { Feature: 'DISABLED' },
        },
      },
    })
  })

  test('tells of a secret, of rotation, and of permissions that are not the usual ones', async () => {
    const pool = await createTestPool({
      clientHasSecret: true,
      preventsUserExistenceErrors: false,
      rotationGraceSeconds: 10,
      readAttributes: new Set(['email', 'nickname']),
      writeAttributes: new Set(['nickname']),
    })
    const { body } = await callAsOwner(pool, 'DescribeUserPoolClient', { ClientId })

    expect(body.UserPoolClient).toMatchObject({
      ClientSecret: expect.stringMatching(/^[\w+]{24,64}$/),
      PreventUserExistenceErrors: 'LEGACY',
      RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 10 },
      ReadAttributes: ['email', 'nickname'],
      WriteAttributes: ['nickname'],
    })
  })

  test('names a client that is not there', async () => {
    const pool = await createTestPool()

    expectRefusal(await callAsOwner(pool, 'DescribeUserPoolClient', { ClientId: 'nosuchclient' }), {
      type: 'ResourceNotFoundException',
      message: 'User pool client nosuchclient does not exist.',
    })
  })
})

describe('lists', () => {
  test('have the one pool there is', async () => {
    const pool = await createTestPool()
    const { body } = await pool.call('ListUserPools', { MaxResults: 60 }, { signed: true })

    expect(body).toEqual({
      UserPools: [
        {
          Id: UserPoolId,
          Name: 'WildRydes',
          LambdaConfig: {},
          CreationDate: pool.clock.nowMs() / 1000,
          LastModifiedDate: pool.clock.nowMs() / 1000,
        },
      ],
    })
  })

  test('have the one client there is', async () => {
    const { body } = await callAsOwner(await createTestPool(), 'ListUserPoolClients')

    expect(body).toEqual({
      UserPoolClients: [{ ClientId, UserPoolId, ClientName: 'WildRydesWebApp' }],
    })
  })

  test.each([
    ['ListUserPools', 0, 'Member must have value greater than or equal to 1'],
    ['ListUserPools', 61, 'Member must have value less than or equal to 60'],
    ['ListUserPoolClients', 0, 'Member must have value greater than or equal to 1'],
    ['ListUserPoolClients', 61, 'Member must have value less than or equal to 60'],
  ])('%s has no page of %i', async (operation, MaxResults, constraint) => {
    const answer = await callAsOwner(await createTestPool(), operation, { MaxResults })

    expectRefusal(answer, {
      type: 'InvalidParameterException',
      message: `1 validation error detected: Value at 'maxResults' failed to satisfy constraint: ${constraint}`,
    })
  })
})

describe('GetUserAuthFactors', () => {
  test('tells the true user name and that there is a password', async () => {
    const pool = await createTestPool({ usernameModel: 'email' })
    const { AccessToken } = await signInUser(pool)
    const { body } = await pool.call('GetUserAuthFactors', { AccessToken })

    expect(body).toEqual({
      Username: requireStoredUser(pool, Username).sub,
      ConfiguredUserAuthFactors: ['PASSWORD'],
    })
  })
})

describe('what is switched off', () => {
  const passkeys = [
    'StartWebAuthnRegistration',
    'CompleteWebAuthnRegistration',
    'ListWebAuthnCredentials',
    'DeleteWebAuthnCredential',
  ]
  const devices = [
    'ConfirmDevice',
    'ForgetDevice',
    'GetDevice',
    'ListDevices',
    'UpdateDeviceStatus',
  ]
  const operations = [
    ...passkeys.map((operation) => [operation, 'WebAuthnNotEnabledException'] as const),
    ...devices.map((operation) => [operation, 'InvalidParameterException'] as const),
  ]
  test.each(operations)('%s is refused as %s', async (operation, __type) => {
    const pool = await createTestPool()
    const { AccessToken } = await signInUser(pool)
    const { status, body } = await pool.call(operation, { AccessToken })

    expect({ status, body }).toMatchObject({ status: 400, body: { __type } })
  })

  test.each(operations)('%s asks first who is there', async (operation) => {
    const pool = await createTestPool()

    expectRefusal(await pool.call(operation, { AccessToken: 'nonsense' }), {
      type: 'NotAuthorizedException',
      message: 'Invalid Access Token',
    })
  })

  test('a sign-in never speaks of a new device', async () => {
    const pool = await createTestPool()
    await confirmUser(pool)

    expect((await signInBySrp(pool)).text).not.toContain('NewDeviceMetadata')
  })
})

describe('AdminUserGlobalSignOut', () => {
  test('ends every session, and the password starts another', async () => {
    const pool = await createTestPool()
    const sessions = [await signInUser(pool), await startSessionOf(pool)]
    const { status, body } = await callAsOwner(pool, 'AdminUserGlobalSignOut', { Username })

    expect({ status, body }).toEqual({ status: 200, body: {} })
    for (const { AccessToken, RefreshToken } of sessions) {
      expectRefusal(await pool.call('GetUser', { AccessToken }), revoked)
      expectRefusal(await pool.call('GetTokensFromRefreshToken', { ClientId, RefreshToken }), {
        type: 'NotAuthorizedException',
        message: 'Refresh Token has been revoked',
      })
    }
    requireTokens(await signInBySrp(pool))
  })

  test('leaves other users signed in', async () => {
    const pool = await createTestPool()
    await confirmUser(pool)
    const { AccessToken } = await signInUser(pool, { ...rider, username: 'other@example.com' })
    await callAsOwner(pool, 'AdminUserGlobalSignOut', { Username })

    expectSuccess(await pool.call('GetUser', { AccessToken }))
  })
})

describe('AdminDisableUser', () => {
  test('is told by AdminGetUser, and may be said twice', async () => {
    const pool = await createTestPool()
    await confirmUser(pool)
    for (let count = 0; count < 2; count += 1) {
      const { status, body } = await callAsOwner(pool, 'AdminDisableUser', { Username })
      expect({ status, body }).toEqual({ status: 200, body: {} })
    }
    const { body } = await callAsOwner(pool, 'AdminGetUser', { Username })

    expect(body).toMatchObject({ Enabled: false, UserStatus: 'CONFIRMED' })
  })

  test.each(userOperations)('leaves no access token that %s takes', async (operation, members) => {
    const pool = await createTestPool()
    const { AccessToken } = await signInUser(pool)
    await callAsOwner(pool, 'AdminDisableUser', { Username })

    expectRefusal(await pool.call(operation, { AccessToken, ...members }), disabled)
  })

  test('refuses refresh tokens and the password', async () => {
    const pool = await createTestPool()
    const { RefreshToken } = await signInUser(pool)
    await callAsOwner(pool, 'AdminDisableUser', { Username })

    expectRefusal(
      await pool.call('GetTokensFromRefreshToken', { ClientId, RefreshToken }),
      disabled,
    )
    expectRefusal(await signInBySrp(pool), disabled)
  })
})

describe('AdminEnableUser', () => {
  test('lets the password in again, and none of the old tokens', async () => {
    const pool = await createTestPool()
    const { AccessToken, RefreshToken } = await signInUser(pool)
    await callAsOwner(pool, 'AdminDisableUser', { Username })
    for (let count = 0; count < 2; count += 1) {
      const { status, body } = await callAsOwner(pool, 'AdminEnableUser', { Username })
      expect({ status, body }).toEqual({ status: 200, body: {} })
    }

    requireTokens(await signInBySrp(pool))
    expectRefusal(await pool.call('GetUser', { AccessToken }), revoked)
    expectRefusal(await pool.call('GetTokensFromRefreshToken', { ClientId, RefreshToken }), {
      type: 'NotAuthorizedException',
      message: 'Refresh Token has been revoked',
    })
  })

  test('does not confirm anybody', async () => {
    const pool = await createTestPool()
    await confirmUser(pool)
    changeUser(pool, Username, { status: 'UNCONFIRMED' })
    await callAsOwner(pool, 'AdminDisableUser', { Username })
    await callAsOwner(pool, 'AdminEnableUser', { Username })

    expectRefusal(await signInBySrp(pool), {
      type: 'UserNotConfirmedException',
      message: 'User is not confirmed.',
    })
  })
})
