/**
 * AssociateSoftwareToken: hands out the secret for an authenticator app, to a user who is signed in or
 * whose sign-in has come to MFA_SETUP.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AssociateSoftwareToken.html
 */

import { createAuthSession, spendAuthSession } from '../sign-in/auth-session.ts'
import { associateSoftwareToken as associate } from '../software-token.ts'
import { defineSetupOperation } from './operation.ts'

export const associateSoftwareToken = defineSetupOperation({
  parse: () => ({}),
  run(_, { user, authSession }, context) {
    const SecretCode = associate(user, context)
    if (!authSession) return { SecretCode }
    spendAuthSession(authSession, context)
    return { SecretCode, Session: createAuthSession(authSession, context) }
  },
})
