/** User attributes: updates, deletions, and an email address verified by a code. */

import { describe, expect, test } from 'vitest'
import {
  type AttributeRule,
  standardAttributes,
} from '../../../src/local-cloud/user-pool/attribute-schema.ts'
import { type ApiResponse, expectError, expectSuccess } from '../../support/cognito-api.ts'
import {
  attributeNotMutable,
  attributeNotWritable,
  codeExpired,
  codeMismatch,
  incorrectCredentials,
} from '../../support/cognito-errors.ts'
import { callWithIam } from '../../support/iam-caller.ts'
import { signInBySrp } from '../../support/sign-in.ts'
import { createTestPool, type TestPool } from '../../support/test-pool.ts'
import {
  createConfirmedUser,
  createSignedInUser,
  differentCode,
  latestCodeFor,
  requestPasswordReset,
  requireStoredUser,
  rider,
  signUpUser,
  startSessionFor,
  type Tokens,
} from '../../support/users.ts'

const Username = rider.username
const newEmail = 'new@example.com'
const delivery = (Destination: string) => ({
  Destination,
  DeliveryMedium: 'EMAIL',
  AttributeName: 'email',
})

const atOnce = { verifiedBeforeUpdate: new Set<'email'>() } as const
const onceProved = { verifiedBeforeUpdate: new Set(['email'] as const) } as const

const aliasExists = {
  type: 'AliasExistsException',
  message: 'An account with the given email already exists.',
} as const

type Attributes = Readonly<Record<string, string>>

const toMembers = (attributes: Attributes) =>
  Object.entries(attributes).map(([Name, Value]) => ({ Name, Value }))

/** A signed-in user and the operations on their attributes. */
async function startRide(...setting: Parameters<typeof createTestPool>) {
  const pool = await createTestPool(...setting)
  return { pool, ...actAs(pool, await createSignedInUser(pool)) }
}

function actAs(pool: TestPool, { AccessToken }: Tokens) {
  return {
    update: (attributes: Attributes) =>
      pool.call('UpdateUserAttributes', { AccessToken, UserAttributes: toMembers(attributes) }),
    remove: (...UserAttributeNames: readonly string[]) =>
      pool.call('DeleteUserAttributes', { AccessToken, UserAttributeNames }),
    askForCode: (AttributeName = 'email') =>
      pool.call('GetUserAttributeVerificationCode', { AccessToken, AttributeName }),
    verify: (Code: string, AttributeName = 'email') =>
      pool.call('VerifyUserAttribute', { AccessToken, AttributeName, Code }),
    /** The attributes that GetUser returns, without `sub`. */
    async attributes(): Promise<unknown> {
      const { body } = await pool.call('GetUser', { AccessToken })
      return Array.isArray(body.UserAttributes) ? body.UserAttributes.slice(1) : undefined
    },
  }
}

function updateWithIam(pool: TestPool, attributes: Attributes): Promise<ApiResponse> {
  const UserAttributes = toMembers(attributes)
  return callWithIam(pool, 'AdminUpdateUserAttributes', { Username, UserAttributes })
}

const verified = (email: string) => toMembers({ email, email_verified: 'true' })
const unverified = (email: string) => toMembers({ email, email_verified: 'false' })

const anything: AttributeRule = {
  type: 'String',
  required: false,
  mutable: true,
  min: undefined,
  max: undefined,
}
const attributeSchema = new Map([
  ...standardAttributes,
  ['custom:horse', { ...anything, min: 2, max: 5 }],
  ['custom:age', { ...anything, type: 'Number', min: 1, max: 99 }],
  ['custom:born', { ...anything, type: 'DateTime' }],
  ['custom:tame', { ...anything, type: 'Boolean' }],
  ['custom:id', { ...anything, mutable: false }],
] as const)

