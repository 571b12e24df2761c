/** Renders a page: partials and layout by Liquid, texts by the filter `t`, inline scripts by `inline_script`. */

import { join, posix } from 'node:path'
import { Liquid } from 'liquidjs'
import { type Language, sourceLanguage, translations } from '../shared/languages.ts'
import { notFoundName } from '../shared/page-names.ts'
import { passwordPolicy, toPasswordRulesAttribute } from '../shared/password-policy.ts'
import { toKey } from './catalogs.ts'
import { inlineScripts } from './inline.ts'

export interface PageSource {
  /** of its file, such as `register.html`: errors name it */
  readonly name: string
  readonly source: string
}

export interface PageLanguage extends Language {
  /** @param key of the text in a catalog */
  readonly translate: (text: string, key: string) => string
}

export const english: PageLanguage = {
  ...sourceLanguage,
  translate: (text) => text,
}

/** What pages say of the site that they belong to. */
export interface SiteFacts {
  /** English first */
  readonly languages: readonly Language[]
  /** path of the site, such as `/`, with a slash at the end */
  readonly base: string
  /** absolute, with a slash at the end; without it pages do not say where they are */
  readonly url?: string | undefined
}

const rootSite: SiteFacts = { languages: [sourceLanguage, ...translations], base: '/' }

/**
 * @param root of the repository, whose `src/site/partials` the page uses
 * @throws {Error} naming the page: for a text whose slots are not its arguments, or one without translation
 */
export function renderPage(
  page: PageSource,
  root: string,
  language = english,
  site = rootSite,
): string {
  const { lang, dir } = language
  const engine = new Liquid({
    root: join(root, 'src/site/partials'),
    globals: {
      lang,
      dir,
      ...toLinks(page.name, lang, site),
      passwordrules: toPasswordRulesAttribute(passwordPolicy),
    },
    strictFilters: true,
    strictVariables: true,
    // `{% if hint %}` and `default` ask whether an optional argument was given.
    lenientIf: true,
  })
  engine.registerFilter('t', (text: unknown, ...args: unknown[]) => translate(text, args, language))
  engine.registerFilter('inline_script', requireInlineScript)
  try {
    // Indentation weighs: 0.1 kB (brotli) of the sign-in page, 0.2 of the account page.
    return String(engine.parseAndRenderSync(page.source)).replace(/\n\s+/g, '\n')
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Error(`${page.name}: ${reason}`, { cause: error })
  }
}

/**
 * Where the page and its relatives are. Links between pages are relative, so that they stay in their language and the site
 * may live under any path. The page for unknown addresses alone, which is sent for any path, has its links from the root;
 * in another language it has no relative but the home page.
 *
 * @param path of the page, such as `register.html` or `de/register.html`
 */
function toLinks(path: string, lang: string, { languages, base, url }: SiteFacts) {
  const file = posix.basename(path)
  const isNotFound = file === `${notFoundName}.html`
  const rest = isNotFound || file === 'index.html' ? '' : file
  const toFolder = (other: string) => (other === sourceLanguage.lang ? '' : `${other}/`)
  const toUrl = (other: string) =>
    url !== undefined && !isNotFound && `${url}${toFolder(other)}${rest}`
  const up = lang === sourceLanguage.lang ? '' : '../'
  const folder = isNotFound ? `${base}${toFolder(lang)}` : ''
  return {
    /** before the name of another page */
    folder,
    home: folder || './',
    /** before the name of a file that all languages share */
    root: isNotFound ? base : up,
    languages: languages.map((other) => ({
      ...other,
      href:
        other.lang === lang
          ? `${folder}${rest}` || './'
          : `${isNotFound ? base : up}${toFolder(other.lang)}${rest}` || './',
      url: toUrl(other.lang),
    })),
    url: toUrl(lang),
    /** which a choice made before may lead to; a page in one of them was asked for itself */
    other_languages:
      lang === sourceLanguage.lang &&
      !isNotFound &&
      languages
        .slice(1)
        .map((other) => other.lang)
        .join(' '),
    /** of the texts that scripts show: the build puts the name of the file in the place of this one */
    translations_script: lang !== sourceLanguage.lang && `${base}${toTranslationsPath(path)}`,
  }
}

/** Where the dev server has the texts of a page's scripts. */
export function toTranslationsPath(page: string): string {
  return `assets/${page.replace('/', '-').replace(/\.html$/, '.js')}`
}

/**
 * The filter `t`: `{{ 'text' | t }}`, `{{ 'text' | t: 'context' }}`, `{{ 'text' | t: slot: 'html' }}`.
 *
 * @param args as Liquid gives them: values as they are, named ones as pairs
 */
function translate(text: unknown, args: readonly unknown[], language: PageLanguage): string {
  if (typeof text !== 'string') throw new Error(`t expected a text, got ${typeof text}`)
  const [context] = args.filter((arg) => typeof arg === 'string')
  const slots = args
    .filter((arg) => Array.isArray(arg))
    .map(([name, html]) => [name, String(html)] as const)
  return fillSlots(language.translate(text, toKey(text, context)), new Map(slots))
}

/**
 * @param text `{name}` stands for the HTML of the slot of that name, and `<name>` for the tag with the slot's
 *   attributes
 * @returns HTML
 * @throws {Error} for a slot that is missing or that the text does not use
 */
function fillSlots(text: string, slots: ReadonlyMap<string, string>): string {
  const unused = new Set(slots.keys())
  const requireSlot = (name: string) => {
    const slot = slots.get(name)
    if (slot === undefined) throw new Error(`“${text}” needs the argument ${name}`)
    unused.delete(name)
    return slot
  }
  const html = text.replace(
    /\{(\w+)\}|<(\w+)>|<\/\w+>|[&<>"]/g,
    (part, placeholder?: string, tag?: string) => {
      if (placeholder) return requireSlot(placeholder)
      if (tag) return `<${tag} ${requireSlot(tag)}>`
      return part.startsWith('</') ? part : escapeCharacter(part)
    },
  )
  if (unused.size > 0) throw new Error(`“${text}” does not use ${[...unused].join(', ')}`)
  return html
}

/** A tag with attributes is an error: ids, classes and addresses are no matter of translators. */
function escapeCharacter(character: string): string {
  if (character === '<')
    throw new Error('a text has bare tags only, whose attributes are arguments of t')
  return `&#${character.charCodeAt(0)};`
}

function requireInlineScript(name: string): string {
  const script = inlineScripts.get(name)
  if (script === undefined) throw new Error(`src/site/inline has no ${name}`)
  return script
}
