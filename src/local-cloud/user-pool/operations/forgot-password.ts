/**
 * ForgotPassword: mails a code that allows a new password. A stranger learns nothing from the answer.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ForgotPassword.html
 */

import { sendCode } from '../codes.ts'
import { CognitoError } from '../cognito-error.ts'
import { assertClient, toSimulatedDelivery } from '../users.ts'
import * as member from './members.ts'
import { defineOperation } from './operation.ts'

export const forgotPassword = defineOperation({
  parse: (body) =>
    member.parseMembers({ ClientId: member.clientId, Username: member.username }, body),
  run({ ClientId, Username }, context) {
    const { settings, store } = context
    assertClient(ClientId, settings)
    const user = store.findUser(Username)
    if (user?.enabled && user.status === 'FORCE_CHANGE_PASSWORD') {
      throw new CognitoError(
        'NotAuthorizedException',
        'User password cannot be reset in the current state.',
      )
    }
    const email = user?.attributes.get('email')
    const isVerified = user?.attributes.get('email_verified') === 'true'
    if (user?.enabled && email !== undefined && isVerified) {
      return { CodeDeliveryDetails: sendCode({ user, purpose: 'password-reset', email }, context) }
    }
    if (settings.preventsUserExistenceErrors) {
      return { CodeDeliveryDetails: toSimulatedDelivery(Username, context) }
    }
    if (!user) {
      throw new CognitoError('UserNotFoundException', 'Username/client id combination not found.')
    }
    if (!user.enabled) throw new CognitoError('NotAuthorizedException', 'User is disabled.')
    throw new CognitoError(
      'InvalidParameterException',
      'Cannot reset password for the user as there is no registered/verified email or phone_number',
    )
  },
})
