/**
 * AdminDeleteUserAttributes: an administrator deletes attributes of a user.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminDeleteUserAttributes.html
 */

import { changeAttributes } from '../attribute-changes.ts'
import { requireUser } from '../users.ts'
import { defineAdminOperation } from './operation.ts'
import * as member from './request-schema.ts'

export const adminDeleteUserAttributes = defineAdminOperation({
  parse: (body) =>
    member.parseMembers(
      { Username: member.username, UserAttributeNames: member.attributeNames },
      body,
    ),
  run({ Username, UserAttributeNames }, context) {
    const blanks = UserAttributeNames.map((Name) => ({ Name, Value: '' }))
    changeAttributes(requireUser(Username, context), blanks, 'iam', context)
    return {}
  },
})
