/** When the ride API, the network or the session fails, the page shows one plain sentence and keeps the pick-up. */

import type { ServerResponse } from 'node:http'
import type { Page, Route } from '@playwright/test'
import { expectSignInPage, signOut, storedToken } from '../support/account-actions.ts'
import { watchCalls } from '../support/calls.ts'
import { watchForBfcacheRestore } from '../support/chromium.ts'
import { stopClock } from '../support/clocks.ts'
import { expect, poolApi, test, watchForPageErrors } from '../support/fixtures.ts'
import { sessionEnded } from '../support/messages.ts'
import { brokenResponses, openProxy } from '../support/proxy.ts'
import {
  choosePlace,
  expectPickup,
  expectRequestEnabled,
  holdRides,
  letUnicornArrive,
  noPickup,
  pickup,
  pickupOf,
  requestButton,
  requestingUpdate,
  requestUnicorn,
  rideCard,
  routeRides,
  sampleRide,
  sampleRideUpdates,
  spaceNeedle,
  updates,
  watchRides,
} from '../support/ride-actions.ts'
import {
  expectRideError,
  openRideFormWithPickup,
  pickupKept,
  rawText,
  rideTrouble,
  rideUnreachable,
} from '../support/ride-errors.ts'
import { expectRidePage, submitSignIn, tokenKeys } from '../support/rider-actions.ts'
import { openSignOut } from '../support/user-menu.ts'

test.use({ rideApi: true, contextOptions: { reducedMotion: 'reduce' } })

const forbidden = `Your account can't request unicorns. Ask the operator of this site. ${pickupKept}`
const tooMany = `Too many requests right now. Wait a moment, then try again. ${pickupKept}`
const placeRefused = `Unicorns don't fly to this place. Choose another one. ${pickupKept}`
const unreadable = `We can't read the ride service's answer. A unicorn may still be on the way. ${pickupKept}`
const noRideApi = `There's no ride service where this site looks for one. Ask the operator of this site. ${pickupKept}`
const tooLarge = `Your account holds more than the ride service can take. Ask the operator of this site. ${pickupKept}`
const moved = `The ride service has moved. Ask the operator of this site. ${pickupKept}`
const offline = `You seem to be offline. Try again when you have a connection. ${pickupKept}`
const tooLong = `The ride service is taking too long to answer. A unicorn may still be on the way. ${pickupKept}`
const interrupted = 'You left the page before we got an answer. A unicorn may be on the way.'

async function expectNextRide(page: Page): Promise<void> {
  await page.unrouteAll({ behavior: 'ignoreErrors' })
  const before = await updates(page).count()
  await requestUnicorn(page)
  await letUnicornArrive(page)
  await expect(updates(page)).toHaveCount(before + 3)
}

const withUnicorn = (changes: Readonly<Record<string, unknown>>) => ({
  ...sampleRide,
  Unicorn: { ...sampleRide.Unicorn, ...changes },
})

const html = { contentType: 'text/html', body: '<h1>Bad gateway</h1><script>__pwned = 1</script>' }

