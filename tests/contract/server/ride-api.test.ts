/** The ride API of the local cloud over a socket: authorization, request validation and stored rides. */

import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { type OutgoingHttpHeaders, request } from 'node:http'
import { join } from 'node:path'
import { decodeJwt } from 'jose'
import Database from 'libsql'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { StoreError } from '../../../src/local-cloud/sqlite-file.ts'
import { type ApiResponse, readResponse } from '../../support/cognito-api.ts'
import { encodePart, jwtForgeries, signJwt } from '../../support/forged-jwt.ts'
import {
  type LocalCloudServer,
  shareLocalCloud,
  startLocalCloud,
} from '../../support/local-cloud-server.ts'
import { spaceNeedle } from '../../support/ride-event.ts'
import { signInBySrp } from '../../support/sign-in.ts'
import { createTempFolder } from '../../support/temp-folder.ts'
import {
  ClientId,
  createConfirmedUser,
  requireStoredUser,
  requireTokens,
  rider,
  startSessionFor,
} from '../../support/users.ts'

const body = JSON.stringify({ PickupLocation: spaceNeedle })
const json = { 'Content-Type': 'application/json' }

interface RideApiSession {
  readonly server: LocalCloudServer
  readonly idToken: string
  readonly accessToken: string
}

async function addRider(server: LocalCloudServer): Promise<RideApiSession> {
  await createConfirmedUser(server)
  const { IdToken, AccessToken } = await startSessionFor(server)
  return { server, idToken: IdToken, accessToken: AccessToken }
}

/** The local cloud with its ride API, and a rider who has signed in. */
async function startWithSession(
  options: Parameters<typeof startLocalCloud>[0] = {},
): Promise<RideApiSession> {
  return addRider(await startLocalCloud({ rideApi: true, ...options }))
}

/** Tests that share a rider ask for more rides than one rider may. */
const rideLimits = { retentionDays: 30, requestsPerMinute: 10_000 }

/** One session for all tests that check only their own rides. */
const shareSession = shareLocalCloud({ rideApi: true, rideLimits }, addRider)

async function requestRide(
  { origin }: Pick<LocalCloudServer, 'origin'>,
  authorization: string | undefined,
  init: RequestInit = {},
): Promise<ApiResponse> {
  const headers = new Headers(json)
  for (const [name, value] of new Headers(init.headers)) headers.set(name, value)
  if (authorization !== undefined) headers.set('Authorization', authorization)
  return readResponse(
    await fetch(`${origin}/ride-api/ride`, { method: 'POST', body, ...init, headers }),
  )
}

/** Sends exactly these headers, which `fetch` would not. */
async function send(
  { port }: LocalCloudServer,
  headers: OutgoingHttpHeaders,
  text = body,
  { method, path } = { method: 'POST', path: '/ride-api/ride' },
): Promise<{ status: number | undefined; text: string; headers: NodeJS.Dict<string | string[]> }> {
  const outgoing = request({
    host: 'localhost',
    port,
    method,
    path,
    headers,
  })
  outgoing.end(text)
  const [incoming] = await once(outgoing, 'response')
  let answer = ''
  for await (const chunk of incoming) answer += String(chunk)
  return { status: incoming.statusCode, text: answer, headers: incoming.headers }
}

const rideRow = v.object({
  ride_id: v.string(),
  rider_sub: v.string(),
  unicorn_name: v.string(),
  latitude: v.number(),
  longitude: v.number(),
  requested_at_ms: v.number(),
})

async function deleteRides(
  { origin }: Pick<LocalCloudServer, 'origin'>,
  authorization: string | undefined,
  init: RequestInit = {},
): Promise<Response> {
  const headers = new Headers(init.headers)
  if (authorization !== undefined) headers.set('Authorization', authorization)
  return fetch(`${origin}/ride-api/rides`, { method: 'DELETE', ...init, headers })
}

/** Reads the rides as any SQLite tool does. */
function readRides(dataFolder: string): readonly v.InferOutput<typeof rideRow>[] {
  const database = new Database(join(dataFolder, 'rides.sqlite'))
  try {
    const rows = database.prepare('SELECT * FROM rides ORDER BY rowid').all()
    return v.parse(v.array(rideRow), rows)
  } finally {
    database.close()
  }
}

