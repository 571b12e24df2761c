/** The map of the ride page: what it costs, how a unicorn flies over it, and that nobody depends on it. */

import { deflateSync } from 'node:zlib'
import type { Browser, Page } from '@playwright/test'
import { expectSignInPage } from '../support/account-actions.ts'
import { expect, type Rider, test, watchForTrouble } from '../support/fixtures.ts'
import { openFront } from '../support/proxy.ts'
import {
  choosePlace,
  expectPickup,
  goodOutcome,
  goodRide,
  meetRides,
  noPickup,
  pickup,
  pinOnMap,
  requesting,
  requestUnicorn,
  showMap,
  spaceNeedle,
  stopClock,
  toPixel,
  unicornOnMap,
  updates,
  useSettings,
} from '../support/ride-actions.ts'
import { expectRidePage, openTokenLens, signIn } from '../support/rider-actions.ts'

test.use({ rideApi: true })

test.beforeEach(async ({ site, rider }) => {
  await site.pool.createConfirmedUser(rider)
})

async function meetWithGoodRide(page: Page): Promise<void> {
  await meetRides(page, (route) => route.fulfill({ status: 201, json: goodRide }))
}

/** @returns every place that the unicorn has on the map from now on, as its style says */
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

/** The map of a rider whose clock the test moves, at an API that has a unicorn. */
async function openMap(page: Page, rider: Rider): Promise<void> {
  await page.clock.install()
  await signIn(page, rider)
  await meetWithGoodRide(page)
  await showMap(page)
}

/** Sends for a unicorn while time stands still. @returns every place that it has on the map */
async function sendForUnicorn(page: Page): Promise<() => Promise<readonly string[]>> {
  await choosePlace(page)
  await page.waitForLoadState('networkidle')
  const places = await recordFlight(page)
  await stopClock(page)
  await requestUnicorn(page)
  return places
}

