/**
 * CustomMessage: a function writes the emails of the pool.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-custom-message.html
 */

import * as v from 'valibot'
import type { OperationContext } from '../context.ts'
import type { EmailTemplate } from '../settings.ts'
import type { User } from '../store/store.ts'
import type { TriggerEvents } from './trigger-events.ts'
import { toUserRequest } from './user-attributes.ts'

export type CustomMessageSource = TriggerEvents['CustomMessage']['triggerSource']

const codeParameter = '{####}'
const usernameParameter = '{username}'

/** Cognito's limits for an email. */
const response = v.object({
  smsMessage: v.nullish(v.string()),
  emailMessage: v.nullish(v.pipe(v.string(), v.maxLength(20_000))),
  emailSubject: v.nullish(v.pipe(v.string(), v.maxLength(140))),
})

/** @returns the schema of a response, which explains why a text is not sent */
function createResponseSchema(needed: readonly string[]) {
  const explain = (written: v.InferOutput<typeof response>) => {
    const texts = [
      ['emailMessage', written.emailMessage],
      ['smsMessage', written.smsMessage],
    ] as const
    const problems = texts.flatMap(([name, text]) => {
      const missing = needed.filter((placeholder) => text && !text.includes(placeholder))
      return missing.length === 0
        ? []
        : [`${name} has no ${missing.join(' and no ')}, so that the text of the pool is sent.`]
    })
    return problems.length === 0 ? undefined : problems.join(' ')
  }
  return { ...response, explain }
}

const forCodes = createResponseSchema([codeParameter])
const forInvitations = createResponseSchema([codeParameter, usernameParameter])

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
  const written = triggers.call(
    'CustomMessage',
    {
      triggerSource,
      userName: user.username,
      request: {
        ...toUserRequest(user, context),
        codeParameter,
        linkParameter: '{##Click Here##}',
        usernameParameter: isInvitation ? usernameParameter : null,
      },
      response: { smsMessage: null, emailMessage: null, emailSubject: null },
    },
    isInvitation ? forInvitations : forCodes,
  )
  const needed = isInvitation ? [codeParameter, usernameParameter] : [codeParameter]
  const isComplete = (text: string) => needed.every((placeholder) => text.includes(placeholder))
  const keep = (text: string | null | undefined) => (text && isComplete(text) ? text : undefined)
  return {
    smsMessage: keep(written?.smsMessage),
    emailMessage: keep(written?.emailMessage),
    emailSubject: written?.emailSubject || undefined,
  }
}

/** @returns the email's template with what the function wrote in its place */
export function customizeEmail(
  template: EmailTemplate,
  user: User,
  triggerSource: CustomMessageSource,
  context: OperationContext,
): EmailTemplate {
  const { emailSubject, emailMessage } = askCustomMessage(user, triggerSource, context)
  return { subject: emailSubject ?? template.subject, text: emailMessage ?? template.text }
}
