/** The ride API of the local cloud over a real socket: who may ask for a ride, and what becomes of it. */

import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { type OutgoingHttpHeaders, request } from 'node:http'
import { join } from 'node:path'
import {
  type CryptoKey,
  decodeJwt,
  decodeProtectedHeader,
  exportSPKI,
  generateKeyPair,
  type JWTPayload,
  SignJWT,
} from 'jose'
import Database from 'libsql'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { StoreError } from '../../../src/local-cloud/sqlite-file.ts'
import { type LocalCloudServer, startLocalCloud } from '../../support/local-cloud-server.ts'
import { spaceNeedle } from '../../support/ride-event.ts'
import { signInBySrp } from '../../support/sign-in.ts'
import { createTempFolder } from '../../support/temp-folder.ts'
import {
  ClientId,
  confirmUser,
  requireStoredUser,
  requireTokens,
  rider,
  startSessionOf,
} from '../../support/users.ts'
import { type Answer, readAnswer } from '../../support/wire.ts'

const body = JSON.stringify({ PickupLocation: spaceNeedle })
const json = { 'Content-Type': 'application/json' }

interface Desk {
  readonly server: LocalCloudServer
  readonly idToken: string
  readonly accessToken: string
}

/** The local cloud with its ride API, and a rider who has signed in. */
async function openDesk(options: Parameters<typeof startLocalCloud>[0] = {}): Promise<Desk> {
  const server = await startLocalCloud({ rideApi: true, ...options })
  await confirmUser(server)
  const { IdToken, AccessToken } = await startSessionOf(server)
  return { server, idToken: IdToken, accessToken: AccessToken }
}

async function askForRide(
  { origin }: Pick<LocalCloudServer, 'origin'>,
  authorization: string | undefined,
  init: RequestInit = {},
): Promise<Answer> {
  const headers = new Headers(json)
  for (const [name, value] of new Headers(init.headers)) headers.set(name, value)
  if (authorization !== undefined) headers.set('Authorization', authorization)
  return readAnswer(
    await fetch(`${origin}/ride-api/ride`, { method: 'POST', body, ...init, headers }),
  )
}

