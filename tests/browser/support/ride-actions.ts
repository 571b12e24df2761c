/** What riders do on the ride page, and how tests stand in for the ride API behind it. */

import { runInNewContext } from 'node:vm'
import { expect, type Locator, type Page, type Request, type Route } from '@playwright/test'
import { cityBounds } from '../../../src/site/ride/places.ts'
import type { Site } from './fixtures.ts'

export interface Point {
  readonly latitude: number
  readonly longitude: number
}

/** Where it stands in Seattle; the map and the list know it by this name. */
export const spaceNeedle: Point = { latitude: 47.6205, longitude: -122.3493 }

export const requestingUpdate = 'Requesting a unicorn…'
export const noPickup = 'Pick-up: not set yet'

/** A response of the ride API. */
export const sampleRide = {
  RideId: '7a0bcbd5-2fd4-4dd6-b2dc-0ae4ea6a1f56',
  Unicorn: { Name: 'Celeste', Color: 'White', Gender: 'Female' },
  Eta: '30 seconds',
}
export const sampleRideUpdates = [
  requestingUpdate,
  'Celeste, your white unicorn, is on the way and arrives in 30 seconds.',
  'Celeste has arrived. Giddy up!',
]

export function requestButton(page: Page): Locator {
  return page.getByRole('button', { name: 'Request unicorn' })
}

export function updates(page: Page): Locator {
  return page.getByRole('log', { name: 'Updates on your ride' }).getByRole('listitem')
}

export function pickup(page: Page): Locator {
  return page.getByText(/^Pick-up:/)
}

export async function choosePlace(page: Page, name = 'Space Needle'): Promise<void> {
  await page.getByLabel('Or choose a place').selectOption(name)
  await expectPickup(page, name)
}

export async function expectPickup(page: Page, name: string | RegExp): Promise<void> {
  await expect(pickup(page)).toHaveText(typeof name === 'string' ? `Pick-up: ${name}` : name)
}

export async function requestUnicorn(page: Page): Promise<void> {
  await requestButton(page).click()
}

/** The button is enabled again. */
export async function expectRequestEnabled(page: Page): Promise<void> {
  await expect(requestButton(page)).toBeEnabled()
  await expect(requestButton(page)).not.toHaveAttribute('aria-disabled', 'true')
}

/** Scrolls to the map. @returns the drawn city */
export async function scrollToMap(page: Page): Promise<Locator> {
  const city = page.locator('#map svg')
  await page.getByRole('application', { name: 'Map of the city' }).scrollIntoViewIfNeeded()
  await expect(city).toBeVisible()
  return city
}

export function unicornOnMap(page: Page): Locator {
  return page.locator('#map img[src="/images/unicorn.svg"]')
}

export function pinOnMap(page: Page): Locator {
  return page.locator('#map img[src="/images/pin.svg"]')
}

/** The position of a point on the screen, by the Mercator projection from the edges of the drawn city. */
export async function toPixel(page: Page, { latitude, longitude }: Point) {
  const box = await page.locator('#map svg').boundingBox()
  if (!box) throw new Error('the map is not visible')
  const { north, south, west, east } = cityBounds
  const toY = (degrees: number) => Math.log(Math.tan(Math.PI / 4 + (degrees * Math.PI) / 360))
  return {
    x: box.x + (box.width * (longitude - west)) / (east - west),
    y: box.y + (box.height * (toY(north) - toY(latitude))) / (toY(north) - toY(south)),
  }
}

/** The same point, to about two pixels of the whole city. */
export function expectNear(actual: Point, expected: Point): void {
  expect(Math.abs(actual.latitude - expected.latitude)).toBeLessThan(0.0006)
  expect(Math.abs(actual.longitude - expected.longitude)).toBeLessThan(0.0008)
}

export interface RideRequest {
  readonly url: string
  readonly authorization: string
  readonly body: unknown
}

/** @returns the requests for rides from now on, as they are sent */
export function watchRides(page: Page): readonly RideRequest[] {
  const rides: RideRequest[] = []
  page.on('request', (request) => {
    if (isRide(request)) rides.push(readRide(request))
  })
  return rides
}

/** The pick-up of a request for a ride. */
export function pickupOf({ body }: RideRequest): Point {
  const { PickupLocation } = JSON.parse(JSON.stringify(body))
  return { latitude: PickupLocation.Latitude, longitude: PickupLocation.Longitude }
}

/** Handles requests for rides in place of the API. */
export async function routeRides(
  page: Page,
  handler: (route: Route) => Promise<void> | void,
): Promise<void> {
  await page.route('**/ride', (route) =>
    isRide(route.request()) ? handler(route) : route.fallback(),
  )
}

export interface HeldRides {
  readonly routes: readonly Route[]
  /** Answers the first one, even when the page does not wait for it any more. */
  release(answer: Parameters<Route['fulfill']>[0]): Promise<void>
}

/** Holds requests for rides. */
export async function holdRides(page: Page): Promise<HeldRides> {
  const routes: Route[] = []
  await routeRides(page, (route) => void routes.push(route))
  return {
    routes,
    async release(answer) {
      await routes[0]?.fulfill(answer).catch(() => undefined)
    },
  }
}

function isRide(request: Request): boolean {
  return request.method() === 'POST' && new URL(request.url()).pathname.endsWith('/ride')
}

function readRide(request: Request): RideRequest {
  return {
    url: request.url(),
    authorization: request.headers().authorization ?? '',
    body: request.postDataJSON(),
  }
}

/** The /js/config.js of these settings with some sections replaced. */
export function toConfigScript(script: string, changes: Readonly<Record<string, unknown>>): string {
  const window: { _config?: Readonly<Record<string, unknown>> } = {}
  runInNewContext(script, { window })
  return `window._config = ${JSON.stringify({ ...window._config, ...changes })}`
}

/** Serves the site's settings with some sections replaced. */
export async function useSettings(
  page: Page,
  site: Site,
  changes: Readonly<Record<string, unknown>>,
): Promise<void> {
  const answer = await fetch(`${site.origin}/js/config.js`)
  const body = toConfigScript(await answer.text(), changes)
  await page.route('**/js/config.js', (route) =>
    route.fulfill({ contentType: 'text/javascript', body }),
  )
}

/** The card of a ride that is accepted. */
export function rideCard(page: Page): Locator {
  return page.locator('#ride-card')
}

/** The time passes that the ride API promises. The page looks at its clock every second, so the clock must run. */
export async function passRideTime(page: Page): Promise<void> {
  await page.clock.setSystemTime((await page.evaluate(() => Date.now())) + 30_000)
}

/** The unicorn is on the way, and arrives when the promised time has passed. */
export async function letUnicornArrive(page: Page): Promise<void> {
  await expect(updates(page).last()).toHaveText(/is on the way/)
  await passRideTime(page)
  await expect(updates(page).last()).toHaveText(/has arrived/)
}

export async function expectArrival(page: Page): Promise<void> {
  await letUnicornArrive(page)
  await expect(updates(page)).toHaveText([
    requestingUpdate,
    /^\w+, your [a-z ]+ unicorn, is on the way and arrives in 30 seconds\.$/,
    /^\w+ has arrived\. Giddy up!$/,
  ])
}
