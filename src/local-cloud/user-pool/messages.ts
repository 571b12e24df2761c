/** What is in the messages of the pool. `createMessage` is the one place where their text is made. */

import type { Message } from '../ports.ts'
import { CognitoError } from './cognito-error.ts'
import { type Contact, deliveryMediumOf } from './contacts.ts'
import type { OperationContext } from './context.ts'
import type { User } from './store/store.ts'
import {
  askCustomMessage,
  type CustomMessageSource,
  linkPattern,
} from './triggers/custom-message.ts'

/** `verification` is for a new password, too. */
type MessageKind = 'sign-up' | 'verification' | 'invitation' | 'sign-in'

const kindOf = {
  CustomMessage_SignUp: 'sign-up',
  CustomMessage_ResendCode: 'sign-up',
  CustomMessage_ForgotPassword: 'verification',
  CustomMessage_UpdateUserAttribute: 'verification',
  CustomMessage_VerifyUserAttribute: 'verification',
  CustomMessage_AdminCreateUser: 'invitation',
  CustomMessage_Authentication: 'sign-in',
} as const satisfies Record<CustomMessageSource, MessageKind>

export interface MessageParts {
  /** what the message is for, as CustomMessage is told */
  readonly source: CustomMessageSource
  readonly contact: Contact
  /** in an invitation the temporary password */
  readonly code: string
  /** in an invitation what the user signs in with, else their user name */
  readonly username: string
  /** whom CustomMessage is asked about; `undefined` for a simulated user, of whom nobody is asked */
  readonly user: User | undefined
}

/**
 * @returns the message, with the text of CustomMessage, of the template, or Cognito's own
 * @throws {CognitoError} those of a trigger
 */
export function createMessage(parts: MessageParts, context: OperationContext): Message {
  const { source, contact, code, user } = parts
  const kind = kindOf[source]
  const written = user ? askCustomMessage(user, source, context) : {}
  const medium = deliveryMediumOf[contact.attribute]
  const message = { medium, to: contact.address, code }
  if (medium === 'SMS') {
    const text = written.smsMessage ?? findSms(kind, context)
    return { ...message, subject: '', text: fill(text, kind, parts) }
  }
  const template = findEmail(kind, context)
  const text = written.emailMessage ?? template.text
  return {
    ...message,
    subject: written.emailSubject ?? template.subject,
    text: fill(kind === 'sign-up' ? linkTo(text, parts, context) : text, kind, parts),
  }
}

function findSms(kind: MessageKind, { settings }: Pick<OperationContext, 'settings'>): string {
  switch (kind) {
    case 'sign-up':
    case 'verification':
      return settings.verificationSms
    case 'invitation':
      return settings.invitationSms
    case 'sign-in':
      return settings.signInSms
    default:
      return kind satisfies never
  }
}

function findEmail(kind: MessageKind, { settings }: Pick<OperationContext, 'settings'>) {
  switch (kind) {
    case 'sign-up':
      return settings.verificationLink ?? settings.verificationEmail
    case 'verification':
      return settings.verificationEmail
    case 'invitation':
      return settings.invitationEmail
    case 'sign-in':
      return settings.signInEmail
    default:
      return kind satisfies never
  }
}

/** A code of the pool's is digits, and has no placeholder in it; a name may have one. */
function fill(text: string, kind: MessageKind, { code, username }: MessageParts): string {
  const placeholders = kind === 'invitation' ? /\{username\}|\{####\}/g : /\{####\}/g
  return text.replace(placeholders, (placeholder) => (placeholder === '{####}' ? code : username))
}

/** Path of the page that a link in an email leads to. */
export const confirmationPath = '/confirmUser'

/** Makes a link of `{##its text##}`, in HTML. */
function linkTo(
  text: string,
  { code, username }: MessageParts,
  { settings, origin = '' }: Pick<OperationContext, 'settings' | 'origin'>,
): string {
  if (!settings.verificationLink) return text
  const query = new URLSearchParams({
    client_id: settings.userPoolClientId,
    user_name: username,
    confirmation_code: code,
  })
  const url = `${origin}${confirmationPath}?${query.toString()}`.replaceAll('&', '&amp;')
  return text.replace(linkPattern, (_, inner: string) => `<a href="${url}">${inner}</a>`)
}

/** @throws {CognitoError} InvalidParameterException where an SMS would have to be sent, and the pool sends none */
export function assertDeliverable(
  { attribute }: Contact,
  { settings }: Pick<OperationContext, 'settings'>,
): void {
  if (attribute !== 'phone_number' || settings.sendsSms) return
  throw new CognitoError(
    'InvalidParameterException',
    'User pool does not have SMS configuration to send messages.',
  )
}
