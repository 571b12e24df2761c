/**
 * SignUp: registers a user, who is UNCONFIRMED until a code has verified the phone number or
 * the email address. Where people can sign in
 * without a password, they can sign up without one.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SignUp.html
 */

import { assertRequiredAttributes, toNewAttributes } from '../attributes.ts'
import { assertClient } from '../client-authentication.ts'
import { sendCode } from '../codes.ts'
import { CognitoError } from '../cognito-error.ts'
import { findSignUpContact, isVerified } from '../contacts.ts'
import type { OperationContext } from '../context.ts'
import {
  allowsNoPassword,
  assertPassword,
  createCredentials,
  createPasswordlessCredentials,
  passwordPolicyMessages,
} from '../passwords.ts'
import { createAuthSession } from '../sign-in/auth-session.ts'
import type { User } from '../store/store.ts'
import { askPreSignUp, withPostConfirmation } from '../triggers/sign-up-triggers.ts'
import { insertUser, resolveUsername } from '../users.ts'
import { defineOperation } from './operation.ts'
import * as member from './request-schema.ts'

export const signUp = defineOperation({
  parse: (body) =>
    member.parseMembers(
      {
        ...member.clientMembers,
        Password: member.optional(member.newPasswordOrBlank),
        UserAttributes: member.optional(member.attributes, []),
      },
      body,
    ),
  run({ Password, UserAttributes, ...call }, context) {
    const { settings, clock, random } = context
    assertClient(call, context)
    if (!settings.allowsSignUp) {
      throw new CognitoError('NotAuthorizedException', 'SignUp is not permitted for this user pool')
    }
    const sub = random.uuid()
    const requested = toNewAttributes(UserAttributes, 'client', settings)
    const { username, attributes } = resolveUsername(
      { username: call.Username, sub },
      requested,
      context,
    )
    assertRequiredAttributes(attributes, settings)
    const isPasswordless = !Password && allowsNoPassword({ attributes }, settings)
    const credentials = isPasswordless
      ? createPasswordlessCredentials({ username }, context)
      : createChosenCredentials(username, member.requirePassword(Password, 'Password'), context)
    const decision = askPreSignUp({ username, attributes }, 'PreSignUp_SignUp', context)
    const user: User = {
      sub,
      username,
      status: decision.isConfirmed ? 'CONFIRMED' : 'UNCONFIRMED',
      enabled: true,
      ...credentials,
      attributes: decision.attributes,
      createdAtMs: clock.nowMs(),
      modifiedAtMs: clock.nowMs(),
    }
    insertUser(user, 'User already exists', context)
    const clientId = call.ClientId
    const contact = decision.isConfirmed ? undefined : findSignUpContact(user, settings)
    const reply = {
      UserConfirmed: decision.isConfirmed,
      UserSub: sub,
      ...(contact &&
        !isVerified(user, contact.attribute) && {
          CodeDeliveryDetails: sendCode(
            { user, purpose: 'sign-up', contact, source: 'CustomMessage_SignUp' },
            context,
          ),
        }),
      ...(settings.explicitAuthFlows.has('ALLOW_USER_AUTH') && {
        Session: createAuthSession({ challenge: 'SIGN_UP', sub, clientId }, context),
      }),
    }
    if (!decision.isConfirmed) return reply
    return withPostConfirmation(reply, user, 'PostConfirmation_ConfirmSignUp', context)
  },
})

/** @throws {CognitoError} InvalidPasswordException */
function createChosenCredentials(username: string, password: string, context: OperationContext) {
  assertPassword(password, context.settings, passwordPolicyMessages.signUp)
  return createCredentials({ username, password }, context)
}
