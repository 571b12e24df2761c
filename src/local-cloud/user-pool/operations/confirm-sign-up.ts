/**
 * ConfirmSignUp: turns an UNCONFIRMED user into a CONFIRMED one whose address is verified.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ConfirmSignUp.html
 */

import { assertClient } from '../clients.ts'
import { assertCode, expiredCode } from '../codes.ts'
import { unknownToClient } from '../common-errors.ts'
import { countCall } from '../limits.ts'
import type { User } from '../store/store.ts'
import { assertUnconfirmed, releaseAlias, updateUser } from '../users.ts'
import { defineOperation, type OperationContext } from './operation.ts'
import * as member from './request-schema.ts'

export const confirmSignUp = defineOperation({
  parse: (body) =>
    member.parseMembers(
      {
        ...member.clientCall,
        ConfirmationCode: member.confirmationCode,
        ForceAliasCreation: member.optional(member.boolean, false),
      },
      body,
    ),
  run({ ConfirmationCode, ForceAliasCreation, ...call }, context) {
    assertClient(call, context)
    return countCall({ operation: 'ConfirmSignUp', username: call.Username }, context, () => {
      const user = requireUnconfirmed(call.Username, context)
      const { address } = assertCode({ user, purpose: 'sign-up', code: ConfirmationCode }, context)
      const isProved = user.attributes.get('email') === address
      const confirmed: User = {
        ...user,
        status: 'CONFIRMED',
        attributes: isProved
          ? new Map([...user.attributes, ['email_verified', 'true']])
          : user.attributes,
        modifiedAtMs: context.clock.nowMs(),
      }
      if (ForceAliasCreation) releaseAlias(confirmed, context)
      updateUser(confirmed, context, 'An account with the email already exists.')
      context.store.deleteCodes(user.sub, 'sign-up')
      return {}
    })
  },
})

function requireUnconfirmed(username: string, { store, settings }: OperationContext): User {
  const user = store.findUser(username)
  if (!user) {
    if (settings.preventsUserExistenceErrors) throw expiredCode()
    throw unknownToClient()
  }
  assertUnconfirmed(user)
  return user
}
