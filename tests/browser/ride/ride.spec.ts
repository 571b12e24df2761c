/** Sending for a unicorn: from a new account to "has arrived", by mouse, touch and keyboard. */

import { join } from 'node:path'
import type { Page } from '@playwright/test'
import Database from 'libsql'
import { expect, test } from '../support/fixtures.ts'
import {
  choosePlace,
  expectNear,
  expectPickup,
  expectReady,
  noPickup,
  pickup,
  pickupOf,
  pinOnMap,
  requestButton,
  requesting,
  requestUnicorn,
  showMap,
  spaceNeedle,
  stopClock,
  tabTo,
  toPixel,
  unicornOnMap,
  updates,
  useSettings,
  watchRides,
} from '../support/ride-actions.ts'
import { expectRidePage, register, signIn } from '../support/rider-actions.ts'

test.use({ rideApi: true, contextOptions: { reducedMotion: 'reduce' } })

function listRides(dataFolder: string): readonly unknown[] {
  const database = new Database(join(dataFolder, 'rides.sqlite'), { readonly: true })
  try {
    return database.prepare('SELECT * FROM rides').all()
  } finally {
    database.close()
  }
}

async function storedIdToken(page: Page): Promise<string> {
  return page.evaluate(() => {
    const key = Object.keys(sessionStorage).find((name) => name.endsWith('.idToken'))
    return sessionStorage.getItem(key ?? '') ?? ''
  })
}

async function expectArrival(page: Page): Promise<void> {
  await expect(updates(page)).toHaveText([
    requesting,
    /^\w+, your [a-z ]+ unicorn, is on (her|his) way\. Expect (her|him) in 30 seconds\.$/,
    /^\w+ has arrived\. Giddy up!$/,
  ])
}

