/** What the ride page says: colors, and how long it takes, in languages with several plural forms. */

import { afterEach, describe, expect, test, vi } from 'vitest'
import { readSource } from '../../../repo/source-files.ts'

/** The module as a page in the language has it. */
async function load(lang: string) {
  vi.resetModules()
  vi.stubGlobal('document', { documentElement: { lang } })
  if (lang !== 'en') {
    const texts: Record<string, string> = JSON.parse(
      readSource(`src/site/i18n/catalogs/${lang}.json`),
    )
    vi.stubGlobal('_translations', { find: (key: string) => texts[key] })
  }
  return import('../../../../src/site/ride/ride-texts.ts')
}

afterEach(() => {
  vi.unstubAllGlobals()
  vi.resetModules()
})

function ride(color: string) {
  return {
    unicorn: { name: 'Ada', color },
    pickup: { latitude: 47.6, longitude: -122.3 },
    acceptedAtMs: 0,
    arrivesAtMs: 30_000,
    hasEta: true,
  }
}

describe('the color of a unicorn', () => {
  test('is lowercase inside of an English sentence, and a word of the language in another', async () => {
    const english = await load('en')
    expect(english.describeRide(ride('Dapple grey'), 30_000)).toContain('your dapple grey unicorn')
    expect(english.translateColor('Dapple grey')).toBe('Dapple grey')
    const german = await load('de')
    expect(german.describeRide(ride('Dapple grey'), 30_000)).toContain('Apfelschimmel')
    expect(german.translateColor('Dapple grey')).toBe('Apfelschimmel')
  })

  test.each(['en', 'pl', 'ar', 'ja'])(
    'stays as the API has it when nobody has translated it, in the language %s',
    async (lang) => {
      const { describeRide, translateColor } = await load(lang)
      expect(describeRide(ride('RAL 9010 Pure White'), 30_000)).toContain('RAL 9010 Pure White')
      expect(translateColor('RAL 9010 Pure White')).toBe('RAL 9010 Pure White')
    },
  )
})

describe('how long it takes', () => {
  test.each([
    ['pl', 1, 'Czas do przylotu: 1 sekunda'],
    ['pl', 2, 'Czas do przylotu: 2 sekundy'],
    ['pl', 3, 'Czas do przylotu: 3 sekundy'],
    ['pl', 5, 'Czas do przylotu: 5 sekund'],
    ['pl', 11, 'Czas do przylotu: 11 sekund'],
    ['pl', 21, 'Czas do przylotu: 21 sekund'],
    ['pl', 22, 'Czas do przylotu: 22 sekundy'],
    ['pl', 180, 'Czas do przylotu: 3 minuty'],
    ['ar', 1, 'الوقت المتبقي للوصول: ثانية'],
    ['ar', 2, 'الوقت المتبقي للوصول: ثانيتان'],
    ['ar', 11, 'الوقت المتبقي للوصول: 11 ثانية'],
    ['ar', 21, 'الوقت المتبقي للوصول: 21 ثانية'],
    ['ar', 120, 'الوقت المتبقي للوصول: دقيقتان'],
    ['ar', 300, 'الوقت المتبقي للوصول: 5 دقائق'],
  ])('in %s, for %i seconds: %s', async (lang, seconds, text) => {
    const { describeArrival } = await load(lang)
    expect(describeArrival(ride('White'), seconds * 1000)).toBe(text)
  })

  test('Arabic counts three to ten with a plural of its own', async () => {
    const { describeArrival } = await load('ar')
    for (const seconds of [3, 5, 10]) {
      expect(describeArrival(ride('White'), seconds * 1000)).toMatch(
        new RegExp(`: ${seconds} ثوان`),
      )
    }
  })
})
