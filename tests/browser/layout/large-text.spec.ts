/** Text of twice the size, as a browser can be set to: no page scrolls sideways, and no text is cut off. */

import type { Page } from '@playwright/test'
import { pseudoLocale } from '../../../src/site/i18n/pseudo-locale.ts'
import { longEmail } from '../support/account-actions.ts'
import { expect, test } from '../support/fixtures.ts'
import { storeSession } from '../support/rider-actions.ts'

const signedOut = [
  '/',
  '/register.html',
  '/verify.html',
  '/signin.html',
  '/forgot.html',
  '/nowhere',
]
const signedIn = ['/', '/ride.html', '/account.html']

for (const language of ['en', pseudoLocale.lang]) {
  test.describe(language, () => {
    test.use({ language, rideApi: true, contextOptions: { reducedMotion: 'reduce' } })

    test(`large text: at 200 % no page for everybody scrolls sideways or cuts text off, in ${language}`, async ({
      page,
    }) => {
      await setLargeText(page)
      for (const path of signedOut) await expectFits(page, path)
    })

    test(`large text: at 200 % no page of a signed-in rider does, in ${language}`, async ({
      page,
      site,
      rider,
    }) => {
      const long = { ...rider, email: longEmail }
      await site.pool.createConfirmedUser(long)
      await storeSession(page, site, long)
      await setLargeText(page)
      for (const path of signedIn) await expectFits(page, path)
    })
  })
}

/** What the browser's own setting does, for media queries too. */
async function setLargeText(page: Page): Promise<void> {
  const devTools = await page.context().newCDPSession(page)
  await devTools.send('Page.setFontSizes', { fontSizes: { standard: 32, fixed: 26 } })
}

async function expectFits(page: Page, path: string): Promise<void> {
  await page.goto(path)
  await page.locator('#themes:not([hidden])').waitFor()
  if (await page.locator('#content').count()) await page.locator('#content').waitFor()
  expect(await page.evaluate(() => getComputedStyle(document.documentElement).fontSize)).toBe(
    '34px',
  )
  for (const width of [320, 360, 412]) {
    await page.setViewportSize({ width, height: 740 })
    expect.soft(await findFaults(page), `${path} at ${width} px`).toEqual([])
    const menu = page.locator('#menu-button')
    if (!(await menu.count())) continue
    await menu.click()
    expect.soft(await findFaults(page), `${path} at ${width} px, with the menu`).toEqual([])
    await page.keyboard.press('Escape')
  }
}

/** Text and controls that stand out of the window or are cut off. */
function findFaults(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    // A name cut by an ellipsis has its whole in a title; the brand's name makes way for the menu.
    const mayBeCut = '.brand, [title], select, input'
    const isDrawn = '.hero, .hero img, .map-frame, .map-frame *, svg *'
    const hasText = ({ childNodes }: Element) =>
      [...childNodes].some((node) => node instanceof Text && node.data.trim() !== '')
    const isOutside = (element: Element) => {
      const { left, right } = element.getBoundingClientRect()
      return left < -1 || right > innerWidth + 1
    }
    const isCut = (element: Element) =>
      getComputedStyle(element).overflowX !== 'visible' &&
      (element.scrollWidth > element.clientWidth + 1 ||
        element.scrollHeight > element.clientHeight + 1)
    const toFault = (kind: string, { tagName, id, className, textContent }: Element) =>
      `${kind}: ${tagName} ${id} ${className} ${textContent?.trim().slice(0, 40)}`
    const elements = [...document.body.querySelectorAll<HTMLElement>('*')].filter(
      (element) =>
        element.checkVisibility({ visibilityProperty: true }) &&
        !element.closest('.visually-hidden, .skip:not(:focus)') &&
        // Some text is for screen readers only, on narrow screens.
        getComputedStyle(element).clipPath === 'none' &&
        !element.matches(isDrawn),
    )
    return [
      ...(document.documentElement.scrollWidth > innerWidth ? ['scrolls sideways'] : []),
      ...elements
        .filter((element) => hasText(element) || element.matches('input, select, img'))
        .filter((element) => !element.closest('.brand') && isOutside(element))
        .map((element) => toFault('is outside', element)),
      ...elements
        .filter((element) => !element.closest(mayBeCut) && isCut(element))
        .map((element) => toFault('is cut off', element)),
    ]
  })
}