test('a new rider gets a unicorn that comes to where she is', async ({
  page,
  site,
  rider,
  dataFolder,
}) => {
  await register(page, rider)
  await page.getByLabel('Verification code').fill(await site.pool.latestCodeFor(rider.email))
  await expect(page).toHaveURL(/signin/)
  await page.getByLabel('Password', { exact: true }).fill(rider.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expectRidePage(page)

  const rides = watchRides(page)
  const answered = page.waitForResponse((response) => response.url().endsWith('/ride'))
  await showMap(page)
  await choosePlace(page)
  await expect(pinOnMap(page)).toBeVisible()
  const idToken = await storedIdToken(page)
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

  // It stands with its hooves on the place; the mark has served.
  const [box, place] = [await unicornOnMap(page).boundingBox(), await toPixel(page, spaceNeedle)]
  expect(Math.abs((box?.x ?? 0) + (box?.width ?? 0) / 2 - place.x)).toBeLessThan(3)
  expect(Math.abs((box?.y ?? 0) + (box?.height ?? 0) - place.y)).toBeLessThan(8)
  await expect(pinOnMap(page)).toHaveCount(0)
  await expect(pickup(page)).toHaveText(noPickup)
  await expectReady(page)

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

  test('chooses a place by mouse, and another one after it', async ({ page, rider }) => {
    await signIn(page, rider)
    const rides = watchRides(page)
    await showMap(page)
    for (const [name, point] of [
      ['Fremont', { latitude: 47.6513, longitude: -122.3503 }],
      ['Space Needle', spaceNeedle],
    ] as const) {
      const { x, y } = await toPixel(page, point)
      await page.mouse.click(x, y)
      await expectPickup(page, name)
      await expect(pinOnMap(page)).toHaveCount(1)
      // The point is hers, not the list's.
      await expect(page.getByLabel('Or choose a place')).toHaveValue('')
    }
    await requestUnicorn(page)
    await expectArrival(page)
    expect(rides.map(pickupOf)).toHaveLength(1)
    for (const ride of rides) expectNear(pickupOf(ride), spaceNeedle)
  })

  test('is told where a point without a name lies', async ({ page, rider }) => {
    await signIn(page, rider)
    await showMap(page)
    // 0.01 degrees of latitude are 1.1 kilometres.
    const { x, y } = await toPixel(page, { ...spaceNeedle, latitude: 47.6305 })
    await page.mouse.click(x, y)
    await expectPickup(page, /^Pick-up: (\d+ m|[\d.]+ km) [a-z-]+ of [A-Z]/)
  })

  test('chooses and sends by keyboard alone, with the map', async ({ page, rider }) => {
    await page.clock.install()
    await signIn(page, rider)
    const rides = watchRides(page)
    await showMap(page)
    await stopClock(page)
    const map = page.getByRole('application', { name: 'Map of the city' })
    const middle = async (): Promise<{ x: number; y: number }> => {
      const box = await map.boundingBox()
      if (!box) throw new Error('no map is to be seen')
      return { x: box.x + box.width / 2, y: box.y + box.height / 2 }
    }
    await tabTo(page, map)
    // What the hint says, in its order.
    await expect(map).toHaveAccessibleDescription(/plus key.*arrow keys.*Enter/)
    await page.keyboard.press('+')
    await page.clock.runFor(1000)
    await page.keyboard.press('+')
    await page.clock.runFor(1000)
    const before = await toPixel(page, spaceNeedle)
    for (const key of ['ArrowLeft', 'ArrowUp']) {
      await page.keyboard.press(key)
      await page.clock.runFor(1000)
    }
    // The map has moved under its middle: right and down.
    const after = await toPixel(page, spaceNeedle)
    expect(after.x - before.x).toBeGreaterThan(50)
    expect(after.y - before.y).toBeGreaterThan(50)
    await page.keyboard.press('Enter')
    await expect(pinOnMap(page)).toHaveCount(1)
    await page.clock.runFor(1000)

    await tabTo(page, requestButton(page))
    const target = await middle()
    await page.keyboard.press('Enter')
    await expectArrival(page)
    expect(rides).toHaveLength(1)
    for (const ride of rides) {
      const asked = await toPixel(page, pickupOf(ride))
      expect(Math.abs(asked.x - target.x)).toBeLessThan(3)
      expect(Math.abs(asked.y - target.y)).toBeLessThan(3)
    }
  })

  test('chooses and sends by keyboard alone, with the list', async ({ page, rider }) => {
    await signIn(page, rider)
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

  test('who has chosen no place is led to the list, and nothing is sent', async ({
    page,
    rider,
  }) => {
    await signIn(page, rider)
    const rides = watchRides(page)
    await requestUnicorn(page)
    const list = page.getByLabel('Or choose a place')
    await expect(list).toBeFocused()
    await expect(list).toHaveAccessibleDescription('Choose a pick-up place first')
    await expect(list).toHaveAttribute('aria-invalid', 'true')
    await expect(updates(page)).toHaveCount(0)
    expect(rides).toEqual([])
    await choosePlace(page)
    await expect(list).not.toHaveAttribute('aria-invalid')
    await expect(list).toHaveAccessibleDescription('')
    await expect(page.getByText('Choose a pick-up place first')).toHaveCount(0)
  })

  test('finds in words everything that the map names', async ({ page, rider }) => {
    await signIn(page, rider)
    const city = await showMap(page)
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

  test('finds her pick-up again after a reload, until it has served', async ({ page, rider }) => {
    await signIn(page, rider)
    await choosePlace(page)
    await page.reload()
    await expectRidePage(page)
    await expectPickup(page, 'Space Needle')
    await expect(page.getByLabel('Or choose a place')).toHaveValue('Space Needle')
    await showMap(page)
    await expect(pinOnMap(page)).toBeVisible()
    await requestUnicorn(page)
    await expectArrival(page)
    await page.reload()
    await expectRidePage(page)
    await expect(pickup(page)).toHaveText(noPickup)
    await expect(updates(page)).toHaveCount(0)
  })

  test('can send again and again, each time to another place', async ({ page, rider }) => {
    await signIn(page, rider)
    const rides = watchRides(page)
    for (const [index, place] of ['Fremont', 'Downtown', 'Ballard'].entries()) {
      await choosePlace(page, place)
      await requestUnicorn(page)
      await expect(updates(page)).toHaveCount(3 * (index + 1))
      await expect(updates(page).last()).toHaveText(/has arrived/)
      await expect(pickup(page)).toHaveText(noPickup)
    }
    expect(rides).toHaveLength(3)
    await showMap(page)
  })

  test.describe('by touch', () => {
    test.use({ hasTouch: true, viewport: { width: 390, height: 844 } })

    test('chooses a place with a finger', async ({ page, rider }) => {
      await signIn(page, rider)
      const rides = watchRides(page)
      await showMap(page)
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

test.describe('her own position', () => {
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

    test('becomes the pick-up', async ({ page, rider }) => {
      await signIn(page, rider)
      const rides = watchRides(page)
      await page.getByRole('button', { name: 'Use my position' }).click()
      await expect(page.getByRole('status')).toHaveText('Your position is the pick-up now.')
      await expectPickup(page, 'Pike Place Market')
      await showMap(page)
      await expect(pinOnMap(page)).toBeVisible()
      await requestUnicorn(page)
      await expectArrival(page)
      expect(rides.map(pickupOf)).toEqual([{ latitude: 47.6097, longitude: -122.3422 }])
    })
  })

  test.describe('outside of it', () => {
    test.use({
      permissions: ['geolocation'],
      geolocation: { latitude: 48.8584, longitude: 2.2945 },
    })

    test('is said to be so, and every other way stays', async ({ page, rider }) => {
      await signIn(page, rider)
      await choosePlace(page, 'Ballard')
      await page.getByRole('button', { name: 'Use my position' }).click()
      await expect(page.getByRole('status')).toHaveText(
        'Your position is outside of the city. Choose a place on the map or from the list.',
      )
      await expectPickup(page, 'Ballard')
      await expectUsable(page)
    })
  })

  const notLocated = 'Your position could not be found. Choose a place on the map or from the list.'

  test('refused, is one sentence', async ({ page, rider }) => {
    await signIn(page, rider)
    await page.getByRole('button', { name: 'Use my position' }).click()
    await expect(page.getByRole('status')).toHaveText(notLocated)
    await expect(pickup(page)).toHaveText(noPickup)
    await expectUsable(page)
  })

  /** A position that comes when the test says so. */
  async function holdPosition(page: Page): Promise<(answer: 'found' | 'lost') => Promise<void>> {
    await page.addInitScript(() => {
      const answers: ((answer: string) => void)[] = []
      Object.assign(window, { answers })
      navigator.geolocation.getCurrentPosition = (found, lost, options) => {
        if (options?.timeout !== 10_000) throw new Error('a position is waited for without end')
        answers.push((answer) => {
          const coords = { latitude: 47.6097, longitude: -122.3422 }
          if (answer === 'found') Reflect.apply(found, undefined, [{ coords }])
          else if (lost) Reflect.apply(lost, undefined, [{ code: 3, message: 'Timeout expired' }])
        })
      }
    })
    return (answer) =>
      page.evaluate((word) => {
        const [first] = Reflect.get(window, 'answers')
        first(word)
      }, answer)
  }

  test('not found in time, is one sentence, and nobody has to wait for it', async ({
    page,
    rider,
  }) => {
    const answer = await holdPosition(page)
    await signIn(page, rider)
    await page.getByRole('button', { name: 'Use my position' }).click()
    await expect(page.getByRole('status')).toHaveText('Looking for your position…')
    await answer('lost')
    await expect(page.getByRole('status')).toHaveText(notLocated)
    await expect(page.getByText('Timeout expired')).toHaveCount(0)
    await expectUsable(page)
  })

  for (const late of ['found', 'lost'] as const) {
    test(`${late} late, does not undo a choice made meanwhile`, async ({ page, rider }) => {
      const answer = await holdPosition(page)
      await signIn(page, rider)
      await page.getByRole('button', { name: 'Use my position' }).click()
      await choosePlace(page, 'Ballard')
      await answer(late)
      await expectPickup(page, 'Ballard')
      await expect(page.getByRole('status')).not.toHaveText(/could not be found|is the pick-up/)
      await expectUsable(page)
    })
  }
})

test.describe('without a ride API', () => {
  test.use({ rideApi: false })

  test('the page says where to set it, offers no ride and no map, and shows the tokens', async ({
    page,
    site,
    rider,
  }) => {
    const mapFiles: string[] = []
    page.on('request', (request) => {
      if (/assets\/map-|images\/pin/.test(request.url())) mapFiles.push(request.url())
    })
    await site.pool.createConfirmedUser(rider)
    await signIn(page, rider)
    const notice = page.getByRole('region', { name: 'The ride API is not configured' })
    await expect(notice).toContainText('api.invokeUrl')
    await expect(notice).toContainText('/js/config.js')
    await expect(requestButton(page)).toBeDisabled()
    await expect(requestButton(page)).toHaveAccessibleDescription(/Set api\.invokeUrl in/)
    await expect(page.getByRole('application')).toHaveCount(0)
    for (const label of ['Or choose a place', 'Use my position', 'The map in words']) {
      await expect(page.getByText(label)).toBeHidden()
    }
    await page.getByRole('button', { name: 'Copy token' }).click()
    await expect(page.getByRole('status')).toHaveText('The token is copied.')
    await expect(page.locator('#time-left')).toHaveText(/^\d+ min \d+ s$/)
    expect(mapFiles).toEqual([])
  })
})

test('with a ride API, nothing is said of a missing one', async ({ page, site, rider }) => {
  await site.pool.createConfirmedUser(rider)
  await useSettings(page, site, {})
  await signIn(page, rider)
  await expect(page.getByText('The ride API is not configured')).toBeHidden()
  await expect(requestButton(page)).toBeEnabled()
  await expect(requestButton(page)).toHaveAccessibleDescription('')
})
