/** Changes of the pool itself: GetUserPoolMfaConfig, SetUserPoolMfaConfig, AddCustomAttributes, AdminDeleteUserAttributes. */

import { join } from 'node:path'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import type { UserPoolSettings } from '../../../src/local-cloud/user-pool/settings.ts'
import { expectError, expectSuccess, type JsonObject } from '../../support/cognito-api.ts'
import { attributeNotMutable, userNotFound } from '../../support/cognito-errors.ts'
import { callWithIam } from '../../support/iam-caller.ts'
import { requireChallenge, signInBySrp } from '../../support/sign-in.ts'
import { createTempFolder } from '../../support/temp-folder.ts'
import { createTestPool, type TestPool } from '../../support/test-pool.ts'
import { verifyAuthenticatorApp } from '../../support/totp.ts'
import {
  createConfirmedUser,
  createSignedInUser,
  requireStoredUser,
  rider,
} from '../../support/users.ts'

const Username = rider.username
const off: Partial<UserPoolSettings> = { mfaConfiguration: 'OFF', mfaFactors: new Set() }
const optional: Partial<UserPoolSettings> = {
  mfaConfiguration: 'OPTIONAL',
  mfaFactors: new Set(['SOFTWARE_TOKEN_MFA']),
}
const app = { SoftwareTokenMfaConfiguration: { Enabled: true } }

function setMfa(pool: TestPool, body: JsonObject) {
  return callWithIam(pool, 'SetUserPoolMfaConfig', body)
}

async function readMfa(pool: TestPool): Promise<JsonObject> {
  return (await callWithIam(pool, 'GetUserPoolMfaConfig')).body
}

/** Pools that share one file, one after the other, as after a restart with another template. */
function createPoolFile() {
  const path = join(createTempFolder(), 'user-pool.sqlite')
  return (settings: Partial<UserPoolSettings>) => createTestPool(settings, { path })
}

describe('GetUserPoolMfaConfig', () => {
  const configurations: readonly (readonly [Partial<UserPoolSettings>, JsonObject])[] = [
    [off, { MfaConfiguration: 'OFF' }],
    [optional, { MfaConfiguration: 'OPTIONAL', ...app }],
    [
      {
        mfaConfiguration: 'ON',
        mfaFactors: new Set(['EMAIL_OTP']),
        signInEmail: { subject: 'Your code', text: 'It is {####}' },
      },
      {
        MfaConfiguration: 'ON',
        EmailMfaConfiguration: { Subject: 'Your code', Message: 'It is {####}' },
      },
    ],
    [
      {
        ...off,
        webAuthn: {
          relyingPartyId: 'localhost',
          userVerification: 'required',
          factorConfiguration: 'SINGLE_FACTOR',
        },
      },
      {
        MfaConfiguration: 'OFF',
        WebAuthnConfiguration: {
          RelyingPartyId: 'localhost',
          UserVerification: 'required',
          FactorConfiguration: 'SINGLE_FACTOR',
        },
      },
    ],
  ]

  test.each(configurations)(
    'GetUserPoolMfaConfig returns the settings of the template: %j',
    async (settings, config) => {
      expect(await readMfa(await createTestPool(settings))).toEqual(config)
    },
  )
})

