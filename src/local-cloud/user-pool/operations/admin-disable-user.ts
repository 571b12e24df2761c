/**
 * AdminDisableUser: the user can no longer sign in, and all their sessions are revoked.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminDisableUser.html
 */

import { requireUser, updateUser } from '../users.ts'
import { defineAdminOperation } from './operation.ts'
import * as member from './request-schema.ts'

export const adminDisableUser = defineAdminOperation({
  parse: (body) => member.parseMembers({ Username: member.username }, body),
  run({ Username }, context) {
    const user = requireUser(Username, context)
    updateUser({ ...user, enabled: false, modifiedAtMs: context.clock.nowMs() }, context)
    context.store.revokeSessionsOf(user.sub)
    return {}
  },
})
