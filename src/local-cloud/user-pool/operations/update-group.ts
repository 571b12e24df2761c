/**
 * UpdateGroup: changes the named members of a group. Tokens have them from the next refresh on.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateGroup.html
 */

import { requireGroup, toGroupType } from '../groups.ts'
import type { UserGroup } from '../store/store.ts'
import { defineAdminOperation } from './operation.ts'
import * as member from './request-schema.ts'

export const updateGroup = defineAdminOperation({
  parse: (body) => member.parseMembers(member.groupMembers, body),
  run({ GroupName, Description, RoleArn, Precedence }, context) {
    const group = requireGroup(GroupName, context)
    const changed: UserGroup = {
      ...group,
      description: Description ?? group.description,
      roleArn: RoleArn ?? group.roleArn,
      precedence: Precedence ?? group.precedence,
      modifiedAtMs: context.clock.nowMs(),
    }
    context.store.updateGroup(changed)
    return { Group: toGroupType(changed, context) }
  },
})
