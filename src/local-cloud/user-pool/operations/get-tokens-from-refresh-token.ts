/**
 * GetTokensFromRefreshToken: new tokens for a refresh token; with rotation also a new refresh token.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetTokensFromRefreshToken.html
 */

import { assertClientSecret } from '../client-authentication.ts'
import { refreshSession } from '../sessions.ts'
import { defineOperation } from './operation.ts'
import * as member from './request-schema.ts'

export const getTokensFromRefreshToken = defineOperation({
  parse: (body) =>
    member.parseMembers(
      {
        ClientId: member.clientId,
        ClientSecret: member.optional(member.clientSecret),
        RefreshToken: member.token,
      },
      body,
    ),
  run({ RefreshToken, ...client }, context) {
    assertClientSecret(client, context)
    return refreshSession({ refreshToken: RefreshToken, clientId: client.ClientId }, context)
  },
})