test.describe('a unicorn', () => {
  test('is seen flying to the pick-up, ever nearer, and then has arrived', async ({
    page,
    rider,
  }) => {
    await openMap(page, rider)
    const places = await sendForUnicorn(page)
    await expect(unicornOnMap(page)).toHaveCount(1)
    await expect(updates(page)).toHaveText(goodOutcome.slice(0, 2))

    const away = async () => {
      const [box, place] = [
        await unicornOnMap(page).boundingBox(),
        await toPixel(page, spaceNeedle),
      ]
      if (!box) throw new Error('no unicorn is to be seen')
      return Math.hypot(box.x + box.width / 2 - place.x, box.y + box.height - place.y)
    }
    const distances: number[] = []
    for (let frames = 0; frames < 7; frames += 1) {
      await page.clock.runFor(500)
      distances.push(await away())
      await expect(updates(page)).toHaveCount(2)
    }
    expect(distances[0]).toBeGreaterThan(50)
    expect(distances).toEqual([...distances].sort((one, other) => other - one))
    expect((await places()).length).toBeGreaterThan(20)
    await page.clock.runFor(1000)
    await expect(updates(page)).toHaveText(goodOutcome)
    expect(await away()).toBeLessThan(8)
    await expect(pinOnMap(page)).toHaveCount(0)
    await expect(pickup(page)).toHaveText(noPickup)
    const atTheEnd = (await places()).length
    await page.clock.runFor(5000)
    expect((await places()).length).toBe(atTheEnd)
  })

  test('comes anew for the next ride, and no two are on the map', async ({ page, rider }) => {
    await openMap(page, rider)
    for (const rides of [1, 2]) {
      await choosePlace(page)
      await requestUnicorn(page)
      await expect(updates(page)).toHaveCount(3 * rides - 1)
      await expect(unicornOnMap(page)).toHaveCount(1)
      await page.clock.fastForward(4500)
      await expect(updates(page).last()).toHaveText(/has arrived/)
      await expect(unicornOnMap(page)).toHaveCount(1)
    }
  })

  test.describe('for a rider who prefers no motion', () => {
    test.use({ contextOptions: { reducedMotion: 'reduce' } })

    test('is there at once, and does not move', async ({ page, rider }) => {
      await openMap(page, rider)
      const places = await sendForUnicorn(page)
      // No time passes.
      await expect(updates(page)).toHaveText(goodOutcome)
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

    test('the map comes nearer without being moved', async ({ page, rider }) => {
      await page.clock.install()
      await signIn(page, rider)
      const city = await showMap(page)
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

test.describe('nothing of the map is fetched', () => {
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

  test('by a page that nobody is signed in on, nor by any other page', async ({ page }) => {
    const files = watchMapFiles(page)
    await page.goto('/ride.html')
    await expect(page).toHaveURL(/signin/)
    for (const path of ['/', '/register.html', '/signin.html', '/account.html']) {
      await page.goto(path, { waitUntil: 'networkidle' })
    }
    expect(files).toEqual([])
  })

  test('before the map is seen, and then each file once', async ({ page, rider }) => {
    await page.setViewportSize({ width: 320, height: 240 })
    const files = watchMapFiles(page)
    await signIn(page, rider)
    const map = page.getByRole('application', { name: 'Map of the city' })
    await expect(map).not.toBeInViewport()
    await page.waitForLoadState('networkidle')
    expect(files).toEqual([])
    await expect(page.getByRole('button', { name: 'Zoom in' })).toHaveCount(0)

    await showMap(page)
    expect([...files].sort()).toEqual(['/assets/map.css', '/assets/map.js'])
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))
    await requestUnicorn(page)
    await showMap(page)
    await page.waitForLoadState('networkidle')
    expect([...files].sort()).toEqual(['/assets/map.css', '/assets/map.js'])
  })
})

for (const [what, spoil] of [
  [
    'a map that cannot be fetched',
    (page: Page) => page.route(/\/assets\/map-.*\.js/, (route) => route.abort()),
  ],
  [
    'a map without its style',
    (page: Page) => page.route(/\/assets\/map-.*\.css/, (route) => route.abort()),
  ],
  [
    'a map that a new version of the site has put elsewhere',
    (page: Page) =>
      page.route(/\/assets\/map-.*\.js/, (route) =>
        route.fulfill({ status: 404, contentType: 'text/html', body: '<h1>404</h1>' }),
      ),
  ],
] as const) {
  test(`${what} leaves a sentence in its place, and a ride can be had from the list`, async ({
    page,
    rider,
  }) => {
    await spoil(page)
    await signIn(page, rider)
    await meetWithGoodRide(page)
    const note = page.getByText('The map cannot be shown.')
    await expect(note).toHaveText(
      'The map cannot be shown. Choose a place from the list, or load the page again.',
    )
    await expect(page.getByRole('button', { name: 'Zoom in' })).toHaveCount(0)
    await expect(page.getByRole('alert').filter({ visible: true })).toHaveCount(0)
    await choosePlace(page)
    await requestUnicorn(page)
    await expect(updates(page)).toHaveText(goodOutcome)
  })
}

test('the browser lets nothing on the ride page set HTML, and the map has no need of it', async ({
  context,
  site,
  rider,
}) => {
  // The fixture's page would take the last part for trouble.
  const page = await context.newPage()
  const trouble = watchForTrouble(page)
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
  await signIn(page, rider)
  await showMap(page)
  await page.getByRole('button', { name: 'Zoom in' }).click()
  await choosePlace(page)
  await requestUnicorn(page)
  await expect(updates(page).last()).toHaveText(/has arrived/)
  await openTokenLens(page)
  expect(await read('violations')).toEqual([])
  expect(await read('made')).toEqual([])
  expect(trouble).toEqual([])

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

/** A PNG of one colour, 1 × 1. */
function createPng(red: number, green: number, blue: number): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data])
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
    length.writeUInt32BE(data.length)
    sum.writeUInt32BE(crc32(body))
    return Buffer.concat([length, body, sum])
  }
  const header = Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0])
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.from([0, red, green, blue]))),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** As PNG asks for it. @see RFC 2083, section 15 */
function crc32(bytes: Buffer): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return (crc ^ 0xffffffff) >>> 0
}