const answers: readonly (readonly [string, Parameters<Route['fulfill']>[0], string])[] = [
  ['forbids the rider to ride', { status: 403, json: { message: 'Forbidden' } }, forbidden],
  ['fails', { status: 500, json: { message: 'Internal Server Error' } }, rideTrouble],
  ['fails with an empty body', { status: 500, body: '' }, rideTrouble],
  ['is behind a bad gateway', { status: 502, ...html }, rideTrouble],
  ['is unavailable', { status: 503, json: { message: 'Service Unavailable' } }, rideTrouble],
  ['times out behind a gateway', { status: 504, body: 'Endpoint timed out' }, rideTrouble],
  ['has no such path', { status: 404, json: { message: 'Not Found' } }, noRideApi],
  ['does not allow the method', { status: 405, body: '' }, noRideApi],
  ['does not take JSON', { status: 415, body: '' }, noRideApi],
  ['is gone', { status: 410, body: '' }, noRideApi],
  ['does not know the method', { status: 501, ...html }, noRideApi],
  ['takes no header as large as the token', { status: 431, body: '' }, tooLarge],
  ['takes no request as large', { status: 413, body: '' }, tooLarge],
  ['is behind an nginx that takes no header as large', { status: 494, ...html }, tooLarge],
  ['waited too long for the request', { status: 408, body: '' }, rideTrouble],
  ['redirects', { status: 307, headers: { Location: '/elsewhere' } }, moved],
  [
    'redirects to another host',
    { status: 301, headers: { Location: 'https://elsewhere.test/ride' } },
    moved,
  ],
  [
    'rejects the place',
    { status: 400, json: { message: 'PickupLocation is missing' } },
    placeRefused,
  ],
  ['cannot process the place', { status: 422, json: { error: 'x' } }, placeRefused],
  ['responds with an empty body', { status: 200, body: '' }, unreadable],
  ['responds with no content', { status: 204 }, unreadable],
  ['responds with an HTML page', { status: 200, ...html }, unreadable],
  ['responds with null', { json: null }, unreadable],
  ['responds with a list', { json: [] }, unreadable],
  ['responds with a number', { json: 7 }, unreadable],
  ['responds with a string', { json: 'Celeste' }, unreadable],
  ['responds with half an object', { body: '{"RideId":"7a0b' }, unreadable],
  ['responds with bytes that are not UTF-8', { body: Buffer.from([0xff, 0xfe, 0]) }, unreadable],
  ['responds with a million characters', { body: 'x'.repeat(1_000_000) }, unreadable],
  ['sends no unicorn', { json: { RideId: 'x', Eta: '30 seconds' } }, unreadable],
  ['sends null for a unicorn', { json: { ...sampleRide, Unicorn: null } }, unreadable],
  [
    'sends a list of unicorns',
    { json: { ...sampleRide, Unicorn: [sampleRide.Unicorn] } },
    unreadable,
  ],
  ['sends a number for a name', { json: withUnicorn({ Name: 7 }) }, unreadable],
  ['sends a blank name', { json: withUnicorn({ Name: ' \t' }) }, unreadable],
  ['sends a unicorn without a color', { json: withUnicorn({ Color: null }) }, unreadable],
  ['sends an object for a color', { json: withUnicorn({ Color: { a: 1 } }) }, unreadable],
  ['sends a name of 201 characters', { json: withUnicorn({ Name: 'N'.repeat(201) }) }, unreadable],
  ['sends a name of 5 MB', { json: withUnicorn({ Name: 'N'.repeat(5_000_000) }) }, unreadable],
  ['sends a color of 5 MB', { json: withUnicorn({ Color: 'N'.repeat(5_000_000) }) }, unreadable],
  ['sends no ride id', { json: { ...sampleRide, RideId: undefined } }, unreadable],
  [
    'sends inherited property names',
    { json: { __proto__: sampleRide, constructor: {} } },
    unreadable,
  ],
]

test('ride API error: every error and malformed response gives one sentence and shows nothing of the response, after one request', async ({
  page,
  site,
  rider,
}) => {
  await openRideFormWithPickup(page, site, rider)
  const rides = watchRides(page)
  for (const [index, [what, answer, sentence]] of answers.entries()) {
    await test.step(`an API that ${what}`, async () => {
      await routeRides(page, (route) => route.fulfill(answer))
      await requestUnicorn(page)
      await expectRideError(page, sentence, 2 * index)
      expect(rides).toHaveLength(index + 1)
      await page.unrouteAll()
    })
  }
  expect(await page.evaluate(() => Reflect.get(window, '__pwned'))).toBeUndefined()
  await expectNextRide(page)
  expect(rides.map(pickupOf)).toEqual(Array.from({ length: answers.length + 1 }, () => spaceNeedle))
})

