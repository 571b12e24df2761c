/**
 * ConfirmForgotPassword: sets a new password with the code of ForgotPassword. It does not sign the user in. Under
 * PreventUserExistenceErrors a wrong code gets the same error from every user: ExpiredCodeException while none was
 * asked for, else CodeMismatchException.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ConfirmForgotPassword.html
 */

import { assertClient } from '../client-authentication.ts'
import { assertCode, codeMismatchError, expiredCodeError } from '../codes.ts'
import { userDisabledError, userNotFoundForClientError } from '../common-errors.ts'
import type { OperationContext } from '../context.ts'
import { assertPassword, createCredentials, passwordPolicyMessages } from '../passwords.ts'
import { withRateLimit } from '../rate-limit.ts'
import type { User } from '../store/store.ts'
import { withPostConfirmation } from '../triggers/sign-up-triggers.ts'
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
    const { settings, store, clock, simulateUser } = context
    const username = call.Username
    assertClient(call, context)
    return withRateLimit({ operation: 'ConfirmForgotPassword', username }, context, () => {
      const user = store.findUser(username)
      // Both are computed for every user name, so that timing does not reveal which users exist.
      const hasCode = user && store.findCode(user.sub, 'password-reset') !== undefined
      const isCodeAskedFor = wasCodeAskedFor([user?.sub, simulateUser(username).sub], context)
      if (!user?.enabled && !settings.preventsUserExistenceErrors) {
        throw user ? userDisabledError() : userNotFoundForClientError()
      }
      // No code was sent to this user: the error is the one that a wrong code gets from every user.
      if (!user?.enabled || !hasCode) {
        throw isCodeAskedFor ? codeMismatchError() : expiredCodeError()
      }
      assertCode({ user, purpose: 'password-reset', code: ConfirmationCode }, context)
      assertPassword(Password, settings, passwordPolicyMessages.change)
      store.deleteCodes(user.sub, 'password-reset')
      const changed: User = {
        ...user,
        ...createCredentials({ username: user.username, password: Password }, context),
        status: user.status === 'RESET_REQUIRED' ? 'CONFIRMED' : user.status,
        modifiedAtMs: clock.nowMs(),
      }
      updateUser(changed, context)
      return withPostConfirmation({}, changed, 'PostConfirmation_ConfirmForgotPassword', context)
    })
  },
})

/** Whether ForgotPassword was called for one of them within the lifetime of a code, whether it sent one or not. */
function wasCodeAskedFor(
  subs: readonly (string | undefined)[],
  { store, clock }: OperationContext,
): boolean {
  const nowMs = clock.nowMs()
  const results = subs.map((sub) => store.hasUnexpiredCode(sub ?? '', 'password-reset', nowMs))
  return results.includes(true)
}
