/**
 * AdminUserGlobalSignOut: an administrator revokes all sessions of a user.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminUserGlobalSignOut.html
 */

import { requireUser } from '../users.ts'
import { defineAdminOperation } from './operation.ts'
import * as member from './request-schema.ts'

export const adminUserGlobalSignOut = defineAdminOperation({
  parse: (body) => member.parseMembers({ Username: member.username }, body),
  run({ Username }, context) {
    context.store.revokeSessionsOf(requireUser(Username, context).sub)
    return {}
  },
})
