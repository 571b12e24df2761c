/** Proxies before a test's site, for what `page.route` cannot do: CORS, policies, broken responses and the bfcache. */

import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http'
import { listen } from '../../support/listen.ts'
import type { Site } from './fixtures.ts'
import { toConfigScript } from './ride-actions.ts'

export interface Server {
  /** without a slash at the end */
  readonly origin: string
  close(): void
}

export async function serve(upstream: RequestListener): Promise<Server> {
  const server = createServer(upstream)
  const port = await listen(server)
  return {
    origin: `http://localhost:${port}`,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

export interface ProxyOptions {
  /** sections that replace those of the site's settings */
  readonly settings?: Readonly<Record<string, unknown>>
  /** origins to add to every page's policy, by directive */
  readonly allowed?: Readonly<Record<string, string>>
  /** answers POST requests to the ride API */
  readonly respondToRide?: (response: ServerResponse) => void
  /** answers POST requests to the user pool */
  readonly respondToCall?: (response: ServerResponse) => void
}

/** Serves a site with other settings, policies or responses than its own. */
export function openProxy(
  site: Site,
  { settings = {}, allowed = {}, respondToRide, respondToCall }: ProxyOptions,
): Promise<Server> {
  return serve((request, response) => {
    const respond = request.url?.endsWith('/ride') ? respondToRide : respondToCall
    if (request.method === 'POST' && respond) {
      request.resume().once('end', () => respond(response))
    } else {
      // At the end of a test the site may be closed while a page still requests something.
      void passOn(request, response).catch(() => response.destroy())
    }
  })

  async function passOn(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '/'
    const upstream = await forward(request, site.origin + path)
    for (const name of ['content-type', 'cache-control', 'location', 'content-security-policy']) {
      const value = upstream.headers.get(name)
      if (value !== null)
        response.setHeader(name, name.endsWith('policy') ? extendPolicy(value) : value)
    }
    // Browsers repeat a request by themselves when a connection that they use again breaks off.
    response.writeHead(upstream.status, { Connection: 'close' })
    response.end(
      path === '/js/config.js'
        ? toConfigScript(await upstream.text(), settings)
        : Buffer.from(await upstream.arrayBuffer()),
    )
  }

  function extendPolicy(policy: string): string {
    return Object.entries(allowed).reduce(
      (text, [directive, origin]) =>
        text.replace(`${directive} 'self'`, `${directive} 'self' ${origin}`),
      policy,
    )
  }
}

/** A site's user pool at an origin of its own, as on AWS: browsers send preflight requests. */
export async function openPoolProxy(
  site: Site,
): Promise<Server & { readonly calls: readonly string[] }> {
  const calls: string[] = []
  const server = await serve((request, response) => {
    const operation = request.headers['x-amz-target']?.toString().split('.')[1]
    calls.push(operation ?? request.method ?? '')
    response.setHeader('Access-Control-Allow-Origin', '*')
    response.setHeader('Access-Control-Allow-Headers', 'content-type, x-amz-target')
    response.setHeader('Access-Control-Max-Age', '172800')
    if (request.method === 'POST') void passOn(request, response).catch(() => response.destroy())
    else response.end()
  })
  return { ...server, calls }

  async function passOn(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const upstream = await forward(request, `${site.origin}/cognito-idp/`)
    response.writeHead(upstream.status, { 'Content-Type': 'application/x-amz-json-1.1' })
    response.end(await upstream.text())
  }
}

/** Sends the same request to another server. */
async function forward(request: IncomingMessage, url: string): Promise<Response> {
  const sent: Record<string, string> = { connection: 'close' }
  for (const name of ['content-type', 'x-amz-target', 'authorization']) {
    const value = request.headers[name]
    if (typeof value === 'string') sent[name] = value
  }
  return fetch(url, {
    method: request.method ?? 'GET',
    headers: sent,
    redirect: 'manual',
    ...(request.method === 'POST' && { body: await readBody(request) }),
  })
}

async function readBody(request: IncomingMessage): Promise<string> {
  request.setEncoding('utf8')
  let text = ''
  for await (const chunk of request) text += chunk
  return text
}

/** Sends a status line and the beginning of a body, and then breaks off in one of five ways. */
export const brokenResponses: readonly (readonly [string, (response: ServerResponse) => void])[] = [
  ['before its first byte', (response) => response.destroy()],
  ['after its headers', (response) => sendPart(response, '', () => response.destroy())],
  ['in its body', (response) => sendPart(response, '{"RideId', () => response.destroy())],
  [
    'by a TCP reset',
    (response) => sendPart(response, '{', () => response.socket?.resetAndDestroy()),
  ],
  ['by bytes that are not HTTP', (response) => response.socket?.end('\0\0nonsense\r\n\r\n')],
]

/** Sends the headers and the beginning of a body that announces more. */
function sendPart(response: ServerResponse, part: string, next: () => void): void {
  response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': 1000 })
  if (part === '') response.flushHeaders()
  else response.write(part)
  setImmediate(next)
}
