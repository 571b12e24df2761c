/**
 * AdminRemoveUserFromGroup: a user leaves a group; no error for one who is not in it.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminRemoveUserFromGroup.html
 */

import { requireGroup } from '../groups.ts'
import { requireUser } from '../users.ts'
import { defineAdminOperation } from './operation.ts'
import * as member from './request-schema.ts'

export const adminRemoveUserFromGroup = defineAdminOperation({
  parse: (body) =>
    member.parseMembers({ Username: member.username, GroupName: member.groupName }, body),
  run({ Username, GroupName }, context) {
    const { sub } = requireUser(Username, context)
    const { name: groupName } = requireGroup(GroupName, context)
    context.store.removeFromGroup({ groupName, sub })
    return undefined
  },
})
