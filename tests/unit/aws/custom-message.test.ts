/** The emails of the custom message trigger, which the Lambda function and the local cloud share. */

import { readFileSync } from 'node:fs'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { findLanguage } from '../../../src/aws/custom-message/find-language.ts'
import {
  createCustomMessageHandler,
  type EmailLanguage,
  longestEmail,
} from '../../../src/aws/custom-message/handler.ts'
import { readEmailLanguages } from '../../../src/build/email-languages.ts'
import { collectEmailTexts } from '../../../src/build/source-texts.ts'
import { cognitoLimits } from '../../../src/local-cloud/user-pool/limits.ts'
import { sourceLanguage } from '../../../src/shared/languages.ts'
import { pseudoLocale } from '../../../src/site/i18n/pseudo-locale.ts'
import {
  type CustomMessageParts,
  createCustomMessageEvent,
  riderSub,
} from '../../support/custom-message-event.ts'
import { templatePath } from '../../support/template-text.ts'

const root = process.cwd()
const siteUrl = 'https://rides.example.com'

const german: EmailLanguage = {
  lang: 'de',
  dir: 'ltr',
  texts: {
    'Verify your email for Wild Rydes': 'Bestätige deine E-Mail-Adresse für Wild Rydes',
    'Verify your email': 'E-Mail-Adresse <bestätigen> & "los"',
    'Your Wild Rydes sign-in code': 'Dein Anmeldecode für Wild Rydes',
  },
}
const languages: readonly EmailLanguage[] = [
  german,
  {
    lang: 'pt-BR',
    dir: 'ltr',
    texts: { 'Verify your email for Wild Rydes': 'Confirme seu e-mail' },
  },
  { lang: 'ar', dir: 'rtl', texts: { 'Verify your email for Wild Rydes': 'أكِّد بريدك' } },
]

const handle = createCustomMessageHandler({ siteUrl: () => siteUrl, languages })

const answered = v.object({
  response: v.looseObject({ emailSubject: v.string(), emailMessage: v.string() }),
})

interface Email {
  readonly subject: string
  readonly html: string
  /** where its link leads */
  readonly url: URL | undefined
}

async function write(parts: CustomMessageParts = {}): Promise<Email> {
  const { response } = v.parse(answered, await handle(createCustomMessageEvent(parts)))
  const [, href] = /<a href="([^"]*)">/.exec(response.emailMessage) ?? []
  return {
    subject: response.emailSubject,
    html: response.emailMessage,
    url: href === undefined ? undefined : new URL(decodeEntities(href)),
  }
}

function decodeEntities(text: string): string {
  const characters: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }
  return text.replace(/&([^;]+);/g, (entity, name: string) => characters[name] ?? entity)
}

/** What the page that the link leads to finds in its fragment. */
function readFragment(url: URL | undefined): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(url?.hash.slice(1)))
}

const sources = [
  'CustomMessage_SignUp',
  'CustomMessage_ResendCode',
  'CustomMessage_ForgotPassword',
  'CustomMessage_UpdateUserAttribute',
  'CustomMessage_VerifyUserAttribute',
  'CustomMessage_Authentication',
  'CustomMessage_AdminCreateUser',
]

