/**
 * ConfirmForgotPassword: sets a new password with the code of ForgotPassword. It does not sign the user in.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ConfirmForgotPassword.html
 */

import { assertClient } from '../client-authentication.ts'
import { assertCode, codeMismatchError } from '../codes.ts'
import { userDisabledError, userNotFoundForClientError } from '../common-errors.ts'
import { assertPassword, createCredentials, passwordPolicyMessages } from '../passwords.ts'
import { withRateLimit } from '../rate-limit.ts'
import { updateUser } from '../users.ts'
import { defineOperation } from './operation.ts'
import * as member from './request-schema.ts'

export const confirmForgotPassword = defineOperation({
  parse: (body) =>
    member.parseMembers(
      {
        ...member.clientMembers,
        ConfirmationCode: member.confirmationCode,
        Password: member.newPassword,
      },
      body,
    ),
  run({ ConfirmationCode, Password, ...call }, context) {
    const { settings, store, clock } = context
    const username = call.Username
    assertClient(call, context)
    return withRateLimit({ operation: 'ConfirmForgotPassword', username }, context, () => {
      const user = store.findUser(username)
      if (!user?.enabled) {
        if (settings.preventsUserExistenceErrors) throw codeMismatchError()
        if (user) throw userDisabledError()
        throw userNotFoundForClientError()
      }
      assertCode({ user, purpose: 'password-reset', code: ConfirmationCode }, context)
      assertPassword(Password, settings, passwordPolicyMessages.change)
      store.deleteCodes(user.sub, 'password-reset')
      updateUser(
        {
          ...user,
          ...createCredentials({ username: user.username, password: Password }, context),
          status: user.status === 'RESET_REQUIRED' ? 'CONFIRMED' : user.status,
          modifiedAtMs: clock.nowMs(),
        },
        context,
      )
      return {}
    })
  },
})
