/**
 * ListUsersInGroup: users of a group ordered by user name, in pages.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUsersInGroup.html
 */

import { requireGroup } from '../groups.ts'
import { readPage, toPage } from '../pagination.ts'
import { toUserType } from '../users.ts'
import { defineAdminOperation } from './operation.ts'
import * as member from './request-schema.ts'

export const listUsersInGroup = defineAdminOperation({
  parse: (body) =>
    member.parseMembers({ GroupName: member.groupName, ...member.pageMembers }, body),
  run({ GroupName, Limit, NextToken }, context) {
    const { name } = requireGroup(GroupName, context)
    const page = readPage(
      { operation: 'ListUsersInGroup', limit: Limit, token: NextToken },
      context,
    )
    const found = context.store.listUsersInGroup(name, page)
    const { items, token } = toPage(page, found, ({ username }) => username, context)
    return { Users: items.map(toUserType), ...(token !== undefined && { NextToken: token }) }
  },
})
