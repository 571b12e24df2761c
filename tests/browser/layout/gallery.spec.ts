/** Every state of every page, left to right and right to left, light and dark: accessible, complete and translated. */

import { readFileSync } from 'node:fs'
import { expect, type Page } from '@playwright/test'
import { type Language, sourceLanguage, translations } from '../../../src/shared/languages.ts'
import { pseudoLocale } from '../../../src/site/i18n/pseudo-locale.ts'
import { places } from '../../../src/site/ride/places.ts'
import { expectAccessible } from '../support/accessibility.ts'
import { test } from '../support/fixtures.ts'
import { toScreenshotName } from '../support/gallery-page.ts'
import { journeys, type PageName } from '../support/gallery-states.ts'

/** `npm test` takes English and the pseudo-locale; `npm run gallery` takes every language of the site. */
const languages = [
  sourceLanguage,
  pseudoLocale,
  ...(process.env.GALLERY ? translations : []),
] satisfies readonly Language[]

const wide = { width: 1280, height: 800 }

for (const language of languages) {
  for (const { name, options = {}, walk } of journeys) {
    test.describe(`${name} in ${language.lang}`, () => {
      test.use({
        ...options,
        language: language.lang,
        locale: language.lang,
        contextOptions: { reducedMotion: 'reduce' },
      })

      test(`gallery: every state of ${name} is accessible, fits 320 px and is translated, in ${language.lang}`, async ({
        page,
        site,
        rider,
      }) => {
        test.slow()
        const check = async (pageName: PageName, state: string) => {
          await expectNoFaults(page, language, `${pageName}: ${state}`)
          if (process.env.GALLERY)
            await takePictures(page, { pageName, state, language: language.lang })
        }
        await walk({ page, site, rider, check })
      })
    })
  }
}

async function expectNoFaults(page: Page, language: Language, state: string): Promise<void> {
  // Colors are the same in both directions: the second time only when there is time.
  await expectAccessible(page, state, {
    dark: language.lang === 'en' || Boolean(process.env.GALLERY),
  })
  for (const viewport of [...(process.env.GALLERY ? [wide] : []), { width: 320, height: 640 }]) {
    await page.setViewportSize(viewport)
    expect.soft(await findLayoutFaults(page), `${state}, ${viewport.width} px`).toEqual([])
  }
  expect
    .soft(
      await page.evaluate(() => [document.documentElement.lang, document.documentElement.dir]),
      state,
    )
    .toEqual([language.lang, language.dir])
  expect.soft(await findLeftOver(page, language), state).toEqual([])
  await page.setViewportSize(wide)
}

/** Elements that do not fit, targets that are too small, and cards that do not say which button is the main one. */
function findLayoutFaults(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const find = (selector: string, isFaulty: (element: HTMLElement, box: DOMRect) => boolean) =>
      [...document.querySelectorAll<HTMLElement>(selector)]
        .filter(
          (element) => element.checkVisibility() && !element.closest('.visually-hidden, .skip'),
        )
        .filter((element) => isFaulty(element, element.getBoundingClientRect()))
        .map(({ outerHTML }) => outerHTML.slice(0, 120))
    const mainButton = '.button:not(.button-secondary, .button-danger)'
    const targets = 'button, .button, input, select, summary, nav a, [role=application]'
    return [
      ...(document.documentElement.scrollWidth > innerWidth ? ['scrolls sideways'] : []),
      ...find('h1, h2, h3, p, li, label, dt, dd, a, button, input, select', (element, box) => {
        const isCut = box.left < -1 || box.right > innerWidth + 1
        const isFull =
          element.matches('button, .button') && element.scrollWidth > element.clientWidth
        return !element.closest('#map') && (isCut || isFull)
      }).map((html) => `does not fit: ${html}`),
      ...find(targets, (element, { width, height }) => {
        return height < (element.matches('[type=checkbox]') ? 24 : 44) || width < 24
      }).map((html) => `is too small: ${html}`),
      ...find('.card, .cards > section, #reauthenticate', (card) => {
        const buttons = [...card.querySelectorAll(mainButton)]
        return buttons.filter((button) => button.checkVisibility()).length > 1
      }).map((html) => `has two main buttons: ${html}`),
      ...find('a', (element, { height }) => {
        return getComputedStyle(element).display !== 'inline' && height < 24
      }).map((html) => `is too small: ${html}`),
    ]
  })
}

