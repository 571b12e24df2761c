/** Requesting a unicorn: from a new account to "has arrived", by mouse, touch and keyboard. */

import { join } from 'node:path'
import Database from 'libsql'
import { storedToken } from '../support/account-actions.ts'
import { stopClock } from '../support/clocks.ts'
import { expect, test } from '../support/fixtures.ts'
import {
  choosePlace,
  expectArrival,
  expectNear,
  expectPickup,
  expectRequestEnabled,
  letUnicornArrive,
  noPickup,
  pickup,
  pickupOf,
  pinOnMap,
  requestButton,
  requestUnicorn,
  scrollToMap,
  spaceNeedle,
  toPixel,
  unicornOnMap,
  updates,
  useSettings,
  watchRides,
} from '../support/ride-actions.ts'
import { expectRidePage, openSignedIn, register, tabTo } from '../support/rider-actions.ts'

test.use({ rideApi: true, contextOptions: { reducedMotion: 'reduce' } })

function listRides(dataFolder: string): readonly unknown[] {
  const database = new Database(join(dataFolder, 'rides.sqlite'), { readonly: true })
  try {
    return database.prepare('SELECT * FROM rides').all()
  } finally {
    database.close()
  }
}

test('happy path: a new rider registers, verifies their address and gets a unicorn that comes to the chosen place', async ({
  page,
  site,
  rider,
  dataFolder,
}) => {
  await register(page, rider)
  await page.getByLabel('Verification code').fill(await site.pool.latestCodeFor(rider.email))
  await expectRidePage(page)

  const rides = watchRides(page)
  const answered = page.waitForResponse((response) => response.url().endsWith('/ride'))
  await scrollToMap(page)
  await choosePlace(page)
  await expect(pinOnMap(page)).toBeVisible()
  const idToken = await storedToken(page, 'idToken')
  await requestUnicorn(page)
  await expectArrival(page)

  expect(rides).toEqual([
    {
      url: `${site.origin}/ride-api/ride`,
      authorization: idToken,
      body: {
        PickupLocation: { Latitude: spaceNeedle.latitude, Longitude: spaceNeedle.longitude },
      },
    },
  ])
  const { RideId, Unicorn } = await (await answered).json()
  const [, onItsWay, arrived] = await updates(page).allTextContents()
  expect(onItsWay).toContain(`${Unicorn.Name}, your ${Unicorn.Color.toLowerCase()} unicorn`)
  expect(arrived).toBe(`${Unicorn.Name} has arrived. Giddy up!`)

  // It stands with its hooves on the place, and the pin is gone.
  const [box, place] = [await unicornOnMap(page).boundingBox(), await toPixel(page, spaceNeedle)]
  expect(Math.abs((box?.x ?? 0) + (box?.width ?? 0) / 2 - place.x)).toBeLessThan(3)
  expect(Math.abs((box?.y ?? 0) + (box?.height ?? 0) - place.y)).toBeLessThan(8)
  await expect(pinOnMap(page)).toHaveCount(0)
  await expect(pickup(page)).toHaveText(noPickup)
  await expectRequestEnabled(page)

  expect(listRides(dataFolder)).toEqual([
    expect.objectContaining({
      ride_id: RideId,
      rider_sub: await site.pool.subOf(rider.email),
      unicorn_name: Unicorn.Name,
      unicorn_color: Unicorn.Color,
      latitude: spaceNeedle.latitude,
      longitude: spaceNeedle.longitude,
    }),
  ])
})

