/**
 * PreAuthentication and PostAuthentication.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-authentication.html
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-post-authentication.html
 */

import * as v from 'valibot'
import type { OperationContext } from '../context.ts'
import type { User } from '../store/store.ts'
import { toEventAttributes, toUserNotFound, toUserRequest } from './user-attributes.ts'

/** Neither has a response. */
const noResponse = v.looseObject({})

/**
 * PreAuthentication: a function may refuse a sign-in before anything of it is looked at. For nobody's name it is asked
 * only where that may not be told.
 *
 * @throws {CognitoError} those of a trigger: the sign-in is refused
 */
export function askPreAuthentication(username: string, context: OperationContext): void {
  const { triggers, store, settings } = context
  if (!triggers.has('PreAuthentication')) return
  const user = store.findUser(username)
  if (!user && !settings.preventsUserExistenceErrors) return
  triggers.call(
    'PreAuthentication',
    {
      triggerSource: 'PreAuthentication_Authentication',
      userName: user?.username ?? username,
      request: {
        userAttributes: user ? toEventAttributes(user) : {},
        validationData: triggers.request.validationData ?? null,
        ...toUserNotFound(user, settings),
      },
      response: {},
    },
    noResponse,
  )
}

/**
 * PostAuthentication, before there are tokens. What the function changes of the user is in them.
 *
 * @throws {CognitoError} those of a trigger: there are no tokens
 */
export function askPostAuthentication(user: User, context: OperationContext): void {
  const { triggers } = context
  if (!triggers.has('PostAuthentication')) return
  triggers.call(
    'PostAuthentication',
    {
      triggerSource: 'PostAuthentication_Authentication',
      userName: user.username,
      request: { ...toUserRequest(user, context), newDeviceUsed: false },
      response: {},
    },
    noResponse,
  )
}
