/**
 * GetUserAuthFactors: how the signed-in user can sign in, by first and second factor.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetUserAuthFactors.html
 */

import { toMfaMembers } from '../mfa.ts'
import { findFirstFactors } from '../sign-in/first-factors.ts'
import { defineUserOperation } from './operation.ts'

export const getUserAuthFactors = defineUserOperation({
  parse: () => ({}),
  run: (_, { caller: { user }, ...context }) => ({
    Username: user.username,
    ConfiguredUserAuthFactors: [
      ...new Set(
        findFirstFactors({ username: user.username, user, isSimulated: false }, context).map(
          ({ setting }) => setting,
        ),
      ),
    ],
    ...toMfaMembers(user, context),
  }),
})
