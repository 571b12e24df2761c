/** DescribeUserPool, DescribeUserPoolClient, ListUserPools and ListUserPoolClients. */

import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { standardAttributes } from '../../../src/local-cloud/user-pool/attribute-schema.ts'
import { parseTemplate } from '../../../src/local-cloud/user-pool/cloudformation-template.ts'
import { readSettings } from '../../../src/local-cloud/user-pool/read-settings.ts'
import { expectError } from '../../support/cognito-api.ts'
import { callWithIam } from '../../support/iam-caller.ts'
import { toTemplateText } from '../../support/template-text.ts'
import { createTestPool } from '../../support/test-pool.ts'
import { ClientId, createConfirmedUser, UserPoolId } from '../../support/users.ts'

const nameAttributes = v.object({
  UserPool: v.object({
    AliasAttributes: v.optional(v.array(v.string())),
    UsernameAttributes: v.optional(v.array(v.string())),
  }),
})

const describedClient = v.object({ UserPoolClient: v.record(v.string(), v.unknown()) })

describe('DescribeUserPool', () => {
  test('DescribeUserPool returns the settings of the template', async () => {
    const pool = await createTestPool()
    const { status, body } = await callWithIam(pool, 'DescribeUserPool')

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
  ] as const)(
    'DescribeUserPool with usernameModel %s returns %j and no other username setting',
    async (usernameModel, members) => {
      const pool = await createTestPool({ usernameModel })
      const { body } = await callWithIam(pool, 'DescribeUserPool')

      expect(v.parse(nameAttributes, body).UserPool).toEqual(members)
    },
  )

  test('DescribeUserPool returns the type, the bounds and the mutability of each attribute', async () => {
    const rule = { required: false, mutable: false, min: 1, max: 9 } as const
    const pool = await createTestPool({
      attributeSchema: new Map([
        ...standardAttributes,
        ['custom:horse', { ...rule, type: 'String' }],
        ['custom:age', { ...rule, type: 'Number' }],
      ]),
    })
    const { body } = await callWithIam(pool, 'DescribeUserPool')
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

  test('DescribeUserPool returns the number of users', async () => {
    const pool = await createTestPool()
    await createConfirmedUser(pool)
    const { body } = await callWithIam(pool, 'DescribeUserPool')

    expect(body.UserPool).toMatchObject({ EstimatedNumberOfUsers: 1 })
  })
})

describe('DescribeUserPoolClient', () => {
  test('DescribeUserPoolClient returns the settings of the template and no secret for a public client', async () => {
    const pool = await createTestPool()
    const { status, body } = await callWithIam(pool, 'DescribeUserPoolClient', { ClientId })

    expect({ status, body }).toEqual({
      status: 200,
      body: {
        UserPoolClient: {
          UserPoolId,
          ClientId,
          ClientName: 'WildRydesWebApp',
          CreationDate: pool.clock.nowMs() / 1000,
          LastModifiedDate: pool.clock.nowMs() / 1000,
          AccessTokenValidity: 60,
          IdTokenValidity: 60,
          RefreshTokenValidity: 24,
          TokenValidityUnits: { AccessToken: 'minutes', IdToken: 'minutes', RefreshToken: 'hours' },
          AllowedOAuthFlowsUserPoolClient: false,
          EnablePropagateAdditionalUserContextData: false,
          ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
          PreventUserExistenceErrors: 'ENABLED',
          EnableTokenRevocation: true,
          AuthSessionValidity: 15,
          RefreshTokenRotation: { Feature: 'DISABLED' },
        },
      },
    })
  })

  const weekly = {
    AccessTokenValidity: 60,
    IdTokenValidity: 2,
    RefreshTokenValidity: 7,
    TokenValidityUnits: { AccessToken: 'minutes', IdToken: 'hours', RefreshToken: 'days' },
  }
  const bare = { AccessTokenValidity: 5, RefreshTokenValidity: 9, TokenValidityUnits: {} }
  const byDefault = { RefreshTokenValidity: 30, TokenValidityUnits: {} }
  const lifetimes: readonly (readonly [client: object, described: object])[] = [
    [weekly, weekly],
    [bare, bare],
    [{}, byDefault],
    [{ RefreshTokenValidity: 0, TokenValidityUnits: { RefreshToken: 'minutes' } }, byDefault],
  ]

  test.each(lifetimes)(
    'DescribeUserPoolClient returns token lifetimes as the template gives them: %j',
    async (client, described) => {
      const template = toTemplateText({ client: { ...client } })
      const { settings } = readSettings(parseTemplate(template, 'template.yaml'))
      const pool = await createTestPool(settings)
      const { body } = await callWithIam(pool, 'DescribeUserPoolClient', { ClientId })
      const { UserPoolClient } = v.parse(describedClient, body)

      expect(
        Object.fromEntries(
          Object.entries(UserPoolClient).filter(([name]) =>
            /Token(Validity|ValidityUnits)$/.test(name),
          ),
        ),
      ).toEqual(described)
    },
  )

  test('DescribeUserPoolClient returns a client secret, refresh token rotation and attribute permissions', async () => {
    const pool = await createTestPool({
      clientHasSecret: true,
      preventsUserExistenceErrors: false,
      rotationGraceSeconds: 10,
      readAttributes: new Set(['email', 'nickname']),
      writeAttributes: new Set(['nickname']),
    })
    const { body } = await callWithIam(pool, 'DescribeUserPoolClient', { ClientId })

    expect(body.UserPoolClient).toMatchObject({
      ClientSecret: expect.stringMatching(/^[\w+]{24,64}$/),
      PreventUserExistenceErrors: 'LEGACY',
      RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 10 },
      ReadAttributes: ['email', 'nickname'],
      WriteAttributes: ['nickname'],
    })
  })

  test('DescribeUserPoolClient with an unknown client is a ResourceNotFoundException', async () => {
    const pool = await createTestPool()

    expectError(await callWithIam(pool, 'DescribeUserPoolClient', { ClientId: 'nosuchclient' }), {
      type: 'ResourceNotFoundException',
      message: 'User pool client nosuchclient does not exist.',
    })
  })
})

describe('ListUserPools and ListUserPoolClients', () => {
  test('ListUserPools returns the one user pool', async () => {
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

  test('ListUserPoolClients returns the one client', async () => {
    const { body } = await callWithIam(await createTestPool(), 'ListUserPoolClients')

    expect(body).toEqual({
      UserPoolClients: [{ ClientId, UserPoolId, ClientName: 'WildRydesWebApp' }],
    })
  })

  test.each([
    ['ListUserPools', 0, 'Member must have value greater than or equal to 1'],
    ['ListUserPools', 61, 'Member must have value less than or equal to 60'],
    ['ListUserPoolClients', 0, 'Member must have value greater than or equal to 1'],
    ['ListUserPoolClients', 61, 'Member must have value less than or equal to 60'],
  ])('%s with MaxResults %i is a validation error', async (operation, MaxResults, constraint) => {
    const response = await callWithIam(await createTestPool(), operation, { MaxResults })

    expectError(response, {
      type: 'InvalidParameterException',
      message: `1 validation error detected: Value at 'maxResults' failed to satisfy constraint: ${constraint}`,
    })
  })
})