describe('UpdateUserAttributes', () => {
  test('UpdateUserAttributes changes the named attributes and returns an empty CodeDeliveryDetailsList', async () => {
    const { pool, update, attributes } = await startRide()
    await update({ nickname: 'Buce', locale: 'en' })
    pool.clock.advance(60)
    const { status, body } = await update({
      nickname: 'Bucephalus',
      website: 'https://ride.example',
    })

    expect({ status, body }).toEqual({ status: 200, body: { CodeDeliveryDetailsList: [] } })
    expect(await attributes()).toEqual(
      expect.arrayContaining([
        ...verified(Username),
        ...toMembers({
          nickname: 'Bucephalus',
          locale: 'en',
          website: 'https://ride.example',
        }),
      ]),
    )
    const { createdAtMs, modifiedAtMs } = requireStoredUser(pool, Username)
    expect(modifiedAtMs - createdAtMs).toBe(60_000)
  })

  test('UpdateUserAttributes deletes an attribute when its value is blank', async () => {
    const { update, attributes } = await startRide()
    await update({ nickname: 'Bucephalus' })

    expectSuccess(await update({ nickname: '' }))
    expect(await attributes()).toEqual(verified(Username))
  })

  test.each([
    ['custom:horse', 'Arion'],
    ['custom:age', '99'],
    ['custom:age', '7.5'],
    ['custom:born', '2026-11-22T10:00:00Z'],
    ['custom:tame', 'false'],
    ['birthdate', '1990-01-31'],
    ['phone_number', '+11234560839'],
    ['updated_at', '1793000000'],
  ])('UpdateUserAttributes accepts %s: %s', async (name, value) => {
    const { pool, update } = await startRide({ attributeSchema })

    expectSuccess(await update({ [name]: value }))
    expect(requireStoredUser(pool, Username).attributes.get(name)).toBe(value)
  })

  test.each([
    ['custom:horse', 'A'],
    ['custom:horse', 'Bucephalus'],
    ['custom:age', '0'],
    ['custom:age', '100'],
    ['custom:age', 'seven'],
    ['custom:born', 'in spring'],
    ['custom:tame', 'yes'],
    ['custom:tame', '1'],
    ['birthdate', '1990-1-31'],
    ['updated_at', 'today'],
  ])('UpdateUserAttributes rejects %s: %s with the name of the attribute', async (name, value) => {
    const { update, attributes } = await startRide({ attributeSchema })
    const { status, body } = await update({ nickname: 'Bucephalus', [name]: value })

    expect({ status, body }).toEqual({
      status: 400,
      body: {
        __type: 'InvalidParameterException',
        message: expect.stringMatching(
          `^Attributes did not conform to the schema: ${name}: [^\n]+\n$`,
        ),
      },
    })
    expect(await attributes()).toEqual(verified(Username))
  })

  test.each([
    ['email', 'no address', 'Invalid email address format.'],
    ['phone_number', '0123456', 'Invalid phone number format.'],
    ['custom:id', '8', 'user.custom:id: Attribute cannot be updated.\n'],
    ['custom:id', '', 'user.custom:id: Attribute cannot be updated.\n'],
    [
      'custom:wings',
      '2',
      'Attributes did not conform to the schema: custom:wings: Attribute does not exist in the schema.\n',
    ],
  ])('UpdateUserAttributes rejects %s: %j', async (name, value, message) => {
    const { pool, update } = await startRide({ attributeSchema })
    expectSuccess(await updateWithIam(pool, { 'custom:id': '7' }))

    expectError(await update({ [name]: value }), { type: 'InvalidParameterException', message })
  })

  test.each(['email_verified', 'phone_number_verified'])(
    'UpdateUserAttributes never lets a user set %s',
    async (name) => {
      const { pool, update } = await startRide({ writeAttributes: new Set(['email', name]) })

      expectError(await update({ [name]: 'true' }), attributeNotMutable(name))
      expect(requireStoredUser(pool, Username).attributes.get('email_verified')).toBe('true')
    },
  )

  test('UpdateUserAttributes never lets a user or an IAM caller set sub', async () => {
    const { pool, update } = await startRide()

    expectError(await update({ sub: 'another' }), attributeNotMutable('sub'))
    expectError(await updateWithIam(pool, { sub: 'another' }), attributeNotMutable('sub'))
  })

  test.each([[{}], [{ Value: null }]])(
    'UpdateUserAttributes rejects an attribute without a value, given as %j',
    async (member) => {
      const pool = await createTestPool()
      const { AccessToken } = await createSignedInUser(pool)
      const UserAttributes = [{ Name: 'picture', ...member }]
      const withoutValue = {
        type: 'InvalidParameterException',
        message: 'Attribute value for picture must not be null',
      } as const

      expectError(
        await pool.call('UpdateUserAttributes', { AccessToken, UserAttributes }),
        withoutValue,
      )
      expectError(
        await callWithIam(pool, 'AdminUpdateUserAttributes', { Username, UserAttributes }),
        withoutValue,
      )
    },
  )

  test('UpdateUserAttributes changes nothing when one of the attributes is not writable', async () => {
    const writeAttributes = new Set(['email', 'nickname'])
    const { update, attributes } = await startRide({ writeAttributes })

    expectError(await update({ nickname: 'Bucephalus', locale: 'en' }), attributeNotWritable)
    expect(await attributes()).toEqual(verified(Username))
    expectSuccess(await update({ nickname: 'Bucephalus' }))
  })
})

