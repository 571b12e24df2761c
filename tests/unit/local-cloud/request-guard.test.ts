import { describe, expect, test } from 'vitest'
import {
  findRejection,
  isLoopbackAddress,
  maxBodyBytes,
  type RequestInfo,
} from '../../../src/local-cloud/request-guard.ts'

const port = 5173
const ownHost = `localhost:${port}`
const ownOrigin = `http://${ownHost}`
const target = 'AWSCognitoIdentityProviderService.InitiateAuth'

const call = {
  'Content-Type': 'application/x-amz-json-1.1',
  'X-Amz-Target': target,
}

type Headers = Readonly<Record<string, string>> | readonly string[]

function toRawHeaders(headers: Headers): readonly string[] {
  return Array.isArray(headers) ? headers : Object.entries(headers).flat()
}

/** A visitor from this machine; without headers of its own it has the right Host and nothing else. */
function comeIn(
  method: string,
  headers: Headers = { Host: ownHost },
  more: Partial<RequestInfo> = {},
): RequestInfo {
  return {
    method,
    path: '/console/',
    rawHeaders: toRawHeaders(headers),
    remoteAddress: '127.0.0.1',
    localPort: port,
    ...more,
  }
}

describe('a good visitor', () => {
  test.each([
    ["the site's page calling the API", { Origin: ownOrigin, 'Sec-Fetch-Site': 'same-origin' }],
    ['a page in a browser that tells no Sec-Fetch-Site', { Origin: ownOrigin }],
    ['a Node client, which sends neither Origin nor Sec-Fetch-Site', {}],
    ['a client that says application/json', { 'Content-Type': 'application/json' }],
    [
      'a client that adds a charset',
      { 'Content-Type': 'application/x-amz-json-1.1; charset=UTF-8' },
    ],
    ['a client that declares the longest body', { 'Content-Length': String(maxBodyBytes) }],
  ])('may call: %s', (_, headers) => {
    expect(
      findRejection(comeIn('POST', { Host: ownHost, ...call, ...headers }), 'api'),
    ).toBeUndefined()
  })

  test.each([
    ['a person who typed the address', 'GET', { 'Sec-Fetch-Site': 'none' }],
    ['a link on an own page', 'GET', { 'Sec-Fetch-Site': 'same-origin' }],
    ['a script without browser headers', 'GET', {}],
    ['a form of the console', 'POST', { Origin: ownOrigin, 'Sec-Fetch-Site': 'same-origin' }],
  ])('may open a page: %s', (_, method, headers) => {
    expect(findRejection(comeIn(method, { Host: ownHost, ...headers }), 'console')).toBeUndefined()
  })

  test.each(['localhost', 'LOCALHOST', '127.0.0.1', '[::1]'])('may know us as %s', (name) => {
    expect(findRejection(comeIn('GET', { Host: `${name}:${port}` }), 'console')).toBeUndefined()
  })

  test('names the origin by the host it used', () => {
    const headers = { Host: `127.0.0.1:${port}`, Origin: `http://127.0.0.1:${port}` }

    expect(findRejection(comeIn('GET', headers), 'console')).toBeUndefined()
  })
})

describe('another name for this machine', () => {
  test.each([
    'evil.example:5173',
    '127.0.0.1.nip.io:5173',
    'app.localhost:5173',
    'localhost.evil.example:5173',
    'localhost.:5173',
    '0.0.0.0:5173',
    '127.0.0.2:5173',
    '192.168.1.20:5173',
    '[::]:5173',
    '[::ffff:127.0.0.1]:5173',
    '127.1:5173',
    '2130706433:5173',
    'localhost',
    'localhost:80',
    'localhost:51730',
    'localhost:5173@evil.example',
    'user@localhost:5173',
    '',
  ])('is refused as Host: %j', (host) => {
    expect(findRejection(comeIn('GET', { Host: host }), 'console')).toMatchObject({ status: 403 })
  })

  test('is refused as a missing or doubled Host', () => {
    expect(findRejection(comeIn('GET', []), 'console')).toMatchObject({ status: 403 })
    expect(
      findRejection(comeIn('GET', ['Host', ownHost, 'Host', ownHost]), 'console'),
    ).toMatchObject({
      status: 403,
    })
    expect(
      findRejection(comeIn('GET', ['Host', ownHost, 'host', 'evil.example']), 'console'),
    ).toMatchObject({ status: 403 })
  })
})