const onTheWay = 'Celeste, your white unicorn, is on the way.'
const unusualRides: readonly (readonly [string, unknown, string])[] = [
  ['no gender', withUnicorn({ Gender: undefined }), sampleRideUpdates[1] ?? ''],
  ['a stallion', withUnicorn({ Gender: 'Male' }), sampleRideUpdates[1] ?? ''],
  ['no time', { ...sampleRide, Eta: undefined }, onTheWay],
  ['a number for a time', { ...sampleRide, Eta: 30 }, onTheWay],
  ['a time in words', { ...sampleRide, Eta: 'when the moon is up' }, onTheWay],
  ['a time of 5 MB', { ...sampleRide, Eta: '9'.repeat(5_000_000) }, onTheWay],
  [
    'a name of 200 characters',
    withUnicorn({ Name: 'C'.repeat(200) }),
    `${'C'.repeat(200)}, your white unicorn, is on the way and arrives in 30 seconds.`,
  ],
  [
    'more than was asked for',
    { ...sampleRide, Rider: 'x', Cost: { a: [] } },
    sampleRideUpdates[1] ?? '',
  ],
]

for (const [what, headers, shortest, longest] of [
  ['as long as Retry-After says', { 'Retry-After': '40' }, 40, 40],
  ['a few seconds without Retry-After', {}, 3, 13],
  ['a few seconds where it is a date', { 'Retry-After': new Date(0).toUTCString() }, 3, 13],
] as const) {
  test(`ride API limit: after a 429 the button counts down ${what}, and no request is sent meanwhile`, async ({
    page,
    site,
    rider,
  }) => {
    await page.clock.install()
    await openRideFormWithPickup(page, site, rider)
    await stopClock(page)
    const rides = watchRides(page)
    await routeRides(page, (route) =>
      route.fulfill({ status: 429, headers, json: { message: 'Too Many Requests' } }),
    )
    await requestUnicorn(page)
    await expect(updates(page).last()).toHaveText(tooMany)
    const button = requestButton(page)
    await expect(button).toHaveText(/^Request unicorn in \d+ s$/)
    const seconds = Number(/\d+/.exec((await button.textContent()) ?? '')?.[0])
    expect(seconds).toBeGreaterThanOrEqual(shortest)
    expect(seconds).toBeLessThanOrEqual(longest)
    await page.clock.runFor((seconds - 1) * 1000)
    await button.click({ force: true })
    await expect(button).toHaveText('Request unicorn in 1 s')
    expect(rides).toHaveLength(1)
    await page.clock.runFor(1000)
    await expect(button).toHaveText('Request unicorn')
    await expect(button).not.toHaveAttribute('aria-disabled')
    await page.clock.resume()
    await expectNextRide(page)
    expect(rides).toHaveLength(2)
  })
}

test('ride API: a response without gender or time, or with more than was asked for, is still a ride', async ({
  page,
  site,
  rider,
}) => {
  await openRideFormWithPickup(page, site, rider)
  for (const [index, [what, json, words]] of unusualRides.entries()) {
    await test.step(`a ride with ${what}`, async () => {
      await routeRides(page, (route) => route.fulfill({ status: 201, json }))
      await choosePlace(page)
      await requestUnicorn(page)
      await letUnicornArrive(page)
      await expect(updates(page)).toHaveCount(3 * (index + 1))
      await expect(updates(page).nth(-2)).toHaveText(words)
      await page.unrouteAll()
    })
  }
  for (const text of await updates(page).allTextContents()) expect(text).not.toMatch(rawText)
})

test('401: a token that the ride API rejects is refreshed once, and the ride goes on', async ({
  page,
  site,
  rider,
}) => {
  await openRideFormWithPickup(page, site, rider)
  const rides = watchRides(page)
  const refreshes = watchCalls(page, 'GetTokensFromRefreshToken')
  await routeRides(page, (route) =>
    rides.length === 1
      ? route.fulfill({ status: 401, json: { message: 'Unauthorized' } })
      : route.fulfill({ status: 201, json: sampleRide }),
  )
  // A minute passes for the pool, so that the next token differs.
  await site.pool.advanceClock(60)
  await requestUnicorn(page)
  await letUnicornArrive(page)
  await expect(updates(page)).toHaveText(sampleRideUpdates)
  expect(refreshes).toHaveLength(1)
  expect(rides).toHaveLength(2)
  const [first, second] = rides
  expect(second?.authorization).not.toBe(first?.authorization)
  expect(second?.authorization).toBe(await storedToken(page, 'idToken'))
  expect(second?.body).toEqual(first?.body)
  await expectRequestEnabled(page)
})

