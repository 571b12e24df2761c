/**
 * AdminConfirmSignUp: confirms a user by hand. The address does not become verified by it.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminConfirmSignUp.html
 */

import { assertUnconfirmed, requireUser } from '../users.ts'
import * as member from './members.ts'
import { defineAdminOperation, type OperationContext } from './operation.ts'

export const adminConfirmSignUp = defineAdminOperation({
  parse: (body) => member.parseMembers({ Username: member.username }, body),
  run({ Username }, context) {
    confirmByHand(Username, context)
    return {}
  },
})

/** What the operation and the console's "Confirm user" both do. */
export function confirmByHand(username: string, context: OperationContext): void {
  const { store, clock } = context
  const user = requireUser(username, context)
  assertUnconfirmed(user)
  store.deleteCodes(user.sub, 'sign-up')
  store.updateUser({ ...user, status: 'CONFIRMED', modifiedAtMs: clock.nowMs() })
}
