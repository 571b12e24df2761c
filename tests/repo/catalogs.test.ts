/** The catalogs in the repository against the texts of the source. */

import { describe, expect, test } from 'vitest'
import { readCatalog, readUnchanged } from '../../src/build/catalogs.ts'
import { collectTexts } from '../../src/build/source-texts.ts'
import { codeLength, signInCodeLength } from '../../src/shared/confirmation-code.ts'
import { sourceLanguage, translations } from '../../src/shared/languages.ts'
import { passwordPolicy } from '../../src/shared/password-policy.ts'
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
    expect(listFiles('src/site/i18n/catalogs', ['.json'])).toEqual(
      translations.map(({ lang }) => `src/site/i18n/catalogs/${lang}.json`).sort(),
    )
  })

  test('has each text once, with its slots, in sorted order', () => {
    for (const language of [...translations, pseudoLocale]) {
      expect(() => readCatalog(language, root, texts), language.lang).not.toThrow()
    }
  })
})

test('a countdown stands behind the label of its button in every language', () => {
  for (const language of translations) {
    const catalog = readCatalog(language, root, texts)
    for (const key of ['{action} in {seconds} s', '{action} in {minutes} min']) {
      expect(catalog[key], language.lang).toMatch(/^\{action\}./)
    }
  }
})

test('between two sentences there is a space where the language has one, and none in Japanese and Chinese', () => {
  for (const language of translations) {
    const catalog = readCatalog(language, root, texts)
    const hasSpace = !/^(ja|zh)/.test(language.lang)
    expect(catalog['{sentence} {next}'], language.lang).toBe(
      hasSpace ? '{sentence} {next}' : '{sentence}{next}',
    )
    for (const [key, text] of Object.entries(catalog)) {
      if (!hasSpace) expect(text, `${language.lang}: ${key}`).not.toMatch(/[。？！] /)
    }
  }
})

/** Digits of a code, and characters of a password: they stand in sentences that have one form. */
test('the numbers that sentences hold ask for the same plural form in every language', () => {
  const numbers = [codeLength, signInCodeLength, passwordPolicy.MinimumLength]
  for (const { lang } of [sourceLanguage, ...translations]) {
    const rules = new Intl.PluralRules(lang)
    expect(new Set(numbers.map((number) => rules.select(number))).size, lang).toBe(1)
  }
})

describe('texts that are the same in English', () => {
  const unchanged = readUnchanged(root)

  test('are listed in sorted order, and for languages of the site', () => {
    expect(Object.keys(unchanged)).toEqual(Object.keys(unchanged).toSorted())
    const known = translations.map(({ lang }) => lang)
    for (const [key, languages] of Object.entries(unchanged)) {
      if (languages !== 'all') expect(known, key).toEqual(expect.arrayContaining([...languages]))
    }
  })

  test('are the same in each of these languages: nothing is listed by habit', () => {
    for (const language of translations) {
      const catalog = readCatalog(language, root, texts)
      const listed = Object.keys(unchanged).filter(
        (key) => unchanged[key] !== 'all' && unchanged[key]?.includes(language.lang),
      )
      const differing = listed.filter((key) => catalog[key] !== key.replace(/^[^|]*\|/, ''))
      expect(differing, language.lang).toEqual([])
    }
  })
})
