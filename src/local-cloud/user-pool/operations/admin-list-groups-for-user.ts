/**
 * AdminListGroupsForUser: the groups of a user ordered by name, in pages.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminListGroupsForUser.html
 */

import { toGroupType } from '../groups.ts'
import { readPage, toPage } from '../pagination.ts'
import { requireUser } from '../users.ts'
import { defineAdminOperation } from './operation.ts'
import * as member from './request-schema.ts'

export const adminListGroupsForUser = defineAdminOperation({
  parse: (body) => member.parseMembers({ Username: member.username, ...member.pageMembers }, body),
  run({ Username, Limit, NextToken }, context) {
    const { sub } = requireUser(Username, context)
    const operation = 'AdminListGroupsForUser'
    const page = readPage({ operation, limit: Limit, token: NextToken }, context)
    const { after = '' } = page
    const found = context.store
      .listGroupsOf(sub)
      .filter(({ name }) => name > after)
      .toSorted((one, other) => (one.name < other.name ? -1 : 1))
      .slice(0, page.limit)
    const { items, token } = toPage(page, found, ({ name }) => name, context)
    return {
      Groups: items.map((group) => toGroupType(group, context)),
      ...(token !== undefined && { NextToken: token }),
    }
  },
})