describe('a page of another origin', () => {
  test.each([
    'http://localhost:3000',
    'http://127.0.0.1:5173',
    'https://localhost:5173',
    'http://localhost',
    'http://localhost:5173.evil.example',
    'http://LOCALHOST:5173',
    'https://evil.example',
    'null',
    '',
  ])('is refused by its Origin: %j', (origin) => {
    const headers = { Host: ownHost, Origin: origin, ...call }

    expect(findRejection(comeIn('POST', headers), 'api')).toMatchObject({ status: 403 })
    expect(findRejection(comeIn('GET', headers), 'console')).toMatchObject({ status: 403 })
  })

  test.each(['cross-site', 'same-site', 'anything'])(
    'is refused by its Sec-Fetch-Site: %s',
    (site) => {
      const headers = { Host: ownHost, 'Sec-Fetch-Site': site, ...call }

      expect(findRejection(comeIn('GET', headers), 'console')).toMatchObject({ status: 403 })
      expect(findRejection(comeIn('POST', headers), 'api')).toMatchObject({ status: 403 })
    },
  )

  test('is refused when it posts with Sec-Fetch-Site none', () => {
    const headers = { Host: ownHost, 'Sec-Fetch-Site': 'none' }

    expect(findRejection(comeIn('POST', headers), 'console')).toMatchObject({ status: 403 })
  })

  test('is refused with two Origins, one of them ours', () => {
    const headers = ['Host', ownHost, 'Origin', ownOrigin, 'Origin', 'https://evil.example']

    expect(findRejection(comeIn('GET', headers), 'console')).toMatchObject({ status: 403 })
  })

  test('is told nothing when it asks first', () => {
    const preflight = {
      Host: ownHost,
      Origin: 'https://evil.example',
      'Access-Control-Request-Method': 'POST',
    }

    expect(findRejection(comeIn('OPTIONS', preflight), 'api')).toMatchObject({ status: 403 })
    expect(findRejection(comeIn('OPTIONS'), 'api')).toMatchObject({ status: 403 })
    expect(findRejection(comeIn('OPTIONS'), 'console')).toMatchObject({ status: 403 })
  })
})

describe('another machine', () => {
  test.each([
    '192.168.1.20',
    '10.0.0.1',
    '::',
    'fe80::1',
    '::ffff:192.168.1.20',
    '1127.0.0.1',
    undefined,
  ])('is refused by its address %s', (remoteAddress) => {
    expect(findRejection(comeIn('GET', undefined, { remoteAddress }), 'console')).toMatchObject({
      status: 403,
    })
  })

  test.each(['127.0.0.1', '127.8.9.10', '::1', '::ffff:127.0.0.1'])('is not %s', (address) => {
    expect(isLoopbackAddress(address)).toBe(true)
  })
})

