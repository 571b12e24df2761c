/** The card of a ride under way: it counts down to the promised time, survives a reload, and leads to the next ride. */

import type { Page } from '@playwright/test'
import { signOut } from '../support/account-actions.ts'
import { stopClock } from '../support/clocks.ts'
import { expect, test } from '../support/fixtures.ts'
import {
  choosePlace,
  expectRequestEnabled,
  letUnicornArrive,
  noPickup,
  passRideTime,
  pickup,
  pinOnMap,
  requestButton,
  requestUnicorn,
  rideCard,
  routeRides,
  sampleRide,
  sampleRideUpdates,
  scrollToMap,
  unicornOnMap,
  updates,
  watchRides,
} from '../support/ride-actions.ts'
import { expectRidePage, openSignedIn, otherRider, storeSession } from '../support/rider-actions.ts'

test.use({ rideApi: true, contextOptions: { reducedMotion: 'reduce' } })

test.beforeEach(async ({ page, site, rider }) => {
  await site.pool.createConfirmedUser(rider)
  await page.clock.install()
  await openSignedIn(page, site, rider)
  await routeRides(page, (route) => route.fulfill({ status: 201, json: sampleRide }))
})

/** How full the bar is, 0 to 1. */
function readProgress(page: Page): Promise<number> {
  return rideCard(page)
    .getByRole('progressbar')
    .evaluate((bar: HTMLProgressElement) => bar.position)
}

/** Requests a unicorn with a stopped clock. */
async function requestWithStoppedClock(page: Page): Promise<void> {
  await scrollToMap(page)
  await choosePlace(page)
  await page.waitForLoadState('networkidle')
  await stopClock(page)
  await requestUnicorn(page)
  await expect(rideCard(page)).toBeVisible()
}

for (const reducedMotion of ['reduce', 'no-preference'] as const) {
  test(`ride card: words, bar and unicorn keep to the promised time, with prefers-reduced-motion ${reducedMotion}`, async ({
    page,
  }) => {
    await page.emulateMedia({ reducedMotion })
    await requestWithStoppedClock(page)
    const card = rideCard(page)
    await expect(card.getByRole('heading', { name: 'Celeste' })).toBeVisible()
    await expect(card.getByText('White unicorn')).toBeVisible()
    await expect(card.getByText('Arrives in 30 seconds')).toBeVisible()
    await expect(card.getByRole('button', { name: 'Ride again' })).toBeHidden()
    for (const seconds of [20, 10, 1]) {
      await page.clock.runFor(seconds === 1 ? 9000 : 10_000)
      await expect(
        card.getByText(seconds === 1 ? 'Arrives in 1 second' : `Arrives in ${seconds} seconds`),
      ).toBeVisible()
      expect(await readProgress(page)).toBeCloseTo(1 - seconds / 30, 1)
      await expect(unicornOnMap(page)).toHaveCount(reducedMotion === 'reduce' ? 0 : 1)
      // Screen readers are told twice in all, not each second.
      await expect(updates(page)).toHaveText(sampleRideUpdates.slice(0, 2))
    }
    await page.clock.runFor(1000)
    await expect(card.getByText('Has arrived')).toBeVisible()
    await expect(card.getByRole('progressbar')).toBeHidden()
    await expect(card.getByRole('button', { name: 'Ride again' })).toBeVisible()
    await expect(updates(page)).toHaveText(sampleRideUpdates)
    await expect(unicornOnMap(page)).toHaveCount(1)
  })
}

test('ride again: it clears the card and the map, and the rider chooses the next place', async ({
  page,
}) => {
  await scrollToMap(page)
  await choosePlace(page)
  await requestUnicorn(page)
  await letUnicornArrive(page)
  await expect(unicornOnMap(page)).toHaveCount(1)
  await rideCard(page).getByRole('button', { name: 'Ride again' }).click()
  await expect(rideCard(page)).toBeHidden()
  await expect(unicornOnMap(page)).toHaveCount(0)
  await expect(page.getByLabel('Or choose a place')).toBeFocused()
  await expect(pickup(page)).toHaveText(noPickup)

  await choosePlace(page, 'Fremont')
  await requestUnicorn(page)
  await letUnicornArrive(page)
  await expect(updates(page)).toHaveCount(6)
})

test('double booking: while a unicorn is on the way, the button sends nothing and says that it cannot', async ({
  page,
}) => {
  const rides = watchRides(page)
  await choosePlace(page)
  await requestUnicorn(page)
  await expect(rideCard(page)).toBeVisible()
  await expect(requestButton(page)).toHaveAttribute('aria-disabled', 'true')
  await expect(requestButton(page)).toHaveAccessibleDescription(/^Arrives in \d+ seconds$/)
  await requestButton(page).click({ force: true })
  await passRideTime(page)
  await expect(updates(page)).toHaveText(sampleRideUpdates)
  await expectRequestEnabled(page)
  await expect(requestButton(page)).toHaveAccessibleDescription('')
  expect(rides).toHaveLength(1)
})

