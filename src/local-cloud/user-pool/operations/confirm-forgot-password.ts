/**
 * ConfirmForgotPassword: sets a new password against a mailed code. It does not sign anybody in.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ConfirmForgotPassword.html
 */

import { assertClient } from '../clients.ts'
import { assertCode, codeMismatch } from '../codes.ts'
import { disabledUser, unknownToClient } from '../common-errors.ts'
import { countCall } from '../limits.ts'
import { assertPassword, createCredentials, passwordRefusals } from '../passwords.ts'
import { updateUser } from '../users.ts'
import { defineOperation } from './operation.ts'
import * as member from './request-schema.ts'

export const confirmForgotPassword = defineOperation({
  parse: (body) =>
    member.parseMembers(
      {
        ...member.clientCall,
        ConfirmationCode: member.confirmationCode,
        Password: member.newPassword,
      },
      body,
    ),
  run({ ConfirmationCode, Password, ...call }, context) {
    const { settings, store, clock } = context
    const username = call.Username
    assertClient(call, context)
    return countCall({ operation: 'ConfirmForgotPassword', username }, context, () => {
      const user = store.findUser(username)
      if (!user?.enabled) {
        if (settings.preventsUserExistenceErrors) throw codeMismatch()
        if (user) throw disabledUser()
        throw unknownToClient()
      }
      assertCode({ user, purpose: 'password-reset', code: ConfirmationCode }, context)
      assertPassword(Password, settings, passwordRefusals.change)
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
