/** The request guard: which host, origin, address, method and Content-Type may reach which route. */

import { describe, expect, test } from 'vitest'
import {
  closed,
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

/** A request from this machine, by default with the right Host and no other header. */
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

describe('allowed request', () => {
  test.each([
    ["the site's own page", { Origin: ownOrigin, 'Sec-Fetch-Site': 'same-origin' }],
    ['a page in a browser without Sec-Fetch-Site', { Origin: ownOrigin }],
    ['a Node client, which sends neither Origin nor Sec-Fetch-Site', {}],
    ['a client that sends application/json', { 'Content-Type': 'application/json' }],
    [
      'a client that adds a charset',
      { 'Content-Type': 'application/x-amz-json-1.1; charset=UTF-8' },
    ],
    [
      'a client with the largest allowed Content-Length',
      { 'Content-Length': String(maxBodyBytes) },
    ],
  ])('request guard: %s may call the API', (_, headers) => {
    expect(
      findRejection(comeIn('POST', { Host: ownHost, ...call, ...headers }), 'api'),
    ).toBeUndefined()
  })

  test.each([
    ['a typed address', 'GET', { 'Sec-Fetch-Site': 'none' }],
    ["a link on the site's own page", 'GET', { 'Sec-Fetch-Site': 'same-origin' }],
    ['a script without browser headers', 'GET', {}],
    ['a form of the console', 'POST', { Origin: ownOrigin, 'Sec-Fetch-Site': 'same-origin' }],
  ])('request guard: %s may open a page', (_, method, headers) => {
    expect(findRejection(comeIn(method, { Host: ownHost, ...headers }), 'console')).toBeUndefined()
  })

  test.each(['localhost', 'LOCALHOST', '127.0.0.1', '[::1]'])(
    'request guard: the Host %s is accepted',
    (name) => {
      expect(findRejection(comeIn('GET', { Host: `${name}:${port}` }), 'console')).toBeUndefined()
    },
  )

  test('request guard: the accepted origin uses the Host of the request', () => {
    const headers = { Host: `127.0.0.1:${port}`, Origin: `http://127.0.0.1:${port}` }

    expect(findRejection(comeIn('GET', headers), 'console')).toBeUndefined()
  })
})

describe('DNS rebinding', () => {
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
  ])('DNS rebinding: the Host %j is rejected', (host) => {
    expect(findRejection(comeIn('GET', { Host: host }), 'console')).toMatchObject({ status: 403 })
  })

  test('DNS rebinding: a missing or repeated Host is rejected', () => {
    expect(findRejection(comeIn('GET', []), 'console')).toMatchObject({ status: 403 })
    expect(
      findRejection(comeIn('GET', ['Host', ownHost, 'Host', ownHost]), 'console'),
    ).toMatchObject({
      status: 403,
    })
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

describe('cross-origin request', () => {
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
  ])('CSRF: the Origin %j is rejected', (origin) => {
    const headers = { Host: ownHost, Origin: origin, ...call }

    expect(findRejection(comeIn('POST', headers), 'api')).toMatchObject({ status: 403 })
    expect(findRejection(comeIn('GET', headers), 'console')).toMatchObject({ status: 403 })
  })

  test.each(['cross-site', 'same-site', 'anything'])(
    'CSRF: Sec-Fetch-Site %s is rejected',
    (site) => {
      const headers = { Host: ownHost, 'Sec-Fetch-Site': site, ...call }

      expect(findRejection(comeIn('GET', headers), 'console')).toMatchObject({ status: 403 })
      expect(findRejection(comeIn('POST', headers), 'api')).toMatchObject({ status: 403 })
    },
  )

  test('CSRF: a POST with Sec-Fetch-Site none is rejected', () => {
    const headers = { Host: ownHost, 'Sec-Fetch-Site': 'none' }

    expect(findRejection(comeIn('POST', headers), 'console')).toMatchObject({ status: 403 })
  })

  test('CSRF: two Origins are rejected, even when one is ours', () => {
    const headers = ['Host', ownHost, 'Origin', ownOrigin, 'Origin', 'https://evil.example']

    expect(findRejection(comeIn('GET', headers), 'console')).toMatchObject({ status: 403 })
  })

  test('CORS: the preflight of another origin is rejected without CORS headers', () => {
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

describe('remote address', () => {
  test.each([
    '192.168.1.20',
    '10.0.0.1',
    '::',
    'fe80::1',
    '::ffff:192.168.1.20',
    '1127.0.0.1',
    undefined,
  ])('remote address: %s is rejected', (remoteAddress) => {
    expect(findRejection(comeIn('GET', undefined, { remoteAddress }), 'console')).toMatchObject({
      status: 403,
    })
  })

  test.each(['127.0.0.1', '127.8.9.10', '::1', '::ffff:127.0.0.1'])(
    'remote address: %s is this machine',
    (address) => {
      expect(isLoopbackAddress(address)).toBe(true)
    },
  )
})

describe('API call that needs no CORS preflight', () => {
  test.each([
    'text/plain',
    'text/plain;charset=UTF-8',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/plain; application/x-amz-json-1.1',
    'application/x-amz-json-1.1, text/plain',
    'application/x-amz-json-1.0',
    '',
  ])('CSRF: the Content-Type %j is rejected', (type) => {
    const headers = { Host: ownHost, ...call, 'Content-Type': type }

    expect(findRejection(comeIn('POST', headers), 'api')).toMatchObject({ status: 415 })
  })

  test('CSRF: a missing Content-Type is rejected', () => {
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
  ])('CSRF: the X-Amz-Target %j is rejected', (wrongTarget) => {
    const headers = { Host: ownHost, ...call, 'X-Amz-Target': wrongTarget }

    expect(findRejection(comeIn('POST', headers), 'api')).toMatchObject({ status: 400 })
  })

  test('CSRF: a missing or repeated X-Amz-Target is rejected', () => {
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
    'request guard: the method %s is rejected for the API',
    (method) => {
      const headers = { Host: ownHost, ...call }

      expect(findRejection(comeIn(method, headers), 'api')).toMatchObject({ status: 405 })
    },
  )

  test('body size limit: a Content-Length over the limit is rejected', () => {
    const headers = { Host: ownHost, ...call, 'Content-Length': String(maxBodyBytes + 1) }

    expect(findRejection(comeIn('POST', headers), 'api')).toMatchObject({ status: 413 })
  })
})

test.each(['PUT', 'DELETE', 'PATCH', 'TRACE', 'PROPFIND'])(
  'request guard: the method %s is rejected for every page',
  (method) => {
    expect(findRejection(comeIn(method), 'console')).toMatchObject({ status: 405 })
  },
)

test('request guard: the response says why a request was rejected', () => {
  expect(findRejection(comeIn('GET', { Host: 'evil.example' }), 'console')?.reason).toContain(
    `localhost:${port}, 127.0.0.1:${port}, [::1]:${port}`,
  )
})

describe('allowed origin', () => {
  const guest = 'http://localhost:3000'
  const allowed = { ...closed, allowedOrigins: new Set([guest]) }
  const headers = { Host: ownHost, ...call, Origin: guest, 'Sec-Fetch-Site': 'same-site' }
  const refuse = (visitor: RequestInfo, door: 'api' | 'keys' | 'console') =>
    findRejection(visitor, door, allowed)

  test('CORS: an allowed origin may send a preflight, call the API and fetch the JWKS', () => {
    expect(refuse(comeIn('POST', headers), 'api')).toBeUndefined()
    expect(refuse(comeIn('OPTIONS', { Host: ownHost, Origin: guest }), 'api')).toBeUndefined()
    expect(refuse(comeIn('GET', headers), 'keys')).toBeUndefined()
  })

  test.each(['GET', 'POST', 'OPTIONS'])(
    'CORS: an allowed origin gets nothing of the console by %s',
    (method) => {
      expect(refuse(comeIn(method, headers), 'console')).toMatchObject({ status: 403 })
    },
  )

  test('CSRF: an allowed origin must send a well-formed API call', () => {
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
  ])('CORS: the Origin %j is not the allowed one', (origin) => {
    expect(refuse(comeIn('POST', { ...headers, Origin: origin }), 'api')).toMatchObject({
      status: 403,
    })
  })

  test('CORS: a repeated or missing Origin and a foreign Host are rejected', () => {
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

describe('allowed host', () => {
  const access = { ...closed, allowedHosts: new Set(['cognito', 'pool.test:8080', '[fd00::1]']) }
  const ask = (host: string, more: Partial<RequestInfo> = {}) =>
    findRejection(comeIn('GET', { Host: host }, more), 'console', access)

  test.each([`cognito:${port}`, `COGNITO:${port}`, 'pool.test:8080', `[fd00::1]:${port}`, ownHost])(
    'allowed host: %s is let in',
    (host) => {
      expect(ask(host)).toBeUndefined()
    },
  )

  test.each([
    'cognito',
    'cognito:80',
    'cognito:8080',
    `pool.test:${port}`,
    `a.cognito:${port}`,
    '',
  ])('allowed host: %j is not it', (host) => {
    expect(ask(host)).toMatchObject({ status: 403 })
  })

  test('allowed host: on port 80 a Host has no port', () => {
    expect(ask('cognito', { localPort: 80 })).toBeUndefined()
    expect(ask('localhost', { localPort: 80 })).toBeUndefined()
  })

  test('CSRF: a page of another origin gets nothing by an allowed host', () => {
    const headers = { Host: `cognito:${port}`, Origin: 'http://evil.example' }

    expect(findRejection(comeIn('POST', headers), 'console', access)).toMatchObject({ status: 403 })
  })

  test('allowed host: the same name from another machine is let in where the network is', () => {
    const far = { remoteAddress: '172.18.0.3' }

    expect(ask(`cognito:${port}`, far)).toMatchObject({ opener: '--host 0.0.0.0' })
    const open = { ...access, isOpenToNetwork: true }
    const request = (host: string) => comeIn('GET', { Host: host }, far)
    expect(findRejection(request(`cognito:${port}`), 'console', open)).toBeUndefined()
    expect(findRejection(request('evil.example'), 'console', open)).toMatchObject({ status: 403 })
  })
})

describe('what opens the guard', () => {
  test.each([
    ['a Host with the own port', { Host: `cognito:${port}` }, '--allow-host cognito'],
    ['a Host with another port', { Host: 'localhost:8080' }, '--allow-host localhost:8080'],
    ['a Host without a port', { Host: 'Cognito' }, '--allow-host cognito:80'],
    ['a Host that is none', { Host: 'a b"<c>' }, undefined],
    ['an empty Host', { Host: '' }, undefined],
    [
      'a page',
      { Host: ownHost, Origin: 'http://app.test:3000' },
      '--allow-origin http://app.test:3000',
    ],
    ['the Origin null', { Host: ownHost, Origin: 'null' }, undefined],
    ['an Origin that is none', { Host: ownHost, Origin: 'http://a b' }, undefined],
    ['a site by a link', { Host: ownHost, 'Sec-Fetch-Site': 'cross-site' }, undefined],
  ])('request guard: %s is told %j', (_, headers, opener) => {
    const rejection = findRejection(comeIn('POST', { ...call, ...headers }), 'api')

    expect(rejection).toMatchObject({ status: 403 })
    expect(rejection?.opener).toBe(opener)
  })

  test('request guard: no option opens the console to another origin', () => {
    const headers = { Host: ownHost, Origin: 'http://app.test:3000' }

    expect(findRejection(comeIn('GET', headers), 'console')?.opener).toBeUndefined()
  })
})

describe('ride API', () => {
  const guest = 'http://localhost:3000'
  const ask = { Host: ownHost, 'Content-Type': 'application/json' }
  const refuse = (visitor: RequestInfo) =>
    findRejection(visitor, 'ride-api', { ...closed, allowedOrigins: new Set([guest]) })

  test.each([
    ["the site's own page", { Origin: ownOrigin, 'Sec-Fetch-Site': 'same-origin' }],
    ['a page in a browser without Sec-Fetch-Site', { Origin: ownOrigin }],
    ['curl, which sends neither header,', {}],
    ['a client that adds a charset', { 'Content-Type': 'application/json; charset=UTF-8' }],
    ['a Content-Type in another case', { 'Content-Type': 'Application/JSON' }],
    [
      'a client with the largest allowed Content-Length',
      { 'Content-Length': String(maxBodyBytes) },
    ],
    ['a client without X-Amz-Target', { 'X-Amz-Target': 'no operation' }],
  ])('ride API: %s is accepted', (_, headers) => {
    expect(refuse(comeIn('POST', { ...ask, ...headers }))).toBeUndefined()
  })

  test.each([
    [
      'a page of an origin allowed for the API only',
      { Origin: guest, 'Sec-Fetch-Site': 'same-site' },
      403,
    ],
    ['that page in a browser without Sec-Fetch-Site', { Origin: guest }, 403],
    ['a page of another site', { Origin: 'https://evil.example' }, 403],
    ['a page with the Origin null', { Origin: 'null' }, 403],
    ['a cross-site request', { 'Sec-Fetch-Site': 'cross-site' }, 403],
    ['a POST with Sec-Fetch-Site none', { 'Sec-Fetch-Site': 'none' }, 403],
    ['a foreign Host', { Host: 'evil.example:5173' }, 403],
    ['a form submission', { 'Content-Type': 'application/x-www-form-urlencoded' }, 415],
    ['a beacon', { 'Content-Type': 'text/plain;charset=UTF-8' }, 415],
    ['another JSON type', { 'Content-Type': 'application/ld+json' }, 415],
    ['a missing Content-Type', { 'Content-Type': '' }, 415],
    ['a Content-Length over the limit', { 'Content-Length': String(maxBodyBytes + 1) }, 413],
  ])('ride API: %s is rejected', (_, headers, status) => {
    expect(refuse(comeIn('POST', { ...ask, ...headers }))).toMatchObject({ status })
  })

  test.each([
    ['without headers of a body', {}],
    ['with an empty body', { 'Content-Length': '0' }],
    ['with a body of JSON', { 'Content-Length': '2', 'Content-Type': 'application/json' }],
    ["from the site's own page", { Origin: ownOrigin, 'Sec-Fetch-Site': 'same-origin' }],
  ])('ride API: DELETE %s is accepted', (_, headers) => {
    expect(refuse(comeIn('DELETE', { Host: ownHost, ...headers }))).toBeUndefined()
  })

  test.each([
    ['from a page of an origin allowed for the API only', { Origin: guest }, 403],
    ['from a page with the Origin null', { Origin: 'null' }, 403],
    ['from a cross-site request', { 'Sec-Fetch-Site': 'cross-site' }, 403],
    ['with Sec-Fetch-Site none', { 'Sec-Fetch-Site': 'none' }, 403],
    ['with a body of no type', { 'Content-Length': '2' }, 415],
    ['with a body in chunks', { 'Transfer-Encoding': 'chunked' }, 415],
    ['with two lengths', ['Host', ownHost, 'Content-Length', '0', 'Content-Length', '2'], 415],
    ['with a body over the limit', { ...ask, 'Content-Length': String(maxBodyBytes + 1) }, 413],
  ])('ride API: DELETE %s is rejected', (_, headers, status) => {
    const sent = Array.isArray(headers) ? headers : { Host: ownHost, ...headers }

    expect(refuse(comeIn('DELETE', sent))).toMatchObject({ status })
  })

  test('request guard: the user pool takes no DELETE', () => {
    expect(findRejection(comeIn('DELETE', { Host: ownHost, ...call }), 'api')).toMatchObject({
      status: 405,
    })
  })

  test.each(['GET', 'HEAD', 'PUT', 'PATCH', 'TRACE'])(
    'ride API: the method %s is rejected',
    (method) => {
      expect(refuse(comeIn(method, ask))).toMatchObject({ status: 405 })
    },
  )

  test.each([ownOrigin, guest])(
    'CORS: the ride API answers the preflight of %s without CORS headers',
    (origin) => {
      const preflight = {
        Host: ownHost,
        Origin: origin,
        'Access-Control-Request-Method': 'POST',
        'Access-Control-Request-Headers': 'authorization,content-type',
      }

      expect(refuse(comeIn('OPTIONS', preflight))).toMatchObject({ status: 403 })
    },
  )

  test('ride API: a remote address is rejected', () => {
    const far = { remoteAddress: '192.168.1.20' }

    expect(refuse(comeIn('POST', ask, far))).toMatchObject({ status: 403 })
  })

  test('ride API: the error names the accepted Content-Type', () => {
    const form = { ...ask, 'Content-Type': 'text/plain' }

    expect(refuse(comeIn('POST', form))?.reason).toBe('Content-Type must be application/json')
  })
})

describe('signed call', () => {
  const guest = 'http://localhost:3000'
  const access = { ...closed, allowedOrigins: new Set([guest]) }
  const signed = { Host: ownHost, ...call, Authorization: 'AWS4-HMAC-SHA256 Credential=any' }

  test.each([
    ['a page of another allowed origin', { Origin: guest }],
    ['the same, in other letters', { origin: guest, authorization: 'aws4-hmac-sha256 x' }],
  ])('request guard: %s may not call as an IAM user', (_, headers) => {
    const request = comeIn('POST', { ...signed, ...headers })

    expect(findRejection(request, 'api', access)).toMatchObject({ status: 403 })
  })

  test.each([
    ['a client without an origin', {}],
    ["the site's own page", { Origin: ownOrigin, 'Sec-Fetch-Site': 'same-origin' }],
  ])('request guard: %s may', (_, headers) => {
    const request = comeIn('POST', { ...signed, ...headers })

    expect(findRejection(request, 'api', access)).toBeUndefined()
  })

  test('request guard: a page of an allowed origin may call without a signature', () => {
    const request = comeIn('POST', { Host: ownHost, ...call, Origin: guest })

    expect(findRejection(request, 'api', access)).toBeUndefined()
  })
})
