/**
 * AdminSetUserPassword: an administrator sets a password, permanent or temporary.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminSetUserPassword.html
 */

import {
  assertPassword,
  createCredentials,
  createTemporaryCredentials,
  passwordPolicyMessages,
} from '../passwords.ts'
import { requireUser, updateUser } from '../users.ts'
import { defineAdminOperation } from './operation.ts'
import * as member from './request-schema.ts'

export const adminSetUserPassword = defineAdminOperation({
  parse: (body) =>
    member.parseMembers(
      {
        Username: member.username,
        Password: member.newPassword,
        Permanent: member.optional(member.boolean, false),
      },
      body,
    ),
  run({ Username, Password, Permanent }, context) {
    const user = requireUser(Username, context)
    assertPassword(Password, context.settings, passwordPolicyMessages.admin)
    const create = Permanent ? createCredentials : createTemporaryCredentials
    updateUser(
      {
        ...user,
        ...create({ username: user.username, password: Password }, context),
        status: Permanent ? 'CONFIRMED' : 'FORCE_CHANGE_PASSWORD',
        modifiedAtMs: context.clock.nowMs(),
      },
      context,
    )
    return {}
  },
})
