/** Request guard in front of the real server: Host, Origin, methods and body sizes over a socket. */

import { once } from 'node:events'
import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http'
import { connect } from 'node:net'
import { describe, expect, test, vi } from 'vitest'
import { contentType, targetPrefix } from '../../support/cognito-api.ts'
import {
  type LocalCloudServer,
  shareLocalCloud,
  startLocalCloud,
} from '../../support/local-cloud-server.ts'
import { ClientId, rider } from '../../support/users.ts'

interface Sent {
  readonly method?: string
  readonly path?: string
  readonly headers?: OutgoingHttpHeaders | readonly string[]
  readonly body?: string
}

/** One server for all tests that add no user. */
const shared = shareLocalCloud({}, async (server) => server)

const signUp = JSON.stringify({ ClientId, Username: rider.username, Password: rider.password })
const call = { 'Content-Type': contentType, 'X-Amz-Target': `${targetPrefix}SignUp` }

/** Sends exactly these headers, which `fetch` would not. */
async function send(
  server: LocalCloudServer,
  { method = 'POST', path = '/cognito-idp/', headers = {}, body = '' }: Sent,
): Promise<{ status: number | undefined; headers: IncomingHttpHeaders; text: string }> {
  const outgoing = request({ host: 'localhost', port: server.port, method, path, headers })
  outgoing.end(body)
  const [incoming] = await once(outgoing, 'response')
  let text = ''
  for await (const chunk of incoming) text += String(chunk)
  return { status: incoming.statusCode, headers: incoming.headers, text }
}

/** Writes bytes and collects what comes back until the server hangs up. */
async function sendRaw(server: LocalCloudServer, text: string): Promise<string> {
  const socket = connect(server.port, 'localhost')
  socket.end(text)
  let answer = ''
  for await (const chunk of socket) answer += String(chunk)
  return answer
}

function countUsers({ store }: LocalCloudServer): number {
  return store.listUsers({ limit: 10 }).length
}

test('request guard: a regular client is served', async () => {
  const server = await startLocalCloud()

  expect((await send(server, { headers: call, body: signUp })).status).toBe(200)
  expect(countUsers(server)).toBe(1)
})

