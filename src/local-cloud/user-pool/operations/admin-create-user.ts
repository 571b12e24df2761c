/**
 * AdminCreateUser: an administrator creates a user, who gets a temporary password by email or SMS and must choose
 * another at the first sign-in. Where people can sign in without a password, a user who gets no invitation and has a
 * verified address needs none.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminCreateUser.html
 */

import { type DeliveryMedium, deliveryMediums } from '../../ports.ts'
import { type RequestedAttribute, toNewAttributes } from '../attributes.ts'
import { CognitoError } from '../cognito-error.ts'
import { type Contact, deliveryMediumOf, findContact, isVerified } from '../contacts.ts'
import type { OperationContext } from '../context.ts'
import { assertDeliverable, createMessage } from '../messages.ts'
import {
  allowsNoPassword,
  assertPassword,
  createPasswordlessCredentials,
  createTemporaryCredentials,
  createTemporaryPassword,
  passwordPolicyMessages,
} from '../passwords.ts'
import { contactAttributes } from '../settings.ts'
import type { User } from '../store/store.ts'
import { askPreSignUp } from '../triggers/sign-up-triggers.ts'
import {
  insertUser,
  releaseAliases,
  requireUser,
  resolveUsername,
  signInName,
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
        DesiredDeliveryMediums: member.optional(member.someOf(deliveryMediums)),
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
    if (MessageAction !== 'SUPPRESS') {
      // Who signs in with an address does not know their `sub`, which an IAM caller may have named them by.
      const username = input.Username === user.sub ? signInName(user) : input.Username
      const source = 'CustomMessage_AdminCreateUser'
      for (const contact of findInvitedContacts(user, DesiredDeliveryMediums, context)) {
        assertDeliverable(contact, context)
        const parts = { source, contact, code: password, username, user } as const
        context.sendMessage(createMessage(parts, context))
      }
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
    contactAttributes.some((attribute) => isVerified({ attributes }, attribute)) &&
    allowsNoPassword({ attributes }, settings)
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
  if (input.ForceAliasCreation) releaseAliases(user, context)
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

/**
 * @param mediums those asked for; without any it is the phone number, where SMS are sent and there is one, else the email
 *   address
 */
function findInvitedContacts(
  user: User,
  mediums: readonly DeliveryMedium[] | undefined,
  { settings }: OperationContext,
): readonly Contact[] {
  const contacts = contactAttributes.flatMap((attribute) => findContact(user, attribute) ?? [])
  if (mediums) {
    return contacts.filter(({ attribute }) => mediums.includes(deliveryMediumOf[attribute]))
  }
  const possible = contacts.filter(
    ({ attribute }) => attribute !== 'phone_number' || settings.sendsSms,
  )
  return possible.slice(-1)
}