function expectRide({ status, body }: ApiResponse): string {
  expect({ status, body }).toEqual({
    status: 201,
    body: {
      RideId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      Unicorn: {
        Name: expect.any(String),
        Color: expect.any(String),
        Gender: expect.stringMatching(/^(Female|Male)$/),
      },
      Eta: '30 seconds',
      Rider: rider.username,
    },
  })
  return String(body.RideId)
}

function expectUnauthorized({ status, headers, body }: ApiResponse): void {
  expect({ status, challenge: headers.get('www-authenticate'), body }).toEqual({
    status: 401,
    challenge: 'Bearer',
    body: { message: 'Unauthorized' },
  })
}

describe('signed-in rider', () => {
  test('ride API: an ID token from an SRP sign-in gets a ride, which is stored', async () => {
    const server = await startLocalCloud({ rideApi: true })
    await createConfirmedUser(server)
    const { IdToken } = requireTokens(await signInBySrp(server))
    const rideId = expectRide(await requestRide(server, IdToken))

    expect(readRides(server.dataFolder)).toEqual([
      {
        ride_id: rideId,
        rider_sub: requireStoredUser(server, rider.username).sub,
        unicorn_name: expect.any(String),
        latitude: 47.6205,
        longitude: -122.3493,
        requested_at_ms: expect.any(Number),
      },
    ])
  })

  test.each(['', 'Bearer ', 'bearer ', 'BEARER '])(
    'ride API: the Authorization scheme %j is accepted before the ID token',
    async (scheme) => {
      const { server, idToken } = shareSession()

      expectRide(await requestRide(server, `${scheme}${idToken}`))
    },
  )

  test('ride API: a charset in the Content-Type is accepted', async () => {
    const { server, idToken } = shareSession()
    const headers = { 'Content-Type': 'application/json; charset=utf-8' }

    expectRide(await requestRide(server, idToken, { headers }))
  })

  test("ride API: a request from the site's own page is accepted", async () => {
    const { server, idToken } = shareSession()
    const headers = { Origin: server.origin, 'Sec-Fetch-Site': 'same-origin' }

    expectRide(await requestRide(server, idToken, { headers }))
  })

  test('ride API: ten parallel requests get ten rides with different ids', async () => {
    const { server, idToken } = await startWithSession()
    const asked = Array.from({ length: 10 }, () => requestRide(server, idToken))
    const ids = (await Promise.all(asked)).map(expectRide)

    expect(new Set(ids).size).toBe(10)
    expect(
      readRides(server.dataFolder)
        .map(({ ride_id }) => ride_id)
        .sort(),
    ).toEqual(ids.sort())
  })

  test('ride API: rides and ID tokens stay valid after a restart', async () => {
    const { server, idToken } = await startWithSession()
    const first = expectRide(await requestRide(server, idToken))
    await server.close()
    const { dataFolder } = server
    const again = await startLocalCloud({ rideApi: true, dataFolder })
    const second = expectRide(await requestRide(again, idToken))

    expect(readRides(dataFolder).map(({ ride_id }) => ride_id)).toEqual([first, second])
  })

  test('ride API: an invalid pickup location is rejected with the reason and not stored', async () => {
    const { server, idToken } = shareSession()
    const before = readRides(server.dataFolder)
    const { status, body: told } = await requestRide(server, idToken, {
      body: '{"PickupLocation":{"Latitude":91,"Longitude":0}}',
    })

    expect({ status, told }).toEqual({
      status: 400,
      told: { message: 'PickupLocation.Latitude must be a number from -90 to 90' },
    })
    expect(readRides(server.dataFolder)).toEqual(before)
  })

  test('ride API: the response must not be cached', async () => {
    const { server, idToken } = shareSession()
    const { headers } = await requestRide(server, idToken)

    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('content-type')).toBe('application/json')
  })
})

describe('access token at the ride API', () => {
  test.each(['', 'Bearer '])(
    'ride API: an access token with scheme %j is rejected',
    async (scheme) => {
      const { server, accessToken } = shareSession()
      const before = readRides(server.dataFolder)
      const { status, body: told } = await requestRide(server, `${scheme}${accessToken}`)

      expect({ status, told }).toEqual({ status: 401, told: { message: 'An ID token is needed' } })
      expect(readRides(server.dataFolder)).toEqual(before)
    },
  )
})

