/**
 * SignUp: registers a user, who stays UNCONFIRMED until a code proves the address.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SignUp.html
 */

import { assertRequiredAttributes, toNewAttributes } from '../attributes.ts'
import { assertClient } from '../clients.ts'
import { sendCode } from '../codes.ts'
import { CognitoError } from '../cognito-error.ts'
import { assertPassword, createCredentials, passwordRefusals } from '../passwords.ts'
import type { User } from '../store/store.ts'
import { insertUser, toNames } from '../users.ts'
import { defineOperation } from './operation.ts'
import * as member from './request-schema.ts'

export const signUp = defineOperation({
  parse: (body) =>
    member.parseMembers(
      {
        ...member.clientCall,
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
    const written = toNewAttributes(UserAttributes, 'client', settings)
    const { username, attributes } = toNames({ username: call.Username, sub }, written, context)
    assertRequiredAttributes(attributes, settings)
    assertPassword(Password, settings, passwordRefusals.signUp)
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
