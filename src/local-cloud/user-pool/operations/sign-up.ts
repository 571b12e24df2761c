/**
 * SignUp: registers a user, who stays UNCONFIRMED until a code proves the address.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SignUp.html
 */

import { parseAttributes } from '../attributes.ts'
import { sendCode } from '../codes.ts'
import { CognitoError } from '../cognito-error.ts'
import { type User, UsernameTakenError } from '../store/store.ts'
import { assertClient, assertPassword, createCredentials, passwordRefusals } from '../users.ts'
import * as member from './members.ts'
import { defineOperation, type OperationContext } from './operation.ts'

export const signUp = defineOperation({
  parse: (body) => {
    const members = member.parseMembers(
      {
        ClientId: member.clientId,
        Username: member.username,
        Password: member.newPassword,
        UserAttributes: member.optional(member.attributes, []),
      },
      body,
    )
    return { ...members, attributes: parseAttributes(members.UserAttributes) }
  },
  run({ ClientId, Username, Password, attributes }, context) {
    const { settings, clock, random } = context
    assertClient(ClientId, settings)
    if (!settings.allowsSignUp) {
      throw new CognitoError('NotAuthorizedException', 'SignUp is not permitted for this user pool')
    }
    assertPassword(Password, settings, passwordRefusals.signUp)
    const user: User = {
      sub: random.uuid(),
      username: Username,
      status: 'UNCONFIRMED',
      enabled: true,
      ...createCredentials({ username: Username, password: Password }, context),
      attributes,
      createdAtMs: clock.nowMs(),
      modifiedAtMs: clock.nowMs(),
    }
    insertUser(user, context)
    const email = attributes.get('email')
    return {
      UserConfirmed: false,
      UserSub: user.sub,
      ...(settings.autoVerifiesEmail &&
        email !== undefined && {
          CodeDeliveryDetails: sendCode({ user, purpose: 'sign-up', email }, context),
        }),
    }
  },
})

function insertUser(user: User, { store }: OperationContext): void {
  try {
    store.insertUser(user)
  } catch (error) {
    if (!(error instanceof UsernameTakenError)) throw error
    throw new CognitoError('UsernameExistsException', 'User already exists')
  }
}
