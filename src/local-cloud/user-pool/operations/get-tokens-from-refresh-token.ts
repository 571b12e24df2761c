/**
 * GetTokensFromRefreshToken: new tokens for a refresh token; with rotation on, a new one of it too.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetTokensFromRefreshToken.html
 */

import { assertClientSecret } from '../clients.ts'
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
  run({ RefreshToken, ...call }, context) {
    assertClientSecret(call, context)
    return refreshSession({ refreshToken: RefreshToken, clientId: call.ClientId }, context)
  },
})
