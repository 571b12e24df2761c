import { describe, expect, test } from 'vitest'
import { createRideHandler, type RideResult } from '../../../src/aws/ride-api/handler.ts'
import type { Ride, RideStore } from '../../../src/aws/ride-api/ride-store.ts'
import {
  carriedToken,
  createRideEvent,
  idClaims,
  type RideEventParts,
  spaceNeedle,
} from '../../support/ride-event.ts'

const rideId = '3d3f1a0e-5f0a-4b3e-9a53-0f6c1c0d2b11'
const requestedAtMs = 1_793_000_000_123

interface Desk {
  /** what was recorded, oldest first */
  readonly rides: readonly Ride[]
  ask(parts?: RideEventParts): Promise<RideResult>
  handle(event: unknown): Promise<RideResult>
}

/** The handler over a store in memory. @param byte what chance gives */
function openDesk(byte = 0): Desk {
  const rides: Ride[] = []
  const handle = createRideHandler({
    store: {
      async recordRide(ride) {
        rides.push(ride)
      },
    },
    clock: { nowMs: () => requestedAtMs },
    random: { bytes: (count) => new Uint8Array(count).fill(byte), uuid: () => rideId },
  })
  return { rides, handle, ask: (parts) => handle(createRideEvent(parts)) }
}

function expectRefusal(
  { statusCode, body }: RideResult,
  refusal: { statusCode: number; message: string },
): void {
  expect({ statusCode, ...JSON.parse(body) }).toEqual(refusal)
}

/** Byte, and the unicorn it chooses. */
const fleet = [
  [0, 'Aurora', 'Silver', 'Female'],
  [1, 'Bramble', 'Chestnut', 'Male'],
  [2, 'Celeste', 'White', 'Female'],
  [3, 'Domino', 'Piebald', 'Male'],
  [4, 'Ember', 'Copper', 'Female'],
  [5, 'Fennel', 'Dapple grey', 'Male'],
  [6, 'Galaxy', 'Midnight blue', 'Female'],
  [7, 'Hazel', 'Golden', 'Female'],
] as const

