/**
 * GetTokensFromRefreshToken: new tokens for a refresh token; with rotation on, a new one of it too.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetTokensFromRefreshToken.html
 */

import { refreshSession } from '../sessions.ts'
import { assertClient } from '../users.ts'
import * as member from './members.ts'
import { defineOperation } from './operation.ts'

export const getTokensFromRefreshToken = defineOperation({
  parse: (body) =>
    member.parseMembers({ ClientId: member.clientId, RefreshToken: member.token }, body),
  run({ ClientId, RefreshToken }, context) {
    assertClient(ClientId, context.settings)
    return refreshSession({ refreshToken: RefreshToken, clientId: ClientId }, context)
  },
})
