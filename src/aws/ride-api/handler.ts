/**
 * POST /ride: chooses a unicorn and records the ride. It runs behind an HTTP API whose JWT authorizer has verified the
 * token's signature, issuer, audience and expiry: in AWS as a Lambda function, locally in the local cloud.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */

import * as v from 'valibot'
import type { RideStore, Unicorn } from './ride-store.ts'

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
}

/** A Lambda response to an HTTP API, payload format 2.0. */
export interface RideResult {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, string>>
  /** JSON: the ride, or `{ "message" }` with the error */
  readonly body: string
}

/** The parts of an event that are read. The JWT authorizer passes every claim as a string. */
const rideEvent = v.object({
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

/** @returns the handler of an event; it rejects when the ride could not be recorded */
export function createRideHandler({ store, clock, random }: RideDeps) {
  return async (event: unknown): Promise<RideResult> => {
    const parsed = v.safeParse(rideEvent, event)
    if (!parsed.success) return toErrorResult(401, 'Unauthorized')
    const { requestContext, body, isBase64Encoded } = parsed.output
    const { claims } = requestContext.authorizer.jwt
    // The authorizer also accepts access tokens of the client; ID tokens are the ones that identify a rider.
    if (claims.token_use !== 'id') return toErrorResult(401, 'An ID token is needed')

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
      requestedAtMs: clock.nowMs(),
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
