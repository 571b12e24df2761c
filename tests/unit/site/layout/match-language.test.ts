import { describe, expect, test } from 'vitest'
import { sourceLanguage, translations } from '../../../../src/shared/languages.ts'
import { matchLanguage } from '../../../../src/site/layout/match-language.ts'

const known = ['en', 'de', 'pt-BR', 'zh-Hans', 'he', 'ar'].map((lang) => ({ lang }))
const match = (...preferred: readonly string[]) => matchLanguage(preferred, known)?.lang

describe('the language that a browser prefers', () => {
  test.each([
    ['de', 'de'],
    ['de-AT', 'de'],
    ['pt-PT', 'pt-BR'],
    ['pt', 'pt-BR'],
    ['zh-CN', 'zh-Hans'],
    ['zh', 'zh-Hans'],
    ['zh-Hans-SG', 'zh-Hans'],
    ['he-IL', 'he'],
    ['iw', 'he'],
    ['ar-EG', 'ar'],
    ['en-GB', 'en'],
  ])('%s is %s of the site', (tag, lang) => {
    expect(match(tag)).toBe(lang)
  })

  test.each(['zh-TW', 'zh-Hant', 'zh-HK', 'sv', 'de-Cyrl', 'not a tag', '', '*'])(
    '%j is none of the site',
    (tag) => {
      expect(match(tag)).toBeUndefined()
    },
  )

  test('is the first one that the site has', () => {
    expect(match('sv', '?', 'zh-TW', 'de-CH', 'en')).toBe('de')
    expect(match('en-US', 'de')).toBe('en')
    expect(match()).toBeUndefined()
  })
})

test('each language of the site is found by its own tag, and no two are written alike', () => {
  const all = [sourceLanguage, ...translations]
  for (const { lang } of all) expect(matchLanguage([lang], all)?.lang).toBe(lang)
})
