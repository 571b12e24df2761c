/** UpdateUserAttributes and what belongs to it: deleting attributes, and proving an address by a code. */

import { describe, expect, test } from 'vitest'
import {
  type AttributeRule,
  standardAttributes,
} from '../../../src/local-cloud/user-pool/attribute-schema.ts'
import { callAsOwner } from '../../support/owner.ts'
import { signInBySrp } from '../../support/sign-in.ts'
import { createTestPool, type TestPool } from '../../support/test-pool.ts'
import {
  confirmUser,
  latestCodeFor,
  otherThan,
  registerUser,
  requestReset,
  requireStoredUser,
  rider,
  signInUser,
  startSessionOf,
  type Tokens,
} from '../../support/users.ts'
import { type Answer, expectRefusal, expectSuccess } from '../../support/wire.ts'

const Username = rider.username
const newEmail = 'new@example.com'
const delivery = (Destination: string) => ({
  Destination,
  DeliveryMedium: 'EMAIL',
  AttributeName: 'email',
})

const atOnce = { verifiesEmailBeforeUpdate: false } as const
const onceProved = { verifiesEmailBeforeUpdate: true } as const

const mismatch = {
  type: 'CodeMismatchException',
  message: 'Invalid verification code provided, please try again.',
} as const
const expired = {
  type: 'ExpiredCodeException',
  message: 'Invalid code provided, please request a code again.',
} as const
const unauthorized = {
  type: 'NotAuthorizedException',
  message: 'A client attempted to write unauthorized attribute',
} as const
const aliasExists = {
  type: 'AliasExistsException',
  message: 'An account with the given email already exists.',
} as const

type Attributes = Readonly<Record<string, string>>

const toMembers = (attributes: Attributes) =>
  Object.entries(attributes).map(([Name, Value]) => ({ Name, Value }))

/** A rider, signed in, and what a rider may call. */
async function startRide(...setting: Parameters<typeof createTestPool>) {
  const pool = await createTestPool(...setting)
  return { pool, ...actAs(pool, await signInUser(pool)) }
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
    /** What GetUser tells, without `sub`. */
    async attributes(): Promise<unknown> {
      const { body } = await pool.call('GetUser', { AccessToken })
      return Array.isArray(body.UserAttributes) ? body.UserAttributes.slice(1) : undefined
    },
  }
}