describe('SetUserPoolMfaConfig', () => {
  test('SetUserPoolMfaConfig switches MFA on: users can set up an app, and sign-in asks for it', async () => {
    const pool = await createTestPool(off)
    const { AccessToken } = await createSignedInUser(pool)
    expect((await pool.call('AssociateSoftwareToken', { AccessToken })).body).toMatchObject({
      __type: 'SoftwareTokenMFANotFoundException',
    })

    const { status, body } = await setMfa(pool, { MfaConfiguration: 'ON', ...app })
    expect({ status, body }).toEqual({ status: 200, body: { MfaConfiguration: 'ON', ...app } })
    expect(await readMfa(pool)).toEqual(body)
    expect((await callWithIam(pool, 'DescribeUserPool')).body).toMatchObject({
      UserPool: { MfaConfiguration: 'ON' },
    })
    expect(requireChallenge(await signInBySrp(pool)).ChallengeName).toBe('MFA_SETUP')
    await verifyAuthenticatorApp(pool, AccessToken)
    expect(requireChallenge(await signInBySrp(pool)).ChallengeName).toBe('SOFTWARE_TOKEN_MFA')
  })

  test('SetUserPoolMfaConfig leaves what it does not name', async () => {
    const pool = await createTestPool(optional)

    expect((await setMfa(pool, { MfaConfiguration: 'ON' })).body).toEqual({
      MfaConfiguration: 'ON',
      ...app,
    })
    expect((await setMfa(pool, {})).body).toEqual({ MfaConfiguration: 'ON', ...app })
  })

  test('SetUserPoolMfaConfig switches MFA off together with the app', async () => {
    const pool = await createTestPool(optional)
    const SoftwareTokenMfaConfiguration = { Enabled: false }

    const body = { MfaConfiguration: 'OFF', SoftwareTokenMfaConfiguration }
    expect((await setMfa(pool, body)).body).toEqual({ MfaConfiguration: 'OFF' })
  })

  test.each([
    [
      { MfaConfiguration: 'OFF', ...app },
      "Invalid MFA configuration given, can't turn off MFA and configure an MFA together.",
    ],
    [
      { MfaConfiguration: 'ON', SoftwareTokenMfaConfiguration: { Enabled: false } },
      "Invalid MFA configuration given, can't disable all MFAs with a required or optional configuration.",
    ],
    [
      { SmsMfaConfiguration: { SmsAuthenticationMessage: '{####}' } },
      'SMS configuration and Auto verification for phone_number are required when MFA is required/optional',
    ],
    [
      { EmailMfaConfiguration: { Message: '{####}', Subject: 'Code' } },
      'EmailMfaConfiguration: in the local user pool the template sets this.',
    ],
    [
      { WebAuthnConfiguration: { RelyingPartyId: 'example.com' } },
      'WebAuthnConfiguration: in the local user pool the template sets this.',
    ],
  ])('SetUserPoolMfaConfig rejects %j and changes nothing', async (body, message) => {
    const pool = await createTestPool(optional)

    expectError(await setMfa(pool, body), { type: 'InvalidParameterException', message })
    expect(await readMfa(pool)).toEqual({ MfaConfiguration: 'OPTIONAL', ...app })
  })

  test.each([
    [new Set(['PASSWORD', 'EMAIL_OTP'] as const), /^Only PASSWORD and WEB_AUTHN/],
    [new Set(['PASSWORD', 'WEB_AUTHN'] as const), /^Cannot set WebAuthn factor configuration/],
  ])(
    'SetUserPoolMfaConfig takes no required MFA beside the first factors %j',
    async (firstAuthFactors, message) => {
      const pool = await createTestPool({ ...optional, firstAuthFactors })

      expect((await setMfa(pool, { MfaConfiguration: 'ON' })).body).toEqual({
        __type: 'InvalidParameterException',
        message: expect.stringMatching(message),
      })
    },
  )

  test('SetUserPoolMfaConfig accepts what GetUserPoolMfaConfig returns', async () => {
    const mfaFactors = new Set(['SOFTWARE_TOKEN_MFA', 'EMAIL_OTP'] as const)
    const pool = await createTestPool({ ...optional, mfaFactors })
    const config = await readMfa(pool)

    expect((await setMfa(pool, config)).body).toEqual(config)
  })

  test('SetUserPoolMfaConfig: the change outlives a restart, until the template itself changes', async () => {
    const open = createPoolFile()
    expectSuccess(await setMfa(await open(optional), { MfaConfiguration: 'ON' }))

    expect(await readMfa(await open(optional))).toEqual({ MfaConfiguration: 'ON', ...app })
    expect(await readMfa(await open(off))).toEqual({ MfaConfiguration: 'OFF' })
  })
})

