/**
 * GlobalSignOut: revokes all sessions of the signed-in user.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GlobalSignOut.html
 */

import { defineUserOperation } from './operation.ts'

export const globalSignOut = defineUserOperation({
  parse: () => ({}),
  run(_, { store, caller }) {
    store.revokeSessionsOf(caller.user.sub)
    return {}
  },
})
