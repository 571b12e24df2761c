/**
 * AdminDeleteUser: an administrator deletes a user with their codes, sessions and MFA settings.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminDeleteUser.html
 */

import { requireUser } from '../users.ts'
import { defineAdminOperation } from './operation.ts'
import * as member from './request-schema.ts'

export const adminDeleteUser = defineAdminOperation({
  parse: (body) => member.parseMembers({ Username: member.username }, body),
  run({ Username }, context) {
    context.store.deleteUser(requireUser(Username, context).sub)
    return undefined
  },
})
