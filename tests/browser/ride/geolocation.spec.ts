/** "Use my location": the rider's position as the pick-up. */

import type { Page } from '@playwright/test'
import { expect, test } from '../support/fixtures.ts'
import {
  choosePlace,
  expectArrival,
  expectPickup,
  noPickup,
  pickup,
  pickupOf,
  pinOnMap,
  requestUnicorn,
  scrollToMap,
  watchRides,
} from '../support/ride-actions.ts'
import { openSignedIn } from '../support/rider-actions.ts'

test.use({ rideApi: true, contextOptions: { reducedMotion: 'reduce' } })

test.describe('geolocation', () => {
  test.beforeEach(async ({ site, rider }) => {
    await site.pool.createConfirmedUser(rider)
  })

  async function expectUsable(page: Page): Promise<void> {
    await expect(page.getByRole('alert').filter({ visible: true })).toHaveCount(0)
    await expect(page.locator('[aria-invalid=true]')).toHaveCount(0)
    await choosePlace(page, 'Fremont')
    await requestUnicorn(page)
    await expectArrival(page)
  }

  test.describe('in the city', () => {
    test.use({
      permissions: ['geolocation'],
      geolocation: { latitude: 47.6097, longitude: -122.3422 },
    })

    test('geolocation: a position in the city becomes the pick-up', async ({
      page,
      site,
      rider,
    }) => {
      await openSignedIn(page, site, rider)
      const rides = watchRides(page)
      await page.getByRole('button', { name: 'Use my location' }).click()
      await expect(page.getByRole('status')).toHaveText('Your pick-up point is your location.')
      await expectPickup(page, 'Pike Place Market')
      await scrollToMap(page)
      await expect(pinOnMap(page)).toBeVisible()
      await requestUnicorn(page)
      await expectArrival(page)
      expect(rides.map(pickupOf)).toEqual([{ latitude: 47.6097, longitude: -122.3422 }])
    })
  })

  test.describe('outside of the city', () => {
    test.use({
      permissions: ['geolocation'],
      geolocation: { latitude: 48.8584, longitude: 2.2945 },
    })

    test('geolocation: a position outside the city is reported, and the pick-up stays', async ({
      page,
      site,
      rider,
    }) => {
      await openSignedIn(page, site, rider)
      await choosePlace(page, 'Ballard')
      await page.getByRole('button', { name: 'Use my location' }).click()
      await expect(page.getByRole('status')).toHaveText(
        "You're outside the city. Choose a place on the map or from the list.",
      )
      await expectPickup(page, 'Ballard')
      await expectUsable(page)
    })
  })

  const notLocated = "We couldn't find your location. Choose a place on the map or from the list."

  test('geolocation: without permission the page says in one sentence that there is no position', async ({
    page,
    site,
    rider,
  }) => {
    await openSignedIn(page, site, rider)
    await page.getByRole('button', { name: 'Use my location' }).click()
    await expect(page.getByRole('status')).toHaveText(notLocated)
    await expect(pickup(page)).toHaveText(noPickup)
    await expectUsable(page)
  })

  /** Holds the position until the test answers. */
  async function holdPosition(page: Page): Promise<(settle: 'found' | 'lost') => Promise<void>> {
    await page.addInitScript(() => {
      const settlers: ((settle: string) => void)[] = []
      Object.assign(window, { settlers })
      navigator.geolocation.getCurrentPosition = (found, lost, options) => {
        if (options?.timeout !== 10_000) throw new Error('a position is waited for without end')
        settlers.push((settle) => {
          const coords = { latitude: 47.6097, longitude: -122.3422 }
          if (settle === 'found') Reflect.apply(found, undefined, [{ coords }])
          else if (lost) Reflect.apply(lost, undefined, [{ code: 3, message: 'Timeout expired' }])
        })
      }
    })
    return (settle) =>
      page.evaluate((word) => {
        const [first] = Reflect.get(window, 'settlers')
        first(word)
      }, settle)
  }

  test('geolocation: a timeout is reported in one sentence, and the form can be used meanwhile', async ({
    page,
    site,
    rider,
  }) => {
    const settle = await holdPosition(page)
    await openSignedIn(page, site, rider)
    await page.getByRole('button', { name: 'Use my location' }).click()
    await expect(page.getByRole('status')).toHaveText('Finding your location…')
    await settle('lost')
    await expect(page.getByRole('status')).toHaveText(notLocated)
    await expect(page.getByText('Timeout expired')).toHaveCount(0)
    await expectUsable(page)
  })

  for (const late of ['found', 'lost'] as const) {
    test(`geolocation: the result "${late}" that arrives late does not undo a choice made meanwhile`, async ({
      page,
      site,
      rider,
    }) => {
      const settle = await holdPosition(page)
      await openSignedIn(page, site, rider)
      await page.getByRole('button', { name: 'Use my location' }).click()
      await choosePlace(page, 'Ballard')
      await settle(late)
      await expectPickup(page, 'Ballard')
      await expect(page.getByRole('status')).not.toHaveText(/couldn't find|is your location/)
      await expectUsable(page)
    })
  }
})
