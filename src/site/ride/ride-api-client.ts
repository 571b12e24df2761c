/** Calls the ride API. Whatever goes wrong is a `RideError` with a closed set of codes. */

import { findBlockedOrigin } from '../lib/csp-violations.ts'
import { parseJsonObject, toJsonObject } from '../lib/json.ts'
import { timeLimitMs } from '../lib/network-error.ts'
import type { Location } from './places.ts'

const rideErrorCodes = [
  'blocked-by-cors',
  'blocked-by-csp',
  'forbidden',
  'no-ride-api',
  'network',
  'offline',
  'place-rejected',
  'redirected',
  'service-unavailable',
  'timeout',
  'token-too-large',
  'too-many-requests',
  'unauthorized',
  'invalid-response',
] as const
export type RideErrorCode = (typeof rideErrorCodes)[number]

/** `message` is for the site's operator and never shown to riders. */
export class RideError extends Error {
  override readonly name = 'RideError'
  readonly code: RideErrorCode
  /** the origin that the Content Security Policy of this site leaves out, for `blocked-by-csp` */
  readonly origin: string | undefined
  /** how long the API asks to wait, where it does */
  readonly retryAfterSeconds: number | undefined

  constructor(
    code: RideErrorCode,
    message: string,
    {
      origin,
      retryAfterSeconds,
      ...options
    }: ErrorOptions & { origin?: string; retryAfterSeconds?: number | undefined } = {},
  ) {
    super(message, options)
    this.code = code
    this.origin = origin
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/** The texts come from the API, with any characters. */
export interface Unicorn {
  readonly name: string
  /** of the coat, such as "Midnight blue" */
  readonly color: string
}

/** A ride that the API has accepted. */
export interface Ride {
  readonly rideId: string
  readonly unicorn: Unicorn
  /** until the unicorn arrives; `undefined` when the API tells no time that can be read */
  readonly etaSeconds: number | undefined
}

export interface RideRequest {
  readonly invokeUrl: string
  /** compact JWS */
  readonly idToken: string
  readonly pickup: Location
  /** aborts the request, which then rejects with the signal's reason */
  readonly signal: AbortSignal
}

/** Where rides are requested. */
export function toRideUrl(invokeUrl: string): string {
  return toApiUrl(invokeUrl, 'ride')
}

/** @param path without a slash before it */
export function toApiUrl(invokeUrl: string, path: string): string {
  return `${invokeUrl.replace(/\/+$/, '')}/${path}`
}

/** The body of a request, JSON. */
export function toRideBody({ latitude, longitude }: Location): string {
  return JSON.stringify({ PickupLocation: { Latitude: latitude, Longitude: longitude } })
}

/** @throws {RideError} */
export async function callRideApi(request: RideRequest): Promise<Ride> {
  const { invokeUrl, idToken, pickup, signal } = request
  const response = await fetchWithTimeout(
    toRideUrl(invokeUrl),
    {
      method: 'POST',
      headers: { Authorization: idToken, 'Content-Type': 'application/json' },
      body: toRideBody(pickup),
    },
    signal,
  )
  return parseResponse(response)
}

export interface RideApiResponse {
  readonly status: number
  readonly text: string
  readonly headers: Headers
}

/** @throws {RideError} when there is no response; with the reason of `signal` when that is aborted */
export async function fetchWithTimeout(
  url: string,
  request: RequestInit,
  signal?: AbortSignal,
): Promise<RideApiResponse> {
  const limit = new AbortController()
  const timer = setTimeout(() => limit.abort(), timeLimitMs)
  const abort = () => limit.abort()
  signal?.addEventListener('abort', abort)
  try {
    const response = await fetch(url, {
      ...request,
      credentials: 'omit',
      // The token is for this address and no other.
      redirect: 'manual',
      signal: limit.signal,
    })
    if (response.type === 'opaqueredirect') {
      throw new RideError('redirected', `${url} redirects: name the address that it leads to`)
    }
    const { status, headers } = response
    return { status, headers, text: await response.text() }
  } catch (error) {
    if (error instanceof RideError) throw error
    signal?.throwIfAborted()
    if (limit.signal.aborted) {
      throw new RideError('timeout', `no response within ${timeLimitMs} ms`, { cause: error })
    }
    throw await explainFetchFailure(url, { cause: error, signal: limit.signal })
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', abort)
  }
}

/** The browser only says that the request failed. Whether the API responds at all tells a CORS error from a lost network. */
async function explainFetchFailure(
  url: string,
  { cause, signal }: { cause: unknown; signal: AbortSignal },
): Promise<RideError> {
  if (!navigator.onLine) return new RideError('offline', 'there is no network', { cause })
  const { origin } = new URL(url, location.href)
  if (await findBlockedOrigin(url, 'connect-src')) {
    return new RideError('blocked-by-csp', `connect-src leaves ${origin} out`, { cause, origin })
  }
  if (origin !== location.origin && (await isReachable(url, signal))) {
    const message = `${origin} responds, but does not let pages of ${location.origin} read it: its CORS settings must name this origin, POST, DELETE, Authorization and Content-Type`
    return new RideError('blocked-by-cors', message, { cause })
  }
  return new RideError('network', `${origin} could not be reached`, { cause })
}

/** Sends an opaque GET request: its response cannot be read, only that there is one. */
async function isReachable(url: string, signal: AbortSignal): Promise<boolean> {
  try {
    await fetch(url, { mode: 'no-cors', credentials: 'omit', cache: 'no-store', signal })
    return true
  } catch (error) {
    if (error instanceof TypeError || error instanceof DOMException) return false
    throw error
  }
}

const codeByStatus: ReadonlyMap<number, RideErrorCode> = new Map([
  [400, 'place-rejected'],
  [401, 'unauthorized'],
  [403, 'forbidden'],
  [408, 'service-unavailable'],
  [413, 'token-too-large'],
  [422, 'place-rejected'],
  [425, 'service-unavailable'],
  [429, 'too-many-requests'],
  [431, 'token-too-large'],
  // nginx's own for 431
  [494, 'token-too-large'],
  [501, 'no-ride-api'],
  [505, 'no-ride-api'],
])

/** Waiting mends what is wrong with the service, not a request that it does not know. */
function toCode(status: number): RideErrorCode {
  return codeByStatus.get(status) ?? (status < 500 ? 'no-ride-api' : 'service-unavailable')
}

function parseResponse({ status, text, headers }: RideApiResponse): Ride {
  if (status >= 200 && status < 300) return parseRide(text)
  throw new RideError(toCode(status), `the ride API responded with status ${status}`, {
    retryAfterSeconds: readRetryAfterSeconds(headers),
  })
}

/** An API on another origin must expose the header, and may send a date: both are `undefined`. */
export function readRetryAfterSeconds(headers: Headers): number | undefined {
  const [seconds] = /^[1-9][0-9]{0,2}$/.exec(headers.get('Retry-After') ?? '') ?? []
  return seconds === undefined ? undefined : Number(seconds)
}

/** characters; a longer name is none */
const longestText = 200

/** @throws {RideError} `invalid-response` */
function parseRide(text: string): Ride {
  const ride = parseJsonObject(text)
  const { Name: name, Color: color } = toJsonObject(ride?.Unicorn) ?? {}
  const rideId = ride?.RideId
  if (!isText(rideId) || !isText(name) || !isText(color)) {
    throw new RideError(
      'invalid-response',
      `expected RideId, Unicorn.Name and Unicorn.Color as texts of 1 to ${longestText} characters`,
    )
  }
  return { rideId, unicorn: { name, color }, etaSeconds: parseEta(ride?.Eta) }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '' && value.length <= longestText
}

const secondsByUnit: ReadonlyMap<string, number> = new Map([
  ['second', 1],
  ['minute', 60],
  ['hour', 3600],
])

/** @returns the seconds of a text such as "30 seconds" or "1 minute" */
function parseEta(eta: unknown): number | undefined {
  const [, count, unit = ''] = /^\s*(\d{1,4})\s+(second|minute|hour)s?\s*$/i.exec(String(eta)) ?? []
  const seconds = secondsByUnit.get(unit.toLowerCase())
  return seconds === undefined ? undefined : Number(count) * seconds
}
