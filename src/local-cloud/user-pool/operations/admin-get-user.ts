/**
 * AdminGetUser: a user's status, attributes and MFA settings.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminGetUser.html
 */

import { toAttributeList } from '../attributes.ts'
import { toMfaMembers, toMfaOptions } from '../mfa.ts'
import { requireUser, toUserState } from '../users.ts'
import { defineAdminOperation } from './operation.ts'
import * as member from './request-schema.ts'

export const adminGetUser = defineAdminOperation({
  parse: (body) => member.parseMembers({ Username: member.username }, body),
  run({ Username }, context) {
    const user = requireUser(Username, context)
    return {
      ...toUserState(user),
      UserAttributes: toAttributeList(user),
      ...toMfaOptions(user, context),
      ...toMfaMembers(user, context),
    }
  },
})