test('401: a ride API that rejects a fresh token too ends the session, and the pick-up is kept for this rider alone', async ({
  page,
  site,
  rider,
}) => {
  const other = { ...rider, email: 'other@example.com' }
  await site.pool.createConfirmedUser(other)
  await openRideFormWithPickup(page, site, rider)
  const rides = watchRides(page)
  const refreshes = watchCalls(page, 'GetTokensFromRefreshToken')
  await routeRides(page, (route) => route.fulfill({ status: 401, json: { message: 'x' } }))
  await requestUnicorn(page)
  await expectSignInPage(page, sessionEnded)
  expect(new URL(page.url()).searchParams.get('next')).toBe('/ride.html')
  expect(rides).toHaveLength(2)
  expect(refreshes).toHaveLength(1)
  expect(await tokenKeys(page)).toEqual([])

  await submitSignIn(page, other)
  await expectRidePage(page)
  await expect(pickup(page)).toHaveText(noPickup)
  await expect(page.getByLabel('Or choose a place')).toHaveValue('')
  await expect(updates(page)).toHaveCount(0)

  await page.unrouteAll({ behavior: 'ignoreErrors' })
  await site.pool.call('AdminUserGlobalSignOut', {
    UserPoolId: 'us-east-1_WildRydes',
    Username: other.email,
  })
  await page.reload()
  await expectSignInPage(page, sessionEnded)
  await submitSignIn(page, rider)
  await expectRidePage(page)
  await expectPickup(page, 'Space Needle')
  await requestUnicorn(page)
  await letUnicornArrive(page)
  expect(rides.map(pickupOf)).toEqual([spaceNeedle, spaceNeedle, spaceNeedle])
})

test('401: when a rejected token cannot be refreshed, the page says so and nobody is signed out', async ({
  page,
  site,
  rider,
}) => {
  await openRideFormWithPickup(page, site, rider)
  const rides = watchRides(page)
  await routeRides(page, (route) => route.fulfill({ status: 401, json: { message: 'x' } }))
  await page.route(poolApi, (route) => route.abort('namenotresolved'))
  await requestUnicorn(page)
  await expectRideError(
    page,
    `We couldn't reach the service. Check your connection and try again. ${pickupKept}`,
  )
  expect(rides).toHaveLength(1)
  expect(await tokenKeys(page)).toHaveLength(5)
  await expectNextRide(page)
})

for (const [what, late] of [
  ['a ride', { status: 201, json: sampleRide }],
  ['an error', { status: 403, json: { message: 'Forbidden' } }],
] as const) {
  test(`timeout: a request for a ride is aborted after ten seconds, and ${what} that arrives later is ignored`, async ({
    page,
    site,
    rider,
  }) => {
    await page.clock.install()
    await openRideFormWithPickup(page, site, rider)
    await page.waitForLoadState('networkidle')
    const held = await holdRides(page)
    await stopClock(page)
    await requestUnicorn(page)
    await expect.poll(() => held.routes.length).toBe(1)
    await page.clock.runFor(9900)
    await expect(updates(page)).toHaveText([requestingUpdate])
    await expect(page.locator('#request')).toHaveAttribute('aria-disabled', 'true')
    const aborted = page.waitForEvent('requestfailed')
    await page.clock.runFor(200)
    expect((await aborted).failure()?.errorText).toBe('net::ERR_ABORTED')
    await expectRideError(page, tooLong)
    await held.release(late)
    await page.clock.runFor(20_000)
    await expectRideError(page, tooLong)
    expect(held.routes).toHaveLength(1)
    await page.clock.resume()
    await expectNextRide(page)
  })
}

