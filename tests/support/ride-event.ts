/**
 * What an HTTP API with a JWT authorizer hands to a Lambda function: payload format 2.0.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */

import type { JsonObject } from './cognito-api.ts'

/** The token in the header of the event, which no response may repeat. */
export const carriedToken = 'eyJraWQiOiJrIn0.eyJzdWIiOiJzIn0.c2lnbmF0dXJl'

/** Claims of an ID token, as strings. */
export const idClaims = {
  sub: 'f4a814f8-2091-70e2-6cbd-96b4a4fa8b4e',
  'cognito:username': 'rider@example.com',
  email: 'rider@example.com',
  email_verified: 'true',
  iss: 'https://cognito-idp.us-east-1.amazonaws.com/us-east-1_AbCdEf123',
  aud: '1h57kf5cpq17m0eml12EXAMPLE',
  token_use: 'id',
  auth_time: '1583348638',
  iat: '1583348638',
  exp: '1583352238',
} as const

export const spaceNeedle = { Latitude: 47.6205, Longitude: -122.3493 } as const

export interface RideEventParts {
  readonly claims?: JsonObject
  readonly body?: string
  readonly isBase64Encoded?: boolean
  readonly routeKey?: string
}

export function createRideEvent({
  claims = idClaims,
  body = JSON.stringify({ PickupLocation: spaceNeedle }),
  isBase64Encoded = false,
  routeKey = 'POST /ride',
}: RideEventParts = {}) {
  const [method = '', path = ''] = routeKey.split(' ')
  return {
    version: '2.0',
    routeKey,
    rawPath: path,
    rawQueryString: '',
    headers: { authorization: carriedToken, 'content-type': 'application/json' },
    requestContext: {
      accountId: '123456789012',
      apiId: 'abc123',
      authorizer: { jwt: { claims, scopes: null } },
      domainName: 'abc123.execute-api.us-east-1.amazonaws.com',
      domainPrefix: 'abc123',
      http: {
        method,
        path,
        protocol: 'HTTP/1.1',
        sourceIp: '192.0.2.1',
        userAgent: 'agent',
      },
      requestId: 'JKJaXmPLvHcESHA=',
      routeKey,
      stage: '$default',
      time: '04/Mar/2020:19:03:58 +0000',
      timeEpoch: 1583348638390,
    },
    body,
    isBase64Encoded,
  }
}
