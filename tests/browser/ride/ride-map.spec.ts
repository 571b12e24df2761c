/** The map of the ride page: when it is fetched, how a unicorn flies over it, and rides without it. */

import type { Page } from '@playwright/test'
import { expectSignInPage } from '../support/account-actions.ts'
import { stopClock } from '../support/clocks.ts'
import { expect, type Rider, type Site, test, watchForPageErrors } from '../support/fixtures.ts'
import {
  choosePlace,
  letUnicornArrive,
  noPickup,
  pickup,
  pinOnMap,
  requestingUpdate,
  requestUnicorn,
  routeRides,
  sampleRide,
  sampleRideUpdates,
  scrollToMap,
  spaceNeedle,
  toPixel,
  unicornOnMap,
  updates,
} from '../support/ride-actions.ts'
import {
  expectRidePage,
  openSignedIn,
  openTokenInspector,
  signIn,
} from '../support/rider-actions.ts'
import { scripts } from '../support/scripts.ts'
import { pressSignOut } from '../support/user-menu.ts'

test.use({ rideApi: true })

test.beforeEach(async ({ site, rider }) => {
  await site.pool.createConfirmedUser(rider)
})

async function routeRidesToSample(page: Page): Promise<void> {
  await routeRides(page, (route) => route.fulfill({ status: 201, json: sampleRide }))
}

/** @returns every position of the unicorn on the map from now on, as its style has it */
async function recordFlight(page: Page): Promise<() => Promise<readonly string[]>> {
  await page.evaluate(() => {
    const seen: string[] = []
    Object.assign(window, { seen })
    const note = () => {
      const unicorn = document.querySelector<HTMLElement>('#map img[src="/images/unicorn.svg"]')
      if (unicorn?.style.transform) seen.push(unicorn.style.transform)
    }
    const map = document.querySelector('#map')
    if (!map) throw new Error('no map')
    new MutationObserver(note).observe(map, {
      subtree: true,
      childList: true,
      attributeFilter: ['style'],
    })
  })
  return async () => [...new Set<string>(await page.evaluate(() => Reflect.get(window, 'seen')))]
}

/** Opens the ride page with a clock that the test moves and a ride API that answers with the sample ride. */
async function openMap(page: Page, site: Site, rider: Rider): Promise<void> {
  await page.clock.install()
  await openSignedIn(page, site, rider)
  await routeRidesToSample(page)
  await scrollToMap(page)
}

/** Requests a unicorn with a stopped clock. @returns every position that it has on the map */
async function sendForUnicorn(page: Page): Promise<() => Promise<readonly string[]>> {
  await choosePlace(page)
  await page.waitForLoadState('networkidle')
  const places = await recordFlight(page)
  await stopClock(page)
  await requestUnicorn(page)
  return places
}

