/**
 * ChangePassword: a signed-in user changes their password, or sets their first one. Their sessions stay valid.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ChangePassword.html
 */

import {
  assertPassword,
  createCredentials,
  isCorrectPassword,
  passwordPolicyMessages,
} from '../passwords.ts'
import { withRateLimit } from '../rate-limit.ts'
import { incorrectPasswordError } from '../sign-in/password-verifier.ts'
import { updateUser } from '../users.ts'
import { defineUserOperation } from './operation.ts'
import * as member from './request-schema.ts'

export const changePassword = defineUserOperation({
  parse: (body) =>
    member.parseMembers(
      {
        PreviousPassword: member.optional(member.password),
        ProposedPassword: member.newPassword,
      },
      body,
    ),
  run({ PreviousPassword, ProposedPassword }, { caller: { user }, ...context }) {
    const { settings, clock } = context
    const { username } = user
    return withRateLimit({ operation: 'ChangePassword', username }, context, () => {
      if (user.hasPassword || PreviousPassword !== undefined) {
        const previous = member.requirePassword(PreviousPassword, 'PreviousPassword')
        if (!isCorrectPassword(previous, { ...user, userId: username }, context)) {
          throw incorrectPasswordError('wrong PreviousPassword')
        }
      }
      assertPassword(ProposedPassword, settings, passwordPolicyMessages.change)
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