test.describe('a signed-in rider', () => {
  test.beforeEach(async ({ site, rider }) => {
    await site.pool.createConfirmedUser(rider)
  })

  test('map: a rider chooses a place by mouse, and another one after it', async ({
    page,
    site,
    rider,
  }) => {
    await openSignedIn(page, site, rider)
    const rides = watchRides(page)
    await scrollToMap(page)
    for (const [name, point] of [
      ['Fremont', { latitude: 47.6513, longitude: -122.3503 }],
      ['Space Needle', spaceNeedle],
    ] as const) {
      const { x, y } = await toPixel(page, point)
      await page.mouse.click(x, y)
      await expectPickup(page, name)
      await expect(pinOnMap(page)).toHaveCount(1)
      // A point on the map is no place of the list.
      await expect(page.getByLabel('Or choose a place')).toHaveValue('')
    }
    await requestUnicorn(page)
    await expectArrival(page)
    expect(rides.map(pickupOf)).toHaveLength(1)
    for (const ride of rides) expectNear(pickupOf(ride), spaceNeedle)
  })

  test('map: a point without a name is described by the place near it', async ({
    page,
    site,
    rider,
  }) => {
    await openSignedIn(page, site, rider)
    await scrollToMap(page)
    // 0.01 degrees of latitude are 1.1 kilometers.
    const { x, y } = await toPixel(page, { ...spaceNeedle, latitude: 47.6305 })
    await page.mouse.click(x, y)
    await expectPickup(page, /^Pick-up: (\d+ m|[\d.]+ km) [a-z-]+ of [A-Z]/)
  })

  test('keyboard: a rider chooses a place on the map and requests a unicorn by keyboard alone', async ({
    page,
    site,
    rider,
  }) => {
    await page.clock.install()
    await openSignedIn(page, site, rider)
    const rides = watchRides(page)
    await scrollToMap(page)
    await stopClock(page)
    const map = page.getByRole('application', { name: 'Map of the city' })
    const middle = async (): Promise<{ x: number; y: number }> => {
      const box = await map.boundingBox()
      if (!box) throw new Error('the map is not visible')
      return { x: box.x + box.width / 2, y: box.y + box.height / 2 }
    }
    await tabTo(page, map)
    // The description names the keys in the order that the test uses.
    await expect(map).toHaveAccessibleDescription(/Plus key.*arrow keys.*Enter/)
    await page.keyboard.press('+')
    await page.clock.runFor(1000)
    await page.keyboard.press('+')
    await page.clock.runFor(1000)
    const before = await toPixel(page, spaceNeedle)
    for (const key of ['ArrowLeft', 'ArrowUp']) {
      await page.keyboard.press(key)
      await page.clock.runFor(1000)
    }
    // The map has moved right and down under its center.
    const after = await toPixel(page, spaceNeedle)
    expect(after.x - before.x).toBeGreaterThan(50)
    expect(after.y - before.y).toBeGreaterThan(50)
    await page.keyboard.press('Enter')
    await expect(pinOnMap(page)).toHaveCount(1)
    await page.clock.runFor(1000)

    await tabTo(page, requestButton(page))
    const target = await middle()
    await page.keyboard.press('Enter')
    await page.clock.resume()
    await expectArrival(page)
    expect(rides).toHaveLength(1)
    for (const ride of rides) {
      const asked = await toPixel(page, pickupOf(ride))
      expect(Math.abs(asked.x - target.x)).toBeLessThan(3)
      expect(Math.abs(asked.y - target.y)).toBeLessThan(3)
    }
  })

  test('keyboard: a rider chooses a place from the list and requests a unicorn by keyboard alone', async ({
    page,
    site,
    rider,
  }) => {
    await openSignedIn(page, site, rider)
    const rides = watchRides(page)
    const list = page.getByLabel('Or choose a place')
    await tabTo(page, list)
    await page.keyboard.type('Space')
    await expectPickup(page, 'Space Needle')
    await tabTo(page, requestButton(page))
    await page.keyboard.press('Enter')
    await expectArrival(page)
    expect(rides.map(pickupOf)).toEqual([spaceNeedle])
  })

  test('validation: a request without a place moves the focus to the list, and nothing is sent', async ({
    page,
    site,
    rider,
  }) => {
    await openSignedIn(page, site, rider)
    const rides = watchRides(page)
    await requestUnicorn(page)
    const list = page.getByLabel('Or choose a place')
    await expect(list).toBeFocused()
    await expect(list).toHaveAccessibleDescription('Choose a pick-up point first')
    await expect(list).toHaveAttribute('aria-invalid', 'true')
    await expect(updates(page)).toHaveCount(0)
    expect(rides).toEqual([])
    await choosePlace(page)
    await expect(list).not.toHaveAttribute('aria-invalid')
    await expect(list).toHaveAccessibleDescription('')
    await expect(page.getByText('Choose a pick-up point first')).toHaveCount(0)
  })

  test('map in words: everything that the map names is in its text', async ({
    page,
    site,
    rider,
  }) => {
    await openSignedIn(page, site, rider)
    const city = await scrollToMap(page)
    const named = await city
      .locator('text')
      .evaluateAll((texts) =>
        texts.map((text) =>
          [...text.querySelectorAll('tspan')].map(({ textContent }) => textContent).join(' '),
        ),
      )
    expect(named.length).toBeGreaterThan(20)
    await page.getByText('The map in words').click()
    const words = page.locator('#map-words').getByRole('listitem')
    await expect(words.first()).toBeVisible()
    const kinds = /^(.+) \((part of town|landmark|park|water)\)$/
    expect((await words.allTextContents()).map((text) => kinds.exec(text)?.[1])).toEqual(named)
  })

  test('reload: a pick-up is kept until its ride has arrived', async ({ page, site, rider }) => {
    await openSignedIn(page, site, rider)
    await choosePlace(page)
    await page.reload()
    await expectRidePage(page)
    await expectPickup(page, 'Space Needle')
    await expect(page.getByLabel('Or choose a place')).toHaveValue('Space Needle')
    await scrollToMap(page)
    await expect(pinOnMap(page)).toBeVisible()
    await requestUnicorn(page)
    await expectArrival(page)
    await page.reload()
    await expectRidePage(page)
    await expect(pickup(page)).toHaveText(noPickup)
    await expect(updates(page)).toHaveCount(0)
  })

  test('repeated rides: a rider can request one unicorn after another, each to another place', async ({
    page,
    site,
    rider,
  }) => {
    await openSignedIn(page, site, rider)
    const rides = watchRides(page)
    for (const [index, place] of ['Fremont', 'Downtown', 'Ballard'].entries()) {
      await choosePlace(page, place)
      await requestUnicorn(page)
      await letUnicornArrive(page)
      await expect(updates(page)).toHaveCount(3 * (index + 1))
      await expect(pickup(page)).toHaveText(noPickup)
    }
    expect(rides).toHaveLength(3)
    await scrollToMap(page)
  })

  test.describe('by touch', () => {
    test.use({ hasTouch: true, viewport: { width: 390, height: 844 } })

    test('touch: a rider chooses a place with a tap', async ({ page, site, rider }) => {
      await openSignedIn(page, site, rider)
      const rides = watchRides(page)
      await scrollToMap(page)
      const { x, y } = await toPixel(page, spaceNeedle)
      await page.touchscreen.tap(x, y)
      await expectPickup(page, /^Pick-up: (Space Needle$|\d+ m )/)
      await expect(pinOnMap(page)).toHaveCount(1)
      await requestButton(page).tap()
      await expectArrival(page)
      expect(rides).toHaveLength(1)
      for (const ride of rides) expectNear(pickupOf(ride), spaceNeedle)
    })
  })
})

