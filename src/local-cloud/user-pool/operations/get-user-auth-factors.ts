/**
 * GetUserAuthFactors: how the signed-in user can sign in.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetUserAuthFactors.html
 */

import { toMfaMembers } from '../software-token-mfa.ts'
import { hasPasskey } from '../webauthn/registration.ts'
import { defineUserOperation } from './operation.ts'

export const getUserAuthFactors = defineUserOperation({
  parse: () => ({}),
  run: (_, { caller: { user }, ...context }) => ({
    Username: user.username,
    ConfiguredUserAuthFactors: ['PASSWORD', ...(hasPasskey(user, context) ? ['WEB_AUTHN'] : [])],
    ...toMfaMembers(user, context),
  }),
})