describe('a call that needs no preflight', () => {
  test.each([
    'text/plain',
    'text/plain;charset=UTF-8',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/plain; application/x-amz-json-1.1',
    'application/x-amz-json-1.1, text/plain',
    'application/x-amz-json-1.0',
    '',
  ])('is refused by its Content-Type %j', (type) => {
    const headers = { Host: ownHost, ...call, 'Content-Type': type }

    expect(findRejection(comeIn('POST', headers), 'api')).toMatchObject({ status: 415 })
  })

  test('is refused without a Content-Type', () => {
    const headers = { Host: ownHost, 'X-Amz-Target': target }

    expect(findRejection(comeIn('POST', headers), 'api')).toMatchObject({ status: 415 })
  })

  test.each([
    '',
    'InitiateAuth',
    'AWSCognitoIdentityProviderService.',
    'AWSCognitoIdentityProviderService.a',
    'AWSCognitoIdentityProviderService.Initiate_Auth',
    'AWSCognitoIdentityProviderService.InitiateAuth\n',
    'awscognitoidentityproviderservice.InitiateAuth',
    'XAWSCognitoIdentityProviderService.InitiateAuth',
    'AWSCognitoIdentityProviderService.__proto__',
    `AWSCognitoIdentityProviderService.${'A'.repeat(61)}`,
    'DynamoDB_20120810.GetItem',
  ])('is refused by its X-Amz-Target %j', (wrongTarget) => {
    const headers = { Host: ownHost, ...call, 'X-Amz-Target': wrongTarget }

    expect(findRejection(comeIn('POST', headers), 'api')).toMatchObject({ status: 400 })
  })

  test('is refused without a target or with two', () => {
    const { 'X-Amz-Target': _, ...withoutTarget } = call
    const doubled = [...toRawHeaders({ Host: ownHost, ...call }), 'x-amz-target', target]

    expect(findRejection(comeIn('POST', { Host: ownHost, ...withoutTarget }), 'api')).toMatchObject(
      {
        status: 400,
      },
    )
    expect(findRejection(comeIn('POST', doubled), 'api')).toMatchObject({ status: 400 })
  })

  test.each(['GET', 'HEAD', 'PUT', 'DELETE', 'PATCH', 'TRACE'])(
    'is refused by its method %s',
    (method) => {
      const headers = { Host: ownHost, ...call }

      expect(findRejection(comeIn(method, headers), 'api')).toMatchObject({ status: 405 })
    },
  )

  test('is refused by a body declared too long', () => {
    const headers = { Host: ownHost, ...call, 'Content-Length': String(maxBodyBytes + 1) }

    expect(findRejection(comeIn('POST', headers), 'api')).toMatchObject({ status: 413 })
  })
})

test.each(['PUT', 'DELETE', 'PATCH', 'TRACE', 'PROPFIND'])('no page answers to %s', (method) => {
  expect(findRejection(comeIn(method), 'console')).toMatchObject({ status: 405 })
})

test('a refusal says why', () => {
  expect(findRejection(comeIn('GET', { Host: 'evil.example' }), 'console')?.reason).toContain(
    `localhost:${port}, 127.0.0.1:${port}, [::1]:${port}`,
  )
})

describe('a page of an allowed origin', () => {
  const guest = 'http://localhost:3000'
  const allowed = new Set([guest])
  const headers = { Host: ownHost, ...call, Origin: guest, 'Sec-Fetch-Site': 'same-site' }
  const refuse = (visitor: RequestInfo, door: 'api' | 'keys' | 'console') =>
    findRejection(visitor, door, allowed)

  test('may call the API, ask before it does, and fetch the public keys', () => {
    expect(refuse(comeIn('POST', headers), 'api')).toBeUndefined()
    expect(refuse(comeIn('OPTIONS', { Host: ownHost, Origin: guest }), 'api')).toBeUndefined()
    expect(refuse(comeIn('GET', headers), 'keys')).toBeUndefined()
  })

  test.each(['GET', 'POST', 'OPTIONS'])('gets nothing of the console by %s', (method) => {
    expect(refuse(comeIn(method, headers), 'console')).toMatchObject({ status: 403 })
  })

  test('is held to the shape of a call', () => {
    const form = { ...headers, 'Content-Type': 'text/plain' }

    expect(refuse(comeIn('POST', form), 'api')).toMatchObject({ status: 415 })
    expect(refuse(comeIn('GET', headers), 'api')).toMatchObject({ status: 405 })
  })

  test.each([
    'http://localhost:3001',
    'https://localhost:3000',
    'http://localhost:3000.evil.example',
    'http://LOCALHOST:3000',
    'null',
    '',
  ])('is not a page of %j', (origin) => {
    expect(refuse(comeIn('POST', { ...headers, Origin: origin }), 'api')).toMatchObject({
      status: 403,
    })
  })

  test('is not one that sends two origins, or none, or another host', () => {
    const { Origin: _, ...withoutOrigin } = headers
    const twice = [...toRawHeaders(headers), 'Origin', guest]

    expect(refuse(comeIn('POST', twice), 'api')).toMatchObject({ status: 403 })
    expect(refuse(comeIn('POST', withoutOrigin), 'api')).toMatchObject({ status: 403 })
    expect(refuse(comeIn('POST', { ...headers, Host: 'evil.example:5173' }), 'api')).toMatchObject({
      status: 403,
    })
    expect(refuse(comeIn('POST', headers, { remoteAddress: '192.168.1.20' }), 'api')).toMatchObject(
      { status: 403 },
    )
  })
})