test.describe('a unicorn', () => {
  test('map animation: the unicorn flies nearer and nearer to the pick-up, and then has arrived', async ({
    page,
    site,
    rider,
  }) => {
    await openMap(page, site, rider)
    const places = await sendForUnicorn(page)
    await expect(unicornOnMap(page)).toHaveCount(1)
    await expect(updates(page)).toHaveText(sampleRideUpdates.slice(0, 2))

    const away = async () => {
      const [box, place] = [
        await unicornOnMap(page).boundingBox(),
        await toPixel(page, spaceNeedle),
      ]
      if (!box) throw new Error('the unicorn is not visible')
      return Math.hypot(box.x + box.width / 2 - place.x, box.y + box.height - place.y)
    }
    const distances: number[] = []
    for (let seconds = 4; seconds < 30; seconds += 4) {
      await page.clock.runFor(4000)
      distances.push(await away())
      await expect(updates(page)).toHaveCount(2)
    }
    expect(distances[0]).toBeGreaterThan(50)
    expect(distances).toEqual([...distances].sort((one, other) => other - one))
    // The bar says the same of the way as the map does: it shrinks evenly.
    const [first = 0, , , , , , last = 0] = distances
    expect(last / first).toBeCloseTo((30 - 28) / (30 - 4), 1)
    expect((await places()).length).toBeGreaterThan(20)
    await page.clock.runFor(2000)
    await expect(updates(page)).toHaveText(sampleRideUpdates)
    expect(await away()).toBeLessThan(8)
    await expect(pinOnMap(page)).toHaveCount(0)
    await expect(pickup(page)).toHaveText(noPickup)
    const atTheEnd = (await places()).length
    await page.clock.runFor(5000)
    expect((await places()).length).toBe(atTheEnd)
  })

  test('map animation: the next ride has a new unicorn, and there is never more than one on the map', async ({
    page,
    site,
    rider,
  }) => {
    await openMap(page, site, rider)
    for (const rides of [1, 2]) {
      await choosePlace(page)
      await requestUnicorn(page)
      await expect(updates(page)).toHaveCount(3 * rides - 1)
      await expect(unicornOnMap(page)).toHaveCount(1)
      await letUnicornArrive(page)
      await expect(unicornOnMap(page)).toHaveCount(1)
    }
  })

  test.describe('with prefers-reduced-motion', () => {
    test.use({ contextOptions: { reducedMotion: 'reduce' } })

    test('prefers-reduced-motion: the unicorn is there when the promised time is over, and does not move', async ({
      page,
      site,
      rider,
    }) => {
      await openMap(page, site, rider)
      const places = await sendForUnicorn(page)
      await expect(updates(page)).toHaveText(sampleRideUpdates.slice(0, 2))
      await page.clock.runFor(29_000)
      await expect(unicornOnMap(page)).toHaveCount(0)
      await page.clock.runFor(1000)
      await expect(updates(page)).toHaveText(sampleRideUpdates)
      await expect(unicornOnMap(page)).toHaveCount(1)
      expect(await places()).toHaveLength(1)
      await page.clock.runFor(6000)
      expect(await places()).toHaveLength(1)
      const [box, place] = [
        await unicornOnMap(page).boundingBox(),
        await toPixel(page, spaceNeedle),
      ]
      expect(Math.abs((box?.x ?? 0) + (box?.width ?? 0) / 2 - place.x)).toBeLessThan(3)
      expect(Math.abs((box?.y ?? 0) + (box?.height ?? 0) - place.y)).toBeLessThan(8)
    })

    test('prefers-reduced-motion: the map zooms without an animation', async ({
      page,
      site,
      rider,
    }) => {
      await page.clock.install()
      await openSignedIn(page, site, rider)
      const city = await scrollToMap(page)
      await page.waitForLoadState('networkidle')
      await stopClock(page)
      const before = await city.boundingBox()
      await page.getByRole('button', { name: 'Zoom in' }).click()
      const after = await city.boundingBox()
      expect((after?.width ?? 0) / (before?.width ?? 1)).toBeCloseTo(2, 1)
      await page.clock.runFor(1000)
      expect(await city.boundingBox()).toEqual(after)
    })
  })
})

test.describe('the files of the map', () => {
  function watchMapFiles(page: Page): readonly string[] {
    const files: string[] = []
    page.on('request', (request) => {
      const { pathname } = new URL(request.url())
      if (/^\/assets\/(map|layers|marker)|^\/images\/pin|^\/tiles/.test(pathname)) {
        files.push(pathname.replace(/-[\w-]{8}\./, '.'))
      }
    })
    return files
  }

  test('lazy loading: no page without a signed-in rider fetches a file of the map', async ({
    page,
  }) => {
    const files = watchMapFiles(page)
    await page.goto('/ride.html')
    await expect(page).toHaveURL(/signin/)
    for (const path of ['/', '/register.html', '/signin.html', '/account.html']) {
      await page.goto(path, { waitUntil: 'networkidle' })
    }
    expect(files).toEqual([])
  })

  test('lazy loading: the map is fetched when it is scrolled into view, each file once', async ({
    page,
    site,
    rider,
  }) => {
    await page.setViewportSize({ width: 320, height: 160 })
    const files = watchMapFiles(page)
    await openSignedIn(page, site, rider)
    const map = page.getByRole('application', { name: 'Map of the city' })
    await expect(map).not.toBeInViewport()
    await page.waitForLoadState('networkidle')
    expect(files).toEqual([])
    await expect(page.getByRole('button', { name: 'Zoom in' })).toHaveCount(0)

    await scrollToMap(page)
    expect([...files].sort()).toEqual(['/assets/map.css', '/assets/map.js'])
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))
    await requestUnicorn(page)
    await scrollToMap(page)
    await page.waitForLoadState('networkidle')
    expect([...files].sort()).toEqual(['/assets/map.css', '/assets/map.js'])
  })
})

