/**
 * AdminDeleteUser: the pool's owner deletes a user, with all that belongs to it.
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
