/**
 * AdminCreateUser: the pool's owner makes a user, who is mailed a temporary password and must choose
 * another at the first sign-in.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminCreateUser.html
 */

import { type AttributeMember, toNewAttributes } from '../attributes.ts'
import { CognitoError } from '../cognito-error.ts'
import {
  assertPassword,
  createTemporaryCredentials,
  createTemporaryPassword,
  passwordRefusals,
} from '../passwords.ts'
import type { User } from '../store/store.ts'
import { insertUser, releaseAlias, requireUser, toNames, toUserType, updateUser } from '../users.ts'
import { defineAdminOperation, type OperationContext } from './operation.ts'
import * as member from './request-schema.ts'

export const adminCreateUser = defineAdminOperation({
  parse: (body) =>
    member.parseMembers(
      {
        Username: member.username,
        UserAttributes: member.optional(member.attributes, []),
        TemporaryPassword: member.optional(member.newPassword),
        MessageAction: member.optional(member.oneOf(['RESEND', 'SUPPRESS'])),
        DesiredDeliveryMediums: member.optional(member.someOf(['SMS', 'EMAIL']), ['EMAIL']),
        ForceAliasCreation: member.optional(member.boolean, false),
      },
      body,
    ),
  run(input, context) {
    const { TemporaryPassword, MessageAction, DesiredDeliveryMediums } = input
    const password = TemporaryPassword ?? createTemporaryPassword(context)
    assertPassword(password, context.settings, passwordRefusals.admin)
    const user =
      MessageAction === 'RESEND'
        ? renewInvited(input.Username, password, context)
        : createInvited(input, password, context)
    const email = user.attributes.get('email')
    const isMailed = MessageAction !== 'SUPPRESS' && DesiredDeliveryMediums.includes('EMAIL')
    if (isMailed && email !== undefined) {
      sendInvitation({ email, username: input.Username, password }, context)
    }
    return { User: toUserType(user) }
  },
})

function createInvited(
  input: {
    Username: string
    UserAttributes: readonly AttributeMember[]
    ForceAliasCreation: boolean
  },
  password: string,
  context: OperationContext,
): User {
  const { settings, clock, random } = context
  const sub = random.uuid()
  const written = toNewAttributes(input.UserAttributes, 'owner', settings)
  const names = toNames({ username: input.Username, sub }, written, context)
  const user: User = {
    sub,
    ...names,
    status: 'FORCE_CHANGE_PASSWORD',
    enabled: true,
    ...createTemporaryCredentials({ username: names.username, password }, context),
    createdAtMs: clock.nowMs(),
    modifiedAtMs: clock.nowMs(),
  }
  if (input.ForceAliasCreation) releaseAlias(user, context)
  insertUser(user, 'User account already exists', context)
  return user
}

/** @throws {CognitoError} UnsupportedUserStateException for a user who has a password of their own */
function renewInvited(username: string, password: string, context: OperationContext): User {
  const user = requireUser(username, context)
  if (user.status !== 'FORCE_CHANGE_PASSWORD') {
    throw new CognitoError(
      'UnsupportedUserStateException',
      `Resend not possible. ${user.username} status is not FORCE_CHANGE_PASSWORD`,
    )
  }
  const renewed: User = {
    ...user,
    ...createTemporaryCredentials({ username: user.username, password }, context),
    modifiedAtMs: context.clock.nowMs(),
  }
  updateUser(renewed, context)
  return renewed
}

function sendInvitation(
  { email, username, password }: { email: string; username: string; password: string },
  { settings, send }: OperationContext,
): void {
  const { subject, text } = settings.invitationEmail
  const filled = text.replace(/\{username\}|\{####\}/g, (place) =>
    place === '{####}' ? password : username,
  )
  send({ to: email, subject, text: filled, code: password })
}
