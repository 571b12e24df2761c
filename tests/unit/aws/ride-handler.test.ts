/** The ride handler, which the Lambda function and the local cloud share. */

import { describe, expect, test } from 'vitest'
import {
  createRideHandler,
  type RideDeps,
  type RideResult,
} from '../../../src/aws/ride-api/handler.ts'
import type { CountedRequest, Ride, RideStore } from '../../../src/aws/ride-api/ride-store.ts'
import {
  carriedToken,
  createRideEvent,
  idClaims,
  type RideEventParts,
  spaceNeedle,
} from '../../support/ride-event.ts'

const rideId = '3d3f1a0e-5f0a-4b3e-9a53-0f6c1c0d2b11'
const requestedAtMs = 1_793_000_000_123

interface TestHandler {
  /** what was recorded, oldest first */
  readonly rides: readonly Ride[]
  /** the riders whose rides were deleted */
  readonly deletedFor: readonly string[]
  /** the requests that were counted, or over the limit */
  readonly counted: readonly CountedRequest[]
  ask(parts?: RideEventParts): Promise<RideResult>
  handle(event: unknown): Promise<RideResult>
}

/** A store that takes everything and keeps nothing. */
const carelessStore: RideStore = {
  recordRide: async () => {},
  deleteRides: async () => {},
  countRequest: async () => true,
}

/** The handler over a store in memory. @param byte what chance gives */
function createTestHandler(byte = 0, changes: Partial<RideDeps> = {}): TestHandler {
  const rides: Ride[] = []
  const deletedFor: string[] = []
  const counted: CountedRequest[] = []
  const handle = createRideHandler({
    store: {
      async recordRide(ride) {
        rides.push(ride)
      },
      async deleteRides(riderSub) {
        deletedFor.push(riderSub)
      },
      async countRequest(request) {
        counted.push(request)
        const isSame = (one: CountedRequest) =>
          one.riderSub === request.riderSub && one.minute === request.minute
        return counted.filter(isSame).length <= request.limit
      },
    },
    clock: { nowMs: () => requestedAtMs },
    random: { bytes: (count) => new Uint8Array(count).fill(byte), uuid: () => rideId },
    ...changes,
  })
  return { rides, deletedFor, counted, handle, ask: (parts) => handle(createRideEvent(parts)) }
}

