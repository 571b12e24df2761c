/**
 * SignUp: registers a user, who is UNCONFIRMED until a code has verified the email address. Where people can sign in
 * without a password, they can sign up without one.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SignUp.html
 */

import { assertRequiredAttributes, toNewAttributes } from '../attributes.ts'
import { assertClient } from '../client-authentication.ts'
import { sendCode } from '../codes.ts'
import { CognitoError } from '../cognito-error.ts'
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
    const email = attributes.get('email')
    const isPasswordless = !Password && email !== undefined && allowsNoPassword(settings)
    const credentials = isPasswordless
      ? createPasswordlessCredentials({ username }, context)
      : createChosenCredentials(username, member.requirePassword(Password, 'Password'), context)
    const user: User = {
      sub,
      username,
      status: 'UNCONFIRMED',
      enabled: true,
      ...credentials,
      attributes,
      createdAtMs: clock.nowMs(),
      modifiedAtMs: clock.nowMs(),
    }
    insertUser(user, 'User already exists', context)
    const clientId = call.ClientId
    return {
      UserConfirmed: false,
      UserSub: sub,
      ...(settings.autoVerifiesEmail &&
        email !== undefined && {
          CodeDeliveryDetails: sendCode({ user, purpose: 'sign-up', email }, context),
        }),
      ...(settings.explicitAuthFlows.has('ALLOW_USER_AUTH') && {
        Session: createAuthSession({ challenge: 'SIGN_UP', sub, clientId }, context),
      }),
    }
  },
})

/** @throws {CognitoError} InvalidPasswordException */
function createChosenCredentials(username: string, password: string, context: OperationContext) {
  assertPassword(password, context.settings, passwordPolicyMessages.signUp)
  return createCredentials({ username, password }, context)
}
