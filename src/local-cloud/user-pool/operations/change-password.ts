/**
 * ChangePassword: a signed-in user takes another password. Nobody is signed out by it.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ChangePassword.html
 */

import { countCall } from '../limits.ts'
import { assertPassword, createCredentials, isPassword, passwordRefusals } from '../passwords.ts'
import { incorrectPassword } from '../sign-in/password-verifier.ts'
import { updateUser } from '../users.ts'
import { defineUserOperation } from './operation.ts'
import * as member from './request-schema.ts'

export const changePassword = defineUserOperation({
  parse: (body) =>
    member.parseMembers(
      { PreviousPassword: member.password, ProposedPassword: member.newPassword },
      body,
    ),
  run({ PreviousPassword, ProposedPassword }, { caller: { user }, ...context }) {
    const { settings, clock } = context
    const { username } = user
    return countCall({ operation: 'ChangePassword', username }, context, () => {
      if (!isPassword(PreviousPassword, { ...user, userId: username }, context)) {
        throw incorrectPassword('wrong PreviousPassword')
      }
      assertPassword(ProposedPassword, settings, passwordRefusals.change)
      updateUser(
        {
          ...user,
          ...createCredentials({ username, password: ProposedPassword }, context),
          modifiedAtMs: clock.nowMs(),
        },
        context,
      )
      return {}
    })
  },
})
