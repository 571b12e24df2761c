/**
 * ConfirmForgotPassword: sets a new password against a mailed code. It does not sign anybody in.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ConfirmForgotPassword.html
 */

import { assertCode, codeMismatch } from '../codes.ts'
import { CognitoError } from '../cognito-error.ts'
import { assertClient, assertPassword, createCredentials, passwordRefusals } from '../users.ts'
import * as member from './members.ts'
import { defineOperation } from './operation.ts'

export const confirmForgotPassword = defineOperation({
  parse: (body) =>
    member.parseMembers(
      {
        ClientId: member.clientId,
        Username: member.username,
        ConfirmationCode: member.confirmationCode,
        Password: member.newPassword,
      },
      body,
    ),
  run({ ClientId, Username, ConfirmationCode, Password }, context) {
    const { settings, store, clock } = context
    assertClient(ClientId, settings)
    const user = store.findUser(Username)
    if (!user?.enabled) {
      if (settings.preventsUserExistenceErrors) throw codeMismatch()
      if (user) throw new CognitoError('NotAuthorizedException', 'User is disabled.')
      throw new CognitoError('UserNotFoundException', 'Username/client id combination not found.')
    }
    assertCode({ user, purpose: 'password-reset', code: ConfirmationCode }, context)
    assertPassword(Password, settings, passwordRefusals.reset)
    store.deleteCodes(user.sub, 'password-reset')
    store.updateUser({
      ...user,
      ...createCredentials({ username: user.username, password: Password }, context),
      status: user.status === 'RESET_REQUIRED' ? 'CONFIRMED' : user.status,
      modifiedAtMs: clock.nowMs(),
    })
    return {}
  },
})
