/** Discovery: the public keys and openid-configuration, below the pool's own address and below the API's path. */

import { createRemoteJWKSet, decodeJwt, errors, jwtVerify } from 'jose'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { signJwt } from '../../support/forged-jwt.ts'
import { type LocalCloudServer, startLocalCloud } from '../../support/local-cloud-server.ts'
import { spaceNeedle } from '../../support/ride-event.ts'
import { ClientId, createSignedInUser, UserPoolId } from '../../support/users.ts'

const awsIssuer = `https://cognito-idp.us-east-1.amazonaws.com/${UserPoolId}`
const configuration = v.object({ issuer: v.string(), jwks_uri: v.string() })

async function readJson(url: string): Promise<unknown> {
  const response = await fetch(url)
  expect({ url, status: response.status, type: response.headers.get('content-type') }).toEqual({
    url,
    status: 200,
    type: 'application/json',
  })
  return response.json()
}

/** @returns the status */
async function askForRide({ origin }: LocalCloudServer, token: string): Promise<number> {
  const response = await fetch(`${origin}/ride-api/ride`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: token },
    body: JSON.stringify({ PickupLocation: spaceNeedle }),
  })
  return response.status
}

/** A local cloud whose pool is its own issuer, as `--issuer` starts it. */
async function startOwnIssuer(options: Parameters<typeof startLocalCloud>[0] = {}) {
  let origin = ''
  const server = await startLocalCloud({ ...options, issuerOrigin: () => origin })
  origin = server.origin
  return server
}

test('discovery: both addresses have the same keys', async () => {
  const { origin } = await startLocalCloud()
  const [own, ofApi] = await Promise.all([
    readJson(`${origin}/${UserPoolId}/.well-known/jwks.json`),
    readJson(`${origin}/cognito-idp/${UserPoolId}/.well-known/jwks.json`),
  ])

  expect(own).toEqual({ keys: [expect.anything(), expect.anything()] })
  expect(own).toEqual(ofApi)
})

test('discovery: openid-configuration names the issuer of the tokens, the keys, and no endpoint that is not there', async () => {
  const { origin } = await startLocalCloud()
  const expected = {
    issuer: awsIssuer,
    jwks_uri: `${origin}/${UserPoolId}/.well-known/jwks.json`,
    response_types_supported: [],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
  }

  for (const path of [`/${UserPoolId}`, `/cognito-idp/${UserPoolId}`]) {
    expect(await readJson(`${origin}${path}/.well-known/openid-configuration`)).toEqual(expected)
  }
})

test.each([
  ['/us-east-1_Other/.well-known/jwks.json', 404],
  [`/${UserPoolId}/.well-known/constructor`, 404],
  [`/${UserPoolId}`, 404],
])('discovery: %s is not there', async (path, status) => {
  const { origin } = await startLocalCloud()

  expect((await fetch(`${origin}${path}`)).status).toBe(status)
})

test.each(['jwks.json', 'openid-configuration'])(
  'discovery: %s is for pages of this origin and of allowed ones, and for no other',
  async (name) => {
    const allowed = 'http://localhost:3000'
    const { origin } = await startLocalCloud({ allowedOrigins: new Set([allowed]) })
    const url = `${origin}/${UserPoolId}/.well-known/${name}`
    const fetchFrom = async (Origin: string) => (await fetch(url, { headers: { Origin } })).status

    expect(await fetchFrom(origin)).toBe(200)
    expect(await fetchFrom(allowed)).toBe(200)
    expect(await fetchFrom('http://localhost:3001')).toBe(403)
  },
)

describe('the pool as its own issuer', () => {
  test('issuer: a client that knows the issuer alone finds the keys and verifies both tokens', async () => {
    const server = await startOwnIssuer()
    const issuer = `${server.origin}/${UserPoolId}`
    const { IdToken, AccessToken } = await createSignedInUser(server)
    const found = v.parse(
      configuration,
      await readJson(`${issuer}/.well-known/openid-configuration`),
    )

    expect(found.issuer).toBe(issuer)
    const keys = createRemoteJWKSet(new URL(found.jwks_uri))
    const { payload } = await jwtVerify(IdToken, keys, { issuer, audience: ClientId })
    expect(payload.iss).toBe(issuer)
    await jwtVerify(AccessToken, keys, { issuer })
  })

  test('issuer: the pool takes its own access tokens, and none with the issuer of AWS', async () => {
    const server = await startOwnIssuer()
    const { AccessToken } = await createSignedInUser(server)

    expect((await server.call('GetUser', { AccessToken })).status).toBe(200)
    await server.close()
    const { dataFolder } = server
    const restarted = await startLocalCloud({ dataFolder })
    expect((await restarted.call('GetUser', { AccessToken })).body).toEqual({
      __type: 'NotAuthorizedException',
      message: 'Invalid Access Token',
    })
  })

  test('issuer: the ride API takes tokens of this issuer, and none of AWS', async () => {
    const server = await startOwnIssuer({ rideApi: true })
    const { IdToken } = await createSignedInUser(server)
    const claims = decodeJwt(IdToken)
    const { kid, privateKey } = server.keys.id
    const ofAws = signJwt(privateKey, kid, { ...claims, iss: awsIssuer })

    expect(await askForRide(server, IdToken)).toBe(201)
    expect(await askForRide(server, await ofAws)).toBe(401)
  })

  test('issuer: without it the tokens have the issuer of AWS', async () => {
    const server = await startLocalCloud()
    const { IdToken } = await createSignedInUser(server)
    const keys = createRemoteJWKSet(new URL(`${server.origin}/${UserPoolId}/.well-known/jwks.json`))

    await jwtVerify(IdToken, keys, { issuer: awsIssuer })
    await expect(
      jwtVerify(IdToken, keys, { issuer: `${server.origin}/${UserPoolId}` }),
    ).rejects.toThrow(errors.JWTClaimValidationFailed)
  })
})
