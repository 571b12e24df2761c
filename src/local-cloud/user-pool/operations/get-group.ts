/**
 * GetGroup: one group.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetGroup.html
 */

import { requireGroup, toGroupType } from '../groups.ts'
import { defineAdminOperation } from './operation.ts'
import * as member from './request-schema.ts'

export const getGroup = defineAdminOperation({
  parse: (body) => member.parseMembers({ GroupName: member.groupName }, body),
  run: ({ GroupName }, context) => ({
    Group: toGroupType(requireGroup(GroupName, context), context),
  }),
})
