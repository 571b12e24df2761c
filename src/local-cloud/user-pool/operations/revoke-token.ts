/**
 * RevokeToken: ends one sign-in, its refresh token and every access token that came of it.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RevokeToken.html
 */

import { assertClientSecret } from '../clients.ts'
import { CognitoError } from '../cognito-error.ts'
import { revokeRefreshToken } from '../sessions.ts'
import { defineOperation } from './operation.ts'
import * as member from './request-schema.ts'

/** dots in a refresh token, a JWE; ID and access tokens are JWS and have two */
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
  run({ Token, ...call }, context) {
    assertClientSecret(call, context)
    if (!context.settings.revokesTokens) {
      throw new CognitoError(
        'UnsupportedOperationException',
        'Token revocation is not enabled for this client',
      )
    }
    if (Token.split('.').length - 1 !== refreshTokenDots) {
      throw new CognitoError('UnsupportedTokenTypeException', 'Unsupported token type')
    }
    revokeRefreshToken({ refreshToken: Token, clientId: call.ClientId }, context)
    return {}
  },
})
