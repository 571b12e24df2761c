/**
 * The custom message trigger of the user pool: gives each email the text of its occasion, in the rider's language, with a
 * link to the form that the code is for. It runs in AWS as a Lambda function, and locally in the local cloud.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-custom-message.html
 */

import * as v from 'valibot'
import { toEmailHtml } from './email-html.ts'
import { type Occasion, writeEmail } from './emails.ts'
import { findLanguage } from './find-language.ts'

/** A language of the site and its translations of the emails, by their English text. English has none. */
export interface EmailLanguage {
  /** BCP 47; also the folder of its pages */
  readonly lang: string
  readonly dir: 'ltr' | 'rtl'
  readonly texts: Readonly<Record<string, string>>
}

export interface CustomMessageDeps {
  /** @returns the origin of the site, without a slash at the end */
  readonly siteUrl: () => string
  /** the languages beside English */
  readonly languages: readonly EmailLanguage[]
}

/** Cognito's limit, in characters with the code filled in. */
export const longestEmail = 20_000

const english: EmailLanguage = { lang: 'en', dir: 'ltr', texts: {} }

const occasionOf: ReadonlyMap<string, Occasion> = new Map([
  ['CustomMessage_SignUp', 'sign-up'],
  ['CustomMessage_ResendCode', 'sign-up'],
  ['CustomMessage_ForgotPassword', 'password-reset'],
  ['CustomMessage_UpdateUserAttribute', 'new-email'],
  ['CustomMessage_VerifyUserAttribute', 'current-email'],
  ['CustomMessage_Authentication', 'sign-in'],
  ['CustomMessage_AdminCreateUser', 'invitation'],
])

/** The form that the code of each occasion is for. */
const pageOf = {
  'sign-up': 'verify.html',
  'password-reset': 'forgot.html',
  'new-email': 'account.html',
  'current-email': 'account.html',
  'sign-in': 'signin.html',
  invitation: 'signin.html',
} satisfies Record<Occasion, string>

/** Pages whose form asks for the address too. On the account page, whoever is signed in counts, and no link. */
const formsWithName: readonly string[] = ['verify.html', 'forgot.html']

/** The parts of an event that are read. What a client or a user wrote may be anything. */
const customMessageEvent = v.looseObject({
  triggerSource: v.string(),
  userName: v.optional(v.unknown()),
  request: v.looseObject({
    userAttributes: v.record(v.string(), v.unknown()),
    codeParameter: v.string(),
    usernameParameter: v.nullish(v.string()),
    clientMetadata: v.nullish(v.record(v.string(), v.unknown())),
  }),
  response: v.optional(v.looseObject({}), {}),
})

type CustomMessageEvent = v.InferOutput<typeof customMessageEvent>
type CustomMessageRequest = CustomMessageEvent['request']

/**
 * @returns the handler of an event. It returns the event, with the email in its response; untouched where it cannot
 *   write one, and then Cognito takes the text of the pool. It never rejects: that would refuse the rider's request.
 */
export function createCustomMessageHandler({ siteUrl, languages }: CustomMessageDeps) {
  return async (event: unknown): Promise<unknown> => {
    const parsed = v.safeParse(customMessageEvent, event)
    if (!parsed.success) return event
    const { triggerSource, request, response } = parsed.output
    const occasion = occasionOf.get(triggerSource)
    if (!occasion) return event
    const { codeParameter } = request
    const usernameParameter = occasion === 'invitation' ? request.usernameParameter : undefined
    // Cognito refuses an invitation that does not say the username.
    if (occasion === 'invitation' && !usernameParameter) return event

    const { lang, dir, texts } = chooseLanguage(request, languages)
    const translate = (text: string) => (Object.hasOwn(texts, text) ? (texts[text] ?? text) : text)
    const text = writeEmail(occasion, translate)
    const emailMessage = toEmailHtml({
      text,
      lang,
      dir,
      codePlaceholder: codeParameter,
      usernamePlaceholder: usernameParameter ?? undefined,
      url: toUrl(occasion, parsed.output, lang === 'en' ? siteUrl() : `${siteUrl()}/${lang}`),
    })
    if (emailMessage.length > longestEmail) return event
    return { ...parsed.output, response: { ...response, emailSubject: text.subject, emailMessage } }
  }
}

/**
 * The page from which the request was sent knows best. Cognito passes on what it said, but not for sign-in codes and for
 * what operators do: then the user's own attribute counts.
 */
function chooseLanguage(
  { clientMetadata, userAttributes }: CustomMessageRequest,
  languages: readonly EmailLanguage[],
): EmailLanguage {
  const known = [english, ...languages]
  const tags = known.map(({ lang }) => lang)
  for (const wanted of [clientMetadata?.locale, userAttributes.locale]) {
    const found = typeof wanted === 'string' ? findLanguage(wanted, tags) : undefined
    if (found !== undefined) return known.find(({ lang }) => lang === found) ?? english
  }
  return english
}

/**
 * The code stands in the fragment, which no server sees. It is not encoded: Cognito looks for its placeholder and fills
 * in digits. The name is, so that nothing in it looks like a placeholder.
 *
 * @param folder URL of the pages in the email's language
 */
function toUrl(occasion: Occasion, event: CustomMessageEvent, folder: string): string {
  const page = pageOf[occasion]
  const url = `${folder}/${page}`
  if (page === 'signin.html') return url
  const name = formsWithName.includes(page) ? findSignInName(event) : undefined
  const parameter = name === undefined ? '' : `&email=${encodeURIComponent(name.toWellFormed())}`
  return `${url}#code=${event.request.codeParameter}${parameter}`
}

/**
 * The name that the form sends: where Cognito made up the username, which is the sub then, it is the email address. A
 * username that was an address once stays the one to reset the password with.
 */
function findSignInName({ userName, request }: CustomMessageEvent): string | undefined {
  const { sub, email } = request.userAttributes
  const name = sub === undefined || userName === sub ? email : userName
  return typeof name === 'string' && name !== '' ? name : undefined
}