describe('the ride API', () => {
  const guest = 'http://localhost:3000'
  const ask = { Host: ownHost, 'Content-Type': 'application/json' }
  const refuse = (visitor: RequestInfo) => findRejection(visitor, 'ride-api', new Set([guest]))

  test.each([
    ['the page of the site', { Origin: ownOrigin, 'Sec-Fetch-Site': 'same-origin' }],
    ['a page in a browser that tells no Sec-Fetch-Site', { Origin: ownOrigin }],
    ['a line of curl, which sends neither', {}],
    ['a client that adds a charset', { 'Content-Type': 'application/json; charset=UTF-8' }],
    ['a client in other letters', { 'Content-Type': 'Application/JSON' }],
    ['a client that declares the longest body', { 'Content-Length': String(maxBodyBytes) }],
    ['a client that names no operation', { 'X-Amz-Target': 'no operation' }],
  ])('lets in %s', (_, headers) => {
    expect(refuse(comeIn('POST', { ...ask, ...headers }))).toBeUndefined()
  })

  test.each([
    ['a page that only the API is open to', { Origin: guest, 'Sec-Fetch-Site': 'same-site' }, 403],
    ['that page in a browser that tells no Sec-Fetch-Site', { Origin: guest }, 403],
    ['a page of another site', { Origin: 'https://evil.example' }, 403],
    ['a page of nowhere', { Origin: 'null' }, 403],
    ['a request of another site', { 'Sec-Fetch-Site': 'cross-site' }, 403],
    ['a request nobody’s page made', { 'Sec-Fetch-Site': 'none' }, 403],
    ['another name for this machine', { Host: 'evil.example:5173' }, 403],
    ['a form', { 'Content-Type': 'application/x-www-form-urlencoded' }, 415],
    ['a beacon', { 'Content-Type': 'text/plain;charset=UTF-8' }, 415],
    ['JSON of another kind', { 'Content-Type': 'application/ld+json' }, 415],
    ['no type', { 'Content-Type': '' }, 415],
    ['a body declared too long', { 'Content-Length': String(maxBodyBytes + 1) }, 413],
  ])('turns away %s', (_, headers, status) => {
    expect(refuse(comeIn('POST', { ...ask, ...headers }))).toMatchObject({ status })
  })

  test.each(['GET', 'HEAD', 'PUT', 'DELETE', 'PATCH', 'TRACE'])('turns away %s', (method) => {
    expect(refuse(comeIn(method, ask))).toMatchObject({ status: 405 })
  })

  test.each([ownOrigin, guest])('tells %s nothing when it asks first', (origin) => {
    const preflight = {
      Host: ownHost,
      Origin: origin,
      'Access-Control-Request-Method': 'POST',
      'Access-Control-Request-Headers': 'authorization,content-type',
    }

    expect(refuse(comeIn('OPTIONS', preflight))).toMatchObject({ status: 403 })
  })

  test('turns away another machine', () => {
    const far = { remoteAddress: '192.168.1.20' }

    expect(refuse(comeIn('POST', ask, far))).toMatchObject({ status: 403 })
  })

  test('says which type it takes', () => {
    const form = { ...ask, 'Content-Type': 'text/plain' }

    expect(refuse(comeIn('POST', form))?.reason).toBe('Content-Type must be application/json')
  })
})