type Forge = (session: RideApiSession) => string | Promise<string>

const forgeries: readonly (readonly [string, Forge])[] = [
  ...jwtForgeries.map(([name, , forge]): readonly [string, Forge] => [
    name,
    ({ server, idToken }) => forge({ token: idToken, key: server.keys.id }),
  ]),
  [
    'an access token with an edited token_use',
    ({ accessToken }) => {
      const [header, , signature] = accessToken.split('.')
      const claims = { ...decodeJwt(accessToken), token_use: 'id', aud: ClientId }
      return `${header}.${encodePart(claims)}.${signature}`
    },
  ],
  ['four parts', ({ idToken }) => `${idToken}.x`],
  [
    'parts that are JSON null',
    () =>
      `${Buffer.from('null').toString('base64url')}.${Buffer.from('null').toString('base64url')}.x`,
  ],
  ['the scheme Bearer alone', () => 'Bearer '],
  ['the scheme Basic', ({ idToken }) => `Basic ${idToken}`],
  ['the scheme Bearer twice', ({ idToken }) => `Bearer Bearer ${idToken}`],
  ['two tokens', ({ idToken }) => `${idToken}, ${idToken}`],
  ['an empty header', () => ''],
]

describe('forged ID token', () => {
  test.each(forgeries)(
    'forged ID token: %s is rejected and no ride is stored',
    async (_, forge) => {
      const session = shareSession()
      const { server, idToken } = session
      const before = readRides(server.dataFolder)

      expectUnauthorized(await requestRide(server, await forge(session)))
      expect(readRides(server.dataFolder)).toEqual(before)
      expectRide(await requestRide(server, idToken))
    },
  )
})

describe('ID token signed by the pool with other claims', () => {
  const seconds = () => Math.floor(Date.now() / 1000)
  const changes: readonly (readonly [string, () => Readonly<Record<string, unknown>>])[] = [
    [
      'of another pool (iss)',
      () => ({ iss: 'https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Other' }),
    ],
    ['for another client (aud)', () => ({ aud: 'another' })],
    ['without a client (aud)', () => ({ aud: undefined })],
    ['for several other clients (aud)', () => ({ aud: ['another', 'athird'] })],
    ['that has expired (exp)', () => ({ exp: seconds() - 1 })],
    ['that is not valid yet (nbf)', () => ({ nbf: seconds() + 3600 })],
    ['without token_use', () => ({ token_use: undefined })],
    ['with the token_use refresh', () => ({ token_use: 'refresh' })],
    ['with the token_use access', () => ({ token_use: 'access' })],
  ]

  test.each(changes)('ID token claims: a token %s is rejected', async (_, change) => {
    const { server, idToken } = shareSession()
    const { privateKey, kid } = server.keys.id
    const claims = decodeJwt(idToken)
    const before = readRides(server.dataFolder)

    expectUnauthorized(
      await requestRide(server, await signJwt(privateKey, kid, { ...claims, ...change() })),
    )
    expect(readRides(server.dataFolder)).toEqual(before)
    expectRide(await requestRide(server, await signJwt(privateKey, kid, claims)))
  })

  test('ID token claims: a token is valid until its last second', async () => {
    const { server, idToken } = shareSession()
    const { privateKey, kid } = server.keys.id
    const claims = { ...decodeJwt(idToken), exp: seconds() + 60 }

    expectRide(await requestRide(server, await signJwt(privateKey, kid, claims)))
  })
})

test('ride API: a request without a token is rejected', async () => {
  const { server } = shareSession()
  const before = readRides(server.dataFolder)

  expectUnauthorized(await requestRide(server, undefined))
  expect(readRides(server.dataFolder)).toEqual(before)
})

test('ride API: without a valid token the body is not validated', async () => {
  const { server } = shareSession()

  expectUnauthorized(await requestRide(server, 'nonsense', { body: 'no JSON' }))
})

