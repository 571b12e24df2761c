/** Converts between Node's request and response objects and `Request` and `Response`. */

import type { IncomingMessage, ServerResponse } from 'node:http'
import { maxBodyBytes } from './request-guard.ts'

/** milliseconds in which a client must have sent its body */
const bodyTimeLimitMs = 10_000

/** Thrown when a body is longer than `maxBodyBytes`, whatever its Content-Length says. */
export class BodyTooLargeError extends Error {
  override readonly name = 'BodyTooLargeError'
}

/** @returns the path of a request, without query */
export function readPath({ url = '/' }: { readonly url?: string | undefined }): string {
  return url.replace(/[?#].*$/s, '')
}

/**
 * Closes the connection when the body takes too long.
 *
 * @param signal tells a request without a body that its client has gone
 * @throws {BodyTooLargeError} after `maxBodyBytes`
 */
export async function toWebRequest(
  incoming: IncomingMessage,
  signal?: AbortSignal,
): Promise<Request> {
  const method = incoming.method ?? 'GET'
  const headers = new Headers()
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers.set(name, String(value))
  }
  // The request guard has let this host in: it is one of this machine, with the port.
  const url = new URL(incoming.url ?? '/', `http://${incoming.headers.host ?? 'localhost'}`)
  if (method === 'GET' || method === 'HEAD')
    return new Request(url, { method, headers, ...(signal && { signal }) })
  return new Request(url, { method, headers, body: await readBody(incoming) })
}

export async function sendWebResponse(response: Response, outgoing: ServerResponse): Promise<void> {
  const body = Buffer.from(await response.arrayBuffer())
  if (response.statusText !== '') outgoing.statusMessage = response.statusText
  outgoing.writeHead(response.status, {
    ...Object.fromEntries(response.headers),
    'Content-Length': body.length,
  })
  outgoing.end(body)
}

async function readBody(incoming: IncomingMessage): Promise<Uint8Array<ArrayBuffer>> {
  const timer = setTimeout(() => incoming.destroy(), bodyTimeLimitMs)
  try {
    const chunks: Buffer[] = []
    let size = 0
    for await (const chunk of incoming) {
      size += chunk.length
      if (size > maxBodyBytes) throw new BodyTooLargeError()
      chunks.push(chunk)
    }
    return Buffer.concat(chunks)
  } finally {
    clearTimeout(timer)
  }
}
