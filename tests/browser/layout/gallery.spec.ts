/** Every state of every page, left to right and right to left, light and dark: accessible, complete and translated. */

import { expect, type Page } from '@playwright/test'
import { places } from '../../../src/site/ride/places.ts'
import { expectAccessible } from '../support/accessibility.ts'
import { type Language, test } from '../support/fixtures.ts'
import { toScreenshotName } from '../support/gallery-page.ts'
import { journeys, type PageName } from '../support/gallery-states.ts'

/** `lang` and `dir` of each */
const languages = {
  en: ['en', 'ltr'],
  pseudo: ['en-XB', 'rtl'],
} as const satisfies Record<Language, unknown>

const wide = { width: 1280, height: 800 }

for (const language of ['en', 'pseudo'] as const) {
  for (const { name, options = {}, walk } of journeys) {
    test.describe(`${name} in ${language}`, () => {
      test.use({ ...options, language, contextOptions: { reducedMotion: 'reduce' } })

      test(`gallery: every state of ${name} is accessible, fits 320 px and is translated, in ${language}`, async ({
        page,
        site,
        rider,
      }) => {
        test.slow()
        const check = async (pageName: PageName, state: string) => {
          await expectNoFaults(page, language, `${pageName}: ${state}`)
          if (process.env.GALLERY) await takePictures(page, { pageName, state, language })
        }
        await walk({ page, site, rider, check })
      })
    })
  }
}

async function expectNoFaults(page: Page, language: Language, state: string): Promise<void> {
  // Colors are the same in both directions: the second time only when there is time.
  await expectAccessible(page, state, { dark: language === 'en' || Boolean(process.env.GALLERY) })
  await page.setViewportSize({ width: 320, height: 640 })
  expect.soft(await findLayoutFaults(page), state).toEqual([])
  expect
    .soft(
      await page.evaluate(() => [document.documentElement.lang, document.documentElement.dir]),
      state,
    )
    .toEqual(languages[language])
  if (language === 'pseudo') expect.soft(await findPlainText(page), state).toEqual([])
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

/** Text with plain letters is not translated, unless it is data or code. */
async function findPlainText(page: Page): Promise<readonly string[]> {
  const texts = await page.evaluate(() => {
    const isData = (element: Element) =>
      element.closest('[dir=ltr], bdi, code, script, style, svg, .map-attribution') &&
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
