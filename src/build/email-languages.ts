/** The texts of emails in every language but English, from the catalogs that the pages have too. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Language, sourceLanguage } from '../shared/languages.ts'
import { pageNames } from '../shared/page-names.ts'
import { type Catalog, listLanguages, readCatalog } from './catalogs.ts'
import { collectTexts } from './source-texts.ts'

export interface TranslatedEmails extends Pick<Language, 'lang' | 'dir'> {
  /** English text to translation */
  readonly texts: Catalog
}

/**
 * @param root of the repository
 * @throws {Error} for a catalog that does not fit the texts of the source, as the build of the pages does
 */
export function readEmailLanguages(
  root: string,
  languages: readonly Language[] = listLanguages(process.env),
): readonly TranslatedEmails[] {
  const others = languages.filter(({ lang }) => lang !== sourceLanguage.lang)
  // Without a second language, nothing is collected.
  if (others.length === 0) return []
  const pages = pageNames.map((page) => {
    const name = `${page}.html`
    return { name, source: readFileSync(join(root, name), 'utf8') }
  })
  const texts = collectTexts(pages, root)
  return others.map((language) => {
    const catalog = readCatalog(language, root, texts)
    const { lang, dir } = language
    return {
      lang,
      dir,
      texts: Object.fromEntries([...texts.emails].map((key) => [key, catalog[key] ?? key])),
    }
  })
}
