/**
 * The ride API, called once. What comes back is believed after it was parsed; whatever goes wrong is a
 * `RideError` with a closed code.
 */

import { findBlockedOrigin } from '../lib/csp-violations.ts'
import { findMembers, parseMembers } from '../lib/json.ts'
import { timeLimitMs } from '../lib/lazy-import.ts'
import type { Location } from './places.ts'

const rideErrorCodes = [
  'blocked-by-cors',
  'blocked-by-policy',
  'forbidden',
  'network',
  'offline',
  'place-refused',
  'service-unavailable',
  'timeout',
  'too-many-requests',
  'unauthorized',
  'unreadable',
] as const
export type RideErrorCode = (typeof rideErrorCodes)[number]

/** `message` is for the site's operator and never shown to riders. */
export class RideError extends Error {
  override readonly name = 'RideError'
  readonly code: RideErrorCode
  /** the host that the site's headers leave out, for `blocked-by-policy` */
  readonly origin: string | undefined

  constructor(
    code: RideErrorCode,
    message: string,
    { origin, ...options }: ErrorOptions & { origin?: string } = {},
  ) {
    super(message, options)
    this.code = code
    this.origin = origin
  }
}

/** A unicorn on its way. All texts are the API's own, of any length and with anything in them. */
export interface Ride {
  readonly rideId: string
  readonly unicorn: {
    readonly name: string
    readonly color: string
    readonly gender: 'female' | 'male' | undefined
  }
  /** such as "30 seconds" */
  readonly eta: string | undefined
}

export interface RideRequest {
  readonly invokeUrl: string
  /** compact JWS */
  readonly idToken: string
  readonly pickup: Location
  /** gives the request up; it then rejects with this signal's reason */
  readonly signal: AbortSignal
}

/** Where rides are asked for. */
export function toRideUrl(invokeUrl: string): string {
  return `${invokeUrl.replace(/\/+$/, '')}/ride`
}

/** What is sent: JSON in the API's own words. */
export function toRideBody({ latitude, longitude }: Location): string {
  return JSON.stringify({ PickupLocation: { Latitude: latitude, Longitude: longitude } })
}

/** @throws {RideError} */
export async function requestRide(request: RideRequest): Promise<Ride> {
  const { idToken, pickup, signal } = request
  const url = toRideUrl(request.invokeUrl)
  const limit = new AbortController()
  const timer = setTimeout(() => limit.abort(), timeLimitMs)
  const giveUp = () => limit.abort()
  signal.addEventListener('abort', giveUp)
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { Authorization: idToken, 'Content-Type': 'application/json' },
      body: toRideBody(pickup),
      credentials: 'omit',
      signal: limit.signal,
    })
    return readAnswer(response.status, await response.text())
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof RideError) throw error
    if (limit.signal.aborted) {
      throw new RideError('timeout', `no answer within ${timeLimitMs} ms`, { cause: error })
    }
    throw await explainSilence(url, { cause: error, signal: limit.signal })
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', giveUp)
  }
}

/** A browser says no more than "failed": whether the API is there at all tells a lost network from a blocked page. */
async function explainSilence(
  url: string,
  { cause, signal }: { cause: unknown; signal: AbortSignal },
): Promise<RideError> {
  if (!navigator.onLine) return new RideError('offline', 'there is no network', { cause })
  const { origin } = new URL(url, location.href)
  if (await findBlockedOrigin(url, 'connect-src')) {
    return new RideError('blocked-by-policy', `connect-src leaves ${origin} out`, { cause, origin })
  }
  if (origin !== location.origin && (await answersAtAll(url, signal))) {
    const message = `${origin} answers, but does not let pages of ${location.origin} read it: its CORS settings must name this origin, POST, Authorization and Content-Type`
    return new RideError('blocked-by-cors', message, { cause })
  }
  return new RideError('network', `${origin} could not be reached`, { cause })
}

/** Asks for nothing and tells nothing: the answer cannot be read, only that there is one. */
async function answersAtAll(url: string, signal: AbortSignal): Promise<boolean> {
  try {
    await fetch(url, { mode: 'no-cors', credentials: 'omit', cache: 'no-store', signal })
    return true
  } catch (error) {
    if (error instanceof TypeError || error instanceof DOMException) return false
    throw error
  }
}

const codeByStatus: ReadonlyMap<number, RideErrorCode> = new Map([
  [400, 'place-refused'],
  [401, 'unauthorized'],
  [403, 'forbidden'],
  [422, 'place-refused'],
  [429, 'too-many-requests'],
])

function readAnswer(status: number, text: string): Ride {
  if (status >= 200 && status < 300) return parseRide(text)
  const code = codeByStatus.get(status) ?? 'service-unavailable'
  throw new RideError(code, `the ride API answered with status ${status}`)
}

/** @throws {RideError} `unreadable` */
function parseRide(text: string): Ride {
  const ride = parseMembers(text)
  const { Name: name, Color: color, Gender: gender } = findMembers(ride?.Unicorn) ?? {}
  const rideId = ride?.RideId
  if (![rideId, name, color].every((value) => typeof value === 'string' && value.trim() !== '')) {
    throw new RideError('unreadable', 'expected RideId, Unicorn.Name and Unicorn.Color as texts')
  }
  return {
    rideId: String(rideId),
    unicorn: { name: String(name), color: String(color), gender: toGender(gender) },
    eta: typeof ride?.Eta === 'string' && ride.Eta.trim() !== '' ? ride.Eta : undefined,
  }
}

function toGender(value: unknown): Ride['unicorn']['gender'] {
  const word = typeof value === 'string' ? value.toLowerCase() : ''
  return word === 'female' || word === 'male' ? word : undefined
}
