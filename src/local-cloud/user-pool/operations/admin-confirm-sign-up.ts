/**
 * AdminConfirmSignUp: an administrator confirms a user. It does not verify the email address.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminConfirmSignUp.html
 */

import type { User } from '../store/store.ts'
import { withPostConfirmation } from '../triggers/sign-up-triggers.ts'
import { assertUnconfirmed, requireUser, updateUser } from '../users.ts'
import { defineAdminOperation } from './operation.ts'
import * as member from './request-schema.ts'

export const adminConfirmSignUp = defineAdminOperation({
  parse: (body) => member.parseMembers({ Username: member.username }, body),
  run({ Username }, context) {
    const user = requireUser(Username, context)
    assertUnconfirmed(user)
    context.store.deleteCodes(user.sub, 'sign-up')
    const confirmed: User = { ...user, status: 'CONFIRMED', modifiedAtMs: context.clock.nowMs() }
    updateUser(confirmed, context)
    return withPostConfirmation({}, confirmed, 'PostConfirmation_ConfirmSignUp', context)
  },
})