describe('DeleteUserAttributes', () => {
  test('DeleteUserAttributes deletes attributes and ignores missing ones', async () => {
    const { update, remove, attributes } = await startRide()
    await update({ nickname: 'Bucephalus', locale: 'en' })
    const { status, body } = await remove('nickname', 'locale', 'website')

    expect({ status, body }).toEqual({ status: 200, body: {} })
    expect(await attributes()).toEqual(verified(Username))
  })

  test('DeleteUserAttributes deletes email together with email_verified', async () => {
    const { remove, attributes } = await startRide()

    expectSuccess(await remove('email'))
    expect(await attributes()).toEqual([])
  })

  test('DeleteUserAttributes rejects a required attribute and deletes nothing', async () => {
    const pool = await createTestPool({
      attributeSchema: new Map([...standardAttributes, ['email', { ...anything, required: true }]]),
    })
    const { update, remove, attributes } = actAs(pool, await createSignedInUser(pool))
    await update({ nickname: 'Bucephalus' })
    const required = {
      type: 'InvalidParameterException',
      message: 'Invalid user attributes: email: Required attribute cannot be deleted.',
    } as const

    expectError(await remove('nickname', 'email'), required)
    expectError(await update({ email: '' }), required)
    expectError(await updateWithIam(pool, { email: '' }), required)
    expect(await attributes()).toEqual(
      expect.arrayContaining([...verified(Username), { Name: 'nickname', Value: 'Bucephalus' }]),
    )
  })

  test('DeleteUserAttributes rejects attributes that the client may not write', async () => {
    const { remove } = await startRide({ writeAttributes: new Set(['email']) })

    expectError(await remove('email_verified'), attributeNotMutable('email_verified'))
    expectError(await remove('nickname'), attributeNotWritable)
  })
})

describe('change of email address without verification before the update', () => {
  test('change of email: the new address replaces the old one, is unverified and gets a code', async () => {
    const { update, attributes } = await startRide(atOnce)
    const { status, body } = await update({ email: newEmail })

    expect({ status, body }).toEqual({
      status: 200,
      body: { CodeDeliveryDetailsList: [delivery('n***@e***')] },
    })
    expect(await attributes()).toEqual(unverified(newEmail))
  })

  test('change of email: the code verifies the new address', async () => {
    const { pool, update, verify, attributes } = await startRide(atOnce)
    await update({ email: newEmail })
    const { status, body } = await verify(latestCodeFor(pool, newEmail))

    expect({ status, body }).toEqual({ status: 200, body: {} })
    expect(await attributes()).toEqual(verified(newEmail))
  })

  test('change of email: no code is sent in a pool without auto-verification', async () => {
    const pool = await createTestPool({ ...atOnce, autoVerifiedAttributes: new Set<'email'>() })
    await signUpUser(pool)
    expectSuccess(await callWithIam(pool, 'AdminConfirmSignUp', { Username }))
    const { update } = actAs(pool, await startSessionFor(pool))

    expect((await update({ email: newEmail })).body).toEqual({ CodeDeliveryDetailsList: [] })
    expect(pool.sentEmails).toEqual([])
  })

  test.each([
    ['changed again', { email: 'newer@example.com' }],
    ['deleted', { email: '' }],
    ['set back', { email: Username }],
  ])('change of email: the code is invalid once the address was %s', async (_, change) => {
    const { pool, update, verify } = await startRide(atOnce)
    await update({ email: newEmail })
    const code = latestCodeFor(pool, newEmail)
    expectSuccess(await update(change))

    expectError(await verify(code), codeExpired)
  })

  test('change of email: the present address sends no code and stays verified', async () => {
    const { pool, update, attributes } = await startRide(atOnce)

    expect((await update({ email: Username })).body).toEqual({ CodeDeliveryDetailsList: [] })
    expect(pool.sentEmails).toHaveLength(1)
    expect(await attributes()).toEqual(verified(Username))
  })

  test('change of email: the new address signs in at once in a pool of usernameModel email', async () => {
    const { pool, update } = await startRide({ ...atOnce, usernameModel: 'email' })
    await update({ email: newEmail })

    expectSuccess(await signInBySrp(pool, { ...rider, username: newEmail }))
    expectError(await signInBySrp(pool), incorrectCredentials)
  })
})