describe('invalid request to the ride API', () => {
  test.each([
    '/ride-api/',
    '/ride-api/rides',
    '/ride-api/ride/',
    '/ride-api/ride/1',
    '/ride-api//ride',
  ])('ride API: %s is a 404', async (path) => {
    const { server, idToken } = shareSession()
    const headers = { ...json, Authorization: idToken }
    const response = await fetch(`${server.origin}${path}`, { method: 'POST', headers, body })

    expect(response.status).toBe(404)
    expect(await response.json()).toEqual({ message: 'Not Found' })
  })

  test.each(['/ride-api', '/ride-apis/ride', '/ride', '/RIDE-API/ride'])(
    'ride API: %s is not handled',
    async (path) => {
      const { server, idToken } = shareSession()
      const headers = { ...json, Authorization: idToken }
      const response = await fetch(`${server.origin}${path}`, { method: 'POST', headers, body })

      expect([response.status, await response.text()]).toEqual([404, ''])
    },
  )

  test.each(['GET', 'HEAD', 'PUT', 'PATCH'])('ride API: method %s is rejected', async (method) => {
    const { server, idToken } = shareSession()
    const answer = await requestRide(server, idToken, { method, body: null })

    expect(answer.status).toBe(405)
  })

  test.each([
    'text/plain',
    'text/plain;charset=UTF-8',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonp',
  ])('ride API: Content-Type %s is rejected', async (type) => {
    const { server, idToken } = shareSession()
    const before = readRides(server.dataFolder)
    const answer = await requestRide(server, idToken, { headers: { 'Content-Type': type } })

    expect(answer.status).toBe(415)
    expect(answer.body.message).toBe('Content-Type must be application/json')
    expect(readRides(server.dataFolder)).toEqual(before)
  })

  const long = JSON.stringify({ PickupLocation: spaceNeedle, filler: 'x'.repeat(70_000) })
  test.each([
    ['declared in Content-Length', { 'Content-Length': String(Buffer.byteLength(long)) }],
    ['sent in chunks', { 'Transfer-Encoding': 'chunked' }],
  ])('ride API: a body over the size limit, %s, is rejected', async (_, headers) => {
    const { server, idToken } = shareSession()
    const before = readRides(server.dataFolder)
    const sent = { ...json, Authorization: idToken, ...headers }

    expect((await send(server, sent, long)).status).toBe(413)
    expect(readRides(server.dataFolder)).toEqual(before)
  })
})

