/** The ride API: what API Gateway does in AWS, around the same handler. */

import { JwtVerifier } from 'aws-jwt-verify'
import { JwtBaseError } from 'aws-jwt-verify/error'
import { createRideHandler, type RideLimits, rideRoutes } from '../../aws/ride-api/handler.ts'
import type { RideStore } from '../../aws/ride-api/ride-store.ts'
import type { UserPool } from '../user-pool/context.ts'

/** Path of the ride API on the site, its `invokeUrl`. */
export const rideApiPath = '/ride-api'

export type RideApiHandler = (request: Request) => Promise<Response>

/**
 * @param pool whose tokens are accepted; they expire by this machine's clock, not by the test clock
 * @param limits the handler's own by default; they go by the pool's clock
 * @returns a handler like an HTTP API with the routes of the handler and a JWT authorizer
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
 */
export function createRideApi({
  pool,
  store,
  limits,
}: {
  pool: UserPool
  store: RideStore
  limits?: RideLimits | undefined
}): RideApiHandler {
  const { clock, random } = pool
  const handle = createRideHandler({ store, clock, random, ...(limits && { limits }) })
  const authorize = createAuthorizer(pool)
  return async (request) => {
    const { pathname } = new URL(request.url)
    const requested = `${request.method} ${pathname.slice(rideApiPath.length)}`
    const routeKey = rideRoutes.find((route) => route === requested)
    if (!routeKey) return toJson(404, 'Not Found')
    const claims = authorize(request.headers.get('Authorization') ?? '')
    if (!claims) return toJson(401, 'Unauthorized')
    const { statusCode, headers, body } = await handle({
      routeKey,
      body: await request.text(),
      isBase64Encoded: false,
      requestContext: { authorizer: { jwt: { claims } } },
    })
    // With status 204 not even an empty body may be given.
    return new Response(body === '' ? null : body, { status: statusCode, headers })
  }
}

/** @returns a function from an `Authorization` header to the token's claims as strings; `undefined` if it is invalid */
function createAuthorizer({ settings, keys, issuer }: UserPool) {
  const jwks = [keys.id, keys.access].map(({ publicJwk }) => ({ kty: 'RSA', ...publicJwk }))
  const createVerifier = () => {
    const verifier = JwtVerifier.create({ issuer: issuer(), audience: null })
    verifier.cacheJwks({ keys: jwks })
    return verifier
  }
  let verifier: ReturnType<typeof createVerifier> | undefined
  return (header: string): Readonly<Record<string, string>> | undefined => {
    try {
      // At the first request: the pool may be its own issuer, whose address is known once it listens.
      verifier ??= createVerifier()
      const claims = verifier.verifySync(header.replace(/^Bearer /i, ''))
      if (readAudience(claims) !== settings.userPoolClientId) return undefined
      return Object.fromEntries(
        Object.entries(claims).map(([name, value]) => [name, String(value)]),
      )
    } catch (error) {
      if (error instanceof JwtBaseError) return undefined
      throw error
    }
  }
}

/** Of both kinds, like the JWT authorizer of an HTTP API; the handler rejects access tokens. */
function readAudience(claims: Readonly<Record<string, unknown>>): unknown {
  if (claims.token_use === 'id') return claims.aud
  return claims.token_use === 'access' ? claims.client_id : undefined
}

function toJson(status: number, message: string): Response {
  return Response.json(
    { message },
    { status, ...(status === 401 && { headers: { 'WWW-Authenticate': 'Bearer' } }) },
  )
}
