/**
 * ResendConfirmationCode: mails a new sign-up code, which ends the one before.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ResendConfirmationCode.html
 */

import { assertClient } from '../clients.ts'
import { pretendToSendCode, sendCode } from '../codes.ts'
import { CognitoError } from '../cognito-error.ts'
import { disabledUser, unknownToClient } from '../common-errors.ts'
import { countCall } from '../limits.ts'
import { defineOperation } from './operation.ts'
import * as member from './request-schema.ts'

export const resendConfirmationCode = defineOperation({
  parse: (body) => member.parseMembers(member.clientCall, body),
  run(call, context) {
    const { settings, store, disguise } = context
    const username = call.Username
    assertClient(call, context)
    return countCall({ operation: 'ResendConfirmationCode', username }, context, () => {
      const user = store.findUser(username)
      // Made for everyone: time must not tell who exists.
      const nobody = disguise(username)
      if (!user?.enabled || user.status !== 'UNCONFIRMED') {
        if (settings.preventsUserExistenceErrors) {
          const pretended = pretendToSendCode({ username, nobody, purpose: 'sign-up' }, context)
          return { CodeDeliveryDetails: pretended }
        }
        if (!user) {
          throw unknownToClient()
        }
        if (!user.enabled) throw disabledUser()
        throw new CognitoError('InvalidParameterException', 'User is already confirmed.')
      }
      const email = user.attributes.get('email')
      if (!settings.autoVerifiesEmail || email === undefined) {
        throw new CognitoError('InvalidParameterException', 'Auto verification not turned on.')
      }
      return { CodeDeliveryDetails: sendCode({ user, purpose: 'sign-up', email }, context) }
    })
  },
})