function expectError(
  { statusCode, body }: RideResult,
  expectedError: { statusCode: number; message: string },
): void {
  expect({ statusCode, ...JSON.parse(body) }).toEqual(expectedError)
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

describe('requested ride', () => {
  test('ride: a valid request is answered with the ride, the unicorn and the rider', async () => {
    const { statusCode, headers, body } = await createTestHandler().ask()

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

  test('ride: the stored record has the rider, the location, the time and the unicorn', async () => {
    const { ask, rides } = createTestHandler(5)
    await ask()

    expect(rides).toEqual([
      {
        rideId,
        riderSub: idClaims.sub,
        unicorn: { name: 'Fennel', color: 'Dapple grey', gender: 'Male' },
        pickup: { latitude: 47.6205, longitude: -122.3493 },
        requestedAtMs,
        // 30 days of 86,400 seconds later.
        expiresAtMs: 1_795_592_000_123,
      },
    ])
  })

  test('ride: the days after which it expires can be set', async () => {
    const { ask, rides } = createTestHandler(0, {
      limits: { retentionDays: 1, requestsPerMinute: 1 },
    })
    await ask()

    expect(rides[0]?.expiresAtMs).toBe(1_793_086_400_123)
  })

  test('ride: it is stored before the response is sent', async () => {
    const order: string[] = []
    let commit = () => {}
    const committed = new Promise<void>((resolve) => {
      commit = resolve
    })
    const handle = createRideHandler({
      store: {
        ...carelessStore,
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

  test.each(fleet)('unicorn choice: the random byte %i chooses %s', async (byte, ...expected) => {
    const [Name, Color, Gender] = expected

    expect(JSON.parse((await createTestHandler(byte).ask()).body).Unicorn).toEqual({
      Name,
      Color,
      Gender,
    })
  })

  test('unicorn choice: every unicorn is as likely as any other', async () => {
    const bytes = Array.from({ length: 256 }, (_, byte) => byte)
    const responses = await Promise.all(bytes.map((byte) => createTestHandler(byte).ask()))
    const names = responses.map(({ body }) => JSON.parse(body).Unicorn.Name)

    for (const [, name] of fleet) expect(names.filter((one) => one === name)).toHaveLength(32)
  })

  test('ride: a base64 body is decoded', async () => {
    const { ask, rides } = createTestHandler()
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
    ['the north pole and the date line', 90, 180],
    ['zero degrees', 0, 0],
    ['just inside of the limits', 89.99999999999999, -179.99999999999997],
    ['the smallest number', 5e-324, -5e-324],
  ])('location: a ride may start at %s', async (_, Latitude, Longitude) => {
    const { ask, rides } = createTestHandler()
    const { statusCode } = await ask({
      body: JSON.stringify({ PickupLocation: { Latitude, Longitude } }),
    })

    expect(statusCode).toBe(201)
    expect(rides[0]?.pickup).toEqual({ latitude: Latitude, longitude: Longitude })
  })

  test('location: a number may have any spelling that JSON allows', async () => {
    const { ask, rides } = createTestHandler()
    await ask({ body: '{"PickupLocation":{"Latitude":4.76205e1,"Longitude":-1223493E-4}}' })

    expect(rides[0]?.pickup).toEqual({ latitude: 47.6205, longitude: -122.3493 })
  })

  test('ride: unknown members of the request are not stored', async () => {
    const { ask, rides } = createTestHandler()
    const body = JSON.stringify({
      PickupLocation: { ...spaceNeedle, Altitude: 160 },
      RideId: 'mine',
      RiderSub: 'another',
      Unicorn: { Name: 'Rocinante' },
    })
    const response = await ask({ body })

    expect(rides).toHaveLength(1)
    expect(rides[0]).toMatchObject({ rideId, riderSub: idClaims.sub })
    expect(rides[0]?.pickup).toEqual({ latitude: 47.6205, longitude: -122.3493 })
    expect(JSON.parse(response.body)).toMatchObject({ RideId: rideId, Unicorn: { Name: 'Aurora' } })
  })

  test('ride: a rider without a user name is named by their sub', async () => {
    const { 'cognito:username': _, ...claims } = idClaims

    expect(JSON.parse((await createTestHandler().ask({ claims })).body).Rider).toBe(idClaims.sub)
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
  ['an empty body', '', needsObject],
  ['a body that is not JSON', 'unicorn', needsObject],
  ['truncated JSON', '{"PickupLocation":{"Latitude":47', needsObject],
  ['two JSON texts', `${at('1')}${at('1')}`, needsObject],
  ['form data', 'Latitude=47&Longitude=-122', needsObject],
  ['NUL bytes', '\0\0\0', needsObject],
  ['null', 'null', needsObject],
  ['a number', '47.6', needsObject],
  ['a string', '"PickupLocation"', needsObject],
  ['a boolean', 'true', needsObject],
  ['an array', '[]', 'PickupLocation is missing'],
  ['an array with a request', `[${at('1')}]`, 'PickupLocation is missing'],
  ['an empty object', '{}', 'PickupLocation is missing'],
  ['a key in another case', at('1').replace('Pickup', 'pickup'), 'PickupLocation is missing'],
  ['PickupLocation null', '{"PickupLocation":null}', needsPlace],
  ['a string as PickupLocation', '{"PickupLocation":"47,-122"}', needsPlace],
  ['a number as PickupLocation', '{"PickupLocation":0}', needsPlace],
  [
    'an array as PickupLocation',
    '{"PickupLocation":[47,-122]}',
    'PickupLocation.Latitude is missing',
  ],
  ['an empty PickupLocation', '{"PickupLocation":{}}', 'PickupLocation.Latitude is missing'],
  ['no longitude', '{"PickupLocation":{"Latitude":47}}', 'PickupLocation.Longitude is missing'],
  ['no latitude', '{"PickupLocation":{"Longitude":-122}}', 'PickupLocation.Latitude is missing'],
  ['a latitude beyond the north pole', at('90.00000000000001'), needsLatitude],
  ['a latitude beyond the south pole', at('-90.00000000000001'), needsLatitude],
  ['a longitude too far east', at('0', '180.00000000000003'), needsLongitude],
  ['a longitude too far west', at('0', '-180.00000000000003'), needsLongitude],
  ['a latitude that is a string', at('"47.6"'), needsLatitude],
  ['a longitude that is a string', at('0', '"-122"'), needsLongitude],
  ['a latitude that is null', at('null'), needsLatitude],
  ['a longitude that is null', at('0', 'null'), needsLongitude],
  ['a latitude that is an array', at('[47]'), needsLatitude],
  ['a latitude that is an object', at('{"valueOf":47}'), needsLatitude],
  ['a latitude that is true', at('true'), needsLatitude],
  ['a literal NaN, which is not JSON,', at('NaN'), needsObject],
  ['a literal Infinity, which is not JSON,', at('Infinity'), needsObject],
  ['a latitude "NaN"', at('"NaN"'), needsLatitude],
  ['a number that overflows', at('1e999'), needsLatitude],
  ['a negative number that overflows', at('0', '-1e999'), needsLongitude],
  ['a PickupLocation in __proto__', `{"__proto__":${at('1')}}`, 'PickupLocation is missing'],
  [
    'coordinates in __proto__',
    '{"PickupLocation":{"__proto__":{"Latitude":1,"Longitude":1}}}',
    'PickupLocation.Latitude is missing',
  ],
  [
    'a PickupLocation in constructor',
    '{"constructor":{"prototype":{}}}',
    'PickupLocation is missing',
  ],
  ['a lone surrogate as latitude', at('"\\ud800"'), needsLatitude],
  ['a lone surrogate as a key', '{"\\udfff":1}', 'PickupLocation is missing'],
  ['a lone surrogate as the body', '\ud800', needsObject],
  ['endless nesting', '['.repeat(60_000), needsObject],
]

describe('invalid request body', () => {
  test.each(badBodies)(
    'invalid body: %s is rejected with the reason and nothing is stored',
    async (_, body, message) => {
      const { ask, rides } = createTestHandler()

      expectError(await ask({ body }), { statusCode: 400, message })
      expect(rides).toEqual([])
    },
  )

  test.each(badBodies.filter(([, body]) => body.isWellFormed()))(
    'invalid base64 body: %s is rejected with the same message',
    async (_, text, message) => {
      const { ask, rides } = createTestHandler()
      const body = Buffer.from(text).toString('base64')

      expectError(await ask({ body, isBase64Encoded: true }), { statusCode: 400, message })
      expect(rides).toEqual([])
    },
  )

  test.each([
    ['invalid base64', '%%%'],
    ['base64 of invalid UTF-8', Buffer.from([0xff, 0xfe, 0x00]).toString('base64')],
  ])('invalid base64 body: %s is rejected', async (_, body) => {
    const { ask, rides } = createTestHandler()

    expectError(await ask({ body, isBase64Encoded: true }), {
      statusCode: 400,
      message: needsObject,
    })
    expect(rides).toEqual([])
  })

  test('invalid body: a request without a body is rejected', async () => {
    const { handle, rides } = createTestHandler()
    const { body: _, ...event } = createRideEvent()

    expectError(await handle(event), { statusCode: 400, message: needsObject })
    expect(rides).toEqual([])
  })
})

describe('authorization', () => {
  test('authorization: an access token is rejected with the hint that an ID token is needed', async () => {
    const { ask, rides } = createTestHandler()
    const { aud: _, 'cognito:username': username, ...claims } = idClaims

    expectError(
      await ask({ claims: { ...claims, username, client_id: 'x', token_use: 'access' } }),
      { statusCode: 401, message: 'An ID token is needed' },
    )
    expect(rides).toEqual([])
  })

  test.each(['', 'ID', 'id ', 'refresh'])(
    'authorization: a token with token_use %j is rejected with the same hint',
    async (token_use) => {
      const { ask, rides } = createTestHandler()

      expectError(await ask({ claims: { ...idClaims, token_use } }), {
        statusCode: 401,
        message: 'An ID token is needed',
      })
      expect(rides).toEqual([])
    },
  )

  const { requestContext } = createRideEvent()
  test.each([
    ['an event without an authorizer', { requestContext: { ...requestContext, authorizer: {} } }],
    [
      'an event of a route without an authorizer',
      { requestContext: { http: requestContext.http } },
    ],
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
      'claims without token_use',
      { requestContext: { authorizer: { jwt: { claims: { sub: idClaims.sub } } } } },
    ],
    [
      'a sub that is not a string',
      { requestContext: { authorizer: { jwt: { claims: { ...idClaims, sub: { S: 'x' } } } } } },
    ],
    ['an event without a request context', { requestContext: undefined }],
  ])('authorization: %s is Unauthorized', async (_, change) => {
    const { handle, rides } = createTestHandler()

    expectError(await handle({ ...createRideEvent(), ...change }), {
      statusCode: 401,
      message: 'Unauthorized',
    })
    expect(rides).toEqual([])
  })

  test.each([[undefined], [null], [''], [7], [[]], [{}]])(
    'authorization: the event %j is Unauthorized',
    async (event) => {
      const { handle, rides } = createTestHandler()

      expectError(await handle(event), { statusCode: 401, message: 'Unauthorized' })
      expect(rides).toEqual([])
    },
  )
})

describe('failing store', () => {
  const failures: readonly (readonly [how: string, RideStore['recordRide']])[] = [
    ['an immediate rejection', () => Promise.reject(new Error('the table is gone'))],
    [
      'a synchronous exception',
      () => {
        throw new Error('the table is gone')
      },
    ],
    [
      'a late rejection',
      async () => {
        await Promise.resolve()
        throw new Error('the table is gone')
      },
    ],
  ]

  test.each(failures)(
    'failing store: %s is thrown on and no ride is promised',
    async (_, recordRide) => {
      const handle = createRideHandler({
        store: { ...carelessStore, recordRide },
        clock: { nowMs: () => requestedAtMs },
        random: { bytes: (count) => new Uint8Array(count), uuid: () => rideId },
      })

      await expect(handle(createRideEvent())).rejects.toThrow('the table is gone')
    },
  )

  const fail = () => Promise.reject(new Error('the table is gone'))
  test.each([
    ['a count', 'POST /ride', { ...carelessStore, countRequest: fail }],
    ['a deletion', 'DELETE /rides', { ...carelessStore, deleteRides: fail }],
  ])('failing store: %s that fails is thrown on', async (_, routeKey, store) => {
    await expect(createTestHandler(0, { store }).ask({ routeKey })).rejects.toThrow(
      'the table is gone',
    )
  })

  test('failing store: a request that is not counted records no ride', async () => {
    const recorded: Ride[] = []
    const { ask } = createTestHandler(0, {
      store: {
        ...carelessStore,
        recordRide: async (ride) => void recorded.push(ride),
        countRequest: fail,
      },
    })
    await expect(ask()).rejects.toThrow()

    expect(recorded).toEqual([])
  })
})

const deletion = { routeKey: 'DELETE /rides', body: '' } as const

describe('deletion of all rides', () => {
  test("DELETE /rides: the rider's rides are deleted and the answer is 204 without a body", async () => {
    const { ask, deletedFor, rides } = createTestHandler()

    expect(await ask(deletion)).toEqual({
      statusCode: 204,
      headers: { 'Cache-Control': 'no-store' },
      body: '',
    })
    expect(deletedFor).toEqual([idClaims.sub])
    expect(rides).toEqual([])
  })

  test('DELETE /rides: the answer waits until the rides are deleted', async () => {
    const order: string[] = []
    let commit = () => {}
    const committed = new Promise<void>((resolve) => {
      commit = resolve
    })
    const { ask } = createTestHandler(0, {
      store: {
        ...carelessStore,
        async deleteRides() {
          await committed
          order.push('deleted')
        },
      },
    })
    const answered = ask(deletion).then(() => order.push('answered'))
    commit()
    await answered

    expect(order).toEqual(['deleted', 'answered'])
  })

  test('DELETE /rides: whose rides are deleted is told by the token alone', async () => {
    const { ask, deletedFor } = createTestHandler()
    await ask({ ...deletion, body: JSON.stringify({ RiderSub: 'another', sub: 'another' }) })

    expect(deletedFor).toEqual([idClaims.sub])
  })

  test.each([
    ['an access token', { ...idClaims, token_use: 'access' }, 'An ID token is needed'],
    ['claims without a sub', { token_use: 'id' }, 'Unauthorized'],
  ])('DELETE /rides: %s is rejected and nothing is deleted', async (_, claims, message) => {
    const { ask, deletedFor } = createTestHandler()

    expectError(await ask({ ...deletion, claims }), { statusCode: 401, message })
    expect(deletedFor).toEqual([])
  })

  test.each(['DELETE /ride', 'POST /rides', 'GET /rides', '$default', ''])(
    'route: %j is Not Found, and nothing is recorded or deleted',
    async (routeKey) => {
      const { ask, rides, deletedFor } = createTestHandler()

      expectError(await ask({ routeKey }), { statusCode: 404, message: 'Not Found' })
      expect([rides, deletedFor]).toEqual([[], []])
    },
  )
})

describe('limit of requests', () => {
  const limits = { retentionDays: 30, requestsPerMinute: 2 }

  test('limit: the eleventh request of a rider in one minute is a 429 that says when to try again', async () => {
    const { ask, rides } = createTestHandler()
    for (let index = 0; index < 10; index += 1) expect((await ask()).statusCode).toBe(201)

    // 1,793,000,000.123 is 39.877 seconds before a full minute.
    expect(await ask()).toEqual({
      statusCode: 429,
      headers: {
        'Content-Type': 'application/json',
        'Cache-Control': 'no-store',
        'Retry-After': '40',
      },
      body: '{"message":"Too many requests. Try again in 40 seconds."}',
    })
    expect(rides).toHaveLength(10)
  })

  test('limit: other riders and the next minute have counts of their own', async () => {
    let nowMs = 60_000
    const { ask } = createTestHandler(0, { limits, clock: { nowMs: () => nowMs } })
    const statusOf = async (sub: string) => (await ask({ claims: { ...idClaims, sub } })).statusCode

    expect([await statusOf('a'), await statusOf('a'), await statusOf('a')]).toEqual([201, 201, 429])
    expect(await statusOf('b')).toBe(201)
    nowMs = 119_999
    expect(await statusOf('a')).toBe(429)
    nowMs = 120_000
    expect(await statusOf('a')).toBe(201)
  })

  test('limit: requests that are rejected and deletions count too', async () => {
    const { ask, deletedFor } = createTestHandler(0, { limits })
    await ask({ body: '{}' })
    await ask(deletion)

    expect((await ask()).statusCode).toBe(429)
    expect((await ask(deletion)).statusCode).toBe(429)
    expect(deletedFor).toHaveLength(1)
  })

  test('limit: a request without a valid token is not counted', async () => {
    const { ask, counted } = createTestHandler()
    await ask({ claims: { ...idClaims, token_use: 'access' } })
    await ask({ claims: {} })

    expect(counted).toEqual([])
  })

  test.each([
    [59_000, '1', 'Try again in 1 second.'],
    [59_999, '1', 'Try again in 1 second.'],
    [0, '60', 'Try again in 60 seconds.'],
  ])('limit: %i ms into a minute, Retry-After is %s', async (nowMs, seconds, sentence) => {
    const store = { ...carelessStore, countRequest: async () => false }
    const { ask } = createTestHandler(0, { store, clock: { nowMs: () => nowMs } })
    const { headers, body } = await ask()

    expect(headers['Retry-After']).toBe(seconds)
    expect(JSON.parse(body).message).toBe(`Too many requests. ${sentence}`)
  })
})

describe('secrets in responses', () => {
  const { 'cognito:username': _, ...nameless } = idClaims
  const calls: readonly (readonly [string, RideEventParts])[] = [
    ['an accepted ride', {}],
    ['a rejected location', { body: at('91') }],
    ['a rejected body', { body: idClaims.sub }],
    ['a body that is the token', { body: carriedToken }],
    ['a latitude that is the token', { body: at(JSON.stringify(carriedToken)) }],
    ['a rejected token', { claims: { ...idClaims, token_use: 'access' } }],
    ['invalid claims', { claims: { ...idClaims, token_use: { is: idClaims.sub } } }],
    ['a rejected location of a rider without a user name', { claims: nameless, body: at('91') }],
  ]

  test.each(calls)(
    'secrets in responses: neither token nor sub is repeated for %s',
    async (_, parts) => {
      const response = JSON.stringify(await createTestHandler().ask(parts))

      expect(response).not.toContain(carriedToken)
      expect(response).not.toContain(idClaims.sub)
    },
  )
})
