/**
 * The ride API. `POST /ride` chooses a unicorn and records the ride; `DELETE /rides` deletes all rides of the rider. It
 * runs behind an HTTP API whose JWT authorizer has verified the token's signature, issuer, audience and expiry: in AWS as a
 * Lambda function, locally in the local cloud.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */

import * as v from 'valibot'
import type { RideStore, Unicorn } from './ride-store.ts'

/** The routes of the HTTP API, as API Gateway writes them. */
export const rideRoutes = ['POST /ride', 'DELETE /rides'] as const

export interface RideLimits {
  /** days after which a ride is deleted */
  readonly retentionDays: number
  /** requests that one rider may make in a minute, by the clock's minutes */
  readonly requestsPerMinute: number
}

/** The same as the defaults of the template. */
export const defaultRideLimits: RideLimits = { retentionDays: 30, requestsPerMinute: 10 }

export interface RideDeps {
  readonly store: RideStore
  readonly clock: {
    /** milliseconds since the Unix epoch */
    nowMs(): number
  }
  readonly random: {
    bytes(count: number): Uint8Array
    uuid(): string
  }
  readonly limits?: RideLimits
}

/** A Lambda response to an HTTP API, payload format 2.0. */
export interface RideResult {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, string>>
  /** JSON: the ride, or `{ "message" }` with the error; empty where there is nothing to say */
  readonly body: string
}

/** The parts of an event that are read. The JWT authorizer passes every claim as a string. */
const rideEvent = v.object({
  routeKey: v.string(),
  body: v.optional(v.string(), ''),
  isBase64Encoded: v.optional(v.boolean(), false),
  requestContext: v.object({
    authorizer: v.object({
      jwt: v.object({
        claims: v.object({
          sub: v.string(),
          token_use: v.string(),
          'cognito:username': v.optional(v.string()),
        }),
      }),
    }),
  }),
})

type RideEvent = v.InferOutput<typeof rideEvent>

function degrees(limit: number) {
  const expected = `must be a number from -${limit} to ${limit}`
  return v.pipe(v.number(expected), v.minValue(-limit, expected), v.maxValue(limit, expected))
}

const rideRequest = v.object(
  {
    PickupLocation: v.object(
      { Latitude: degrees(90), Longitude: degrees(180) },
      'must be an object with Latitude and Longitude',
    ),
  },
  'must be a JSON object with PickupLocation',
)

/** Eight, which divides 256: one random byte chooses each with the same probability. */
const fleet: readonly [Unicorn, ...Unicorn[]] = [
  { name: 'Aurora', color: 'Silver', gender: 'Female' },
  { name: 'Bramble', color: 'Chestnut', gender: 'Male' },
  { name: 'Celeste', color: 'White', gender: 'Female' },
  { name: 'Domino', color: 'Piebald', gender: 'Male' },
  { name: 'Ember', color: 'Copper', gender: 'Female' },
  { name: 'Fennel', color: 'Dapple grey', gender: 'Male' },
  { name: 'Galaxy', color: 'Midnight blue', gender: 'Female' },
  { name: 'Hazel', color: 'Golden', gender: 'Female' },
]

/** The same for every ride. */
const eta = '30 seconds'

const minuteMs = 60_000
const dayMs = 86_400_000

/** @returns the handler of an event; it rejects when the ride could not be recorded, or a ride may not be deleted */
export function createRideHandler({ store, clock, random, limits = defaultRideLimits }: RideDeps) {
  return async (event: unknown): Promise<RideResult> => {
    const parsed = v.safeParse(rideEvent, event)
    if (!parsed.success) return toErrorResult(401, 'Unauthorized')
    const { routeKey, requestContext } = parsed.output
    const { claims } = requestContext.authorizer.jwt
    // The authorizer also accepts access tokens of the client; ID tokens are the ones that identify a rider.
    if (claims.token_use !== 'id') return toErrorResult(401, 'An ID token is needed')

    const nowMs = clock.nowMs()
    const minute = Math.floor(nowMs / minuteMs)
    const limit = limits.requestsPerMinute
    if (!(await store.countRequest({ riderSub: claims.sub, minute, limit }))) {
      return toLimitResult(Math.ceil(((minute + 1) * minuteMs - nowMs) / 1000))
    }
    switch (routeKey) {
      case 'POST /ride':
        return requestRide(parsed.output, nowMs)
      case 'DELETE /rides':
        await store.deleteRides(claims.sub)
        return { statusCode: 204, headers: { 'Cache-Control': 'no-store' }, body: '' }
      default:
        return toErrorResult(404, 'Not Found')
    }
  }

  async function requestRide(event: RideEvent, nowMs: number): Promise<RideResult> {
    const { requestContext, body, isBase64Encoded } = event
    const { claims } = requestContext.authorizer.jwt
    const request = v.safeParse(rideRequest, parseJson(isBase64Encoded ? fromBase64(body) : body))
    if (!request.success) return toErrorResult(400, toReason(request.issues[0]))
    const { Latitude: latitude, Longitude: longitude } = request.output.PickupLocation

    const unicorn = fleet[(random.bytes(1)[0] ?? 0) % fleet.length] ?? fleet[0]
    const rideId = random.uuid()
    await store.recordRide({
      rideId,
      riderSub: claims.sub,
      unicorn,
      pickup: { latitude, longitude },
      requestedAtMs: nowMs,
      expiresAtMs: nowMs + limits.retentionDays * dayMs,
    })
    return toResult(201, {
      RideId: rideId,
      Unicorn: { Name: unicorn.name, Color: unicorn.color, Gender: unicorn.gender },
      Eta: eta,
      Rider: claims['cognito:username'] ?? claims.sub,
    })
  }
}

/** @returns a text such as "PickupLocation.Latitude must be a number from -90 to 90" */
function toReason(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue)
  if (path === null) return `The body ${issue.message}`
  return `${path} ${issue.received === 'undefined' ? 'is missing' : issue.message}`
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return text
    throw error
  }
}

function fromBase64(text: string): string {
  return Buffer.from(text, 'base64').toString('utf8')
}

function toLimitResult(retryAfterSeconds: number): RideResult {
  const message = `Too many requests. Try again in ${retryAfterSeconds} ${retryAfterSeconds === 1 ? 'second' : 'seconds'}.`
  const { headers, ...result } = toErrorResult(429, message)
  return { ...result, headers: { ...headers, 'Retry-After': String(retryAfterSeconds) } }
}

function toErrorResult(statusCode: number, message: string): RideResult {
  return toResult(statusCode, { message })
}

function toResult(statusCode: number, body: unknown): RideResult {
  return {
    statusCode,
    headers: { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' },
    body: JSON.stringify(body),
  }
}
