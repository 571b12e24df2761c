/**
 * ListGroups: groups ordered by name, in pages.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListGroups.html
 */

import { toGroupType } from '../groups.ts'
import { readPage, toPage } from '../pagination.ts'
import { defineAdminOperation } from './operation.ts'
import * as member from './request-schema.ts'

export const listGroups = defineAdminOperation({
  parse: (body) => member.parseMembers(member.pageMembers, body),
  run({ Limit, NextToken }, context) {
    const page = readPage({ operation: 'ListGroups', limit: Limit, token: NextToken }, context)
    const { items, token } = toPage(
      page,
      context.store.listGroups(page),
      ({ name }) => name,
      context,
    )
    return {
      Groups: items.map((group) => toGroupType(group, context)),
      ...(token !== undefined && { NextToken: token }),
    }
  },
})
