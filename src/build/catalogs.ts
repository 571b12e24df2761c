/**
 * Translations: `src/site/i18n/catalogs/<lang>.json`, from the English text (`context|text` where it has a
 * context) to the translated one. A catalog that does not fit the texts of the source fails the build.
 */

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
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
  const problems = findCatalogProblems(catalog, texts)
  if (problems.length > 0) throw new Error(`${path}:\n${problems.join('\n')}`)
  return catalog
}

function createPseudoCatalog(texts: SourceTexts): Catalog {
  return Object.fromEntries(
    [...listKeys(texts)].toSorted().map((key) => [key, toPseudo(toText(key))]),
  )
}

/** Of all texts, each once: one may stand in several places. */
function listKeys({ pages, scripts, emails }: SourceTexts): ReadonlySet<string> {
  return new Set([...pages, ...scripts, ...emails])
}

function toText(key: string): string {
  return key.replace(/^[^|]*\|/, '')
}

/** @returns a line for each problem */
export function findCatalogProblems(catalog: Catalog, sources: SourceTexts): readonly string[] {
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
    ...(keys.join('\n') === keys.toSorted().join('\n') ? [] : ['expected keys in sorted order']),
  ]
}

/** Placeholders and tags, in an order that does not depend on the sentence's. */
function listSlots(text: string): string {
  return (text.match(/\{\w+\}|<[^>]*>/g) ?? []).toSorted().join(' ') || 'none'
}

export interface TranslationsScript {
  /** from the site's root, with a hash of its content */
  readonly path: string
  readonly code: string
}

/** The script that pages in this language load before their own: it has the texts that scripts show. */
export function toTranslationsScript(
  { lang }: Language,
  catalog: Catalog,
  { scripts }: SourceTexts,
): TranslationsScript {
  const shown = [...scripts].toSorted().map((key) => [key, catalog[key]] as const)
  const code = `window._translations=${JSON.stringify(Object.fromEntries(shown))}\n`
  const hash = createHash('sha256').update(code).digest('base64url').slice(0, 8)
  return { path: `/assets/${lang}-${hash}.js`, code }
}
