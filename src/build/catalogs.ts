/**
 * Translations: `src/site/i18n/catalogs/<lang>.json`, from the English text (`context|text` where it has a
 * context) to the translated one. A catalog that does not fit the texts of the source fails the build.
 */

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Language, sourceLanguage, translations } from '../shared/languages.ts'
import { pseudoLocale, toPseudo } from '../site/i18n/pseudo-locale.ts'

export type Catalog = Readonly<Record<string, string>>

/** The keys of all texts, by who shows them. */
export interface SourceTexts {
  readonly pages: ReadonlySet<string>
  readonly scripts: ReadonlySet<string>
  readonly emails: ReadonlySet<string>
}

/** The key of a text in a catalog, as `t()` of `src/site/i18n/t.ts` has it. */
export function toKey(text: string, context?: string): string {
  return context === undefined ? text : `${context}|${text}`
}

/** All languages of a build. `PSEUDO_LOCALE=1` adds the pseudo-locale, for tests. */
export function listLanguages(env: NodeJS.ProcessEnv): readonly Language[] {
  return [sourceLanguage, ...translations, ...(env.PSEUDO_LOCALE === '1' ? [pseudoLocale] : [])]
}

/**
 * @param root of the repository
 * @throws {Error} naming the file and every text that is missing, orphaned or has lost a slot
 */
export function readCatalog({ lang }: Language, root: string, texts: SourceTexts): Catalog {
  if (lang === pseudoLocale.lang) return createPseudoCatalog(texts)
  const path = `src/site/i18n/catalogs/${lang}.json`
  const catalog: Catalog = JSON.parse(readFileSync(join(root, path), 'utf8'))
  const unchanged = readUnchanged(root)
  const problems = findCatalogProblems(catalog, texts, (key) => isListed(unchanged, key, lang))
  if (problems.length > 0) throw new Error(`${path}:\n${problems.join('\n')}`)
  return catalog
}

function createPseudoCatalog(texts: SourceTexts): Catalog {
  return Object.fromEntries(
    [...listKeys(texts)].toSorted().map((key) => [key, toPseudo(toText(key))]),
  )
}

/**
 * In right-to-left text, a value goes in its own direction and moves nothing around it: a setting's path, a time, a name. For
 * texts of scripts: what pages have in a slot is an element.
 *
 * @returns with each placeholder between U+2068 and U+2069; those of a URL such as `/{z}/{x}` are part of it
 */
export function isolateValues(catalog: Catalog): Catalog {
  return Object.fromEntries(
    Object.entries(catalog).map(([key, text]) => [
      key,
      text.replace(/(?<![/\u2068])\{\w+\}/g, '\u2068$&\u2069'),
    ]),
  )
}

/** Of all texts, each once: one may stand in several places. */
function listKeys({ pages, scripts, emails }: SourceTexts): ReadonlySet<string> {
  return new Set([...pages, ...scripts, ...emails])
}

function toText(key: string): string {
  return key.replace(/^[^|]*\|/, '')
}

/** Texts that are the same in English: in these languages, or, as names are, in all. */
export type Unchanged = Readonly<Record<string, readonly string[] | 'all'>>

/** `src/site/i18n/unchanged.json` */
export function readUnchanged(root: string): Unchanged {
  const path = join(root, 'src/site/i18n/unchanged.json')
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {}
}

function isListed(unchanged: Unchanged, key: string, lang: string): boolean {
  const languages = Object.hasOwn(unchanged, key) ? unchanged[key] : undefined
  return languages === 'all' || Boolean(languages?.includes(lang))
}

/**
 * @param mayBeEnglish whether a translation may be the same as the English text
 * @returns a line for each problem
 */
export function findCatalogProblems(
  catalog: Catalog,
  sources: SourceTexts,
  mayBeEnglish: (key: string) => boolean = () => false,
): readonly string[] {
  const keys = Object.keys(catalog)
  const texts = listKeys(sources)
  return [
    ...[...texts].filter((key) => !keys.includes(key)).map((key) => `missing: ${key}`),
    ...keys.filter((key) => !texts.has(key)).map((key) => `orphaned: ${key}`),
    ...Object.entries(catalog)
      .filter(([key, text]) => listSlots(key) !== listSlots(text))
      .map(
        ([key, text]) => `slots differ: ${key}: expected ${listSlots(key)}, got ${listSlots(text)}`,
      ),
    ...Object.entries(catalog)
      .filter(([key, text]) => text === toText(key) && hasWords(text) && !mayBeEnglish(key))
      .map(([key]) => `as in English, and not in src/site/i18n/unchanged.json: ${key}`),
    ...Object.entries(catalog)
      .filter(([, text]) => typeof text !== 'string' || text.trim() === '')
      .map(([key]) => `empty: ${key}`),
    ...(keys.join('\n') === keys.toSorted().join('\n') ? [] : ['expected keys in sorted order']),
  ]
}

/** Besides slots. */
function hasWords(text: string): boolean {
  return /\p{L}/u.test(text.replace(slots, ''))
}

const slots = /\{\w+\}|<[^>]*>/g

/** Placeholders and tags, in an order that does not depend on the sentence's. */
function listSlots(text: string): string {
  return (text.match(slots) ?? []).toSorted().join(' ') || 'none'
}