describe('change of email address with verification before the update', () => {
  test('pending email: the new address gets a code and the old one stays verified', async () => {
    const { update, attributes } = await startRide(onceProved)
    const { status, body } = await update({ email: newEmail })

    expect({ status, body }).toEqual({
      status: 200,
      body: { CodeDeliveryDetailsList: [delivery('n***@e***')] },
    })
    expect(await attributes()).toEqual(verified(Username))
  })

  test('pending email: other attributes are updated at once', async () => {
    const { pool, update } = await startRide(onceProved)
    await update({ email: newEmail, nickname: 'Bucephalus' })

    expect(requireStoredUser(pool, Username).attributes.get('nickname')).toBe('Bucephalus')
  })

  test('pending email: the code makes it the email address', async () => {
    const { pool, update, verify, attributes } = await startRide(onceProved)
    await update({ email: newEmail })

    expectSuccess(await verify(latestCodeFor(pool, newEmail)))
    expect(await attributes()).toEqual(verified(newEmail))
  })

  test('pending email: sign-in and password reset use the old address until the code is verified', async () => {
    const { pool, update, verify } = await startRide({ ...onceProved, usernameModel: 'email' })
    await update({ email: newEmail })
    const renamed = { ...rider, username: newEmail }

    expectError(await signInBySrp(pool, renamed), incorrectCredentials)
    expectSuccess(await signInBySrp(pool))
    await requestPasswordReset(pool, Username)
    expectSuccess(await verify(latestCodeFor(pool, newEmail)))
    expectError(await signInBySrp(pool), incorrectCredentials)
    expectSuccess(await signInBySrp(pool, renamed))
  })

  test('pending email: a code that is requested again goes to the new address', async () => {
    const { pool, update, askForCode, verify, attributes } = await startRide(onceProved)
    await update({ email: newEmail })
    const first = latestCodeFor(pool, newEmail)
    const { body } = await askForCode()
    const second = latestCodeFor(pool, newEmail)

    expect(body).toEqual({ CodeDeliveryDetails: delivery('n***@e***') })
    if (first !== second) expectError(await verify(first), codeExpired)
    expectSuccess(await verify(second))
    expect(await attributes()).toEqual(verified(newEmail))
  })

  test('pending email: a newer address replaces it, and only the newer code works', async () => {
    const { pool, update, verify, attributes } = await startRide(onceProved)
    await update({ email: newEmail })
    await update({ email: 'newer@example.com' })
    const [first, second] = [newEmail, 'newer@example.com'].map((to) => latestCodeFor(pool, to))

    if (first !== second) expectError(await verify(first ?? ''), codeExpired)
    expectSuccess(await verify(second ?? ''))
    expect(await attributes()).toEqual(verified('newer@example.com'))
  })

  test.each([
    ['sets another address', verified('owner@example.com')],
    ['deletes the old address', toMembers({ email: '' })],
  ])('pending email: it is dropped when an IAM caller %s', async (_, UserAttributes) => {
    const { pool, update, verify } = await startRide(onceProved)
    await update({ email: newEmail })
    const code = latestCodeFor(pool, newEmail)
    expectSuccess(
      await callWithIam(pool, 'AdminUpdateUserAttributes', { Username, UserAttributes }),
    )

    expectError(await verify(code), codeExpired)
  })
})

