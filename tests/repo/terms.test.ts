/** One thing has one name: no text that a person sees has a word that "The words we use" in CONTRIBUTING.md rules out. */

import { parseSync, Visitor } from 'vite'
import { describe, expect, test } from 'vitest'
import { collectTexts } from '../../src/build/source-texts.ts'
import { parseTemplate } from '../../src/local-cloud/user-pool/cloudformation-template.ts'
import { readSettings } from '../../src/local-cloud/user-pool/read-settings.ts'
import { htmlPages, listFiles, readSource, root } from './source-files.ts'
import { findOtherSpellings, parseTerms } from './terms.ts'

const terms = parseTerms(readSource('CONTRIBUTING.md'))

interface ShownText {
  readonly path: string
  readonly text: string
}

/** What is wrong with each text: file, text and the term to use. */
function findFaults(texts: readonly ShownText[]): readonly string[] {
  return texts.flatMap(({ path, text }) =>
    findOtherSpellings(text, terms).map(
      ({ spelling, preferred }) =>
        `${path}: "${text}" has "${spelling}"; write "${preferred}" (CONTRIBUTING.md, The words we use)`,
    ),
  )
}

/** Texts of pages, scripts and emails of the site, each with a file that has it. */
function listSiteTexts(): readonly ShownText[] {
  const { pages, scripts, emails } = collectTexts(
    htmlPages.map((name) => ({ name: `${name}.html`, source: readSource(`${name}.html`) })),
    root,
  )
  const sources = [
    ...htmlPages.map((name) => `${name}.html`),
    ...listFiles('src/site', ['.html', '.ts']),
    ...listFiles('src/shared', ['.ts']),
    ...listFiles('src/aws/custom-message', ['.ts']),
  ].map((path) => ({ path, source: readSource(path) }))
  return [...pages, ...scripts, ...emails].map((key) => {
    // Before a text a key may have its context.
    const text = key.slice(key.indexOf('|') + 1)
    const quoted = [text, text.replaceAll("'", "\\'"), text.replaceAll("'", '&#39;')]
    const found = sources.find(({ source }) => quoted.some((one) => source.includes(one)))
    return { path: found?.path ?? 'src/site', text }
  })
}

/** The sentences and labels among the literals of a program: what has a space, or is one capitalized word. */
function listLiterals(path: string): readonly ShownText[] {
  const source = readSource(path)
  const texts: string[] = []
  const add = (text: string) => {
    const shown = toShownText(text)
    if (/^[A-Z][a-z]+$|\s/.test(shown)) texts.push(shown)
  }
  const { program } = parseSync(path, source)
  new Visitor({
    Literal({ value }) {
      if (typeof value === 'string') add(value)
    },
    TemplateLiteral({ quasis }) {
      add(quasis.map(({ value }) => value.cooked ?? value.raw).join(' … '))
    },
  }).visit(program)
  return texts.map((text) => ({ path, text }))
}

/** What is shown of HTML: its text and the attributes that are read out. */
function toShownText(markup: string): string {
  const attributes = [
    ...markup.matchAll(/\s(?:aria-label|title|placeholder|data-(?:one|many|copied))="([^"]*)"/g),
  ].map(([, value]) => value)
  return [markup.replace(/<[^>]*>/g, ' '), ...attributes].join(' ').replace(/\s+/g, ' ').trim()
}

/** The emails as CloudFormation and the local pool make them, and the descriptions that operators read. */
function listTemplateTexts(): readonly ShownText[] {
  const path = 'src/aws/user-pool.yaml'
  const emails = [{}, { SiteUrl: 'https://example.com' }].flatMap((parameters) => {
    const { settings } = readSettings(parseTemplate(readSource(path), path, { parameters }))
    const { verificationEmail, invitationEmail } = settings
    return [verificationEmail, invitationEmail].flatMap(({ subject, text }) => [
      { path, text: subject },
      { path, text: toShownText(text) },
    ])
  })
  const descriptions = listFiles('src/aws', ['.yaml']).flatMap((template) =>
    [...readSource(template).matchAll(/Description: (?:>-\s+)?(.+)/g)].map(([, text = '']) => ({
      path: template,
      text,
    })),
  )
  return [...emails, ...descriptions]
}

/** Files whose literals are shown in the console, or printed by `npm start` and the other commands. */
const programs = [
  ...listFiles('src/local-cloud/console', ['.ts']),
  ...['local-cloud', 'main', 'reset', 'vite-plugin', 'folder-lock', 'sqlite-file'].map(
    (name) => `src/local-cloud/${name}.ts`,
  ),
  ...listFiles('src/aws/hosting', ['.ts']),
]

describe('the words we use', () => {
  const literals = programs.flatMap(listLiterals)

  test('the texts are found', () => {
    const texts = literals.map(({ text }) => text)
    expect(texts).toContain('Confirm user')
    expect(texts).toContain('Emailed codes appear here and in the inbox.')
    expect(texts.some((text) => text.includes('No emails yet.'))).toBe(true)
    expect(listSiteTexts().length).toBeGreaterThan(200)
    expect(terms.length).toBeGreaterThanOrEqual(20)
  })

  test('the pages, scripts and emails of the site have no others', () => {
    expect(findFaults(listSiteTexts())).toEqual([])
  })

  test('the console and the commands have no others', () => {
    expect(findFaults(literals)).toEqual([])
  })

  test('the emails and the templates have no others', () => {
    expect(findFaults(listTemplateTexts())).toEqual([])
  })
})

describe('a word that is ruled out is found', () => {
  const made = parseTerms(`
## The words we use

| We write | For | We don't write |
|---|---|---|
| sign in | the act | \`log in\`, \`login\` |
| email | the message | \`mail\`, \`letter\` |
| lowercase letter | in rules | \`small letter\` |
| authenticator app | an app | \`TOTP\`, \`PIN\` |
| JavaScript | a language | \`javascript\` |

## Another table

| a | b | \`email\` |
`)

  test('the table is read', () => {
    expect(made).toHaveLength(5)
    expect(made[0]).toEqual({ preferred: 'sign in', others: ['log in', 'login'] })
    expect(() => parseTerms('# Nothing')).toThrow(/expected a table/)
    expect(() => parseTerms('\n## The words we use\n| a | b | c |\n')).toThrow(/three cells/)
  })

  test.each([
    ['Log in to ride', 'log in', 'sign in'],
    ['Log\n  in to ride', 'log in', 'sign in'],
    ['Check your mail.', 'mail', 'email'],
    ['(LETTER)', 'letter', 'email'],
    ['Enter your PIN', 'PIN', 'authenticator app'],
    ['Javascript is off', 'javascript', 'JavaScript'],
  ])('%j has %j', (text, spelling, preferred) => {
    expect(findOtherSpellings(text, made)).toEqual([{ spelling, preferred }])
  })

  test.each([
    'Sign in with your email',
    'One lowercase letter',
    'The pin on the map',
    'JavaScript is off',
    'Emailed codes; voicemail; mail-order; a blog in a loginname',
    'open /login or login.html or LOGIN_URL',
  ])('%j has none', (text) => {
    expect(findOtherSpellings(text, made)).toEqual([])
  })
})