test.describe('without a ride API', () => {
  test.use({ rideApi: false })

  test('setup notice: without a ride API the page says where to set it, offers no ride and no map, and shows the tokens', async ({
    page,
    site,
    rider,
  }) => {
    const mapFiles: string[] = []
    page.on('request', (request) => {
      if (/assets\/map-|images\/pin/.test(request.url())) mapFiles.push(request.url())
    })
    await site.pool.createConfirmedUser(rider)
    await openSignedIn(page, site, rider)
    const notice = page.getByRole('region', { name: 'The ride API is not configured' })
    await expect(notice).toContainText('api.invokeUrl')
    await expect(notice).toContainText('/js/config.js')
    await expect(requestButton(page)).toBeDisabled()
    await expect(requestButton(page)).toHaveAccessibleDescription(/Set api\.invokeUrl in/)
    await expect(page.getByRole('application')).toHaveCount(0)
    for (const label of ['Or choose a place', 'Use my location', 'The map in words']) {
      await expect(page.getByText(label)).toBeHidden()
    }
    await page.getByRole('button', { name: 'Copy token' }).click()
    await expect(page.getByRole('status')).toHaveText('Token copied.')
    await expect(page.locator('#time-left')).toHaveText(/^\d+ min \d+ s$/)
    expect(mapFiles).toEqual([])
  })
})

test('setup notice: with a ride API there is no notice', async ({ page, site, rider }) => {
  await site.pool.createConfirmedUser(rider)
  await useSettings(page, site, {})
  await openSignedIn(page, site, rider)
  await expect(page.getByText('The ride API is not configured')).toBeHidden()
  await expect(requestButton(page)).toBeEnabled()
  await expect(requestButton(page)).toHaveAccessibleDescription('')
})