describe('email address of another user', () => {
  const other = { ...rider, username: newEmail }

  test.each([atOnce, onceProved])(
    'alias: an address that is taken is rejected in a pool of usernameModel email, with %j',
    async (setting) => {
      const { pool, update, attributes } = await startRide({ ...setting, usernameModel: 'email' })
      await createConfirmedUser(pool, other)
      const letters = pool.sentEmails.length

      expectError(await update({ email: newEmail }), aliasExists)
      expect(pool.sentEmails).toHaveLength(letters)
      expect(await attributes()).toEqual(expect.arrayContaining(verified(Username)))
    },
  )

  test('alias: an address that is taken before the code is verified is rejected then', async () => {
    const { pool, update, verify, attributes } = await startRide({
      ...onceProved,
      usernameModel: 'email',
    })
    await update({ email: newEmail })
    const code = latestCodeFor(pool, newEmail)
    await createConfirmedUser(pool, other)

    expectError(await verify(code), aliasExists)
    expect(await attributes()).toEqual(verified(Username))
  })

  test('alias: two users may have one address in a pool of usernameModel username', async () => {
    const { pool, update, verify, attributes } = await startRide(onceProved)
    await createConfirmedUser(pool, other)
    await update({ email: newEmail })

    expectSuccess(await verify(latestCodeFor(pool, newEmail)))
    expect(await attributes()).toEqual(verified(newEmail))
  })
})

describe('VerifyUserAttribute', () => {
  test('VerifyUserAttribute answers a wrong code with CodeMismatchException and the correct one still works', async () => {
    const { pool, update, verify } = await startRide()
    await update({ email: newEmail })
    const code = latestCodeFor(pool, newEmail)

    expectError(await verify(differentCode(code)), codeMismatch)
    expectSuccess(await verify(code))
  })

  test('VerifyUserAttribute accepts a code once and for 24 hours', async () => {
    const { pool, askForCode, verify } = await startRide({ accessTokenSeconds: 2 * 86_400 })
    await askForCode()
    const code = latestCodeFor(pool, Username)

    pool.clock.advance(86_400)
    expectError(await verify(code), codeExpired)
    pool.clock.advance(-1)
    expectSuccess(await verify(code))
    expectError(await verify(code), codeExpired)
  })

  test('VerifyUserAttribute rejects a password reset code', async () => {
    const { pool, verify } = await startRide()

    expectError(await verify(await requestPasswordReset(pool, Username)), codeExpired)
  })

  test('VerifyUserAttribute verifies no attribute other than the one with a code', async () => {
    const { pool, update, verify } = await startRide()
    await update({ email: newEmail })

    expectError(await verify(latestCodeFor(pool, newEmail), 'phone_number'), codeExpired)
  })

  test.each(['nickname', 'custom:horse', 'sub'])(
    'VerifyUserAttribute and GetUserAttributeVerificationCode reject %s, which no code verifies',
    async (name) => {
      const { verify, askForCode } = await startRide({ attributeSchema })
      const notVerifiable = {
        type: 'InvalidParameterException',
        message: 'Invalid attribute name. Only phone_number and email can be verified.',
      } as const

      expectError(await verify('123456', name), notVerifiable)
      expectError(await askForCode(name), notVerifiable)
    },
  )
})

