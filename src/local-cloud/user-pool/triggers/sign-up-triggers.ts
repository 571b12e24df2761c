/**
 * PreSignUp and PostConfirmation.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-sign-up.html
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-post-confirmation.html
 */

import * as v from 'valibot'
import type { Attributes } from '../attributes.ts'
import type { JsonObject, OperationContext, Reply } from '../context.ts'
import type { User } from '../store/store.ts'
import { unrecognizableOutputError } from './trigger-calls.ts'
import type { TriggerEvents } from './trigger-events.ts'
import { toClientMetadata, toUserRequest } from './user-attributes.ts'

const flag = v.nullish(v.boolean(), false)
const response = v.object({
  autoConfirmUser: v.optional(flag),
  autoVerifyEmail: v.optional(flag),
  autoVerifyPhone: v.optional(flag),
})

/** What PreSignUp decides about a new user. */
export interface PreSignUpDecision {
  readonly isConfirmed: boolean
  /** with what it has verified */
  readonly attributes: Attributes
}

/**
 * @param attributes those of the new user
 * @throws {CognitoError} those of a trigger: nobody is signed up
 */
export function askPreSignUp(
  { username, attributes }: Pick<User, 'username' | 'attributes'>,
  triggerSource: TriggerEvents['PreSignUp']['triggerSource'],
  { triggers }: OperationContext,
): PreSignUpDecision {
  const { validationData } = triggers.request
  const decided = triggers.call(
    'PreSignUp',
    {
      triggerSource,
      userName: username,
      request: {
        userAttributes: Object.fromEntries(attributes),
        validationData: validationData ?? null,
        ...toClientMetadata(triggers.request),
      },
      response: { autoConfirmUser: false, autoVerifyEmail: false, autoVerifyPhone: false },
    },
    response,
  )
  const verified = [
    ...(decided?.autoVerifyEmail ? ['email'] : []),
    ...(decided?.autoVerifyPhone ? ['phone_number'] : []),
  ]
  const missing = verified.find((name) => !attributes.has(name))
  if (missing !== undefined) {
    throw unrecognizableOutputError(`there is no ${missing} to verify automatically`)
  }
  return {
    isConfirmed: decided?.autoConfirmUser ?? false,
    attributes: new Map([
      ...attributes,
      ...verified.map((name) => [`${name}_verified`, 'true'] as const),
    ]),
  }
}

/**
 * PostConfirmation, after the commit: the user is confirmed, whatever becomes of the call.
 *
 * @returns the reply of the operation
 */
export function withPostConfirmation(
  reply: JsonObject,
  user: User,
  triggerSource: TriggerEvents['PostConfirmation']['triggerSource'],
  context: OperationContext,
): Reply {
  const { triggers } = context
  if (!triggers.has('PostConfirmation')) return reply
  const request = toUserRequest(user, context)
  const input = { triggerSource, userName: user.username, request, response: {} }
  return async () => {
    await triggers.callAfterCommit('PostConfirmation', input)
    return reply
  }
}
