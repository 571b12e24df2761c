/**
 * RevokeToken: revokes the session of a refresh token, with all its access tokens.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RevokeToken.html
 */

import { assertClientSecret } from '../client-authentication.ts'
import { CognitoError } from '../cognito-error.ts'
import { revokeRefreshToken } from '../sessions.ts'
import { defineOperation } from './operation.ts'
import * as member from './request-schema.ts'

/** dots in a refresh token, which is a JWE; ID and access tokens are JWS and have two */
const refreshTokenDots = 4

export const revokeToken = defineOperation({
  parse: (body) =>
    member.parseMembers(
      {
        ClientId: member.clientId,
        ClientSecret: member.optional(member.clientSecret),
        Token: member.token,
      },
      body,
    ),
  run({ Token, ...client }, context) {
    assertClientSecret(client, context)
    if (!context.settings.revokesTokens) {
      throw new CognitoError(
        'UnsupportedOperationException',
        'Token revocation is not enabled for this client',
      )
    }
    if (Token.split('.').length - 1 !== refreshTokenDots) {
      throw new CognitoError('UnsupportedTokenTypeException', 'Unsupported token type')
    }
    revokeRefreshToken({ refreshToken: Token, clientId: client.ClientId }, context)
    return {}
  },
})