test('choice: a place chosen while a unicorn is on the way is kept for the next ride', async ({
  page,
}) => {
  await choosePlace(page)
  await requestUnicorn(page)
  await expect(rideCard(page)).toBeVisible()
  await choosePlace(page, 'Fremont')
  await passRideTime(page)
  await expect(updates(page).last()).toHaveText(/has arrived/)
  await expect(pickup(page)).toHaveText('Pick-up: Fremont')
})

test('reload: a ride under way goes on, is not booked twice, and is forgotten once it has come', async ({
  page,
}) => {
  const rides = watchRides(page)
  await requestWithStoppedClock(page)
  await page.clock.runFor(10_000)
  await page.reload()
  await expectRidePage(page)
  await scrollToMap(page)
  await expect(rideCard(page).getByText('Arrives in 20 seconds')).toBeVisible()
  expect(await readProgress(page)).toBeCloseTo(1 / 3, 1)
  await expect(updates(page)).toHaveText([
    'Celeste, your white unicorn, is on the way and arrives in 20 seconds.',
  ])
  await expect(pinOnMap(page)).toBeVisible()
  await requestButton(page).click({ force: true })
  await page.clock.runFor(20_000)
  await expect(updates(page)).toHaveText([
    /arrives in 20 seconds/,
    'Celeste has arrived. Giddy up!',
  ])
  expect(rides).toHaveLength(1)

  await page.reload()
  await expectRidePage(page)
  await expect(rideCard(page)).toBeHidden()
  await expect(updates(page)).toHaveCount(0)
})

test('reload: a unicorn that came while the page was away has arrived when the rider is back', async ({
  page,
}) => {
  await choosePlace(page)
  await requestUnicorn(page)
  await expect(rideCard(page)).toBeVisible()
  await page.goto('/robots.txt')
  await page.clock.setSystemTime(Date.now() + 60_000)
  await page.goto('/ride.html')
  await expectRidePage(page)
  await expect(rideCard(page).getByText('Has arrived')).toBeVisible()
  await expect(updates(page)).toHaveText(['Celeste has arrived. Giddy up!'])
  await scrollToMap(page)
  await expect(unicornOnMap(page)).toHaveCount(1)
  await expect(pinOnMap(page)).toHaveCount(0)
})

test('privacy: another rider of this tab does not meet the ride, and signing out forgets it', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(otherRider)
  await choosePlace(page)
  await requestUnicorn(page)
  await expect(rideCard(page)).toBeVisible()
  await storeSession(page, site, otherRider)
  await page.goto('/ride.html')
  await expectRidePage(page)
  await expect(rideCard(page)).toBeHidden()
  await expect(updates(page)).toHaveCount(0)

  await storeSession(page, site, rider)
  await page.goto('/ride.html')
  await expect(rideCard(page)).toBeVisible()
  await signOut(page)
  expect(await page.evaluate(() => JSON.stringify(sessionStorage))).not.toContain('Celeste')
})

for (const [color, view] of [
  ['Dapple grey', 'dapple-grey'],
  ['MIDNIGHT BLUE', 'midnight-blue'],
  ['Plaid', 'any'],
  ['"><script>', 'any'],
] as const) {
  test(`portrait: a unicorn whose coat is ${color} is drawn with the coat "${view}"`, async ({
    page,
  }) => {
    await routeRides(page, (route) =>
      route.fulfill({
        json: { ...sampleRide, Unicorn: { ...sampleRide.Unicorn, Color: color } },
      }),
    )
    await choosePlace(page)
    await requestUnicorn(page)
    const portrait = rideCard(page).locator('img')
    await expect(portrait).toHaveAttribute('src', `/images/unicorn-coats.svg#${view}`)
    await expect
      .poll(() => portrait.evaluate((image: HTMLImageElement) => image.naturalWidth))
      .toBeGreaterThan(0)
  })
}

test.describe('on a phone', () => {
  test.use({ viewport: { width: 360, height: 740 } })

  test('phone: the map and the card come into view, and the card covers neither pick-up nor unicorn', async ({
    page,
  }) => {
    await scrollToMap(page)
    // The place farthest south.
    await choosePlace(page, 'Jefferson Park')
    await requestButton(page).evaluate((button) => button.scrollIntoView({ block: 'start' }))
    await expect(page.locator('#map')).not.toBeInViewport({ ratio: 0.9 })
    await requestUnicorn(page)
    await expect(page.locator('#map')).toBeInViewport({ ratio: 1 })
    await expect(rideCard(page)).toBeInViewport({ ratio: 1 })
    await letUnicornArrive(page)
    const [unicorn, card] = [
      await unicornOnMap(page).boundingBox(),
      await rideCard(page).boundingBox(),
    ]
    if (!unicorn || !card) throw new Error('the unicorn and the card are not both visible')
    expect(unicorn.y + unicorn.height).toBeLessThanOrEqual(card.y)
    await expect(unicornOnMap(page)).toBeInViewport({ ratio: 1 })

    // The city fills the map again when the card is gone.
    await rideCard(page).getByRole('button', { name: 'Ride again' }).click()
    const [city, map] = [
      await page.locator('#map svg').boundingBox(),
      await page.locator('#map').boundingBox(),
    ]
    if (!city || !map) throw new Error('the map is not visible')
    expect(city.y + city.height).toBeGreaterThanOrEqual(map.y + map.height - 1)
  })
})