describe('deletion of all rides', () => {
  /** A second rider of the same pool. */
  async function addOtherRider(server: LocalCloudServer): Promise<string> {
    const other = { ...rider, username: 'other@example.com' }
    await createConfirmedUser(server, other)
    return (await startSessionFor(server, other.username)).IdToken
  }

  test("DELETE /rides: a rider's rides are gone from the store, and those of others stay", async () => {
    const { server, idToken } = await startWithSession()
    const otherToken = await addOtherRider(server)
    for (let index = 0; index < 3; index += 1) expectRide(await requestRide(server, idToken))
    await requestRide(server, otherToken)
    const response = await deleteRides(server, idToken)

    expect([response.status, await response.text()]).toEqual([204, ''])
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(readRides(server.dataFolder)).toMatchObject([{ rider_sub: decodeJwt(otherToken).sub }])
    expect((await deleteRides(server, idToken)).status).toBe(204)
    expectRide(await requestRide(server, idToken))
  })

  test("DELETE /rides: the site's own page may send it with a JSON content type or without", async () => {
    const { server, idToken } = await startWithSession()
    const page = { Origin: server.origin, 'Sec-Fetch-Site': 'same-origin' }

    expect((await deleteRides(server, idToken, { headers: page })).status).toBe(204)
    expect((await deleteRides(server, idToken, { headers: { ...page, ...json } })).status).toBe(204)
  })

  test.each([
    ['without a token', () => undefined],
    [
      'with an expired token',
      ({ server, idToken }: RideApiSession) => signExpired(server, idToken),
    ],
    ['with an access token', ({ accessToken }: RideApiSession) => accessToken],
  ])('DELETE /rides: %s it is Unauthorized, and the rides stay', async (_, makeToken) => {
    const session = await startWithSession()
    const { server, idToken } = session
    expectRide(await requestRide(server, idToken))

    expect((await deleteRides(server, await makeToken(session))).status).toBe(401)
    expect(readRides(server.dataFolder)).toHaveLength(1)
  })

  async function signExpired({ keys }: LocalCloudServer, idToken: string): Promise<string> {
    return signJwt(keys.id.privateKey, keys.id.kid, { ...decodeJwt(idToken), exp: 1 })
  }

  test.each([
    ['from a page of another site', { Origin: 'https://evil.example' }, 403],
    ['from a page of another port', { Origin: 'http://localhost:3000' }, 403],
    ['with Sec-Fetch-Site cross-site', { 'Sec-Fetch-Site': 'cross-site' }, 403],
    ['with a foreign Host', { Host: 'evil.example' }, 403],
    ['with a body that is not JSON', { 'Content-Length': '2', 'Content-Type': 'text/plain' }, 415],
    ['with a body in chunks of no type', { 'Transfer-Encoding': 'chunked' }, 415],
    ['with a body that is too long', { ...json, 'Content-Length': '70000' }, 413],
  ])('DELETE /rides: a request %s is rejected, and the rides stay', async (_, headers, status) => {
    const { server, idToken } = shareSession()
    const rideId = expectRide(await requestRide(server, idToken))
    const sent = { Authorization: idToken, ...headers }
    // Without headers that announce it, a body would be taken for the next request.
    const text = status === 403 ? '' : '{}'
    const answer = await send(server, sent, text, { method: 'DELETE', path: '/ride-api/rides' })

    expect(answer.status).toBe(status)
    expect(readRides(server.dataFolder).map(({ ride_id }) => ride_id)).toContain(rideId)
  })

  test('DELETE /rides: the rides stay and the answer is 500 when the store fails', async () => {
    const { server, idToken } = await startWithSession()
    expectRide(await requestRide(server, idToken))
    const database = new Database(join(server.dataFolder, 'rides.sqlite'))
    database.exec("CREATE TRIGGER stop BEFORE DELETE ON rides BEGIN SELECT RAISE(ABORT, 'no'); END")
    database.close()

    expect((await deleteRides(server, idToken)).status).toBe(500)
    expect(readRides(server.dataFolder)).toHaveLength(1)
  })

  test.each(['/ride-api/ride', '/ride-api/rides/', '/ride-api/rides/1'])(
    'DELETE /rides: DELETE %s is a 404',
    async (path) => {
      const { server, idToken } = shareSession()
      const headers = { Authorization: idToken }
      const response = await fetch(`${server.origin}${path}`, { method: 'DELETE', headers })

      expect([response.status, await response.json()]).toEqual([404, { message: 'Not Found' }])
    },
  )
})

describe('what is kept, and how often one may ask', () => {
  async function advance({ origin }: LocalCloudServer, advanceSeconds: number): Promise<void> {
    const init = { method: 'POST', headers: json, body: JSON.stringify({ advanceSeconds }) }
    expect((await fetch(`${origin}/console/clock`, init)).ok).toBe(true)
  }

  test('retention: a ride is deleted after 30 days, when the next one is asked for', async () => {
    const { server, idToken } = await startWithSession()
    const first = expectRide(await requestRide(server, idToken))
    await advance(server, 30 * 86_400 - 60)
    const second = expectRide(await requestRide(server, idToken))
    expect(readRides(server.dataFolder).map(({ ride_id }) => ride_id)).toEqual([first, second])
    await advance(server, 60)
    const third = expectRide(await requestRide(server, idToken))

    expect(readRides(server.dataFolder).map(({ ride_id }) => ride_id)).toEqual([second, third])
  })

  test('limit: the pool’s clock decides when a rider who asked too often may ask again', async () => {
    const { server, idToken } = await startWithSession({
      rideLimits: { retentionDays: 30, requestsPerMinute: 2 },
    })
    const asked = []
    // The limit is met in the second minute at the latest.
    for (let index = 0; index < 5; index += 1) asked.push(await requestRide(server, idToken))
    const limited = asked.find(({ status }) => status === 429)
    const seconds = Number(limited?.headers.get('retry-after'))

    expect(limited?.body.message).toMatch(/^Too many requests\. Try again in \d+ seconds?\.$/)
    expect(seconds).toBeGreaterThanOrEqual(1)
    expect(seconds).toBeLessThanOrEqual(60)
    await advance(server, 60)
    expectRide(await requestRide(server, idToken))
  })

  test('limit: by default a rider may ask ten times in a minute', async () => {
    const { server, idToken } = await startWithSession()
    const statuses: number[] = []
    // Of 21 requests in at most two minutes one is over the limit.
    for (let index = 0; index < 21; index += 1) {
      statuses.push((await requestRide(server, idToken)).status)
    }

    expect(statuses.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 201))
    expect(statuses).toContain(429)
    expect(readRides(server.dataFolder).length).toBeLessThanOrEqual(20)
  })
})

