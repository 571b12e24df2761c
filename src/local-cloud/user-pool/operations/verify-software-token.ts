/**
 * VerifySoftwareToken: a code of the authenticator app proves that the user has it.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_VerifySoftwareToken.html
 */

import { createAuthSession, spendAuthSession } from '../sign-in/auth-session.ts'
import { verifySoftwareToken as verify } from '../software-token.ts'
import { defineSetupOperation } from './operation.ts'
import * as member from './request-schema.ts'

export const verifySoftwareToken = defineSetupOperation({
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
    spendAuthSession(authSession, context)
    const Session = createAuthSession({ ...authSession, softwareTokenVerified: true }, context)
    return { Status: 'SUCCESS', Session }
  },
})
