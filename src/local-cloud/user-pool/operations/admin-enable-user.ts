/**
 * AdminEnableUser: a disabled user can sign in again.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminEnableUser.html
 */

import { requireUser, updateUser } from '../users.ts'
import { defineAdminOperation } from './operation.ts'
import * as member from './request-schema.ts'

export const adminEnableUser = defineAdminOperation({
  parse: (body) => member.parseMembers({ Username: member.username }, body),
  run({ Username }, context) {
    const user = requireUser(Username, context)
    updateUser({ ...user, enabled: true, modifiedAtMs: context.clock.nowMs() }, context)
    return {}
  },
})