describe('ride API and other origins', () => {
  const guest = 'http://localhost:3000'
  const allowedOrigins = new Set([guest, 'https://evil.example', 'null'])
  const shareOpenSession = shareLocalCloud({ rideApi: true, rideLimits, allowedOrigins }, addRider)

  test.each([
    ['with a foreign Host', { Host: 'evil.example' }],
    ['with a Host in .localhost', { Host: 'app.localhost' }],
    ['from a page of another port', { Origin: guest }],
    ['from a page of another site', { Origin: 'https://evil.example' }],
    ['from a page with the Origin null', { Origin: 'null' }],
    ['with Sec-Fetch-Site cross-site', { 'Sec-Fetch-Site': 'cross-site' }],
  ])(
    'ride API: a request %s is rejected even with a valid token and an allowed origin',
    async (_, headers) => {
      const { server, idToken } = shareOpenSession()
      const answer = await send(server, { ...json, Authorization: idToken, ...headers })

      expect(answer.status).toBe(403)
      expect(answer.headers['access-control-allow-origin']).toBeUndefined()
      expect(readRides(server.dataFolder)).toEqual([])
    },
  )

  test('CORS: the preflight of another origin is rejected', async () => {
    const { server } = shareOpenSession()
    const response = await fetch(`${server.origin}/ride-api/ride`, {
      method: 'OPTIONS',
      headers: { Origin: guest, 'Access-Control-Request-Headers': 'authorization,content-type' },
    })

    expect(response.status).toBe(403)
    expect(response.headers.get('access-control-allow-origin')).toBeNull()
  })
})

test('ride API off: its path is not handled and no store is created', async () => {
  const { server, idToken } = await startWithSession({ rideApi: false })
  const answer = await requestRide(server, idToken)

  expect([answer.status, answer.text]).toEqual([404, ''])
  expect(() => readRides(server.dataFolder)).toThrow()
})

test('ride API: a damaged store of rides stops the start', async () => {
  const dataFolder = createTempFolder()
  const path = join(dataFolder, 'rides.sqlite')
  writeFileSync(path, 'rides:\n  - one\n')
  const start = startLocalCloud({ rideApi: true, dataFolder })

  await expect(start).rejects.toThrow(StoreError)
  await expect(start).rejects.toThrow(`The local cloud's store ${path} cannot be used`)
})

test('ride API: a failed write is a 500 whose cause is only printed in the terminal', async () => {
  const { server, idToken } = await startWithSession()
  const database = new Database(join(server.dataFolder, 'rides.sqlite'))
  database.exec('DROP TABLE rides')
  database.close()
  const { status, text } = await requestRide(server, idToken)

  expect(status).toBe(500)
  expect(text).not.toMatch(/rides|sqlite/i)
  expect(server.printed.join('\n')).toMatch(/POST \/ride-api\/ride failed: .*no such table: rides/)
})

test('ride API: tokens and locations are neither printed nor logged', async () => {
  const session = await startWithSession()
  const { server, idToken, accessToken } = session
  const { privateKey, kid } = server.keys.id
  const sent = [
    idToken,
    accessToken,
    ...(await Promise.all(forgeries.map(([, forge]) => forge(session)))),
    await signJwt(privateKey, kid, { ...decodeJwt(idToken), exp: 1 }),
  ]
  for (const token of sent) {
    await requestRide(server, token)
    await requestRide(server, token, { body: '{"PickupLocation":{"Latitude":91}}' })
    await requestRide(server, token, { headers: { 'Content-Type': 'text/plain' } })
  }
  const printed = server.printed.join('\n')
  const log = await (await fetch(`${server.origin}/console/requests`)).text()

  for (const token of sent.filter(({ length }) => length > 10)) {
    const signature = token.split('.')[2] ?? ''
    for (const secret of [token, signature].filter(({ length }) => length > 10)) {
      expect(printed).not.toContain(secret)
      expect(log).not.toContain(secret)
    }
  }
  expect(printed).not.toMatch(/47\.62|122\.34/)
})
