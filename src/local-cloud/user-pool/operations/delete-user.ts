/**
 * DeleteUser: a signed-in user deletes their account with its codes, sessions and MFA settings.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteUser.html
 */

import { defineUserOperation } from './operation.ts'

export const deleteUser = defineUserOperation({
  parse: () => ({}),
  run(_, { store, caller: { user } }) {
    store.deleteUser(user.sub)
    return undefined
  },
})
