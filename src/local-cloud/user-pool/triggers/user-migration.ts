/**
 * UserMigration: a function knows users of another directory, who move here with their first sign-in by password, or when
 * they have forgotten it.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-migrate-user.html
 */

import * as v from 'valibot'
import { toNewAttributes } from '../attributes.ts'
import { CognitoError } from '../cognito-error.ts'
import type { OperationContext } from '../context.ts'
import { setMfaPreference } from '../mfa.ts'
import { createCredentials, createPasswordlessCredentials } from '../passwords.ts'
import type { User } from '../store/store.ts'
import { insertUser, releaseAliases, resolveUsername } from '../users.ts'
import { toClientMetadata } from './user-attributes.ts'

const migrated = v.object({
  userAttributes: v.nullish(v.record(v.string(), v.string())),
  finalUserStatus: v.nullish(v.picklist(['CONFIRMED', 'RESET_REQUIRED'])),
  messageAction: v.nullish(v.picklist(['SUPPRESS', 'RESEND'])),
  desiredDeliveryMediums: v.nullish(v.array(v.picklist(['EMAIL', 'SMS']))),
  forceAliasCreation: v.nullish(v.boolean()),
  enableSMSMFA: v.nullish(v.boolean()),
})

/** It says when nobody is migrated. */
const response = {
  ...migrated,
  explain({ userAttributes }: v.InferOutput<typeof migrated>): string | undefined {
    if (!userAttributes) return 'Nobody is migrated: response.userAttributes is missing.'
    return Object.hasOwn(userAttributes, 'sub')
      ? 'Nobody is migrated: response.userAttributes has a sub, which the pool makes itself.'
      : undefined
  },
}

/**
 * @param password that the user typed; `undefined` when they have forgotten it
 * @returns the new user, who is stored; `undefined` where the trigger has no function, the pool has the user, or the
 *   function names none
 * @throws {CognitoError} those of a trigger, of AdminCreateUser for attributes, and of SetUserMFAPreference for MFA by SMS; for a LEGACY client
 *   UserNotFoundException when the function names none
 */
export function migrateUser(
  username: string,
  password: string | undefined,
  context: OperationContext,
): User | undefined {
  const { triggers, store, settings, clock, random } = context
  if (!triggers.has('UserMigration') || store.findUser(username)) return undefined
  const { validationData } = triggers.request
  const found = triggers.call(
    'UserMigration',
    {
      triggerSource:
        password === undefined ? 'UserMigration_ForgotPassword' : 'UserMigration_Authentication',
      userName: username,
      request: {
        ...(password !== undefined && { password }),
        ...(validationData && { validationData }),
        ...toClientMetadata(triggers.request),
      },
      response: {
        userAttributes: null,
        finalUserStatus: null,
        messageAction: null,
        desiredDeliveryMediums: null,
        forceAliasCreation: null,
        enableSMSMFA: null,
      },
    },
    response,
  )
  const { userAttributes } = found ?? {}
  // The pool makes a `sub` of its own.
  if (!userAttributes || Object.hasOwn(userAttributes, 'sub')) {
    if (settings.preventsUserExistenceErrors) return undefined
    throw new CognitoError(
      'UserNotFoundException',
      `Exception migrating user in app client ${settings.userPoolClientId}`,
    )
  }
  const sub = random.uuid()
  const members = Object.entries(userAttributes).map(([Name, Value]) => ({ Name, Value }))
  const requested = toNewAttributes(members, 'iam', settings)
  const resolved = resolveUsername({ username, sub }, requested, context)
  const isForgotten = password === undefined
  const user: User = {
    sub,
    ...resolved,
    enabled: true,
    status: found?.finalUserStatus ?? (isForgotten ? 'RESET_REQUIRED' : 'CONFIRMED'),
    ...(isForgotten
      ? createPasswordlessCredentials({ username: resolved.username }, context)
      : createCredentials({ username: resolved.username, password }, context)),
    createdAtMs: clock.nowMs(),
    modifiedAtMs: clock.nowMs(),
  }
  if (found?.forceAliasCreation) releaseAliases(user, context)
  insertUser(user, 'User already exists', context)
  if (found?.enableSMSMFA) {
    const SMSMfaSettings = { Enabled: true, PreferredMfa: false }
    setMfaPreference(user, { SMSMfaSettings }, context)
  }
  return user
}
