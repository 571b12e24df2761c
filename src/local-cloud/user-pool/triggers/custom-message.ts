/**
 * CustomMessage: a function writes the emails and SMS of the pool.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-custom-message.html
 */

import * as v from 'valibot'
import type { OperationContext } from '../context.ts'
import type { User } from '../store/store.ts'
import type { TriggerEvents } from './trigger-events.ts'
import { toUserRequest } from './user-attributes.ts'

export type CustomMessageSource = TriggerEvents['CustomMessage']['triggerSource']

const codeParameter = '{####}'
const usernameParameter = '{username}'
const linkParameter = '{##Click Here##}'

/** What stands where a link goes: the text of the link, between the marks. */
export const linkPattern = /\{##(?!##\})(.+?)##\}/gs

/** Cognito's limits for an email. */
const response = v.object({
  smsMessage: v.nullish(v.string()),
  emailMessage: v.nullish(v.pipe(v.string(), v.maxLength(20_000))),
  emailSubject: v.nullish(v.pipe(v.string(), v.maxLength(140))),
})

/** Placeholders that a text must have, so that who reads it can go on. */
interface NeededPlaceholders {
  readonly emailMessage: readonly string[]
  readonly smsMessage: readonly string[]
}

const forCodes: NeededPlaceholders = { emailMessage: [codeParameter], smsMessage: [codeParameter] }
const forLinks: NeededPlaceholders = { emailMessage: [linkParameter], smsMessage: [codeParameter] }
const forInvitations: NeededPlaceholders = {
  emailMessage: [codeParameter, usernameParameter],
  smsMessage: [codeParameter, usernameParameter],
}

function findNeeded(
  triggerSource: CustomMessageSource,
  { settings }: OperationContext,
): NeededPlaceholders {
  switch (triggerSource) {
    case 'CustomMessage_AdminCreateUser':
      return forInvitations
    case 'CustomMessage_SignUp':
    case 'CustomMessage_ResendCode':
      return settings.verificationLink ? forLinks : forCodes
    default:
      return forCodes
  }
}

/** A link may have any text. */
function findMissing(text: string, needed: readonly string[]): readonly string[] {
  return needed.filter((placeholder) =>
    placeholder === linkParameter ? text.search(linkPattern) === -1 : !text.includes(placeholder),
  )
}

/** @returns the schema of a response, which explains why a text is not sent */
function createResponseSchema(needed: NeededPlaceholders) {
  const explain = (written: v.InferOutput<typeof response>) => {
    const problems = (['emailMessage', 'smsMessage'] as const).flatMap((name) => {
      const text = written[name]
      const missing = text ? findMissing(text, needed[name]) : []
      return missing.length === 0
        ? []
        : [`${name} has no ${missing.join(' and no ')}, so that the text of the pool is sent.`]
    })
    return problems.length === 0 ? undefined : problems.join(' ')
  }
  return { ...response, explain }
}

/** What the function wrote; a text that it left out, or that lacks a placeholder, is `undefined`. */
export interface CustomMessage {
  readonly smsMessage?: string | undefined
  readonly emailMessage?: string | undefined
  readonly emailSubject?: string | undefined
}

/**
 * @returns nothing where the trigger has no function
 * @throws {CognitoError} those of a trigger
 */
export function askCustomMessage(
  user: User,
  triggerSource: CustomMessageSource,
  context: OperationContext,
): CustomMessage {
  const { triggers } = context
  if (!triggers.has('CustomMessage')) return {}
  const isInvitation = triggerSource === 'CustomMessage_AdminCreateUser'
  const needed = findNeeded(triggerSource, context)
  const written = triggers.call(
    'CustomMessage',
    {
      triggerSource,
      userName: user.username,
      request: {
        ...toUserRequest(user, context),
        codeParameter,
        linkParameter,
        usernameParameter: isInvitation ? usernameParameter : null,
      },
      response: { smsMessage: null, emailMessage: null, emailSubject: null },
    },
    createResponseSchema(needed),
  )
  const keep = (name: keyof NeededPlaceholders) => {
    const text = written?.[name]
    return text && findMissing(text, needed[name]).length === 0 ? text : undefined
  }
  return {
    smsMessage: keep('smsMessage'),
    emailMessage: keep('emailMessage'),
    emailSubject: written?.emailSubject || undefined,
  }
}
