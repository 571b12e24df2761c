/**
 * SignUp: registers a user, who is UNCONFIRMED until a code has verified the email address.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SignUp.html
 */

import { assertRequiredAttributes, toNewAttributes } from '../attributes.ts'
import { assertClient } from '../client-authentication.ts'
import { sendCode } from '../codes.ts'
import { CognitoError } from '../cognito-error.ts'
import { assertPassword, createCredentials, passwordPolicyMessages } from '../passwords.ts'
import type { User } from '../store/store.ts'
import { insertUser, resolveUsername } from '../users.ts'
import { defineOperation } from './operation.ts'
import * as member from './request-schema.ts'

export const signUp = defineOperation({
  parse: (body) =>
    member.parseMembers(
      {
        ...member.clientMembers,
        Password: member.newPassword,
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
    assertPassword(Password, settings, passwordPolicyMessages.signUp)
    const user: User = {
      sub,
      username,
      status: 'UNCONFIRMED',
      enabled: true,
      ...createCredentials({ username, password: Password }, context),
      attributes,
      createdAtMs: clock.nowMs(),
      modifiedAtMs: clock.nowMs(),
    }
    insertUser(user, 'User already exists', context)
    const email = attributes.get('email')
    return {
      UserConfirmed: false,
      UserSub: sub,
      ...(settings.autoVerifiesEmail &&
        email !== undefined && {
          CodeDeliveryDetails: sendCode({ user, purpose: 'sign-up', email }, context),
        }),
    }
  },
})