for (const [what, breakMap] of [
  [
    'a map whose script fails to load',
    (page: Page) => page.route(scripts.map, (route) => route.abort()),
  ],
  [
    'a map whose style sheet fails to load',
    (page: Page) => page.route(scripts.mapStyle, (route) => route.abort()),
  ],
  [
    'a map whose script is gone after a new deployment',
    (page: Page) =>
      page.route(scripts.map, (route) =>
        route.fulfill({ status: 404, contentType: 'text/html', body: '<h1>404</h1>' }),
      ),
  ],
] as const) {
  test(`map failure: ${what} is replaced by a sentence, and a ride can be requested from the list`, async ({
    page,
    site,
    rider,
  }) => {
    await breakMap(page)
    await openSignedIn(page, site, rider)
    await routeRidesToSample(page)
    const note = page.getByText("The map can't be shown.")
    await expect(note).toHaveText(
      "The map can't be shown. Choose a place from the list, or reload the page.",
    )
    await expect(page.getByRole('button', { name: 'Zoom in' })).toHaveCount(0)
    await expect(page.getByRole('alert').filter({ visible: true })).toHaveCount(0)
    await choosePlace(page)
    await requestUnicorn(page)
    await letUnicornArrive(page)
    await expect(updates(page)).toHaveText(sampleRideUpdates)
  })
}

test('Trusted Types: the browser lets no script set HTML on the ride page, and the map works without it', async ({
  context,
  site,
  rider,
}) => {
  // A page of its own: the fixture's page would report the violations at the end.
  const page = await context.newPage()
  const pageErrors = watchForPageErrors(page)
  await page.addInitScript(() => {
    const made: string[] = []
    const violations: string[] = []
    Object.assign(window, { made, violations })
    const types = Reflect.get(window, 'trustedTypes')
    const create = types.createPolicy
    types.createPolicy = (...args: string[]) => {
      made.push(String(args[0]))
      return Reflect.apply(create, types, args)
    }
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => {
      violations.push(effectiveDirective)
    })
  })
  const read = (name: string) => page.evaluate((key) => Reflect.get(window, key), name)
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await openSignedIn(page, site, rider)
  await scrollToMap(page)
  await page.getByRole('button', { name: 'Zoom in' }).click()
  await choosePlace(page)
  await requestUnicorn(page)
  await letUnicornArrive(page)
  await openTokenInspector(page)
  expect(await read('violations')).toEqual([])
  expect(await read('made')).toEqual([])
  expect(pageErrors).toEqual([])

  for (const html of ['<svg/>', '<b>bold</b>', 'plain']) {
    const outcome = await page.evaluate((text) => {
      const element = document.createElement('div')
      try {
        element.innerHTML = text
      } catch (error) {
        return error instanceof TypeError ? 'refused' : String(error)
      }
      return 'set'
    }, html)
    expect(outcome, html).toBe('refused')
  }
  const policy = await page.evaluate(() => {
    const types = Reflect.get(window, 'trustedTypes')
    try {
      types.createPolicy('default', { createHTML: (text: string) => text })
    } catch (error) {
      return error instanceof TypeError ? 'refused' : String(error)
    }
    return 'made'
  })
  expect(policy).toBe('refused')

  for (const path of ['/', '/register.html', '/signin.html', '/ride.html', '/account.html']) {
    const answer = await fetch(site.origin + path)
    const directives = (answer.headers.get('Content-Security-Policy') ?? '').split('; ')
    expect(directives, path).toContain("trusted-types 'none'")
    expect(directives, path).toContain("require-trusted-types-for 'script'")
  }
})

test('sign-out: the pin and the unicorn are removed from the map', async ({
  page,
  site,
  rider,
}) => {
  await openSignedIn(page, site, rider)
  await routeRidesToSample(page)
  await scrollToMap(page)
  await choosePlace(page)
  await requestUnicorn(page)
  await expect(updates(page)).toHaveText([requestingUpdate, /is on the way/])
  await page.evaluate(() => {
    addEventListener('pagehide', () => {
      sessionStorage.setItem('lastPictures', String(document.querySelectorAll('#map img').length))
    })
  })
  await pressSignOut(page)
  await expectSignInPage(page, 'You are signed out.')
  expect(await page.evaluate(() => sessionStorage.getItem('lastPictures'))).toBe('0')
  await signIn(page, rider)
  await expectRidePage(page)
  await expect(pickup(page)).toHaveText(noPickup)
})