describe('GetUserAttributeVerificationCode', () => {
  test('GetUserAttributeVerificationCode sends a code to a verified address too', async () => {
    const { pool, askForCode, verify, attributes } = await startRide()
    const { status, body } = await askForCode()

    expect({ status, body }).toEqual({
      status: 200,
      body: { CodeDeliveryDetails: delivery('r***@e***') },
    })
    expectSuccess(await verify(latestCodeFor(pool, Username)))
    expect(await attributes()).toEqual(verified(Username))
  })

  test('GetUserAttributeVerificationCode is rejected without an address', async () => {
    const { askForCode, remove } = await startRide()
    const nothing = (what: string) =>
      ({
        type: 'InvalidParameterException',
        message: `User does not have a valid registered ${what}`,
      }) as const

    expectError(await askForCode('phone_number'), nothing('phone number'))
    expectSuccess(await remove('email'))
    expectError(await askForCode(), nothing('email address'))
  })

  test('GetUserAttributeVerificationCode for a phone number is rejected in a pool without SmsConfiguration', async () => {
    const { askForCode, update } = await startRide()
    await update({ phone_number: '+11234560839' })

    expectError(await askForCode('phone_number'), {
      type: 'InvalidParameterException',
      message: 'User pool does not have SMS configuration to send messages.',
    })
  })
})

describe('AdminUpdateUserAttributes', () => {
  test('AdminUpdateUserAttributes writes any attribute and sets email_verified without a code', async () => {
    const { pool, attributes } = await startRide({
      ...onceProved,
      writeAttributes: new Set(['email']),
    })
    const { status, body } = await updateWithIam(pool, {
      email: newEmail,
      email_verified: 'true',
      nickname: 'Bucephalus',
    })

    expect({ status, body }).toEqual({ status: 200, body: {} })
    expect(await attributes()).toEqual([
      ...verified(newEmail),
      { Name: 'nickname', Value: 'Bucephalus' },
    ])
    expect(pool.sentEmails).toHaveLength(1)
  })

  test('AdminUpdateUserAttributes without email_verified leaves a new address pending', async () => {
    const { pool, verify, attributes } = await startRide(onceProved)
    expectSuccess(await updateWithIam(pool, { email: newEmail }))

    expect(await attributes()).toEqual(verified(Username))
    expectSuccess(await verify(latestCodeFor(pool, newEmail)))
    expect(await attributes()).toEqual(verified(newEmail))
  })

  test.each(['True', 'TRUE'])(
    'AdminUpdateUserAttributes takes email_verified as %s for a new address',
    async (email_verified) => {
      const { pool, attributes } = await startRide(onceProved)

      expectSuccess(await updateWithIam(pool, { email: newEmail, email_verified }))
      expect(await attributes()).toEqual(verified(newEmail))
    },
  )

  test('AdminUpdateUserAttributes can set email_verified to false', async () => {
    const { pool, attributes } = await startRide()

    expectSuccess(await updateWithIam(pool, { email_verified: 'false' }))
    expect(await attributes()).toEqual(unverified(Username))
  })

  test('AdminUpdateUserAttributes must conform to the schema', async () => {
    const { pool } = await startRide({ attributeSchema })
    expectSuccess(await updateWithIam(pool, { 'custom:id': '7' }))

    expectError(await updateWithIam(pool, { 'custom:id': '8' }), {
      type: 'InvalidParameterException',
      message: 'user.custom:id: Attribute cannot be updated.\n',
    })
  })
})

describe('pending email address that is withdrawn', () => {
  test('pending email: an update to the present address withdraws it', async () => {
    const { pool, update, verify } = await startRide({
      verifiedBeforeUpdate: new Set(['email'] as const),
    })
    await update({ email: newEmail })
    const code = latestCodeFor(pool, newEmail)
    expectSuccess(await update({ email: Username }))

    expectError(await verify(code), codeExpired)
  })

  test('pending email: an IAM caller who sets email_verified to false leaves the present address verified', async () => {
    const { pool, attributes } = await startRide({
      verifiedBeforeUpdate: new Set(['email'] as const),
    })
    expectSuccess(await updateWithIam(pool, { email: newEmail, email_verified: 'false' }))

    expect(await attributes()).toEqual(verified(Username))
  })
})

test('UpdateUserAttributes: the email address of a pool of usernameModel email cannot be deleted', async () => {
  const { update } = await startRide({ usernameModel: 'email' })

  expect((await update({ email: '' })).body).toMatchObject({ __type: 'InvalidParameterException' })
})
