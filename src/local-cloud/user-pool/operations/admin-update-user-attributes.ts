/**
 * AdminUpdateUserAttributes: an administrator changes a user's attributes, also `email_verified`.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminUpdateUserAttributes.html
 */

import { changeAttributes } from '../attribute-changes.ts'
import { requireUser } from '../users.ts'
import { defineAdminOperation } from './operation.ts'
import * as member from './request-schema.ts'

export const adminUpdateUserAttributes = defineAdminOperation({
  parse: (body) =>
    member.parseMembers({ Username: member.username, UserAttributes: member.attributes }, body),
  run({ Username, UserAttributes }, context) {
    changeAttributes(requireUser(Username, context), UserAttributes, 'iam', context)
    return {}
  },
})
