/**
 * ConfirmSignUp: turns an UNCONFIRMED user into a CONFIRMED one whose address is verified.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ConfirmSignUp.html
 */

import { assertCode, expiredCode } from '../codes.ts'
import { CognitoError } from '../cognito-error.ts'
import { assertClient, assertUnconfirmed } from '../users.ts'
import * as member from './members.ts'
import { defineOperation } from './operation.ts'

export const confirmSignUp = defineOperation({
  parse: (body) =>
    member.parseMembers(
      {
        ClientId: member.clientId,
        Username: member.username,
        ConfirmationCode: member.confirmationCode,
      },
      body,
    ),
  run({ ClientId, Username, ConfirmationCode }, context) {
    const { settings, store, clock } = context
    assertClient(ClientId, settings)
    const user = store.findUser(Username)
    if (!user) {
      if (settings.preventsUserExistenceErrors) throw expiredCode()
      throw new CognitoError('UserNotFoundException', 'Username/client id combination not found.')
    }
    assertUnconfirmed(user)
    assertCode({ user, purpose: 'sign-up', code: ConfirmationCode }, context)
    store.deleteCodes(user.sub, 'sign-up')
    store.updateUser({
      ...user,
      status: 'CONFIRMED',
      attributes: new Map([...user.attributes, ['email_verified', 'true']]),
      modifiedAtMs: clock.nowMs(),
    })
    return {}
  },
})