describe('AddCustomAttributes', () => {
  const add = (pool: TestPool, ...CustomAttributes: readonly JsonObject[]) =>
    callWithIam(pool, 'AddCustomAttributes', { CustomAttributes })
  const update = (pool: TestPool, Name: string, Value: string) =>
    callWithIam(pool, 'AdminUpdateUserAttributes', { Username, UserAttributes: [{ Name, Value }] })

  const schema = v.object({
    UserPool: v.object({ SchemaAttributes: v.array(v.looseObject({ Name: v.string() })) }),
  })
  async function describeAttribute(pool: TestPool, name: string) {
    const { body } = await callWithIam(pool, 'DescribeUserPool')
    return v.parse(schema, body).UserPool.SchemaAttributes.find(({ Name }) => Name === name)
  }

  test('AddCustomAttributes adds attributes with their bounds, which users then have', async () => {
    const pool = await createTestPool()
    await createConfirmedUser(pool)
    expect((await update(pool, 'custom:horse', 'Arion')).status).toBe(400)
    const { status, body } = await add(
      pool,
      {
        Name: 'horse',
        AttributeDataType: 'String',
        StringAttributeConstraints: { MinLength: '2', MaxLength: '5' },
      },
      { Name: 'age', AttributeDataType: 'Number', NumberAttributeConstraints: { MinValue: '1' } },
      { Name: 'born', AttributeDataType: 'DateTime', Mutable: false },
    )

    expect({ status, body }).toEqual({ status: 200, body: {} })
    expect(await describeAttribute(pool, 'custom:horse')).toEqual({
      Name: 'custom:horse',
      AttributeDataType: 'String',
      DeveloperOnlyAttribute: false,
      Mutable: true,
      Required: false,
      StringAttributeConstraints: { MinLength: '2', MaxLength: '5' },
    })
    expectSuccess(await update(pool, 'custom:horse', 'Arion'))
    expectSuccess(await update(pool, 'custom:born', '2026-11-22'))
    for (const [name, value] of [
      ['custom:horse', 'Bucephalus'],
      ['custom:age', '0'],
      ['custom:born', '2026-11-23'],
    ] as const) {
      expect((await update(pool, name, value)).body).toMatchObject({
        __type: 'InvalidParameterException',
        message: expect.stringContaining(name),
      })
    }
  })

  test('AddCustomAttributes: the attributes outlive a restart', async () => {
    const open = createPoolFile()
    expectSuccess(await add(await open({}), { Name: 'horse' }))
    const pool = await open({})

    expect(await describeAttribute(pool, 'custom:horse')).toMatchObject({ Mutable: true })
    expectError(await add(pool, { Name: 'horse' }), {
      type: 'InvalidParameterException',
      message: 'custom:horse: Existing attribute already has name custom:horse.',
    })
  })

  test('AddCustomAttributes puts its prefix before every name, as AWS does', async () => {
    const pool = await createTestPool()
    expectSuccess(await add(pool, { Name: 'custom:horse' }))

    expect(await describeAttribute(pool, 'custom:custom:horse')).toBeDefined()
  })

  test.each([
    [[{ Name: 'a', Required: true }], 'Required custom attributes are not supported currently.'],
    [
      [{ Name: 'a', DeveloperOnlyAttribute: true }],
      'Developer only attributes are not supported by the local user pool.',
    ],
    [[{ Name: 'a' }, { Name: 'a' }], 'Each custom attribute needs a name of its own.'],
  ])('AddCustomAttributes rejects %j and adds nothing', async (CustomAttributes, message) => {
    const pool = await createTestPool()

    expectError(await add(pool, { Name: 'fine' }, ...CustomAttributes), {
      type: 'InvalidParameterException',
      message,
    })
    expect(await describeAttribute(pool, 'custom:fine')).toBeUndefined()
  })

  test.each([
    [[]],
    [Array.from({ length: 26 }, (_, index) => ({ Name: `a${index}` }))],
    [[{ Name: 'x'.repeat(21) }]],
    [[{ Name: 'a', AttributeDataType: 'Blob' }]],
    [[{ Name: 'a', StringAttributeConstraints: { MaxLength: 'long' } }]],
  ])('AddCustomAttributes with %j is a validation error', async (CustomAttributes) => {
    const response = await add(await createTestPool(), ...CustomAttributes)

    expect(response.body).toMatchObject({
      __type: 'InvalidParameterException',
      message: expect.stringMatching(/^1 validation error detected/),
    })
  })
})

describe('AdminDeleteUserAttributes', () => {
  const remove = (pool: TestPool, ...UserAttributeNames: readonly string[]) =>
    callWithIam(pool, 'AdminDeleteUserAttributes', { Username, UserAttributeNames })

  test('AdminDeleteUserAttributes deletes attributes, also those that the client may not write', async () => {
    const pool = await createTestPool({ writeAttributes: new Set(['email']) })
    await createConfirmedUser(pool)
    const UserAttributes = [{ Name: 'nickname', Value: 'Bucephalus' }]
    await callWithIam(pool, 'AdminUpdateUserAttributes', { Username, UserAttributes })
    const { status, body } = await remove(pool, 'nickname', 'locale')

    expect({ status, body }).toEqual({ status: 200, body: {} })
    expect([...requireStoredUser(pool, Username).attributes.keys()]).toEqual([
      'email',
      'email_verified',
    ])
  })

  test('AdminDeleteUserAttributes rejects sub, and an attribute that the schema lacks', async () => {
    const pool = await createTestPool()
    await createConfirmedUser(pool)

    expectError(await remove(pool, 'sub'), attributeNotMutable('sub'))
    expectError(await remove(pool, 'custom:wings'), {
      type: 'InvalidParameterException',
      message:
        'Attributes did not conform to the schema: custom:wings: Attribute does not exist in the schema.\n',
    })
  })

  test('AdminDeleteUserAttributes of a user who is not there is a UserNotFoundException', async () => {
    expectError(await remove(await createTestPool(), 'nickname'), userNotFound)
  })
})
