/** AWS's own token verifier with the keys that the local cloud publishes. */

import { CognitoJwtVerifier } from 'aws-jwt-verify'
import * as v from 'valibot'
import { expect } from 'vitest'
import type { LocalCloudServer } from './local-cloud-server.ts'
import { ClientId, requireStoredUser, rider, UserPoolId } from './users.ts'

const jwks = v.object({
  keys: v.array(
    v.object({
      kty: v.literal('RSA'),
      use: v.literal('sig'),
      alg: v.literal('RS256'),
      kid: v.string(),
      e: v.string(),
      n: v.string(),
    }),
  ),
})

/** Holds the tokens a client got for `username` against the pool's keys: each is what it should be. */
export async function expectVerifiedTokens(
  server: LocalCloudServer,
  tokens: { readonly idToken: string; readonly accessToken: string },
  username: string = rider.username,
): Promise<void> {
  const response = await fetch(`${server.origin}/cognito-idp/${UserPoolId}/.well-known/jwks.json`)
  const keys = v.parse(jwks, await response.json())
  const verify = (tokenUse: 'id' | 'access', token: string) => {
    const verifier = CognitoJwtVerifier.create({
      userPoolId: UserPoolId,
      tokenUse,
      clientId: ClientId,
    })
    verifier.cacheJwks(keys)
    return verifier.verifySync(token)
  }
  const { sub } = requireStoredUser(server, username)
  expect(verify('id', tokens.idToken)).toMatchObject({ sub, token_use: 'id' })
  expect(verify('access', tokens.accessToken)).toMatchObject({ sub, token_use: 'access' })
}