test('network failures: a ride API that is unreachable or breaks off is reported after one request', async ({
  browser,
  site,
  rider,
}) => {
  let respond: (response: ServerResponse) => void = () => {}
  let posts = 0
  const proxy = await openProxy(site, {
    respondToRide(response) {
      posts += 1
      respond(response)
    },
  })
  const page = await browser.newPage({ baseURL: proxy.origin, reducedMotion: 'reduce' })
  const pageErrors = watchForPageErrors(page)
  await openRideFormWithPickup(page, site, rider)
  for (const [index, [what, breakOff]] of brokenResponses.entries()) {
    await test.step(`a response that breaks off ${what}`, async () => {
      respond = breakOff
      await requestUnicorn(page)
      await expectRideError(page, rideUnreachable, 2 * index)
      expect(posts).toBe(index + 1)
    })
  }
  for (const [index, reason] of (['namenotresolved', 'connectionrefused'] as const).entries()) {
    await test.step(reason, async () => {
      await routeRides(page, (route) => route.abort(reason))
      await requestUnicorn(page)
      await expectRideError(page, rideUnreachable, 2 * (brokenResponses.length + index))
      await page.unrouteAll()
    })
  }
  expect(pageErrors).toEqual([])
  await page.close()
  proxy.close()
})

test('offline: a request for a ride says at once that there is no network, and works when it is back', async ({
  page,
  context,
  site,
  rider,
}) => {
  await openRideFormWithPickup(page, site, rider)
  await context.setOffline(true)
  await requestUnicorn(page)
  await expect(updates(page)).toHaveText([requestingUpdate, offline], { timeout: 1000 })
  await expectRequestEnabled(page)
  await expectPickup(page, 'Space Needle')
  await context.setOffline(false)
  await expectNextRide(page)
})

const markup = [
  '<script>__pwned = 1</script>',
  '<img src=x onerror="__pwned = 1">',
  '<svg onload="__pwned = 1">',
  '<svg><script>__pwned = 1</script></svg>',
  '"><img src=x onerror=__pwned=1>',
  "'><script>__pwned=1</script>",
  '</li></ol><script>__pwned=1</script>',
  '<iframe srcdoc="<script>parent.__pwned=1</script>"></iframe>',
  '<a href="javascript:__pwned=1">press</a>',
  '<body onload=__pwned=1>',
  '<details open ontoggle=__pwned=1>',
  '<style>*{display:none}</style>',
  '<link rel=stylesheet href=//evil.example/x.css>',
  '<meta http-equiv=refresh content="0;url=//evil.example">',
  '<base href=//evil.example/>',
  '<form action=//evil.example><button>x',
  '<object data=//evil.example></object>',
  '<math><mtext><img src onerror=__pwned=1>',
  '<!--<img src="--><img src=x onerror=__pwned=1>">',
  '&lt;b&gt;&#x3c;img src=x onerror=__pwned=1&#x3e;',
  '{{constructor.constructor("__pwned=1")()}}',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: this is what an attacker writes.
  '${__pwned = 1}',
  '%3Cscript%3E__pwned=1%3C/script%3E',
  '\u202e<script>\u0000</script>',
  'javascript:__pwned=1//',
] as const

test('XSS: markup in every member of a ride is shown as text', async ({ page, site, rider }) => {
  await page.clock.install()
  await openRideFormWithPickup(page, site, rider)
  let payload = ''
  await routeRides(page, (route) =>
    route.fulfill({
      status: 201,
      json: {
        RideId: payload,
        Unicorn: { Name: payload, Color: payload, Gender: payload },
        Eta: payload,
        Rider: payload,
      },
    }),
  )
  const foreign: string[] = []
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== site.origin) foreign.push(request.url())
  })
  const elements = await page.locator('main *').count()
  for (const [index, text] of markup.entries()) {
    payload = text
    await choosePlace(page)
    await requestUnicorn(page)
    await expect(updates(page)).toHaveCount(3 * index + 2)
    await page.clock.fastForward(30_000)
    await expect(updates(page)).toHaveCount(3 * (index + 1))
    expect((await updates(page).allTextContents()).slice(-2)).toEqual([
      `${text}, your ${text} unicorn, is on the way.`,
      `${text} has arrived. Giddy up!`,
    ])
    expect(await page.evaluate(() => Reflect.get(window, '__pwned'))).toBeUndefined()
  }
  const map = await page.locator('#map *').count()
  expect(await page.locator('main *').count()).toBeLessThanOrEqual(
    elements + 3 * markup.length + map,
  )
  await expect(updates(page).locator('*')).toHaveCount(0)
  expect(foreign).toEqual([])
})