function updateAsOwner(pool: TestPool, attributes: Attributes): Promise<Answer> {
  const UserAttributes = toMembers(attributes)
  return callAsOwner(pool, 'AdminUpdateUserAttributes', { Username, UserAttributes })
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
  test('changes what is named, keeps the rest, and says that nothing was sent', async () => {
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

  test('takes an attribute away for a blank value', async () => {
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
  ])('takes %s that is %s', async (name, value) => {
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
    ['birthdate', '1990-1-31'],
    ['updated_at', 'today'],
  ])('refuses %s that is %s, by its name', async (name, value) => {
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
  ])('refuses %s that is %j', async (name, value, message) => {
    const { pool, update } = await startRide({ attributeSchema })
    expectSuccess(await updateAsOwner(pool, { 'custom:id': '7' }))

    expectRefusal(await update({ [name]: value }), { type: 'InvalidParameterException', message })
  })

  test.each(['email_verified', 'phone_number_verified'])(
    'never lets a rider vouch by %s',
    async (name) => {
      const { pool, update } = await startRide({ writeAttributes: new Set(['email', name]) })

      expectRefusal(await update({ [name]: 'true' }), unauthorized)
      expect(requireStoredUser(pool, Username).attributes.get('email_verified')).toBe('true')
    },
  )

  test('changes nothing when one of several may not be written', async () => {
    const writeAttributes = new Set(['email', 'nickname'])
    const { update, attributes } = await startRide({ writeAttributes })

    expectRefusal(await update({ nickname: 'Bucephalus', locale: 'en' }), unauthorized)
    expect(await attributes()).toEqual(verified(Username))
    expectSuccess(await update({ nickname: 'Bucephalus' }))
  })
})

describe('DeleteUserAttributes', () => {
  test('takes attributes away, and asks for none that was there', async () => {
    const { update, remove, attributes } = await startRide()
    await update({ nickname: 'Bucephalus', locale: 'en' })
    const { status, body } = await remove('nickname', 'locale', 'website')

    expect({ status, body }).toEqual({ status: 200, body: {} })
    expect(await attributes()).toEqual(verified(Username))
  })

  test('takes the address away together with its proof', async () => {
    const { remove, attributes } = await startRide()

    expectSuccess(await remove('email'))
    expect(await attributes()).toEqual([])
  })

  test('refuses what the pool requires, and takes nothing away', async () => {
    const pool = await createTestPool({
      attributeSchema: new Map([...standardAttributes, ['email', { ...anything, required: true }]]),
    })
    const { update, remove, attributes } = actAs(pool, await signInUser(pool))
    await update({ nickname: 'Bucephalus' })
    const required = {
      type: 'InvalidParameterException',
      message: 'Attributes did not conform to the schema: email: The attribute is required\n',
    } as const

    expectRefusal(await remove('nickname', 'email'), required)
    expectRefusal(await update({ email: '' }), required)
    expect(await attributes()).toEqual(
      expect.arrayContaining([...verified(Username), { Name: 'nickname', Value: 'Bucephalus' }]),
    )
  })

  test('refuses what a rider may not write', async () => {
    const { remove } = await startRide({ writeAttributes: new Set(['email']) })

    expectRefusal(await remove('email_verified'), unauthorized)
    expectRefusal(await remove('nickname'), unauthorized)
  })
})

describe('a new address that counts at once', () => {
  test('takes the place of the old one, unproved, and is sent a code', async () => {
    const { update, attributes } = await startRide(atOnce)
    const { status, body } = await update({ email: newEmail })

    expect({ status, body }).toEqual({
      status: 200,
      body: { CodeDeliveryDetailsList: [delivery('n***@e***')] },
    })
    expect(await attributes()).toEqual(unverified(newEmail))
  })

  test('is proved by the code', async () => {
    const { pool, update, verify, attributes } = await startRide(atOnce)
    await update({ email: newEmail })
    const { status, body } = await verify(latestCodeFor(pool, newEmail))

    expect({ status, body }).toEqual({ status: 200, body: {} })
    expect(await attributes()).toEqual(verified(newEmail))
  })

  test('is sent no code in a pool that verifies nothing by itself', async () => {
    const pool = await createTestPool({ ...atOnce, autoVerifiesEmail: false })
    await registerUser(pool)
    expectSuccess(await callAsOwner(pool, 'AdminConfirmSignUp', { Username }))
    const { update } = actAs(pool, await startSessionOf(pool))

    expect((await update({ email: newEmail })).body).toEqual({ CodeDeliveryDetailsList: [] })
    expect(pool.outboxLetters).toEqual([])
  })

  test.each([
    ['changed again', { email: 'newer@example.com' }],
    ['taken away', { email: '' }],
    ['put back', { email: Username }],
  ])('leaves a code for nothing once it was %s', async (_, change) => {
    const { pool, update, verify } = await startRide(atOnce)
    await update({ email: newEmail })
    const code = latestCodeFor(pool, newEmail)
    expectSuccess(await update(change))

    expectRefusal(await verify(code), expired)
  })

  test('that is the old one sends nothing and stays proved', async () => {
    const { pool, update, attributes } = await startRide(atOnce)

    expect((await update({ email: Username })).body).toEqual({ CodeDeliveryDetailsList: [] })
    expect(pool.outboxLetters).toHaveLength(1)
    expect(await attributes()).toEqual(verified(Username))
  })

  test('signs in at once in a pool of addresses, and the old one no longer', async () => {
    const { pool, update } = await startRide({ ...atOnce, usernameModel: 'email' })
    await update({ email: newEmail })

    expectSuccess(await signInBySrp(pool, { ...rider, username: newEmail }))
    expectRefusal(await signInBySrp(pool), {
      type: 'NotAuthorizedException',
      message: 'Incorrect username or password.',
    })
  })
})

describe('a new address that waits for its proof', () => {
  test('is sent a code while the old one stays as it was', async () => {
    const { update, attributes } = await startRide(onceProved)
    const { status, body } = await update({ email: newEmail })

    expect({ status, body }).toEqual({
      status: 200,
      body: { CodeDeliveryDetailsList: [delivery('n***@e***')] },
    })
    expect(await attributes()).toEqual(verified(Username))
  })

  test('does not keep the other attributes waiting', async () => {
    const { pool, update } = await startRide(onceProved)
    await update({ email: newEmail, nickname: 'Bucephalus' })

    expect(requireStoredUser(pool, Username).attributes.get('nickname')).toBe('Bucephalus')
  })

  test('counts once the code was right', async () => {
    const { pool, update, verify, attributes } = await startRide(onceProved)
    await update({ email: newEmail })

    expectSuccess(await verify(latestCodeFor(pool, newEmail)))
    expect(await attributes()).toEqual(verified(newEmail))
  })

  test('leaves sign-in and reset to the old one until then', async () => {
    const { pool, update, verify } = await startRide({ ...onceProved, usernameModel: 'email' })
    await update({ email: newEmail })
    const renamed = { ...rider, username: newEmail }
    const incorrect = {
      type: 'NotAuthorizedException',
      message: 'Incorrect username or password.',
    } as const

    expectRefusal(await signInBySrp(pool, renamed), incorrect)
    expectSuccess(await signInBySrp(pool))
    await requestReset(pool, Username)
    expectSuccess(await verify(latestCodeFor(pool, newEmail)))
    expectRefusal(await signInBySrp(pool), incorrect)
    expectSuccess(await signInBySrp(pool, renamed))
  })

  test('is where a code that is asked for again goes', async () => {
    const { pool, update, askForCode, verify, attributes } = await startRide(onceProved)
    await update({ email: newEmail })
    const first = latestCodeFor(pool, newEmail)
    const { body } = await askForCode()
    const second = latestCodeFor(pool, newEmail)

    expect(body).toEqual({ CodeDeliveryDetails: delivery('n***@e***') })
    if (first !== second) expectRefusal(await verify(first), expired)
    expectSuccess(await verify(second))
    expect(await attributes()).toEqual(verified(newEmail))
  })

  test('gives way to a newer one, whose code alone counts', async () => {
    const { pool, update, verify, attributes } = await startRide(onceProved)
    await update({ email: newEmail })
    await update({ email: 'newer@example.com' })
    const [first, second] = [newEmail, 'newer@example.com'].map((to) => latestCodeFor(pool, to))

    if (first !== second) expectRefusal(await verify(first ?? ''), expired)
    expectSuccess(await verify(second ?? ''))
    expect(await attributes()).toEqual(verified('newer@example.com'))
  })

  test.each([
    ['sets another', verified('owner@example.com')],
    ['takes the old one away', toMembers({ email: '' })],
  ])('is forgotten when the owner %s', async (_, UserAttributes) => {
    const { pool, update, verify } = await startRide(onceProved)
    await update({ email: newEmail })
    const code = latestCodeFor(pool, newEmail)
    expectSuccess(
      await callAsOwner(pool, 'AdminUpdateUserAttributes', { Username, UserAttributes }),
    )

    expectRefusal(await verify(code), expired)
  })
})

describe('an address that somebody else has', () => {
  const other = { ...rider, username: newEmail }

  test.each([atOnce, onceProved])('is refused in a pool of addresses, with %j', async (setting) => {
    const { pool, update, attributes } = await startRide({ ...setting, usernameModel: 'email' })
    await confirmUser(pool, other)
    const letters = pool.outboxLetters.length

    expectRefusal(await update({ email: newEmail }), aliasExists)
    expect(pool.outboxLetters).toHaveLength(letters)
    expect(await attributes()).toEqual(expect.arrayContaining(verified(Username)))
  })

  test('by the time of the code is refused then', async () => {
    const { pool, update, verify, attributes } = await startRide({
      ...onceProved,
      usernameModel: 'email',
    })
    await update({ email: newEmail })
    const code = latestCodeFor(pool, newEmail)
    await confirmUser(pool, other)

    expectRefusal(await verify(code), aliasExists)
    expect(await attributes()).toEqual(verified(Username))
  })

  test('is nobody’s business in a pool of user names', async () => {
    const { pool, update, verify, attributes } = await startRide(onceProved)
    await confirmUser(pool, other)
    await update({ email: newEmail })

    expectSuccess(await verify(latestCodeFor(pool, newEmail)))
    expect(await attributes()).toEqual(verified(newEmail))
  })
})

describe('VerifyUserAttribute', () => {
  test('calls a wrong code a mismatch, and the right one still counts', async () => {
    const { pool, update, verify } = await startRide()
    await update({ email: newEmail })
    const code = latestCodeFor(pool, newEmail)

    expectRefusal(await verify(otherThan(code)), mismatch)
    expectSuccess(await verify(code))
  })

  test('takes a code once, for 24 hours', async () => {
    const { pool, askForCode, verify } = await startRide({ accessTokenSeconds: 2 * 86_400 })
    await askForCode()
    const code = latestCodeFor(pool, Username)

    pool.clock.advance(86_400)
    expectRefusal(await verify(code), expired)
    pool.clock.advance(-1)
    expectSuccess(await verify(code))
    expectRefusal(await verify(code), expired)
  })

  test('takes no code that was sent for something else', async () => {
    const { pool, verify } = await startRide()

    expectRefusal(await verify(await requestReset(pool, Username)), expired)
  })

  test('verifies nothing but the address', async () => {
    const { pool, update, verify } = await startRide()
    await update({ email: newEmail })
    const { body } = await verify(latestCodeFor(pool, newEmail), 'phone_number')

    expect(body).toMatchObject({ __type: 'InvalidParameterException' })
  })
})

describe('GetUserAttributeVerificationCode', () => {
  test('sends a code also to an address that is proved', async () => {
    const { pool, askForCode, verify, attributes } = await startRide()
    const { status, body } = await askForCode()

    expect({ status, body }).toEqual({
      status: 200,
      body: { CodeDeliveryDetails: delivery('r***@e***') },
    })
    expectSuccess(await verify(latestCodeFor(pool, Username)))
    expect(await attributes()).toEqual(verified(Username))
  })

  test('refuses where there is nothing to send to', async () => {
    const { askForCode, remove } = await startRide()
    const nothing = { status: 400, body: { __type: 'InvalidParameterException' } }

    expect(await askForCode('phone_number')).toMatchObject(nothing)
    expectSuccess(await remove('email'))
    expect(await askForCode()).toMatchObject(nothing)
  })
})

describe('AdminUpdateUserAttributes', () => {
  test('writes what no client may, and vouches for an address without a code', async () => {
    const { pool, attributes } = await startRide({
      ...onceProved,
      writeAttributes: new Set(['email']),
    })
    const { status, body } = await updateAsOwner(pool, {
      email: newEmail,
      email_verified: 'true',
      nickname: 'Bucephalus',
    })

    expect({ status, body }).toEqual({ status: 200, body: {} })
    expect(await attributes()).toEqual([
      ...verified(newEmail),
      { Name: 'nickname', Value: 'Bucephalus' },
    ])
    expect(pool.outboxLetters).toHaveLength(1)
  })

  test('leaves an address it does not vouch for to its code', async () => {
    const { pool, verify, attributes } = await startRide(onceProved)
    expectSuccess(await updateAsOwner(pool, { email: newEmail }))

    expect(await attributes()).toEqual(verified(Username))
    expectSuccess(await verify(latestCodeFor(pool, newEmail)))
    expect(await attributes()).toEqual(verified(newEmail))
  })

  test('may say that an address is no longer proved', async () => {
    const { pool, attributes } = await startRide()

    expectSuccess(await updateAsOwner(pool, { email_verified: 'false' }))
    expect(await attributes()).toEqual(unverified(Username))
  })

  test('is held to the schema as anyone is', async () => {
    const { pool } = await startRide({ attributeSchema })
    expectSuccess(await updateAsOwner(pool, { 'custom:id': '7' }))

    expectRefusal(await updateAsOwner(pool, { 'custom:id': '8' }), {
      type: 'InvalidParameterException',
      message: 'user.custom:id: Attribute cannot be updated.\n',
    })
  })
})

describe('an address that waits for its code', () => {
  test('is taken back by naming the present one', async () => {
    const { pool, update, verify } = await startRide({ verifiesEmailBeforeUpdate: true })
    await update({ email: newEmail })
    const code = latestCodeFor(pool, newEmail)
    expectSuccess(await update({ email: Username }))

    expectRefusal(await verify(code), expired)
  })

  test('takes nothing from the present one, whatever the owner says of it', async () => {
    const { pool, attributes } = await startRide({ verifiesEmailBeforeUpdate: true })
    expectSuccess(await updateAsOwner(pool, { email: newEmail, email_verified: 'false' }))

    expect(await attributes()).toEqual(verified(Username))
  })
})

test('the address of an e-mail pool cannot be taken away: nobody could sign in again', async () => {
  const { update } = await startRide({ usernameModel: 'email' })

  expect((await update({ email: '' })).body).toMatchObject({ __type: 'InvalidParameterException' })
})
