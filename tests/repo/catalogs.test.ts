/** The catalogs in the repository against the texts of the source. */

import { describe, expect, test } from 'vitest'
import { readCatalog } from '../../src/build/catalogs.ts'
import { collectTexts } from '../../src/build/source-texts.ts'
import { translations } from '../../src/shared/languages.ts'
import { pseudoLocale } from '../../src/site/i18n/pseudo-locale.ts'
import { htmlPages, listFiles, readSource, root } from './source-files.ts'

const texts = collectTexts(
  htmlPages.map((name) => ({ name: `${name}.html`, source: readSource(`${name}.html`) })),
  root,
)

test('the texts of pages, scripts and emails are found', () => {
  expect(texts.pages.size).toBeGreaterThan(150)
  expect(texts.scripts.size).toBeGreaterThan(5)
  expect(texts.emails.size).toBeGreaterThan(20)
})

describe('every catalog', () => {
  test('belongs to a language of the site', () => {
    expect(listFiles('src/site/i18n', ['.json'])).toEqual(
      translations.map(({ lang }) => `src/site/i18n/catalogs/${lang}.json`).sort(),
    )
  })

  test('has each text once, with its slots, in sorted order', () => {
    for (const language of [...translations, pseudoLocale]) {
      expect(() => readCatalog(language, root, texts), language.lang).not.toThrow()
    }
  })
})