/** Sends exactly these headers, which `fetch` would not. */
async function send(
  { port }: LocalCloudServer,
  headers: OutgoingHttpHeaders,
  text = body,
): Promise<{ status: number | undefined; text: string; headers: NodeJS.Dict<string | string[]> }> {
  const outgoing = request({
    host: 'localhost',
    port,
    method: 'POST',
    path: '/ride-api/ride',
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

/** What any SQLite tool sees in the data folder. */
function readRides(dataFolder: string): readonly v.InferOutput<typeof rideRow>[] {
  const database = new Database(join(dataFolder, 'rides.sqlite'))
  try {
    const rows = database.prepare('SELECT * FROM rides ORDER BY rowid').all()
    return v.parse(v.array(rideRow), rows)
  } finally {
    database.close()
  }
}

function expectRide({ status, body }: Answer): string {
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

function expectUnauthorized({ status, headers, body }: Answer): void {
  expect({ status, challenge: headers.get('www-authenticate'), body }).toEqual({
    status: 401,
    challenge: 'Bearer',
    body: { message: 'Unauthorized' },
  })
}

describe('a rider who is signed in', () => {
  test('by her password proved gets a ride, and it is in the store', async () => {
    const server = await startLocalCloud({ rideApi: true })
    await confirmUser(server)
    const { IdToken } = requireTokens(await signInBySrp(server))
    const rideId = expectRide(await askForRide(server, IdToken))

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
    'gets a ride with %j before her ID token',
    async (scheme) => {
      const { server, idToken } = await openDesk()

      expectRide(await askForRide(server, `${scheme}${idToken}`))
    },
  )

  test('gets a ride with a charset in the type', async () => {
    const { server, idToken } = await openDesk()
    const headers = { 'Content-Type': 'application/json; charset=utf-8' }

    expectRide(await askForRide(server, idToken, { headers }))
  })

  test('gets one from the page of the site', async () => {
    const { server, idToken } = await openDesk()
    const headers = { Origin: server.origin, 'Sec-Fetch-Site': 'same-origin' }

    expectRide(await askForRide(server, idToken, { headers }))
  })

  test('gets as many as she asks for at once, each with an id of its own', async () => {
    const { server, idToken } = await openDesk()
    const asked = Array.from({ length: 10 }, () => askForRide(server, idToken))
    const ids = (await Promise.all(asked)).map(expectRide)

    expect(new Set(ids).size).toBe(10)
    expect(
      readRides(server.dataFolder)
        .map(({ ride_id }) => ride_id)
        .sort(),
    ).toEqual(ids.sort())
  })

  test('finds her rides kept, and her token good, after a restart', async () => {
    const { server, idToken } = await openDesk()
    const first = expectRide(await askForRide(server, idToken))
    await server.close()
    const { dataFolder } = server
    const again = await startLocalCloud({ rideApi: true, dataFolder })
    const second = expectRide(await askForRide(again, idToken))

    expect(readRides(dataFolder).map(({ ride_id }) => ride_id)).toEqual([first, second])
  })

  test('is told why a place is refused, and nothing is kept', async () => {
    const { server, idToken } = await openDesk()
    const { status, body: told } = await askForRide(server, idToken, {
      body: '{"PickupLocation":{"Latitude":91,"Longitude":0}}',
    })

    expect({ status, told }).toEqual({
      status: 400,
      told: { message: 'PickupLocation.Latitude must be a number from -90 to 90' },
    })
    expect(readRides(server.dataFolder)).toEqual([])
  })

  test('gets no answer that a cache would keep', async () => {
    const { server, idToken } = await openDesk()
    const { headers } = await askForRide(server, idToken)

    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('content-type')).toBe('application/json')
  })
})

describe('an access token', () => {
  test.each(['', 'Bearer '])('is not enough, with %j before it', async (scheme) => {
    const { server, accessToken } = await openDesk()
    const { status, body: told } = await askForRide(server, `${scheme}${accessToken}`)

    expect({ status, told }).toEqual({ status: 401, told: { message: 'An ID token is needed' } })
    expect(readRides(server.dataFolder)).toEqual([])
  })
})

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}

function signWith(key: CryptoKey, kid: string, claims: JWTPayload): Promise<string> {
  return new SignJWT({ ...claims }).setProtectedHeader({ alg: 'RS256', kid }).sign(key)
}

function signByHmac(secret: string | Buffer, kid: string, claims: JWTPayload): string {
  const text = `${encode({ alg: 'HS256', kid })}.${encode(claims)}`
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
}

/** What a forger has: a token of her own, what it says, and the public key. */
interface Booty extends Desk {
  readonly claims: JWTPayload
  readonly kid: string
  readonly parts: readonly [header: string, payload: string, signature: string]
}

async function becomeForger(): Promise<Booty> {
  const desk = await openDesk()
  const [header = '', payload = '', signature = ''] = desk.idToken.split('.')
  return {
    ...desk,
    claims: decodeJwt(desk.idToken),
    kid: decodeProtectedHeader(desk.idToken).kid ?? '',
    parts: [header, payload, signature],
  }
}

type Forge = (booty: Booty) => string | Promise<string>

const forgeries: readonly (readonly [string, Forge])[] = [
  [
    'no algorithm and no signature',
    ({ kid, claims }) => `${encode({ alg: 'none', kid })}.${encode(claims)}.`,
  ],
  [
    'no algorithm and the true signature',
    ({ kid, claims, parts }) => `${encode({ alg: 'none', kid })}.${encode(claims)}.${parts[2]}`,
  ],
  [
    'an algorithm in other letters',
    ({ kid, claims }) => `${encode({ alg: 'nOnE', kid })}.${encode(claims)}.`,
  ],
  [
    'HS256 with the public key as its secret',
    async ({ server, kid, claims }) =>
      signByHmac(await exportSPKI(server.keys.id.publicKey), kid, claims),
  ],
  [
    'HS256 with the modulus as its secret',
    ({ server, kid, claims }) =>
      signByHmac(Buffer.from(server.keys.id.publicJwk.n ?? '', 'base64url'), kid, claims),
  ],
  [
    "a key of the forger's own under our key id",
    async ({ kid, claims }) => signWith((await generateKeyPair('RS256')).privateKey, kid, claims),
  ],
  [
    "a key of the forger's own under its own id",
    async ({ claims }) => signWith((await generateKeyPair('RS256')).privateKey, 'mine', claims),
  ],
  [
    'a key in its header',
    async ({ kid, claims }) => {
      const { privateKey } = await generateKeyPair('RS256')
      const jwk = { kty: 'RSA', n: 'AQAB', e: 'AQAB' }
      return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid, jwk }).sign(privateKey)
    },
  ],
  [
    'an edited payload',
    ({ claims, parts }) =>
      `${parts[0]}.${encode({ ...claims, 'cognito:username': 'victim@example.com' })}.${parts[2]}`,
  ],
  [
    'the use edited, an access token otherwise',
    ({ accessToken }) => {
      const [header, , signature] = accessToken.split('.')
      const claims = { ...decodeJwt(accessToken), token_use: 'id', aud: ClientId }
      return `${header}.${encode(claims)}.${signature}`
    },
  ],
  [
    'an edited header',
    ({ kid, parts }) => `${encode({ kid, alg: 'RS256', typ: 'JWT' })}.${parts[1]}.${parts[2]}`,
  ],
  [
    'a bit of its signature flipped',
    ({ parts: [header, payload, signature] }) =>
      `${header}.${payload}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`,
  ],
  ['no signature', ({ parts }) => `${parts[0]}.${parts[1]}.`],
  ['two parts', ({ parts }) => `${parts[0]}.${parts[1]}`],
  ['four parts', ({ idToken }) => `${idToken}.x`],
  ['parts that are no JSON', () => 'AAAA.BBBB.CCCC'],
  [
    'parts that are JSON of nothing',
    () =>
      `${Buffer.from('null').toString('base64url')}.${Buffer.from('null').toString('base64url')}.x`,
  ],
  ['no parts', () => 'nonsense'],
  ['only dots', () => '..'],
  ['nothing but its scheme', () => 'Bearer '],
  ['another scheme before it', ({ idToken }) => `Basic ${idToken}`],
  ['its scheme twice', ({ idToken }) => `Bearer Bearer ${idToken}`],
  ['another token after it', ({ idToken }) => `${idToken}, ${idToken}`],
  ['nothing', () => ''],
]

describe('a token with', () => {
  test.each(forgeries)('%s is refused, and nothing is kept', async (_, forge) => {
    const booty = await becomeForger()
    const { server, idToken } = booty

    expectUnauthorized(await askForRide(server, await forge(booty)))
    expect(readRides(server.dataFolder)).toEqual([])
    expectRide(await askForRide(server, idToken))
  })
})

describe('a token that the pool itself signed', () => {
  const seconds = () => Math.floor(Date.now() / 1000)
  const changes: readonly (readonly [string, () => Readonly<Record<string, unknown>>])[] = [
    [
      'for another pool',
      () => ({ iss: 'https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Other' }),
    ],
    ['for another client', () => ({ aud: 'another' })],
    ['for no client', () => ({ aud: undefined })],
    ['for several clients, none of them ours', () => ({ aud: ['another', 'athird'] })],
    ['that has expired', () => ({ exp: seconds() - 1 })],
    ['for later', () => ({ nbf: seconds() + 3600 })],
    ['for no use', () => ({ token_use: undefined })],
    ['for another use', () => ({ token_use: 'refresh' })],
    ['as an access token of nobody’s client', () => ({ token_use: 'access' })],
  ]

  test.each(changes)('%s is refused', async (_, change) => {
    const { server, claims, kid } = await becomeForger()
    const { privateKey } = server.keys.id

    expectUnauthorized(
      await askForRide(server, await signWith(privateKey, kid, { ...claims, ...change() })),
    )
    expect(readRides(server.dataFolder)).toEqual([])
    expectRide(await askForRide(server, await signWith(privateKey, kid, claims)))
  })

  test('and nobody changed is good to its last second', async () => {
    const { server, claims, kid } = await becomeForger()
    const exp = seconds() + 60

    expectRide(
      await askForRide(server, await signWith(server.keys.id.privateKey, kid, { ...claims, exp })),
    )
  })
})

test('a call without a token is refused', async () => {
  const { server } = await openDesk()

  expectUnauthorized(await askForRide(server, undefined))
  expect(readRides(server.dataFolder)).toEqual([])
})

test('a stranger is not told whether the place was a good one', async () => {
  const { server } = await openDesk()

  expectUnauthorized(await askForRide(server, 'nonsense', { body: 'no JSON' }))
})

describe('what is no call for a ride', () => {
  test.each([
    '/ride-api/',
    '/ride-api/rides',
    '/ride-api/ride/',
    '/ride-api/ride/1',
    '/ride-api//ride',
  ])('is not found at %s', async (path) => {
    const { server, idToken } = await openDesk()
    const headers = { ...json, Authorization: idToken }
    const response = await fetch(`${server.origin}${path}`, { method: 'POST', headers, body })

    expect(response.status).toBe(404)
    expect(await response.json()).toEqual({ message: 'Not Found' })
  })

  test.each(['/ride-api', '/ride-apis/ride', '/ride', '/RIDE-API/ride'])(
    'is left to others at %s',
    async (path) => {
      const { server, idToken } = await openDesk()
      const headers = { ...json, Authorization: idToken }
      const response = await fetch(`${server.origin}${path}`, { method: 'POST', headers, body })

      expect([response.status, await response.text()]).toEqual([404, ''])
    },
  )

  test.each(['GET', 'HEAD', 'PUT', 'DELETE', 'PATCH'])('is turned away by %s', async (method) => {
    const { server, idToken } = await openDesk()
    const answer = await askForRide(server, idToken, { method, body: null })

    expect(answer.status).toBe(405)
  })

  test.each([
    'text/plain',
    'text/plain;charset=UTF-8',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonp',
  ])('is turned away as %s', async (type) => {
    const { server, idToken } = await openDesk()
    const answer = await askForRide(server, idToken, { headers: { 'Content-Type': type } })

    expect(answer.status).toBe(415)
    expect(answer.body.message).toBe('Content-Type must be application/json')
    expect(readRides(server.dataFolder)).toEqual([])
  })

  const long = JSON.stringify({ PickupLocation: spaceNeedle, filler: 'x'.repeat(70_000) })
  test.each([
    ['declares', { 'Content-Length': String(Buffer.byteLength(long)) }],
    ['is, when it declares nothing', { 'Transfer-Encoding': 'chunked' }],
  ])('is turned away for the length that it %s', async (_, headers) => {
    const { server, idToken } = await openDesk()
    const sent = { ...json, Authorization: idToken, ...headers }

    expect((await send(server, sent, long)).status).toBe(413)
    expect(readRides(server.dataFolder)).toEqual([])
  })
})

describe('whoever comes from elsewhere', () => {
  const guest = 'http://localhost:3000'

  test.each([
    ['by another name for this machine', { Host: 'evil.example' }],
    ['by a name that leads here', { Host: 'app.localhost' }],
    ['from a page of another port', { Origin: guest }],
    ['from a page of another site', { Origin: 'https://evil.example' }],
    ['from a page of nowhere', { Origin: 'null' }],
    ['from a frame of another site', { 'Sec-Fetch-Site': 'cross-site' }],
  ])('%s is turned away, good token or not, even if the pool knows her', async (_, headers) => {
    const { server, idToken } = await openDesk({
      allowedOrigins: new Set([guest, 'https://evil.example', 'null']),
    })
    const answer = await send(server, { ...json, Authorization: idToken, ...headers })

    expect(answer.status).toBe(403)
    expect(answer.headers['access-control-allow-origin']).toBeUndefined()
    expect(readRides(server.dataFolder)).toEqual([])
  })

  test('asks first in vain', async () => {
    const { server } = await openDesk({ allowedOrigins: new Set([guest]) })
    const response = await fetch(`${server.origin}/ride-api/ride`, {
      method: 'OPTIONS',
      headers: { Origin: guest, 'Access-Control-Request-Headers': 'authorization,content-type' },
    })

    expect(response.status).toBe(403)
    expect(response.headers.get('access-control-allow-origin')).toBeNull()
  })
})

test('without the ride API its path is not the local cloud’s, and there is no store of rides', async () => {
  const { server, idToken } = await openDesk({ rideApi: false })
  const answer = await askForRide(server, idToken)

  expect([answer.status, answer.text]).toEqual([404, ''])
  expect(() => readRides(server.dataFolder)).toThrow()
})

test('a store of rides that is damaged stops the start', async () => {
  const dataFolder = createTempFolder()
  const path = join(dataFolder, 'rides.sqlite')
  writeFileSync(path, 'rides:\n  - one\n')
  const start = startLocalCloud({ rideApi: true, dataFolder })

  await expect(start).rejects.toThrow(StoreError)
  await expect(start).rejects.toThrow(`The local cloud's store ${path} cannot be used`)
})

test('a ride that cannot be kept is answered as a failure, and said where only developers look', async () => {
  const { server, idToken } = await openDesk()
  const database = new Database(join(server.dataFolder, 'rides.sqlite'))
  database.exec('DROP TABLE rides')
  database.close()
  const { status, text } = await askForRide(server, idToken)

  expect(status).toBe(500)
  expect(text).not.toMatch(/rides|sqlite/i)
  expect(server.printed.join('\n')).toMatch(/POST \/ride-api\/ride failed: .*no such table: rides/)
})

test('nothing printed or logged has a token or a place in it', async () => {
  const booty = await becomeForger()
  const { server, idToken, accessToken, claims, kid } = booty
  const sent = [
    idToken,
    accessToken,
    ...(await Promise.all(forgeries.map(([, forge]) => forge(booty)))),
    await signWith(server.keys.id.privateKey, kid, { ...claims, exp: 1 }),
  ]
  for (const token of sent) {
    await askForRide(server, token)
    await askForRide(server, token, { body: '{"PickupLocation":{"Latitude":91}}' })
    await askForRide(server, token, { headers: { 'Content-Type': 'text/plain' } })
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