describe('occasions', () => {
  test.each([
    [
      'CustomMessage_SignUp',
      'Verify your email for Wild Rydes',
      '/verify.html',
      'Verify your email',
    ],
    [
      'CustomMessage_ResendCode',
      'Verify your email for Wild Rydes',
      '/verify.html',
      'Verify your email',
    ],
    [
      'CustomMessage_ForgotPassword',
      'Reset your Wild Rydes password',
      '/forgot.html',
      'Reset your password',
    ],
  ])(
    '%s: the link has code and address for the form that asks for both',
    async (triggerSource, subject, path, label) => {
      const email = await write({ triggerSource })
      expect(email.subject).toBe(subject)
      expect(email.url?.origin).toBe(siteUrl)
      expect(email.url?.pathname).toBe(path)
      expect(email.url?.search).toBe('')
      expect(email.html).toContain('#code={####}&amp;email=rider%40example.com"')
      expect(readFragment(email.url)).toEqual({ code: '{####}', email: 'rider@example.com' })
      expect(email.html).toContain(`>${label}<`)
    },
  )

  test.each([
    [
      'CustomMessage_UpdateUserAttribute',
      'Verify your new email for Wild Rydes',
      'Verify your new email',
    ],
    ['CustomMessage_VerifyUserAttribute', 'Verify your email for Wild Rydes', 'Verify your email'],
  ])(
    '%s: the link has the code for the account page, where whoever is signed in counts',
    async (triggerSource, subject, label) => {
      const email = await write({ triggerSource })
      expect(email.subject).toBe(subject)
      expect(email.url?.href).toBe(`${siteUrl}/account.html#code={####}`)
      expect(email.html).toContain(`>${label}<`)
    },
  )

  test('CustomMessage_Authentication: the page that asked waits for the code, so there is no link', async () => {
    const { subject, html, url } = await write({ triggerSource: 'CustomMessage_Authentication' })
    expect(subject).toBe('Your Wild Rydes sign-in code')
    expect(url).toBeUndefined()
    expect(html).not.toContain('http')
    expect(html).toContain('whoever has the code can sign in as you')
  })

  test('CustomMessage_AdminCreateUser: the invitation has username, temporary password and a link to sign-in without either', async () => {
    const { subject, html, url } = await write({ triggerSource: 'CustomMessage_AdminCreateUser' })
    expect(subject).toBe('Your Wild Rydes account')
    expect(html.indexOf('{username}')).toBeLessThan(html.indexOf('{####}'))
    expect(html).toContain('<bdi dir="ltr">{username}</bdi>')
    expect(url?.href).toBe(`${siteUrl}/signin.html`)
  })

  test.each(sources)(
    '%s: the code stands alone on its line, and nothing is fetched or styled',
    async (triggerSource) => {
      const { html, url } = await write({ triggerSource })
      expect(html).toContain('\n<h2><bdi dir="ltr">{####}</bdi></h2>\n')
      expect(html.match(/https?:/g) ?? []).toHaveLength(url ? 1 : 0)
      const tags = [...html.matchAll(/<(\w+)([^>]*)>/g)].map(([, name, rest]) => `${name}${rest}`)
      expect(
        tags.filter(
          (tag) =>
            !/^(p|h2|strong|div lang="en" dir="ltr"|bdi dir="ltr"|a href="[^"]+")$/.test(tag),
        ),
      ).toEqual([])
      expect(html.match(/<\//g)).toHaveLength(tags.length)
    },
  )

  test('the lifetimes in the emails are those of codes, of a sign-in and of temporary passwords', async () => {
    const { codeSeconds } = cognitoLimits
    const template = readFileSync(templatePath, 'utf8')
    const find = (name: string) => new RegExp(`${name}: (\\d+)`).exec(template)?.[1]
    expect((await write()).html).toContain(`works for ${codeSeconds['sign-up'] / 3600} hours`)
    for (const name of ['UpdateUserAttribute', 'VerifyUserAttribute']) {
      const { html } = await write({ triggerSource: `CustomMessage_${name}` })
      expect(html).toContain(`works for ${codeSeconds.attribute / 3600} hours`)
    }
    const reset = await write({ triggerSource: 'CustomMessage_ForgotPassword' })
    expect(reset.html).toContain(`works for ${codeSeconds['password-reset'] / 3600} hour.`)
    const signIn = await write({ triggerSource: 'CustomMessage_Authentication' })
    expect(signIn.html).toContain(`within ${find('AuthSessionValidity')} minutes`)
    const invitation = await write({ triggerSource: 'CustomMessage_AdminCreateUser' })
    expect(invitation.html).toContain(`works for ${find('TemporaryPasswordValidityDays')} days`)
  })
})

describe('the name in the link', () => {
  const userAttributes = { sub: riderSub, email: 'new@example.com' }

  test('is the address where Cognito made up the username, and else the username', async () => {
    const resets = { triggerSource: 'CustomMessage_ForgotPassword', userAttributes }
    expect(readFragment((await write(resets)).url).email).toBe('new@example.com')
    for (const userName of ['first@example.com', 'ada']) {
      expect(readFragment((await write({ ...resets, userName })).url).email).toBe(userName)
    }
  })

  test.each([
    ['no address', { sub: riderSub }],
    ['an empty address', { sub: riderSub, email: '' }],
    ['no text for an address', { sub: riderSub, email: 7 }],
    ['no sub and no address', {}],
  ])('is left out with %s, and the form asks for it', async (_, attributes) => {
    const { url } = await write({
      userAttributes: attributes,
    })
    expect(readFragment(url)).toEqual({ code: '{####}' })
  })

  test.each([
    ['markup', '"><img src=x onerror=alert(1)>@example.com'],
    ['quotes and an ampersand', `a'b"c&code=000000&amp;@example.com`],
    ['placeholders', '{####}{username}@example.com'],
    ['a plus and spaces', 'a+b c@example.com'],
    ['a fragment and a query', 'a#code=1?email=x@example.com'],
    ['letters of other scripts', 'ünïcorn@例え.example'],
    ['a line break', 'a\r\nBcc: x@example.com'],
  ])('with %s arrives as it is, and is nothing but a name', async (_, name) => {
    const { html, url } = await write({ userAttributes: { sub: riderSub, email: name } })
    expect(readFragment(url)).toEqual({ code: '{####}', email: name })
    expect(html.match(/\{####\}/g)).toHaveLength(2)
    expect(html).not.toMatch(/\{username\}|<img|\r/)
    expect(url?.pathname).toBe('/verify.html')
  })

  test('with half a character of UTF-16 is no error', async () => {
    const { url } = await write({ userAttributes: { sub: riderSub, email: 'a\ud800@example.com' } })
    expect(readFragment(url).email).toBe('a\ufffd@example.com')
  })
})

describe('the language', () => {
  const locales = (locale: unknown, attribute?: unknown): CustomMessageParts => ({
    clientMetadata: { locale },
    userAttributes: { sub: riderSub, email: 'rider@example.com', locale: attribute },
  })

  test('is that of the page that asked, with links to the pages in it', async () => {
    const { subject, html, url } = await write(locales('de', 'ar'))
    expect(subject).toBe('Bestätige deine E-Mail-Adresse für Wild Rydes')
    expect(html).toMatch(/^<div lang="de" dir="ltr">/)
    expect(url?.pathname).toBe('/de/verify.html')
  })

  test('English of the page comes before the attribute too', async () => {
    expect((await write(locales('en', 'de'))).url?.pathname).toBe('/verify.html')
  })

  test.each([
    ['CustomMessage_Authentication', undefined],
    ['CustomMessage_AdminCreateUser', { locale: 'tlh' }],
  ])(
    '%s: without a language of the page that there is, the attribute counts',
    async (triggerSource, clientMetadata) => {
      const userAttributes = { sub: riderSub, locale: 'de_AT' }
      const { html } = await write({ triggerSource, clientMetadata, userAttributes })
      expect(html).toMatch(/^<div lang="de"/)
    },
  )

  test.each([
    [undefined],
    [null],
    [7],
    [''],
    ['tlh'],
    ['not a tag!'],
    ['__proto__'],
    ['constructor'],
    [['de']],
    ['x'.repeat(5000)],
  ])('%j asks for none, and the email is in English', async (locale) => {
    expect((await write(locales(locale, locale))).html).toMatch(/^<div lang="en" dir="ltr">/)
  })

  test('clientMetadata: null is no error', async () => {
    expect((await write({ clientMetadata: null })).html).toMatch(/^<div lang="en"/)
  })

  test('from right to left, the code stays from left to right', async () => {
    const { html, url } = await write(locales('ar'))
    expect(html).toMatch(/^<div lang="ar" dir="rtl">/)
    expect(html).toContain('<bdi dir="ltr">{####}</bdi>')
    expect(url?.pathname).toBe('/ar/verify.html')
  })

  test('what a translation has is text, and what it lacks is in English', async () => {
    const { html } = await write(locales('de'))
    expect(html).toContain('E-Mail-Adresse &lt;bestätigen&gt; &amp; &quot;los&quot;')
    expect(html).toContain('The code works for 24 hours.')
  })
})

test.each([
  ['de', 'de'],
  ['DE', 'de'],
  ['de-AT', 'de'],
  ['de_AT', 'de'],
  ['pt-PT', 'pt-BR'],
  ['pt', 'pt-BR'],
  ['zh', 'zh-CN'],
  ['zh-Hans-SG', 'zh-CN'],
  ['zh-TW', undefined],
  ['iw', 'he'],
  ['en-GB', 'en'],
  ['en-XB', 'en-XB'],
  ['nl', undefined],
  ['german', undefined],
  ['', undefined],
])('findLanguage: %s finds %s', (tag, found) => {
  const tags = ['en', 'en-XB', 'de', 'pt-BR', 'zh-CN', 'he']
  expect(findLanguage(tag, tags)).toBe(found)
})

describe('an event', () => {
  test('comes back with all that it had, and is not changed itself', async () => {
    const event = createCustomMessageEvent()
    const before = structuredClone(event)
    const result = await handle(event)
    expect(event).toEqual(before)
    expect(result).toEqual({
      ...before,
      response: {
        smsMessage: null,
        emailMessage: expect.any(String),
        emailSubject: expect.any(String),
      },
    })
  })

  const { request: _, ...withoutRequest } = createCustomMessageEvent()
  test.each<[string, unknown]>([
    ['of another trigger', createCustomMessageEvent({ triggerSource: 'CustomMessage_Newsletter' })],
    [
      'of a trigger that is named like a member of objects',
      createCustomMessageEvent({ triggerSource: 'constructor' }),
    ],
    ['without a code', createCustomMessageEvent({ request: { codeParameter: null } })],
    ['without a request', withoutRequest],
    ['with attributes that are a text', createCustomMessageEvent({ userAttributes: 'email' })],
    [
      'of an invitation without a username',
      createCustomMessageEvent({
        triggerSource: 'CustomMessage_AdminCreateUser',
        request: { usernameParameter: null },
      }),
    ],
    [
      'with a name that makes the email longer than Cognito takes',
      createCustomMessageEvent({ userName: 'ü'.repeat(longestEmail) }),
    ],
    ['that is no object', 'CustomMessage_SignUp'],
    ['that is nothing', undefined],
  ])('%s passes through untouched', async (_title, event) => {
    expect(await handle(event)).toBe(event)
  })
})

describe('the catalogs', () => {
  const texts = collectEmailTexts(root)

  test('only texts of emails are taken from them, and all of these', () => {
    const [pseudo, ...others] = readEmailLanguages(root, [sourceLanguage, pseudoLocale])
    expect(others).toEqual([])
    expect(pseudo).toMatchObject({ lang: 'en-XB', dir: 'rtl' })
    expect(Object.keys(pseudo?.texts ?? {}).sort()).toEqual([...texts].sort())
    expect(pseudo?.texts['Your Wild Rydes account']).toMatch(/^Ýöûŕ|^[^\x20-\x7e]/)
  })

  test('a language without a catalog is an error', () => {
    expect(() => readEmailLanguages(root, [{ ...pseudoLocale, lang: 'tlh' }])).toThrow(
      /catalogs\/tlh\.json/,
    )
  })

  test('every email in every language is whole, and shorter than Cognito takes with the longest address', async () => {
    const all = [...readEmailLanguages(root), ...readEmailLanguages(root, [pseudoLocale])]
    const handleAll = createCustomMessageHandler({ siteUrl: () => siteUrl, languages: all })
    // RFC 5321 allows 254 characters; each may become nine in a link.
    const email = `${'ü'.repeat(242)}@example.com`
    for (const { lang } of [sourceLanguage, ...all]) {
      for (const triggerSource of sources) {
        const event = createCustomMessageEvent({
          triggerSource,
          clientMetadata: { locale: lang },
          userAttributes: { sub: riderSub, email },
        })
        const { response } = v.parse(answered, await handleAll(event))
        expect(response.emailMessage).toContain(`lang="${lang}"`)
        expect(response.emailMessage.length).toBeLessThan(longestEmail / 2)
        expect(response.emailSubject).toMatch(/^[\p{L}\p{M}\p{S}\p{N}\p{P}\s]{1,140}$/u)
        expect(response.emailMessage).toMatch(/\{####\}/)
      }
    }
  })
})
