/** A server before a test's site, for what page.route changes: CORS, policies and pages kept for Back. */

import { once } from 'node:events'
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http'
import type { Site } from './fixtures.ts'
import { toConfigScript } from './ride-actions.ts'

export interface Server {
  /** without a slash at the end */
  readonly origin: string
  close(): void
}

export async function serve(answer: RequestListener): Promise<Server> {
  const server = createServer(answer)
  server.listen(0, 'localhost')
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('the server has no port')
  return {
    origin: `http://localhost:${address.port}`,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

export interface FrontOptions {
  /** sections of the settings that take the place of the site's own */
  readonly settings?: Readonly<Record<string, unknown>>
  /** what every page's policy lists besides, by directive */
  readonly allowed?: Readonly<Record<string, string>>
  /** answers requests for rides in place of the site's API */
  readonly ride?: (response: ServerResponse) => void
}

/** Serves a site as an operator has set it up. */
export function openFront(
  site: Site,
  { settings = {}, allowed = {}, ride }: FrontOptions,
): Promise<Server> {
  return serve((request, response) => {
    const isRide = request.method === 'POST' && request.url?.endsWith('/ride')
    if (isRide && ride) request.resume().once('end', () => ride(response))
    // At the end of a test the site may be gone while a page still asks it something.
    else void passOn(request, response).catch(() => response.destroy())
  })

  async function passOn(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '/'
    const answer = await forward(request, site.origin + path)
    for (const name of ['content-type', 'cache-control', 'location', 'content-security-policy']) {
      const value = answer.headers.get(name)
      if (value !== null) response.setHeader(name, name.endsWith('policy') ? widen(value) : value)
    }
    // No connection is used twice, so that a browser has none that it would try again on.
    response.writeHead(answer.status, { Connection: 'close' })
    response.end(
      path === '/js/config.js'
        ? toConfigScript(await answer.text(), settings)
        : Buffer.from(await answer.arrayBuffer()),
    )
  }

  function widen(policy: string): string {
    return Object.entries(allowed).reduce(
      (text, [directive, origin]) =>
        text.replace(`${directive} 'self'`, `${directive} 'self' ${origin}`),
      policy,
    )
  }
}

/** A site's user pool at an origin of its own, as it has on AWS: browsers ask first whether they may call it. */
export async function openPool(
  site: Site,
): Promise<Server & { readonly asked: readonly string[] }> {
  const asked: string[] = []
  const server = await serve((request, response) => {
    const operation = request.headers['x-amz-target']?.toString().split('.')[1]
    asked.push(operation ?? request.method ?? '')
    response.setHeader('Access-Control-Allow-Origin', '*')
    response.setHeader('Access-Control-Allow-Headers', 'content-type, x-amz-target')
    response.setHeader('Access-Control-Max-Age', '172800')
    if (request.method === 'POST') void passOn(request, response).catch(() => response.destroy())
    else response.end()
  })
  return { ...server, asked }

  async function passOn(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const answer = await forward(request, `${site.origin}/cognito-idp/`)
    response.writeHead(answer.status, { 'Content-Type': 'application/x-amz-json-1.1' })
    response.end(await answer.text())
  }
}

/** Asks another server the same. */
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
