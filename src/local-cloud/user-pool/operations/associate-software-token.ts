/**
 * AssociateSoftwareToken: creates the TOTP secret for an authenticator app, for a user who is signed in or has the
 * Session of the challenge MFA_SETUP.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AssociateSoftwareToken.html
 */

import { consumeAuthSession, createAuthSession } from '../sign-in/auth-session.ts'
import { associateSoftwareToken as associate } from '../software-token-mfa.ts'
import { defineMfaSetupOperation } from './operation.ts'

export const associateSoftwareToken = defineMfaSetupOperation({
  parse: () => ({}),
  run(_, { user, authSession }, context) {
    const SecretCode = associate(user, context)
    if (!authSession) return { SecretCode }
    consumeAuthSession(authSession, context)
    return { SecretCode, Session: createAuthSession(authSession, context) }
  },
})
