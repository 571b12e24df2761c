/** What pages say in another language. */

import { readFileSync } from 'node:fs'

/** What a catalog has for an English text, or for `context|text`. */
export function createTranslator(lang: string): (text: string) => string {
  const catalog: Record<string, string> = JSON.parse(
    readFileSync(`src/site/i18n/catalogs/${lang}.json`, 'utf8'),
  )
  return (text) => {
    const translation = catalog[text]
    if (translation === undefined) throw new Error(`${lang} has no “${text}”`)
    return translation
  }
}