describe('request guard of the API', () => {
  test.each([
    ['a foreign Host', { Host: 'evil.example' }, 403],
    ['a Host in .localhost', { Host: 'app.localhost' }, 403],
    ['a page of another port', { Origin: 'http://localhost:3000' }, 403],
    ['a page with the Origin null', { Origin: 'null' }, 403],
    ['a page of another site', { 'Sec-Fetch-Site': 'cross-site' }, 403],
    ['a form submission', { 'Content-Type': 'application/x-www-form-urlencoded' }, 415],
    ['a beacon', { 'Content-Type': 'text/plain;charset=UTF-8' }, 415],
    ['a call without X-Amz-Target', { 'X-Amz-Target': '' }, 400],
    ['a call of another AWS service', { 'X-Amz-Target': 'DynamoDB_20120810.GetItem' }, 400],
  ])('request guard: %s is rejected', async (_, headers, status) => {
    const server = shared()
    const answer = await send(server, { headers: { ...call, ...headers }, body: signUp })

    expect(answer.status).toBe(status)
    expect(JSON.parse(answer.text)).toEqual({
      __type: expect.any(String),
      message: expect.any(String),
    })
    expect(countUsers(server)).toBe(0)
  })

  test.each(['GET', 'PUT', 'DELETE', 'PATCH'])(
    'request guard: method %s is rejected',
    async (method) => {
      const server = shared()

      expect((await send(server, { method, headers: call })).status).toBe(405)
    },
  )

  test('CORS: the preflight of a foreign origin is rejected and names no allowed origin', async () => {
    const server = shared()
    const response = await fetch(server.endpoint, {
      method: 'OPTIONS',
      headers: { Origin: 'http://localhost:3000', 'Access-Control-Request-Method': 'POST' },
    })

    expect([response.status, response.statusText]).toEqual([
      403,
      'Start the local user pool with --allow-origin http://localhost:3000',
    ])
    // A text that no origin is, which browsers quote in their console.
    expect(response.headers.get('access-control-allow-origin')).toBe(
      'none: start the local user pool with --allow-origin=http://localhost:3000',
    )
    expect(response.headers.has('access-control-allow-headers')).toBe(false)
  })

  test('CORS: the preflight of what is no origin is told nothing that it could be taken for', async () => {
    const server = shared()
    for (const origin of ['null', 'http://a b', 'file://', '*']) {
      const answer = await send(server, {
        method: 'OPTIONS',
        headers: { Origin: origin, 'Access-Control-Request-Method': 'POST' },
      })
      expect([answer.status, answer.headers['access-control-allow-origin']]).toEqual([
        403,
        undefined,
      ])
    }
  })

  test('request guard: the response names the option that lets a request in, and the terminal once', async () => {
    const server = await startLocalCloud()
    const headers = { ...call, Host: `cognito:${server.port}` }
    const [answer] = [
      await send(server, { headers, body: signUp }),
      await send(server, { headers, body: signUp }),
    ]

    expect(JSON.parse(answer.text).message).toMatch(/; --allow-host cognito lets it in$/)
    expect(server.printed.filter((line) => line.includes('Refused'))).toEqual([
      expect.stringMatching(
        /^Refused POST \/cognito-idp\/: Host must be one of .+\. --allow-host cognito lets it in\.$/,
      ),
    ])
  })

  test('request guard: a person gets a page that names the option, and no other name is let in', async () => {
    const server = shared()
    const answer = await send(server, {
      method: 'GET',
      path: '/console/',
      headers: { Host: 'cognito:1234', Accept: 'text/html,*/*' },
    })

    expect([answer.status, answer.headers['content-type']]).toEqual([
      403,
      'text/html; charset=utf-8',
    ])
    expect(answer.text).toContain('<code>--allow-host cognito:1234</code>')
  })

  test('request guard: a host that was allowed at start is let in', async () => {
    const server = await startLocalCloud({ allowedHosts: new Set(['cognito']) })
    const headers = { ...call, Host: `Cognito:${server.port}` }

    expect((await send(server, { headers, body: signUp })).status).toBe(200)
  })

  test('DNS rebinding: a request with two Host headers is rejected', async () => {
    const server = shared()
    const host = `localhost:${server.port}`
    const answer = await sendRaw(
      server,
      `GET /console/inbox.json HTTP/1.1\r\nHost: ${host}\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
    )

    expect(answer).toMatch(/^HTTP\/1\.1 40[03] /)
  })

  test('request guard: an HTTP/1.0 client without a Host header is rejected', async () => {
    const server = shared()

    expect(await sendRaw(server, 'GET /console/inbox.json HTTP/1.0\r\n\r\n')).toMatch(
      /^HTTP\/1\.1 403 /,
    )
  })
})

describe('body size limit', () => {
  const long = JSON.stringify({ ClientId, Username: rider.username, Password: 'x'.repeat(70_000) })

  test('body size limit: a Content-Length over the limit is rejected', async () => {
    const server = shared()
    const headers = { ...call, 'Content-Length': Buffer.byteLength(long) }

    expect((await send(server, { headers, body: long })).status).toBe(413)
  })

  test('body size limit: a chunked body over the limit is rejected', async () => {
    const server = shared()
    const headers = { ...call, 'Transfer-Encoding': 'chunked' }

    expect((await send(server, { headers, body: long })).status).toBe(413)
    expect(countUsers(server)).toBe(0)
  })

  test('body size limit: it holds for the console pages too', async () => {
    const server = shared()
    const headers = { 'Transfer-Encoding': 'chunked' }

    expect((await send(server, { path: '/console/clock', headers, body: long })).status).toBe(413)
  })

  test('body size limit: exactly 64 KiB is accepted', async () => {
    const server = shared()
    const filler = 'x'.repeat(64 * 1024 - '{"a":""}'.length)
    const answer = await send(server, { headers: call, body: JSON.stringify({ a: filler }) })

    expect(answer.status).toBe(400)
    expect(answer.text).toContain('InvalidParameterException')
  })
})

test('slow request: a client that stops sending its body is disconnected after ten seconds', async () => {
  const server = await startLocalCloud()
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  try {
    const socket = connect(server.port, 'localhost')
    const closed = once(socket.resume(), 'close')
    let isClosed = false
    void closed.then(() => {
      isClosed = true
    })
    // The server answers "100 Continue" and then, before anything else, waits for the body.
    const isAsked = once(socket, 'data')
    socket.write(
      `POST /console/clock HTTP/1.1\r\nHost: localhost:${server.port}\r\nContent-Length: 100\r\nExpect: 100-continue\r\n\r\n{"adv`,
    )
    expect(String(await isAsked)).toMatch(/^HTTP\/1\.1 100 /)
    vi.advanceTimersByTime(9000)
    expect((await fetch(`${server.origin}/console/inbox.json`)).status).toBe(200)
    expect(isClosed).toBe(false)
    vi.advanceTimersByTime(1000)
    await closed
  } finally {
    vi.useRealTimers()
  }
  expect((await fetch(`${server.origin}/console/inbox.json`)).status).toBe(200)
})

test.each(['TRACE', 'PUT', 'DELETE', 'PROPFIND'])(
  'request guard: %s is rejected for every page',
  async (method) => {
    const server = await startLocalCloud()

    expect((await send(server, { method, path: '/console/' })).status).toBe(405)
    expect(server.printed.join('\n')).not.toContain('failed')
  },
)

test('request guard: a long error message reaches the client whole', async () => {
  const server = shared()
  const answer = await server.call('InitiateAuth', { ClientId, AuthFlow: 'x'.repeat(60_000) })

  expect(answer.body.__type).toBe('InvalidParameterException')
})

test('request guard: paths outside of the local cloud are not handled', async () => {
  const { origin } = shared()

  for (const path of ['/consoles', '/js/config.js', '/cognito-idpx/', '//console/']) {
    expect((await fetch(`${origin}${path}`)).status).toBe(404)
  }
})

describe('allowed origin', () => {
  const guest = 'http://localhost:3000'
  const asGuest = { Origin: guest, 'Sec-Fetch-Site': 'same-site' }
  const allowedOrigins = new Set([guest])
  const sharedOpen = shareLocalCloud({ allowedOrigins }, async (server) => server)

  test('CORS: the preflight of an allowed origin is answered as by Cognito', async () => {
    const { endpoint } = sharedOpen()
    const response = await fetch(endpoint, {
      method: 'OPTIONS',
      headers: { ...asGuest, 'Access-Control-Request-Headers': 'content-type,x-amz-target' },
    })

    expect(response.status).toBe(200)
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
    expect(response.headers.get('access-control-allow-headers')).toBe('content-type,x-amz-target')
  })

  test('CORS: a page of an allowed origin can sign a user up and read errors', async () => {
    const { endpoint, store } = await startLocalCloud({ allowedOrigins })
    const post = (headers: Record<string, string>) =>
      fetch(endpoint, { method: 'POST', headers: { ...asGuest, ...headers }, body: signUp })
    const [good, bad] = [await post(call), await post({ 'Content-Type': 'text/plain' })]

    expect([good.status, good.headers.get('access-control-allow-origin')]).toEqual([200, '*'])
    expect([bad.status, bad.headers.get('access-control-allow-origin')]).toEqual([415, '*'])
    expect(store.countUsers()).toBe(1)
  })

  test('CORS: a page of an allowed origin can read the JWKS', async () => {
    const { endpoint } = sharedOpen()
    const response = await fetch(`${endpoint}us-east-1_WildRydes/.well-known/jwks.json`, {
      headers: asGuest,
    })

    expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([
      200,
      '*',
    ])
  })

  test.each([
    ['GET', '/console/'],
    ['GET', '/console/inbox.json'],
    ['GET', '/console/users'],
    ['GET', '/console/requests'],
    ['POST', '/console/clock'],
    ['POST', '/console/users/delete'],
    ['OPTIONS', '/console/clock'],
  ])('CORS: an allowed origin gets no console page by %s %s', async (method, path) => {
    const { origin } = sharedOpen()
    const response = await fetch(`${origin}${path}`, { method, headers: asGuest })

    expect(response.status).toBe(403)
    expect(response.headers.get('access-control-allow-origin')).toBeNull()
  })

  test('CORS: an origin that was not allowed is rejected', async () => {
    const { endpoint, store } = shared()
    const headers = { ...asGuest, ...call }
    const response = await fetch(endpoint, { method: 'POST', headers, body: signUp })

    expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([
      403,
      null,
    ])
    expect(store.countUsers()).toBe(0)
  })
})