for (const [what, long] of [
  ['without a place to break', 'N'.repeat(128)],
  ['of many words', 'very long name '.repeat(9)],
  ['of wide characters', '🦄'.repeat(64)],
] as const) {
  test(`long text: a unicorn's name of 128 characters ${what} does not make the page wider than a phone`, async ({
    page,
    site,
    rider,
  }) => {
    await page.setViewportSize({ width: 360, height: 640 })
    await openRideFormWithPickup(page, site, rider)
    await routeRides(page, (route) =>
      route.fulfill({ status: 201, json: withUnicorn({ Name: long, Color: long }) }),
    )
    await requestUnicorn(page)
    await letUnicornArrive(page)
    // One line of it is seen, and the whole is at hand.
    const name = rideCard(page).getByRole('heading')
    await expect(name).toHaveText(long)
    await expect(name.locator('bdi')).toHaveAttribute('title', `${long}, your ${long} unicorn`)
    expect((await name.boundingBox())?.height).toBeLessThan(40)
    expect(
      await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
    ).toBeLessThanOrEqual(0)
    await requestButton(page).scrollIntoViewIfNeeded()
    await expect(requestButton(page)).toBeInViewport()
  })
}

test('double submit: a double click requests one unicorn', async ({ page, site, rider }) => {
  await openRideFormWithPickup(page, site, rider)
  const held = await holdRides(page)
  await requestButton(page).dblclick()
  await expect(page.locator('#request')).toHaveAttribute('aria-disabled', 'true')
  await expect.poll(() => held.routes.length).toBe(1)
  await expect(page.locator('#request')).toHaveText('Requesting…')
  await page.locator('#request').click({ force: true })
  await held.release({ status: 201, json: sampleRide })
  await letUnicornArrive(page)
  await expect(updates(page)).toHaveText(sampleRideUpdates)
  expect(held.routes).toHaveLength(1)
  await expectRequestEnabled(page)
})

test('held key: holding Enter requests one unicorn', async ({ page, site, rider }) => {
  await openRideFormWithPickup(page, site, rider)
  const held = await holdRides(page)
  await requestButton(page).focus()
  for (let repeats = 0; repeats < 10; repeats += 1) await page.keyboard.down('Enter')
  await page.keyboard.up('Enter')
  await expect(page.locator('#request')).toBeFocused()
  await expect.poll(() => held.routes.length).toBe(1)
  await held.release({ status: 201, json: sampleRide })
  await letUnicornArrive(page)
  await expect(updates(page)).toHaveText(sampleRideUpdates)
  expect(held.routes).toHaveLength(1)
})

test('sign-out: a rider who signs out during a request hears no more of it, and their pick-up is removed', async ({
  page,
  site,
  rider,
}) => {
  await openRideFormWithPickup(page, site, rider)
  const revocations = watchCalls(page, 'RevokeToken')
  const held = await holdRides(page)
  await requestUnicorn(page)
  await expect.poll(() => held.routes.length).toBe(1)
  await (await openSignOut(page)).dblclick()
  await expectSignInPage(page, 'You are signed out.')
  await held.release({ status: 201, json: sampleRide })
  await page.unrouteAll({ behavior: 'wait' })
  expect(await page.evaluate(() => JSON.stringify(sessionStorage))).not.toContain('pickup')
  expect(await tokenKeys(page)).toEqual([])
  expect(revocations).toHaveLength(1)
  expect(held.routes).toHaveLength(1)
  await expectSignInPage(page, 'You are signed out.')

  await submitSignIn(page, rider)
  await expectRidePage(page)
  await expect(pickup(page)).toHaveText(noPickup)
  await expect(updates(page)).toHaveCount(0)
})

