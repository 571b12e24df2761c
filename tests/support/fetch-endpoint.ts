/** Lets the client library, which calls the global `fetch`, reach a pool that has no socket. */

import { vi } from 'vitest'

export type RequestHandler = (request: Request) => Promise<Response>

const handlers = new Map<string, RequestHandler>()
const realFetch = globalThis.fetch

vi.stubGlobal('fetch', (input: RequestInfo | URL, init?: RequestInit) => {
  const request = new Request(input, init)
  const handle = handlers.get(request.url)
  return handle ? handle(request) : realFetch(request)
})

/** @returns an endpoint for the client library whose requests `handle` answers */
export function createFetchEndpoint(handle: RequestHandler): string {
  const endpoint = `https://pool-${handlers.size + 1}.test/`
  handlers.set(endpoint, handle)
  return endpoint
}
