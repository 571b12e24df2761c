/**
 * DeleteGroup: deletes a group. Its users stay.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteGroup.html
 */

import { requireGroup } from '../groups.ts'
import { defineAdminOperation } from './operation.ts'
import * as member from './request-schema.ts'

export const deleteGroup = defineAdminOperation({
  parse: (body) => member.parseMembers({ GroupName: member.groupName }, body),
  run({ GroupName }, context) {
    context.store.deleteGroup(requireGroup(GroupName, context).name)
    return undefined
  },
})
