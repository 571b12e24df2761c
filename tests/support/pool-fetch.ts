/** Lets the client library, which calls the global `fetch`, reach a pool that has no socket. */

import { vi } from 'vitest'

export type Door = (request: Request) => Promise<Response>

const doors = new Map<string, Door>()
const realFetch = globalThis.fetch

vi.stubGlobal('fetch', (input: RequestInfo | URL, init?: RequestInit) => {
  const request = new Request(input, init)
  const door = doors.get(request.url)
  return door ? door(request) : realFetch(request)
})

/** @returns an endpoint for the client library that leads to `door` */
export function openDoor(door: Door): string {
  const endpoint = `https://pool-${doors.size + 1}.test/`
  doors.set(endpoint, door)
  return endpoint
}
