/**
 * ForgotPassword: sends a code that allows a new password. Under PreventUserExistenceErrors the response for a user
 * who does not exist is the same.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ForgotPassword.html
 */

import { assertClient } from '../client-authentication.ts'
import { sendCode, simulateSendCode } from '../codes.ts'
import { CognitoError } from '../cognito-error.ts'
import { userDisabledError, userNotFoundForClientError } from '../common-errors.ts'
import {
  cannotResetError,
  findResetContact,
  noResetAddressError,
  recoversByCode,
} from '../password-reset.ts'
import { withRateLimit } from '../rate-limit.ts'
import { createSimulatedAccount } from '../simulated-user.ts'
import { migrateUser } from '../triggers/user-migration.ts'
import { defineOperation } from './operation.ts'
import * as member from './request-schema.ts'

export const forgotPassword = defineOperation({
  parse: (body) => member.parseMembers(member.clientMembers, body),
  run(call, context) {
    const { settings, store, simulateUser } = context
    const username = call.Username
    assertClient(call, context)
    if (!recoversByCode(settings)) {
      throw new CognitoError('NotAuthorizedException', 'Contact administrator to reset password.')
    }
    return withRateLimit({ operation: 'ForgotPassword', username }, context, () => {
      const user = store.findUser(username) ?? migrateUser(username, undefined, context)
      // Computed for every user name, so that timing does not reveal which users exist.
      const simulated = simulateUser(username)
      if (user?.enabled && user.status === 'FORCE_CHANGE_PASSWORD') throw cannotResetError()
      const account = user ?? createSimulatedAccount(username, simulated, settings)
      const contact = findResetContact(account, context)
      if (user?.enabled && contact) {
        const source = 'CustomMessage_ForgotPassword'
        const sent = sendCode({ user, purpose: 'password-reset', contact, source }, context)
        return { CodeDeliveryDetails: sent }
      }
      if (settings.preventsUserExistenceErrors) {
        const purpose = 'password-reset'
        return { CodeDeliveryDetails: simulateSendCode({ username, simulated, purpose }, context) }
      }
      if (!user) throw userNotFoundForClientError()
      if (!user.enabled) throw userDisabledError()
      throw noResetAddressError()
    })
  },
})