describe('a ride', () => {
  test('that is asked for in the right way is answered with all a rider is told', async () => {
    const { statusCode, headers, body } = await openDesk().ask()

    expect({ statusCode, headers, body: JSON.parse(body) }).toEqual({
      statusCode: 201,
      headers: { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' },
      body: {
        RideId: rideId,
        Unicorn: { Name: 'Aurora', Color: 'Silver', Gender: 'Female' },
        Eta: '30 seconds',
        Rider: 'rider@example.com',
      },
    })
  })

  test('is recorded with who asked, where to, when and which unicorn', async () => {
    const { ask, rides } = openDesk(5)
    await ask()

    expect(rides).toEqual([
      {
        rideId,
        riderSub: idClaims.sub,
        unicorn: { name: 'Fennel', color: 'Dapple grey', gender: 'Male' },
        pickup: { latitude: 47.6205, longitude: -122.3493 },
        requestedAtMs,
      },
    ])
  })

  test('is recorded before it is answered', async () => {
    const order: string[] = []
    let commit = () => {}
    const committed = new Promise<void>((resolve) => {
      commit = resolve
    })
    const handle = createRideHandler({
      store: {
        async recordRide() {
          await committed
          order.push('recorded')
        },
      },
      clock: { nowMs: () => 0 },
      random: { bytes: (count) => new Uint8Array(count), uuid: () => rideId },
    })
    const answered = handle(createRideEvent()).then(() => order.push('answered'))
    commit()
    await answered

    expect(order).toEqual(['recorded', 'answered'])
  })

  test.each(fleet)('is by the unicorn that byte %i chooses: %s', async (byte, ...expected) => {
    const [Name, Color, Gender] = expected

    expect(JSON.parse((await openDesk(byte).ask()).body).Unicorn).toEqual({ Name, Color, Gender })
  })

  test('is by each unicorn for as many bytes as by any other', async () => {
    const bytes = Array.from({ length: 256 }, (_, byte) => byte)
    const answers = await Promise.all(bytes.map((byte) => openDesk(byte).ask()))
    const names = answers.map(({ body }) => JSON.parse(body).Unicorn.Name)

    for (const [, name] of fleet) expect(names.filter((one) => one === name)).toHaveLength(32)
  })

  test('is understood when its body comes in base64', async () => {
    const { ask, rides } = openDesk()
    const text = JSON.stringify({ PickupLocation: spaceNeedle, Note: 'Zürich 🦄' })
    const { statusCode } = await ask({
      body: Buffer.from(text).toString('base64'),
      isBase64Encoded: true,
    })

    expect(statusCode).toBe(201)
    expect(rides[0]?.pickup).toEqual({ latitude: 47.6205, longitude: -122.3493 })
  })

  test.each([
    ['the north pole', 90, 0],
    ['the south pole', -90, 0],
    ['the date line from the west', 0, 180],
    ['the date line from the east', 0, -180],
    ['the corner of all maps', 90, 180],
    ['where all lines meet', 0, 0],
    ['a hair inside of the edge', 89.99999999999999, -179.99999999999997],
    ['the smallest step from zero', 5e-324, -5e-324],
  ])('may start at %s', async (_, Latitude, Longitude) => {
    const { ask, rides } = openDesk()
    const { statusCode } = await ask({
      body: JSON.stringify({ PickupLocation: { Latitude, Longitude } }),
    })

    expect(statusCode).toBe(201)
    expect(rides[0]?.pickup).toEqual({ latitude: Latitude, longitude: Longitude })
  })

  test('takes a number in any of JSON’s spellings', async () => {
    const { ask, rides } = openDesk()
    await ask({ body: '{"PickupLocation":{"Latitude":4.76205e1,"Longitude":-1223493E-4}}' })

    expect(rides[0]?.pickup).toEqual({ latitude: 47.6205, longitude: -122.3493 })
  })

  test('keeps nothing of what else is sent', async () => {
    const { ask, rides } = openDesk()
    const body = JSON.stringify({
      PickupLocation: { ...spaceNeedle, Altitude: 160 },
      RideId: 'mine',
      RiderSub: 'another',
      Unicorn: { Name: 'Rocinante' },
    })
    const answer = await ask({ body })

    expect(rides).toHaveLength(1)
    expect(rides[0]).toMatchObject({ rideId, riderSub: idClaims.sub })
    expect(rides[0]?.pickup).toEqual({ latitude: 47.6205, longitude: -122.3493 })
    expect(JSON.parse(answer.body)).toMatchObject({ RideId: rideId, Unicorn: { Name: 'Aurora' } })
  })

  test('of a rider without a user name is told by the sub', async () => {
    const { 'cognito:username': _, ...claims } = idClaims

    expect(JSON.parse((await openDesk().ask({ claims })).body).Rider).toBe(idClaims.sub)
  })
})

const needsObject = 'The body must be a JSON object with PickupLocation'
const needsPlace = 'PickupLocation must be an object with Latitude and Longitude'
const needsLatitude = 'PickupLocation.Latitude must be a number from -90 to 90'
const needsLongitude = 'PickupLocation.Longitude must be a number from -180 to 180'

/** JSON text of a pick-up place, its numbers written as given. */
function at(latitude: string, longitude = '0'): string {
  return `{"PickupLocation":{"Latitude":${latitude},"Longitude":${longitude}}}`
}

const badBodies: readonly (readonly [what: string, body: string, reason: string])[] = [
  ['nothing', '', needsObject],
  ['no JSON', 'unicorn', needsObject],
  ['half of JSON', '{"PickupLocation":{"Latitude":47', needsObject],
  ['two JSON texts', `${at('1')}${at('1')}`, needsObject],
  ['a form', 'Latitude=47&Longitude=-122', needsObject],
  ['bytes of nothing', '\0\0\0', needsObject],
  ['null', 'null', needsObject],
  ['a number', '47.6', needsObject],
  ['a text', '"PickupLocation"', needsObject],
  ['a truth value', 'true', needsObject],
  ['an array', '[]', 'PickupLocation is missing'],
  ['an array of a request', `[${at('1')}]`, 'PickupLocation is missing'],
  ['an empty object', '{}', 'PickupLocation is missing'],
  ['a key in other letters', at('1').replace('Pickup', 'pickup'), 'PickupLocation is missing'],
  ['no object but null', '{"PickupLocation":null}', needsPlace],
  ['no object but a text', '{"PickupLocation":"47,-122"}', needsPlace],
  ['no object but a number', '{"PickupLocation":0}', needsPlace],
  ['an array of degrees', '{"PickupLocation":[47,-122]}', 'PickupLocation.Latitude is missing'],
  ['an empty place', '{"PickupLocation":{}}', 'PickupLocation.Latitude is missing'],
  ['no longitude', '{"PickupLocation":{"Latitude":47}}', 'PickupLocation.Longitude is missing'],
  ['no latitude', '{"PickupLocation":{"Longitude":-122}}', 'PickupLocation.Latitude is missing'],
  ['a latitude beyond the north pole', at('90.00000000000001'), needsLatitude],
  ['a latitude beyond the south pole', at('-90.00000000000001'), needsLatitude],
  ['a longitude too far east', at('0', '180.00000000000003'), needsLongitude],
  ['a longitude too far west', at('0', '-180.00000000000003'), needsLongitude],
  ['a latitude that is a text', at('"47.6"'), needsLatitude],
  ['a longitude that is a text', at('0', '"-122"'), needsLongitude],
  ['a latitude that is null', at('null'), needsLatitude],
  ['a longitude that is null', at('0', 'null'), needsLongitude],
  ['a latitude that is an array', at('[47]'), needsLatitude],
  ['a latitude that is an object', at('{"valueOf":47}'), needsLatitude],
  ['a latitude that is true', at('true'), needsLatitude],
  ['a latitude that is NaN, as JSON does not know it', at('NaN'), needsObject],
  ['a latitude that is Infinity, as JSON does not know it', at('Infinity'), needsObject],
  ['a latitude in quotes that reads NaN', at('"NaN"'), needsLatitude],
  ['a number beyond all numbers', at('1e999'), needsLatitude],
  ['a longitude beyond all numbers, below zero', at('0', '-1e999'), needsLongitude],
  ['a place in __proto__', `{"__proto__":${at('1')}}`, 'PickupLocation is missing'],
  [
    'degrees in __proto__',
    '{"PickupLocation":{"__proto__":{"Latitude":1,"Longitude":1}}}',
    'PickupLocation.Latitude is missing',
  ],
  [
    'a place that is a constructor',
    '{"constructor":{"prototype":{}}}',
    'PickupLocation is missing',
  ],
  ['half a character as latitude', at('"\\ud800"'), needsLatitude],
  ['half a character as a key', '{"\\udfff":1}', 'PickupLocation is missing'],
  ['half a character itself', '\ud800', needsObject],
  ['brackets without end', '['.repeat(60_000), needsObject],
]

describe('a request with', () => {
  test.each(badBodies)(
    '%s is refused with the reason, and nothing is recorded',
    async (_, body, message) => {
      const { ask, rides } = openDesk()

      expectRefusal(await ask({ body }), { statusCode: 400, message })
      expect(rides).toEqual([])
    },
  )

  test.each(badBodies.filter(([, body]) => body.isWellFormed()))(
    '%s in base64 is refused in the same words',
    async (_, text, message) => {
      const { ask, rides } = openDesk()
      const body = Buffer.from(text).toString('base64')

      expectRefusal(await ask({ body, isBase64Encoded: true }), { statusCode: 400, message })
      expect(rides).toEqual([])
    },
  )

  test.each([
    ['base64 that is none', '%%%'],
    ['base64 of bytes that are no UTF-8', Buffer.from([0xff, 0xfe, 0x00]).toString('base64')],
  ])('%s is refused', async (_, body) => {
    const { ask, rides } = openDesk()

    expectRefusal(await ask({ body, isBase64Encoded: true }), {
      statusCode: 400,
      message: needsObject,
    })
    expect(rides).toEqual([])
  })

  test('no body at all is refused', async () => {
    const { handle, rides } = openDesk()
    const { body: _, ...event } = createRideEvent()

    expectRefusal(await handle(event), { statusCode: 400, message: needsObject })
    expect(rides).toEqual([])
  })
})

describe('whoever', () => {
  test('sends an access token is told to send an ID token', async () => {
    const { ask, rides } = openDesk()
    const { aud: _, 'cognito:username': username, ...claims } = idClaims

    expectRefusal(
      await ask({ claims: { ...claims, username, client_id: 'x', token_use: 'access' } }),
      { statusCode: 401, message: 'An ID token is needed' },
    )
    expect(rides).toEqual([])
  })

  test.each(['', 'ID', 'id ', 'refresh'])(
    'sends a token for the use %j is told so too',
    async (token_use) => {
      const { ask, rides } = openDesk()

      expectRefusal(await ask({ claims: { ...idClaims, token_use } }), {
        statusCode: 401,
        message: 'An ID token is needed',
      })
      expect(rides).toEqual([])
    },
  )

  const { requestContext } = createRideEvent()
  test.each([
    ['an event without an authorizer', { requestContext: { ...requestContext, authorizer: {} } }],
    ['an event of a route that is open', { requestContext: { http: requestContext.http } }],
    [
      'an event of an IAM authorizer',
      { requestContext: { authorizer: { iam: { userId: 'AIDA' } } } },
    ],
    [
      'an event of a Lambda authorizer',
      { requestContext: { authorizer: { lambda: { ...idClaims } } } },
    ],
    [
      'claims that are null',
      { requestContext: { authorizer: { jwt: { claims: null, scopes: null } } } },
    ],
    [
      'claims without a sub',
      { requestContext: { authorizer: { jwt: { claims: { token_use: 'id' } } } } },
    ],
    [
      'claims without a use',
      { requestContext: { authorizer: { jwt: { claims: { sub: idClaims.sub } } } } },
    ],
    [
      'a sub that is no text',
      { requestContext: { authorizer: { jwt: { claims: { ...idClaims, sub: { S: 'x' } } } } } },
    ],
    ['no context', { requestContext: undefined }],
  ])('comes with %s is a stranger', async (_, change) => {
    const { handle, rides } = openDesk()

    expectRefusal(await handle({ ...createRideEvent(), ...change }), {
      statusCode: 401,
      message: 'Unauthorized',
    })
    expect(rides).toEqual([])
  })

  test.each([undefined, null, '', 7, [], {}])(
    'comes with no event but %j is a stranger',
    async (event) => {
      const { handle, rides } = openDesk()

      expectRefusal(await handle(event), { statusCode: 401, message: 'Unauthorized' })
      expect(rides).toEqual([])
    },
  )
})

describe('a store that fails', () => {
  const failures: readonly (readonly [how: string, RideStore['recordRide']])[] = [
    ['at once', () => Promise.reject(new Error('the table is gone'))],
    [
      'before it has begun',
      () => {
        throw new Error('the table is gone')
      },
    ],
    [
      'after a while',
      async () => {
        await Promise.resolve()
        throw new Error('the table is gone')
      },
    ],
  ]

  test.each(failures)(
    '%s fails the call as it is, and no ride is promised',
    async (_, recordRide) => {
      const handle = createRideHandler({
        store: { recordRide },
        clock: { nowMs: () => requestedAtMs },
        random: { bytes: (count) => new Uint8Array(count), uuid: () => rideId },
      })

      await expect(handle(createRideEvent())).rejects.toThrow('the table is gone')
    },
  )
})

describe('no answer', () => {
  const { 'cognito:username': _, ...nameless } = idClaims
  const calls: readonly (readonly [string, RideEventParts])[] = [
    ['a ride', {}],
    ['a refused place', { body: at('91') }],
    ['a refused body', { body: idClaims.sub }],
    ['a body that is the token', { body: carriedToken }],
    ['a latitude that is the token', { body: at(JSON.stringify(carriedToken)) }],
    ['a refused token', { claims: { ...idClaims, token_use: 'access' } }],
    ['claims that cannot be read', { claims: { ...idClaims, token_use: { is: idClaims.sub } } }],
    ['a refused place of a rider without a user name', { claims: nameless, body: at('91') }],
  ]

  test.each(calls)('repeats the token or the sub: %s', async (_, parts) => {
    const answer = JSON.stringify(await openDesk().ask(parts))

    expect(answer).not.toContain(carriedToken)
    expect(answer).not.toContain(idClaims.sub)
  })
})
