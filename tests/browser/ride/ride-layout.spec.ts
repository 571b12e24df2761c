/** The ride page on arrival: the greeting, the map and its controls come first, and tokens are for developers. */

import type { Locator, Page } from '@playwright/test'
import { expect, test } from '../support/fixtures.ts'
import { choosePlace, requestButton, scrollToMap } from '../support/ride-actions.ts'
import { openSignedIn } from '../support/rider-actions.ts'

test.use({ rideApi: true, contextOptions: { reducedMotion: 'reduce' } })

test.beforeEach(async ({ site, rider }) => {
  await site.pool.createConfirmedUser(rider)
})

function map(page: Page): Locator {
  return page.getByRole('application', { name: 'Map of the city' })
}

async function boxOf(element: Locator) {
  const box = await element.boundingBox()
  if (!box) throw new Error(`${element} is not visible`)
  return box
}

for (const [width, height] of [
  [360, 740],
  [768, 1024],
  [1280, 800],
] as const) {
  test(`first screen: greeting, map and controls are seen without scrolling at ${width} × ${height}`, async ({
    page,
    site,
    rider,
  }) => {
    await page.setViewportSize({ width, height })
    await openSignedIn(page, site, rider)
    await expect(page.locator('#map svg')).toBeVisible()
    for (const element of [
      page.getByRole('heading', { level: 1, name: 'Your ride' }),
      page.getByRole('heading', { level: 2, name: 'Successfully Authenticated!' }),
      map(page),
      page.getByRole('button', { name: 'Zoom in' }),
      page.getByRole('button', { name: 'Use my location' }),
      page.getByLabel('Or choose a place'),
      requestButton(page),
    ]) {
      await expect(element).toBeInViewport({ ratio: 1 })
    }
    expect(await page.evaluate(() => scrollY)).toBe(0)
    // Nothing but rides stands over the map: its names stay readable.
    const { y, height: mapHeight } = await boxOf(map(page))
    for (const name of ['Zoom in', 'Zoom out']) {
      const button = await boxOf(page.getByRole('button', { name }))
      expect(button.y).toBeGreaterThanOrEqual(y + mapHeight)
    }
    // The map is the largest thing on the page, beside its controls where there is room.
    const panel = await boxOf(page.locator('.ride-panel'))
    expect(width > 700 ? panel.y : panel.y - mapHeight).toBeGreaterThanOrEqual(y - 1)
    if (width > 700) expect(panel.y).toBeLessThan(y + 50)
  })
}

const hints = {
  mouse: 'Click the map to set your pick-up point.',
  touch: 'Tap the map to set your pick-up point.',
  keys: 'Plus key zooms in, arrow keys move, Enter picks the middle.',
} as const

async function expectHint(page: Page, shown: keyof typeof hints): Promise<void> {
  for (const [way, words] of Object.entries(hints)) {
    await expect(page.getByText(words)).toBeVisible({ visible: way === shown })
  }
}

test('hint: with a mouse the page speaks of clicking, and of keys once the map has the focus', async ({
  page,
  site,
  rider,
}) => {
  await openSignedIn(page, site, rider)
  await scrollToMap(page)
  await expectHint(page, 'mouse')
  const before = await boxOf(page.locator('.map-bar'))
  await page.keyboard.press('Tab')
  await map(page).focus()
  await expectHint(page, 'keys')
  expect(await boxOf(page.locator('.map-bar'))).toEqual(before)
  await page.getByLabel('Or choose a place').focus()
  await expectHint(page, 'mouse')
})

test.describe('by touch', () => {
  test.use({ hasTouch: true, isMobile: true, viewport: { width: 390, height: 844 } })

  test('hint: on a touch screen the page speaks of tapping', async ({ page, site, rider }) => {
    await openSignedIn(page, site, rider)
    await scrollToMap(page)
    await expectHint(page, 'touch')
  })
})

test('geolocation: a later choice clears that the location was not found', async ({
  page,
  site,
  rider,
}) => {
  await openSignedIn(page, site, rider)
  await page.getByRole('button', { name: 'Use my location' }).click()
  await expect(page.getByRole('status')).toHaveText(/^We couldn't find your location/)
  await choosePlace(page, 'Ballard')
  await expect(page.getByRole('status')).toHaveText('')
})

test('developers: tokens are folded away where there is a ride API', async ({
  page,
  site,
  rider,
}) => {
  await openSignedIn(page, site, rider)
  await expect(page.getByRole('button', { name: 'Copy token' })).toBeHidden()
  await page.getByText('For developers').click()
  await expect(page.getByRole('button', { name: 'Copy token' })).toBeVisible()
})

test.describe('without a ride API', () => {
  test.use({ rideApi: false })

  test('developers: tokens are open while there is no ride API', async ({ page, site, rider }) => {
    await openSignedIn(page, site, rider)
    await expect(page.getByRole('button', { name: 'Copy token' })).toBeVisible()
  })
})
