/** Reflow, target sizes and accessible names of the ride page in each of its states. */

import type { Page } from '@playwright/test'
import { expect, type Rider, type Site, test } from '../support/fixtures.ts'
import {
  choosePlace,
  letUnicornArrive,
  pinOnMap,
  requestUnicorn,
  routeRides,
  sampleRide,
  scrollToMap,
  unicornOnMap,
  updates,
  useSettings,
} from '../support/ride-actions.ts'
import { expectRidePage, openSignedIn, openTokenInspector } from '../support/rider-actions.ts'
import { scripts } from '../support/scripts.ts'

test.use({ rideApi: true, contextOptions: { reducedMotion: 'reduce' } })

/** A long name without a place to break the line. */
const longName = 'Pegasus'.repeat(18)

/** Brings the page into its states, one after the other. */
async function visitStates(
  page: Page,
  { site, rider, check }: { site: Site; rider: Rider; check: (state: string) => Promise<void> },
): Promise<void> {
  await site.pool.createConfirmedUser(rider)
  await openSignedIn(page, site, rider)
  await scrollToMap(page)
  await check('at rest')

  await requestUnicorn(page)
  await expect(page.getByText('Choose a pick-up point first')).toBeVisible()
  await check('asking for a place')

  await choosePlace(page)
  await expect(pinOnMap(page)).toBeVisible()
  await page.getByText('The map in words').click()
  await expect(page.locator('#map-words')).toBeVisible()
  await check('with a pick-up, and the map in words')

  await routeRides(page, (route) => route.fulfill({ status: 500, body: '' }))
  await requestUnicorn(page)
  await expect(updates(page)).toHaveCount(2)
  await check('after a refusal')

  await routeRides(page, (route) =>
    route.fulfill({
      json: { ...sampleRide, Unicorn: { ...sampleRide.Unicorn, Name: longName, Color: longName } },
    }),
  )
  await requestUnicorn(page)
  await letUnicornArrive(page)
  await expect(unicornOnMap(page)).toHaveCount(1)
  await check('with a unicorn')

  await page.getByRole('button', { name: 'Use my location' }).click()
  await expect(page.getByRole('status')).toHaveText(/couldn't find your location/)
  await openTokenInspector(page)
  await page.evaluate(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }))
  await page.getByRole('button', { name: 'Copy as curl line' }).click()
  await expect(page.locator('#copy-selection')).not.toBeEmpty()
  await check('with tokens, and one to copy by hand')

  await page.route(scripts.map, (route) => route.abort())
  await page.reload()
  await expectRidePage(page)
  await page.getByLabel('Or choose a place').scrollIntoViewIfNeeded()
  await expect(page.getByText("The map can't be shown.")).toBeVisible()
  await check('without a map')

  await page.unrouteAll()
  await useSettings(page, site, {
    map: { tileUrl: '/images/unicorn.svg?{z}/{x}/{y}', attribution: longName },
  })
  await page.reload()
  await expectRidePage(page)
  await scrollToMap(page)
  await expect(page.getByText(longName)).toBeVisible()
  await check('with tiles')

  await useSettings(page, site, { map: undefined, api: undefined })
  await page.reload()
  await expectRidePage(page)
  await expect(page.getByText('The ride API is not configured')).toBeVisible()
  await check('without an API')
}

test('reflow: no state of the ride page scrolls sideways at 320, 640 or 1280 px, and targets are large enough', async ({
  page,
  site,
  rider,
}) => {
  await visitStates(page, {
    site,
    rider,
    async check(state) {
      for (const width of [320, 640, 1280]) {
        await page.setViewportSize({ width, height: 640 })
        const { beyond, tooSmall } = await page.evaluate(() => {
          const targets = document.querySelectorAll(
            'button, select, summary, nav a, [role=application]',
          )
          const seen = [...targets].filter((target) => target.checkVisibility())
          const isSmall = ({ width: w, height: h }: DOMRect) => h < 44 || w < 24
          return {
            beyond: document.documentElement.scrollWidth - innerWidth,
            tooSmall: seen
              .filter((target) => isSmall(target.getBoundingClientRect()))
              .map(({ outerHTML }) => outerHTML.slice(0, 80)),
          }
        })
        expect.soft(beyond, `${state}, ${width} px`).toBeLessThanOrEqual(0)
        expect.soft(tooSmall, `${state}, ${width} px`).toEqual([])
      }
    },
  })
})

test('screen reader: the map, its buttons, the updates and the list of places have accessible names', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(rider)
  await openSignedIn(page, site, rider)
  await scrollToMap(page)
  const map = page.getByRole('application', { name: 'Map of the city' })
  await expect(map).toHaveAccessibleDescription(/arrow keys.*Enter/)
  for (const name of ['Zoom in', 'Zoom out', 'Use my location', 'Request unicorn']) {
    await expect(page.getByRole('button', { name })).toBeVisible()
  }
  await expect(page.getByRole('log', { name: 'Updates on your ride' })).toBeAttached()
  // The drawing is hidden from screen readers; "The map in words" has its content.
  await expect(map.locator('svg')).toHaveAttribute('aria-hidden', 'true')
  await choosePlace(page)
  await expect(pinOnMap(page)).toHaveAttribute('alt', '')
  await expect(map.getByRole('button')).toHaveCount(0)
})