/** What can be seen of the map: the share of its pixels that have a colour. */
async function shareOfMap(
  { page, browser }: { page: Page; browser: Browser },
  colour: readonly [number, number, number],
): Promise<number> {
  const picture = await page.getByRole('application', { name: 'Map of the city' }).screenshot()
  const reader = await browser.newPage()
  const share = await reader.evaluate(
    async ({ base64, wanted }) => {
      const answer = await fetch(`data:image/png;base64,${base64}`)
      const bitmap = await createImageBitmap(await answer.blob())
      const canvas = new OffscreenCanvas(bitmap.width, bitmap.height)
      const context = canvas.getContext('2d')
      if (!context) throw new Error('no canvas')
      context.drawImage(bitmap, 0, 0)
      const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height)
      let hits = 0
      for (let at = 0; at < data.length; at += 4) {
        if (wanted.every((value, channel) => Math.abs((data[at + channel] ?? 0) - value) < 8)) {
          hits += 1
        }
      }
      return hits / (data.length / 4)
    },
    { base64: picture.toString('base64'), wanted: [...colour] },
  )
  await reader.close()
  return share
}

test.describe('with tiles', () => {
  const red = [200, 30, 40] as const
  const png = { contentType: 'image/png', body: createPng(...red) }
  const map = {
    tileUrl: '/tiles/{z}/{x}/{y}.png',
    attribution: '© <b>Makers</b> of maps &amp; <img src=x onerror="__pwned = 1">',
  }
  const missing =
    'Parts of the map cannot be loaded. You can choose a place from the list all the same.'

  test.use({ contextOptions: { reducedMotion: 'reduce' } })

  test('they are what is seen, and their makers are named, in text', async ({
    page,
    browser,
    site,
    rider,
  }) => {
    await useSettings(page, site, { map })
    const asked: string[] = []
    await page.route('**/tiles/**', (route) => {
      asked.push(new URL(route.request().url()).pathname)
      return route.fulfill(png)
    })
    await signIn(page, rider)
    await showMap(page)
    await expect.poll(() => shareOfMap({ page, browser }, red)).toBeGreaterThan(0.8)
    await expect(page.getByText(map.attribution, { exact: true })).toBeVisible()
    expect(await page.evaluate(() => Reflect.get(window, '__pwned'))).toBeUndefined()
    expect(asked.length).toBeGreaterThan(0)
    for (const path of asked) expect(path).toMatch(/^\/tiles\/\d+\/\d+\/\d+\.png$/)

    const zoomOf = (path = '') => Number(path.split('/')[2])
    const before = zoomOf(asked.at(-1))
    await page.getByRole('button', { name: 'Zoom in' }).click()
    await expect.poll(() => zoomOf(asked.at(-1))).toBe(before + 1)
    await expect(page.getByRole('status')).toHaveText('')

    const { x, y } = await toPixel(page, spaceNeedle)
    await page.mouse.click(x, y)
    await expectPickup(page, 'Space Needle')
    await requestUnicorn(page)
    await expect(updates(page).last()).toHaveText(/has arrived/)
    await expect(unicornOnMap(page)).toBeVisible()
  })

  for (const [what, answer] of [
    ['are not there', { status: 404, contentType: 'text/html', body: '<h1>404</h1>' }],
    ['are refused', { status: 403, body: '' }],
    ['are no pictures', { contentType: 'image/png', body: 'no picture' }],
    ['cannot be reached', undefined],
  ] as const) {
    test(`that ${what} are told of once; the drawn city shows, and a ride can be had`, async ({
      page,
      browser,
      site,
      rider,
    }) => {
      await useSettings(page, site, { map })
      let tiles = 0
      await page.route('**/tiles/**', (route) => {
        tiles += 1
        return answer ? route.fulfill(answer) : route.abort('namenotresolved')
      })
      await signIn(page, rider)
      await showMap(page)
      const status = page.getByRole('status')
      await expect(status).toHaveText(missing)
      // The drawn city, in no colour of a tile.
      expect(await shareOfMap({ page, browser }, red)).toBe(0)
      await expect(page.getByRole('alert').filter({ visible: true })).toHaveCount(0)
      await status.evaluate((line) => {
        line.textContent = ''
      })
      const before = tiles
      await page.getByRole('button', { name: 'Zoom in' }).click()
      await expect.poll(() => tiles).toBeGreaterThan(before)
      await choosePlace(page)
      await requestUnicorn(page)
      await expect(updates(page).last()).toHaveText(/has arrived/)
      await expect(status).toHaveText('')
    })
  }

  test('that do not come keep nobody waiting', async ({ page, site, rider }) => {
    await useSettings(page, site, { map })
    let tiles = 0
    await page.route('**/tiles/**', () => {
      tiles += 1
    })
    await signIn(page, rider)
    await showMap(page)
    await expect.poll(() => tiles).toBeGreaterThan(0)
    const { x, y } = await toPixel(page, spaceNeedle)
    await page.mouse.click(x, y)
    await expectPickup(page, 'Space Needle')
    await requestUnicorn(page)
    await expect(updates(page).last()).toHaveText(/has arrived/)
    await expect(page.getByRole('status')).toHaveText('')
  })

  const host = 'https://tiles.example.com'
  const foreignMap = { tileUrl: `${host}/{z}/{x}/{y}.png`, attribution: 'Makers of maps' }

  test('of a host that the site’s headers leave out are told of, and the console names the header', async ({
    context,
    site,
    rider,
  }) => {
    // The fixture's page would take the browser's own complaints for trouble.
    const page = await context.newPage()
    const warnings: string[] = []
    page.on('console', (message) => {
      if (message.type() === 'warning') warnings.push(message.text())
    })
    const errors: Error[] = []
    page.on('pageerror', (error) => errors.push(error))
    const fetched: string[] = []
    await page.route(`${host}/**`, (route) => {
      fetched.push(route.request().url())
      return route.fulfill(png)
    })
    await useSettings(page, site, { map: foreignMap })
    await signIn(page, rider)
    await showMap(page)
    await expect(page.getByRole('status')).toHaveText(missing)
    await expect.poll(() => warnings.length).toBe(1)
    expect(warnings[0]).toContain(host)
    expect(warnings[0]).toContain('img-src')
    await expect(page.getByText('img-src')).toHaveCount(0)
    await choosePlace(page)
    await requestUnicorn(page)
    await expect(updates(page).last()).toHaveText(/has arrived/)
    expect(fetched).toEqual([])
    expect(errors).toEqual([])
  })

  test('of a host that the site’s headers list are seen', async ({ browser, site, rider }) => {
    const front = await openFront(site, {
      settings: { map: foreignMap },
      allowed: { 'img-src': host },
    })
    const page = await browser.newPage({ baseURL: front.origin, reducedMotion: 'reduce' })
    const trouble = watchForTrouble(page)
    await page.route(`${host}/**`, (route) => route.fulfill(png))
    await signIn(page, rider)
    await showMap(page)
    await expect.poll(() => shareOfMap({ page, browser }, red)).toBeGreaterThan(0.8)
    expect(trouble).toEqual([])
    await page.close()
    front.close()
  })

  test.describe('a position beyond the drawn city', () => {
    test.use({
      permissions: ['geolocation'],
      geolocation: { latitude: 48.8584, longitude: 2.2945 },
    })

    test('is a pick-up as good as any', async ({ page, site, rider }) => {
      await useSettings(page, site, { map })
      await page.route('**/tiles/**', (route) => route.fulfill(png))
      await signIn(page, rider)
      await showMap(page)
      await page.getByRole('button', { name: 'Use my position' }).click()
      await expect(page.getByRole('status')).toHaveText('Your position is the pick-up now.')
      await expectPickup(page, '48.85840, 2.29450')
      await expect(pinOnMap(page)).toBeInViewport()
      await requestUnicorn(page)
      await expect(updates(page).last()).toHaveText(/has arrived/)
      await expect(unicornOnMap(page)).toBeInViewport()
    })
  })
})

test('signing out takes the mark and the unicorn off the map', async ({ page, rider }) => {
  await signIn(page, rider)
  await meetWithGoodRide(page)
  await showMap(page)
  await choosePlace(page)
  await requestUnicorn(page)
  await expect(updates(page)).toHaveText([requesting, /is on her way/])
  await page.evaluate(() => {
    addEventListener('pagehide', () => {
      sessionStorage.setItem('lastPictures', String(document.querySelectorAll('#map img').length))
    })
  })
  await page.getByRole('button', { name: 'Sign out' }).click()
  await expectSignInPage(page, 'You are signed out.')
  expect(await page.evaluate(() => sessionStorage.getItem('lastPictures'))).toBe('0')
  await signIn(page, rider)
  await expectRidePage(page)
  await expect(pickup(page)).toHaveText(noPickup)
})
