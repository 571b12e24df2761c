/**
 * AdminResetUserPassword: the password becomes invalid, and the user gets a code to set a new one.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminResetUserPassword.html
 */

import { sendCode } from '../codes.ts'
import { cannotResetError, findResetContact, noResetAddressError } from '../password-reset.ts'
import type { User } from '../store/store.ts'
import { requireUser, updateUser } from '../users.ts'
import { defineAdminOperation } from './operation.ts'
import * as member from './request-schema.ts'

export const adminResetUserPassword = defineAdminOperation({
  parse: (body) => member.parseMembers({ Username: member.username }, body),
  run({ Username }, context) {
    const user = requireUser(Username, context)
    if (!['CONFIRMED', 'RESET_REQUIRED'].includes(user.status)) throw cannotResetError()
    const contact = findResetContact(user, context)
    if (!contact) throw noResetAddressError()
    const reset: User = {
      ...user,
      status: 'RESET_REQUIRED',
      modifiedAtMs: context.clock.nowMs(),
    }
    updateUser(reset, context)
    const source = 'CustomMessage_ForgotPassword'
    sendCode({ user: reset, purpose: 'password-reset', contact, source }, context)
    return {}
  },
})