/** Texts that are not in the page's language. */
async function findLeftOver(page: Page, { lang }: Language): Promise<readonly string[]> {
  if (lang === sourceLanguage.lang) return []
  const texts = await readTexts(page)
  return lang === pseudoLocale.lang ? findPlainTexts(texts) : findEnglishTexts(texts, lang)
}

/** What a person reads or hears, but data and code. */
function readTexts(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const isData = (element: Element) =>
      element.closest('[dir=ltr], [hreflang], bdi, code, script, style, svg, .map-attribution') &&
      !element.closest('.claims dd:not(.value)')
    const isShown = (element: Element) =>
      (element.closest('select') ?? element).checkVisibility({ visibilityProperty: true })
    const elements = [...document.body.querySelectorAll('*')].filter(isShown)
    return [
      document.title,
      document.querySelector<HTMLMetaElement>('[name=description]')?.content,
      ...elements
        .filter((element) => !isData(element))
        .flatMap(({ childNodes }) => [...childNodes])
        .map((node) => (node instanceof Text ? node.data : '')),
      ...elements.flatMap((element) =>
        [
          'aria-label',
          'alt',
          'title',
          'placeholder',
          'data-busy',
          'data-hide',
          'data-hide-label',
        ].map((name) =>
          // The title of a name that is cut is the whole name.
          element.matches('bdi') ? null : element.getAttribute(name),
        ),
      ),
    ].filter((text) => typeof text === 'string')
  })
}

/** Texts that hold an English one, or a part of one beside its slots, where the catalog has another. */
function findEnglishTexts(texts: readonly string[], lang: string): readonly string[] {
  const catalog: Record<string, string> = JSON.parse(
    readFileSync(`src/site/i18n/catalogs/${lang}.json`, 'utf8'),
  )
  const toParts = (text: string) => text.split(/<[^>]*>|\{\w+\}/).map((part) => part.trim())
  const translations = new Set(Object.values(catalog).flatMap(toParts))
  const english = Object.keys(catalog)
    .flatMap((key) => toParts(key.replace(/^[^|]*\|/, '')))
    .filter((part) => /[A-Za-z]{2}/.test(part) && !translations.has(part))
  // A short one may stand in another word.
  return texts.filter((text) =>
    english.some((part) => (part.length < 12 ? text.trim() === part : text.includes(part))),
  )
}

/** Text with plain letters is not translated. */
function findPlainTexts(texts: readonly string[]): readonly string[] {
  const names = places.map(({ name }) => name).sort((one, other) => other.length - one.length)
  return texts.filter((text) => {
    // Values inside of a text are isolated by the pseudo-locale.
    const own = text.replace(/\u2068[^\u2069]*\u2069/g, '')
    const words = names.reduce((rest, name) => rest.replaceAll(name, ''), own)
    return /[A-Za-z]/.test(words)
  })
}

async function takePictures(
  page: Page,
  shot: { pageName: PageName; state: string; language: string },
): Promise<void> {
  for (const width of [360, wide.width]) {
    await page.setViewportSize({ ...wide, width })
    for (const theme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: theme })
      // What is sticky stands where a rider sees it first.
      await page.evaluate(() => scrollTo(0, 0))
      await test.info().attach(toScreenshotName({ ...shot, theme, width }), {
        body: await page.screenshot({ fullPage: true, type: 'jpeg', quality: 80 }),
        contentType: 'image/jpeg',
      })
    }
  }
  await page.emulateMedia({ colorScheme: 'light' })
}
