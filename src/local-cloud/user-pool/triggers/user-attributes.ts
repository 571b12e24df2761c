/** The attributes of a user as events have them. */

import type { OperationContext } from '../context.ts'
import type { UserPoolSettings } from '../settings.ts'
import type { User } from '../store/store.ts'
import type { StringMap } from './trigger-events.ts'

/** What most events say about a user and a request. */
export function toUserRequest(
  user: Pick<User, 'sub' | 'status' | 'attributes'>,
  { triggers }: Pick<OperationContext, 'triggers'>,
): { userAttributes: StringMap; clientMetadata?: StringMap } {
  return { userAttributes: toEventAttributes(user), ...toClientMetadata(triggers.request) }
}

export function toClientMetadata({ clientMetadata }: { clientMetadata?: StringMap }) {
  return { ...(clientMetadata && { clientMetadata }) }
}

export function toEventAttributes({
  sub,
  status,
  attributes,
}: Pick<User, 'sub' | 'status' | 'attributes'>): StringMap {
  return { sub, 'cognito:user_status': status, ...Object.fromEntries(attributes) }
}

/** What events of sign-ins say under PreventUserExistenceErrors. */
export function toUserNotFound(
  user: object | undefined,
  { preventsUserExistenceErrors }: UserPoolSettings,
): { userNotFound?: boolean } {
  return { ...(preventsUserExistenceErrors && { userNotFound: user === undefined }) }
}
