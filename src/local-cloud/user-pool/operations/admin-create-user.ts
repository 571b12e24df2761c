/**
 * AdminCreateUser: an administrator creates a user, who gets a temporary password by email and must choose another
 * at the first sign-in. Where people can sign in without a password, a user who gets no invitation and has a verified
 * email address needs none.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminCreateUser.html
 */

import { type RequestedAttribute, toNewAttributes } from '../attributes.ts'
import { CognitoError } from '../cognito-error.ts'
import type { OperationContext } from '../context.ts'
import {
  allowsNoPassword,
  assertPassword,
  createPasswordlessCredentials,
  createTemporaryCredentials,
  createTemporaryPassword,
  passwordPolicyMessages,
} from '../passwords.ts'
import type { User } from '../store/store.ts'
import { customizeEmail } from '../triggers/custom-message.ts'
import { askPreSignUp } from '../triggers/sign-up-triggers.ts'
import {
  insertUser,
  releaseAlias,
  requireUser,
  resolveUsername,
  toUserType,
  updateUser,
} from '../users.ts'
import { defineAdminOperation } from './operation.ts'
import * as member from './request-schema.ts'

export const adminCreateUser = defineAdminOperation({
  parse: (body) =>
    member.parseMembers(
      {
        Username: member.username,
        UserAttributes: member.optional(member.attributes, []),
        TemporaryPassword: member.optional(member.newPasswordOrBlank),
        MessageAction: member.optional(member.oneOf(['RESEND', 'SUPPRESS'])),
        DesiredDeliveryMediums: member.optional(member.someOf(['SMS', 'EMAIL']), ['EMAIL']),
        ForceAliasCreation: member.optional(member.boolean, false),
      },
      body,
    ),
  run(input, context) {
    const { TemporaryPassword, MessageAction, DesiredDeliveryMediums } = input
    const password = TemporaryPassword || createTemporaryPassword(context)
    assertPassword(password, context.settings, passwordPolicyMessages.admin)
    const user =
      MessageAction === 'RESEND'
        ? resendInvitation(input.Username, password, context)
        : createInvitedUser(input, password, context)
    const email = user.attributes.get('email')
    const isInvitedByEmail =
      MessageAction !== 'SUPPRESS' && DesiredDeliveryMediums.includes('EMAIL')
    if (isInvitedByEmail && email !== undefined) {
      // Who signs in with an email address does not know their `sub`, which an IAM caller may have named them by.
      const isNamedBySub = input.Username === user.sub
      const signInName = user.username === user.sub ? email : user.username
      const username = isNamedBySub ? signInName : input.Username
      sendInvitation({ email, username, password, user }, context)
    }
    return { User: toUserType(user) }
  },
})

function createInvitedUser(
  input: {
    Username: string
    UserAttributes: readonly RequestedAttribute[]
    TemporaryPassword?: string | undefined
    MessageAction?: 'RESEND' | 'SUPPRESS' | undefined
    ForceAliasCreation: boolean
  },
  password: string,
  context: OperationContext,
): User {
  const { settings, clock, random } = context
  const sub = random.uuid()
  const requested = toNewAttributes(input.UserAttributes, 'iam', settings)
  const resolved = resolveUsername({ username: input.Username, sub }, requested, context)
  const { username } = resolved
  const { attributes } = askPreSignUp(resolved, 'PreSignUp_AdminCreateUser', context)
  const isPasswordless =
    !input.TemporaryPassword &&
    input.MessageAction === 'SUPPRESS' &&
    attributes.get('email_verified') === 'true' &&
    allowsNoPassword(settings)
  const user: User = {
    sub,
    username,
    attributes,
    enabled: true,
    ...(isPasswordless
      ? { status: 'CONFIRMED', ...createPasswordlessCredentials({ username }, context) }
      : {
          status: 'FORCE_CHANGE_PASSWORD',
          ...createTemporaryCredentials({ username, password }, context),
        }),
    createdAtMs: clock.nowMs(),
    modifiedAtMs: clock.nowMs(),
  }
  if (input.ForceAliasCreation) releaseAlias(user, context)
  insertUser(user, 'User account already exists', context)
  return user
}

/** @throws {CognitoError} UnsupportedUserStateException for a user who has already chosen a password */
function resendInvitation(username: string, password: string, context: OperationContext): User {
  const user = requireUser(username, context)
  if (user.status !== 'FORCE_CHANGE_PASSWORD') {
    throw new CognitoError(
      'UnsupportedUserStateException',
      `Resend not possible. ${user.username} status is not FORCE_CHANGE_PASSWORD`,
    )
  }
  const invited: User = {
    ...user,
    ...createTemporaryCredentials({ username: user.username, password }, context),
    modifiedAtMs: context.clock.nowMs(),
  }
  updateUser(invited, context)
  return invited
}

function sendInvitation(
  {
    email,
    username,
    password,
    user,
  }: { email: string; username: string; password: string; user: User },
  context: OperationContext,
): void {
  const { settings, sendEmail } = context
  const { subject, text } = customizeEmail(
    settings.invitationEmail,
    user,
    'CustomMessage_AdminCreateUser',
    context,
  )
  const body = text.replace(/\{username\}|\{####\}/g, (placeholder) =>
    placeholder === '{####}' ? password : username,
  )
  sendEmail({ to: email, subject, text: body, code: password })
}