test('sign-out: a rider who signs out while a unicorn flies leaves no pick-up behind', async ({
  page,
  site,
  rider,
}) => {
  await page.emulateMedia({ reducedMotion: 'no-preference' })
  await openRideFormWithPickup(page, site, rider)
  await expect(page.locator('#map svg')).toBeVisible()
  await requestUnicorn(page)
  await expect(updates(page)).toHaveCount(2)
  await signOut(page)
  expect(await page.evaluate(() => JSON.stringify(sessionStorage))).not.toContain('pickup')
})

test('navigation: a rider who leaves the page during a request sees no error, there or after Back', async ({
  page,
  site,
  rider,
}) => {
  await openRideFormWithPickup(page, site, rider)
  const held = await holdRides(page)
  await requestUnicorn(page)
  await expect.poll(() => held.routes.length).toBe(1)
  await page.getByRole('link', { name: 'Wild Rydes' }).click()
  await expect(page).toHaveURL(`${site.origin}/`)
  await held.release({ status: 201, json: sampleRide })
  await expect(page.getByRole('status')).toHaveText('')
  await page.goBack()
  await expectRidePage(page)
  await expectPickup(page, 'Space Needle')
  await expectRequestEnabled(page)
  await expect(updates(page)).toHaveText([interrupted])
  await expect(page.getByRole('status')).toHaveText('')
  expect(held.routes).toHaveLength(1)
})

test('reload: a rider who reloads during a request is told once that a unicorn may be on the way', async ({
  page,
  site,
  rider,
}) => {
  await openRideFormWithPickup(page, site, rider)
  const held = await holdRides(page)
  await requestUnicorn(page)
  await expect.poll(() => held.routes.length).toBe(1)
  await page.reload()
  await expectRidePage(page)
  await expect(updates(page)).toHaveText([interrupted])
  await expectPickup(page, 'Space Needle')
  await expectRequestEnabled(page)
  expect(held.routes).toHaveLength(1)

  // It is said once.
  await page.reload()
  await expectRidePage(page)
  await expect(updates(page)).toHaveCount(0)
})

test('bfcache: the ride page restored by Back says that the response was not waited for', async ({
  site,
  rider,
  bfcacheBrowser,
}) => {
  const waiting: ServerResponse[] = []
  const proxy = await openProxy(site, { respondToRide: (response) => void waiting.push(response) })
  const page = await bfcacheBrowser.newPage({ baseURL: proxy.origin })
  const pageErrors = watchForPageErrors(page)
  await openRideFormWithPickup(page, site, rider)
  const waitForRestore = await watchForBfcacheRestore(page)
  await requestUnicorn(page)
  await expect.poll(() => waiting.length).toBe(1)
  await page.getByRole('link', { name: 'Wild Rydes' }).click()
  await expect(page).toHaveURL(`${proxy.origin}/`)
  await page.evaluate(() => history.back())
  await waitForRestore()
  waiting[0]?.writeHead(201).end(JSON.stringify(sampleRide))
  await expect(updates(page)).toHaveText([requestingUpdate, interrupted])
  await expectRequestEnabled(page)
  await expectPickup(page, 'Space Needle')
  await expect(page.getByRole('status')).toHaveText('')
  expect(pageErrors).toEqual([])

  // The next request works.
  await requestUnicorn(page)
  await expect.poll(() => waiting.length).toBe(2)
  waiting[1]?.writeHead(201).end(JSON.stringify(sampleRide))
  await letUnicornArrive(page)
  await expect(updates(page)).toHaveText([requestingUpdate, interrupted, ...sampleRideUpdates])
  expect(waiting).toHaveLength(2)
  proxy.close()
})
