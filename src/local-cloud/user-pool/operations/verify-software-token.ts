/**
 * VerifySoftwareToken: the first code of an authenticator app activates its secret.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_VerifySoftwareToken.html
 */

import { consumeAuthSession, createAuthSession } from '../sign-in/auth-session.ts'
import { verifySoftwareToken as verify } from '../software-token-mfa.ts'
import { defineMfaSetupOperation } from './operation.ts'
import * as member from './request-schema.ts'

export const verifySoftwareToken = defineMfaSetupOperation({
  parse: (body) =>
    member.parseMembers(
      {
        UserCode: member.userCode,
        FriendlyDeviceName: member.optional(member.friendlyDeviceName),
      },
      body,
    ),
  run({ UserCode, FriendlyDeviceName }, { user, authSession }, context) {
    verify(user, { code: UserCode, friendlyDeviceName: FriendlyDeviceName }, context)
    if (!authSession) return { Status: 'SUCCESS' }
    consumeAuthSession(authSession, context)
    const Session = createAuthSession({ ...authSession, softwareTokenVerified: true }, context)
    return { Status: 'SUCCESS', Session }
  },
})
