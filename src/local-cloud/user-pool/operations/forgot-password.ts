/**
 * ForgotPassword: mails a code that allows a new password. Who does not exist is answered alike.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ForgotPassword.html
 */

import { assertClient } from '../clients.ts'
import { pretendToSendCode, sendCode } from '../codes.ts'
import { CognitoError } from '../cognito-error.ts'
import { disabledUser, unknownToClient } from '../common-errors.ts'
import { countCall } from '../limits.ts'
import { cannotReset, findResetAddress, noResetAddress } from '../password-reset.ts'
import { defineOperation } from './operation.ts'
import * as member from './request-schema.ts'

export const forgotPassword = defineOperation({
  parse: (body) => member.parseMembers(member.clientCall, body),
  run(call, context) {
    const { settings, store, disguise } = context
    const username = call.Username
    assertClient(call, context)
    if (!settings.recoversByEmail) {
      throw new CognitoError('NotAuthorizedException', 'Contact administrator to reset password.')
    }
    return countCall({ operation: 'ForgotPassword', username }, context, () => {
      const user = store.findUser(username)
      // Made for everyone: time must not tell who exists.
      const nobody = disguise(username)
      if (user?.enabled && user.status === 'FORCE_CHANGE_PASSWORD') throw cannotReset()
      const email = user && findResetAddress(user)
      if (user?.enabled && email !== undefined) {
        const sent = sendCode({ user, purpose: 'password-reset', email }, context)
        return { CodeDeliveryDetails: sent }
      }
      if (settings.preventsUserExistenceErrors) {
        const pretended = pretendToSendCode(
          { username, nobody, purpose: 'password-reset' },
          context,
        )
        return { CodeDeliveryDetails: pretended }
      }
      if (!user) {
        throw unknownToClient()
      }
      if (!user.enabled) throw disabledUser()
      throw noResetAddress()
    })
  },
})
