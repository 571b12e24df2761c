/**
 * ResendConfirmationCode: sends a new sign-up code. Older ones become invalid.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ResendConfirmationCode.html
 */

import { assertClient } from '../client-authentication.ts'
import { sendCode, simulateSendCode } from '../codes.ts'
import { CognitoError } from '../cognito-error.ts'
import { userDisabledError, userNotFoundForClientError } from '../common-errors.ts'
import { findSignUpContact } from '../contacts.ts'
import { withRateLimit } from '../rate-limit.ts'
import { defineOperation } from './operation.ts'
import * as member from './request-schema.ts'

export const resendConfirmationCode = defineOperation({
  parse: (body) => member.parseMembers(member.clientMembers, body),
  run(call, context) {
    const { settings, store, simulateUser } = context
    const username = call.Username
    assertClient(call, context)
    return withRateLimit({ operation: 'ResendConfirmationCode', username }, context, () => {
      const user = store.findUser(username)
      // Computed for every user name, so that timing does not reveal which users exist.
      const simulated = simulateUser(username)
      if (!user?.enabled || user.status !== 'UNCONFIRMED') {
        if (settings.preventsUserExistenceErrors) {
          const purpose = 'sign-up'
          return {
            CodeDeliveryDetails: simulateSendCode({ username, simulated, purpose }, context),
          }
        }
        if (!user) throw userNotFoundForClientError()
        if (!user.enabled) throw userDisabledError()
        throw new CognitoError('InvalidParameterException', 'User is already confirmed.')
      }
      const contact = findSignUpContact(user, settings)
      if (!contact) {
        throw new CognitoError(
          'NotAuthorizedException',
          'Cannot resend codes. Auto verification not turned on.',
        )
      }
      const source = 'CustomMessage_ResendCode'
      return {
        CodeDeliveryDetails: sendCode({ user, purpose: 'sign-up', contact, source }, context),
      }
    })
  },
})
