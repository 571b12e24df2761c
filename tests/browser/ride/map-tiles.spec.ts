/** A map of tiles, and tiles that fail to load. */

import { deflateSync } from 'node:zlib'
import type { Browser, Page } from '@playwright/test'
import { expect, test, watchForPageErrors } from '../support/fixtures.ts'
import { openProxy } from '../support/proxy.ts'
import {
  choosePlace,
  expectPickup,
  letUnicornArrive,
  pinOnMap,
  requestUnicorn,
  scrollToMap,
  spaceNeedle,
  toPixel,
  unicornOnMap,
  useSettings,
} from '../support/ride-actions.ts'
import { openSignedIn } from '../support/rider-actions.ts'

test.use({ rideApi: true })

test.beforeEach(async ({ site, rider }) => {
  await site.pool.createConfirmedUser(rider)
})

/** A PNG of one color, 1 × 1. */
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

/** The CRC of a PNG chunk. @see RFC 2083, section 15 */
function crc32(bytes: Buffer): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return (crc ^ 0xffffffff) >>> 0
}

/** @returns the share of the map's pixels on the screen that have this color */
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
  const missing = "Parts of the map can't be loaded. You can still choose a place from the list."

  test.use({ contextOptions: { reducedMotion: 'reduce' } })

  test('map tiles: tiles cover the map, and their attribution is shown as text', async ({
    page,
    browser,
    site,
    rider,
  }) => {
    await useSettings(page, site, { map })
    const requested: string[] = []
    await page.route('**/tiles/**', (route) => {
      requested.push(new URL(route.request().url()).pathname)
      return route.fulfill(png)
    })
    await openSignedIn(page, site, rider)
    await scrollToMap(page)
    await expect.poll(() => shareOfMap({ page, browser }, red)).toBeGreaterThan(0.8)
    await expect(page.getByText(map.attribution, { exact: true })).toBeVisible()
    expect(await page.evaluate(() => Reflect.get(window, '__pwned'))).toBeUndefined()
    expect(requested.length).toBeGreaterThan(0)
    for (const path of requested) expect(path).toMatch(/^\/tiles\/\d+\/\d+\/\d+\.png$/)

    const zoomOf = (path = '') => Number(path.split('/')[2])
    const before = zoomOf(requested.at(-1))
    await page.getByRole('button', { name: 'Zoom in' }).click()
    await expect.poll(() => zoomOf(requested.at(-1))).toBe(before + 1)
    await expect(page.getByRole('status')).toHaveText('')

    const { x, y } = await toPixel(page, spaceNeedle)
    await page.mouse.click(x, y)
    await expectPickup(page, 'Space Needle')
    await requestUnicorn(page)
    await letUnicornArrive(page)
    await expect(unicornOnMap(page)).toBeVisible()
  })

  for (const [what, answer] of [
    ['give a 404', { status: 404, contentType: 'text/html', body: '<h1>404</h1>' }],
    ['give a 403', { status: 403, body: '' }],
    ['are no images', { contentType: 'image/png', body: 'no picture' }],
    ['cannot be reached', undefined],
  ] as const) {
    test(`map tiles: tiles that ${what} are reported once, the drawn city shows, and a ride can be requested`, async ({
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
      await openSignedIn(page, site, rider)
      await scrollToMap(page)
      const status = page.getByRole('status')
      await expect(status).toHaveText(missing)
      // The drawn city has no pixel in the color of the tiles.
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
      await letUnicornArrive(page)
      await expect(status).toHaveText('')
    })
  }

  test('map tiles: tiles that never arrive do not delay a ride', async ({ page, site, rider }) => {
    await useSettings(page, site, { map })
    let tiles = 0
    await page.route('**/tiles/**', () => {
      tiles += 1
    })
    await openSignedIn(page, site, rider)
    await scrollToMap(page)
    await expect.poll(() => tiles).toBeGreaterThan(0)
    const { x, y } = await toPixel(page, spaceNeedle)
    await page.mouse.click(x, y)
    await expectPickup(page, 'Space Needle')
    await requestUnicorn(page)
    await letUnicornArrive(page)
    await expect(page.getByRole('status')).toHaveText('')
  })

  const host = 'https://tiles.example.com'
  const foreignMap = { tileUrl: `${host}/{z}/{x}/{y}.png`, attribution: 'Makers of maps' }

  test('CSP: a tile host that img-src does not list is reported, with a console warning that names the header', async ({
    context,
    site,
    rider,
  }) => {
    // A page of its own: the fixture's page would report the policy violations.
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
    await openSignedIn(page, site, rider)
    await scrollToMap(page)
    await expect(page.getByRole('status')).toHaveText(missing)
    await expect.poll(() => warnings.length).toBe(1)
    expect(warnings[0]).toContain(host)
    expect(warnings[0]).toContain('img-src')
    await expect(page.getByText('img-src')).toHaveCount(0)
    await choosePlace(page)
    await requestUnicorn(page)
    await letUnicornArrive(page)
    expect(fetched).toEqual([])
    expect(errors).toEqual([])
  })

  test('CSP: tiles of a host that img-src lists are shown', async ({ browser, site, rider }) => {
    const proxy = await openProxy(site, {
      settings: { map: foreignMap },
      allowed: { 'img-src': host },
    })
    const page = await browser.newPage({ baseURL: proxy.origin, reducedMotion: 'reduce' })
    const pageErrors = watchForPageErrors(page)
    await page.route(`${host}/**`, (route) => route.fulfill(png))
    await openSignedIn(page, site, rider)
    await scrollToMap(page)
    await expect.poll(() => shareOfMap({ page, browser }, red)).toBeGreaterThan(0.8)
    expect(pageErrors).toEqual([])
    await page.close()
    proxy.close()
  })

  test.describe('with a position outside the drawn city', () => {
    test.use({
      permissions: ['geolocation'],
      geolocation: { latitude: 48.8584, longitude: 2.2945 },
    })

    test('map tiles: a position outside the drawn city can be the pick-up', async ({
      page,
      site,
      rider,
    }) => {
      await useSettings(page, site, { map })
      await page.route('**/tiles/**', (route) => route.fulfill(png))
      await openSignedIn(page, site, rider)
      await scrollToMap(page)
      await page.getByRole('button', { name: 'Use my location' }).click()
      await expect(page.getByRole('status')).toHaveText('Your pick-up point is your location.')
      await expectPickup(page, '48.85840, 2.29450')
      await expect(pinOnMap(page)).toBeInViewport()
      await requestUnicorn(page)
      await letUnicornArrive(page)
      await expect(unicornOnMap(page)).toBeInViewport()
    })
  })
})
