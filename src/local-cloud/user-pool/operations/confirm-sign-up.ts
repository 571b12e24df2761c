/**
 * ConfirmSignUp: confirms a user with the code of SignUp, and verifies what it was sent to. The client may sign the
 * user in with the Session that it gets, since the code was a first factor.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ConfirmSignUp.html
 */

import { assertClient } from '../client-authentication.ts'
import { assertCode, expiredCodeError } from '../codes.ts'
import { userNotFoundForClientError } from '../common-errors.ts'
import { verificationFlagOf } from '../contacts.ts'
import type { OperationContext } from '../context.ts'
import { withRateLimit } from '../rate-limit.ts'
import { contactAttributes } from '../settings.ts'
import { assertSessionOf, createAuthSession, requireAuthState } from '../sign-in/auth-session.ts'
import type { User } from '../store/store.ts'
import { withPostConfirmation } from '../triggers/sign-up-triggers.ts'
import { assertUnconfirmed, releaseAliases, updateUser } from '../users.ts'
import { defineOperation } from './operation.ts'
import * as member from './request-schema.ts'

export const confirmSignUp = defineOperation({
  parse: (body) =>
    member.parseMembers(
      {
        ...member.clientMembers,
        ConfirmationCode: member.confirmationCode,
        ForceAliasCreation: member.optional(member.boolean, false),
        Session: member.optional(member.session),
      },
      body,
    ),
  run({ ConfirmationCode, ForceAliasCreation, Session, ...call }, context) {
    assertClient(call, context)
    const clientId = call.ClientId
    const hasUserAuth = context.settings.explicitAuthFlows.has('ALLOW_USER_AUTH')
    return withRateLimit({ operation: 'ConfirmSignUp', username: call.Username }, context, () => {
      const user = requireUnconfirmed(call.Username, context)
      if (Session !== undefined && hasUserAuth) {
        const state = requireAuthState(Session, { challenge: 'SIGN_UP' }, context)
        assertSessionOf(state, { username: call.Username, clientId }, context)
      }
      const { address } = assertCode({ user, purpose: 'sign-up', code: ConfirmationCode }, context)
      const verified = contactAttributes.find((name) => user.attributes.get(name) === address)
      const confirmed: User = {
        ...user,
        status: 'CONFIRMED',
        attributes: verified
          ? new Map([...user.attributes, [verificationFlagOf[verified], 'true']])
          : user.attributes,
        modifiedAtMs: context.clock.nowMs(),
      }
      if (ForceAliasCreation) releaseAliases(confirmed, context)
      updateUser(
        confirmed,
        context,
        ({ attribute }) => `An account with the ${attribute} already exists.`,
      )
      context.store.deleteCodes(user.sub, 'sign-up')
      const next = { challenge: 'CONFIRMED_SIGN_UP', sub: user.sub, clientId } as const
      const reply = hasUserAuth ? { Session: createAuthSession(next, context) } : {}
      return withPostConfirmation(reply, confirmed, 'PostConfirmation_ConfirmSignUp', context)
    })
  },
})

function requireUnconfirmed(username: string, { store, settings }: OperationContext): User {
  const user = store.findUser(username)
  if (!user) {
    if (settings.preventsUserExistenceErrors) throw expiredCodeError()
    throw userNotFoundForClientError()
  }
  assertUnconfirmed(user)
  return user
}
