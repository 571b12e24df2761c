/** When the ride API, the way to it or the rider's session fails: one plain sentence, and her pick-up is kept. */

import type { ServerResponse } from 'node:http'
import type { Browser, Page, Route } from '@playwright/test'
import { expectSignInPage, signOut, watchCalls } from '../support/account-actions.ts'
import { launchWithBackForwardCache, watchReturn } from '../support/chromium.ts'
import {
  expect,
  poolApi,
  type Rider,
  type Site,
  test,
  watchForTrouble,
} from '../support/fixtures.ts'
import { openFront, type Server, serve } from '../support/proxy.ts'
import {
  choosePlace,
  expectPickup,
  expectReady,
  goodOutcome,
  goodRide,
  holdRides,
  meetRides,
  noPickup,
  pickup,
  pickupOf,
  requestButton,
  requesting,
  requestUnicorn,
  spaceNeedle,
  stopClock,
  updates,
  watchRides,
} from '../support/ride-actions.ts'
import { expectRidePage, fillSignIn, signIn, tokenKeys } from '../support/rider-actions.ts'

test.use({ rideApi: true, contextOptions: { reducedMotion: 'reduce' } })

const kept = 'Your pick-up is kept.'
const forbidden = `Your account may not send for unicorns. Ask the operator of this site. ${kept}`
const trouble = `The ride service has trouble at the moment. Try again in a few minutes. ${kept}`
const tooMany = `There are too many requests at the moment. Wait a moment and try again. ${kept}`
const placeRefused = `The ride service does not go to this place. Choose another one. ${kept}`
const unreadable = `The answer of the ride service could not be read. A unicorn may be on its way all the same. ${kept}`
const unreachable = `The ride service could not be reached. Check your connection and try again. ${kept}`
const offline = `You seem to be offline. Try again when you have a connection. ${kept}`
const tooLong = `The ride service is taking too long to answer. A unicorn may be on its way all the same. ${kept}`
const blockedByCors = `The ride service does not take requests from this site. Only the operator of this site can change that. ${kept}`
const interrupted = 'You left the page before an answer came. A unicorn may be on its way.'
const sessionEnded = 'Your session has ended. Sign in again.'

/** What no rider should ever read. */
const rawText =
  /undefined|\bnull\b|NaN|object Object|Error\b|Exception|TypeError|JSON|fetch|status|<\w|\b[45]\d\d\b|401|CORS/

/** Signed in, with a pick-up chosen. */
async function openDesk(page: Page, site: Site, rider: Rider): Promise<void> {
  await site.pool.createConfirmedUser(rider)
  await signIn(page, rider)
  await choosePlace(page)
}

/** One sentence in the log, everything as before, and the next press does what it should. */
async function expectRefusal(page: Page, sentence: string, before = 0): Promise<void> {
  await expect(updates(page)).toHaveCount(before + 2)
  await expect(updates(page).nth(before)).toHaveText(requesting)
  await expect(updates(page).last()).toHaveText(sentence)
  await expectReady(page)
  await expectPickup(page, 'Space Needle')
  await expect(page.getByRole('status')).toHaveText('')
  await expect(page.getByRole('alert').filter({ visible: true })).toHaveCount(0)
  for (const text of await updates(page).allTextContents()) expect(text).not.toMatch(rawText)
  expect(new URL(page.url()).pathname).toBe('/ride.html')
}

async function expectNextRide(page: Page): Promise<void> {
  await page.unrouteAll({ behavior: 'ignoreErrors' })
  const before = await updates(page).count()
  await requestUnicorn(page)
  await expect(updates(page)).toHaveCount(before + 3)
  await expect(updates(page).last()).toHaveText(/has arrived/)
}

const withUnicorn = (changes: Readonly<Record<string, unknown>>) => ({
  ...goodRide,
  Unicorn: { ...goodRide.Unicorn, ...changes },
})
const html = { contentType: 'text/html', body: '<h1>Bad gateway</h1><script>__pwned = 1</script>' }

const answers: readonly (readonly [string, Parameters<Route['fulfill']>[0], string])[] = [
  ['refuses the rider', { status: 403, json: { message: 'Forbidden' } }, forbidden],
  ['fails', { status: 500, json: { message: 'Internal Server Error' } }, trouble],
  ['fails without a word', { status: 500, body: '' }, trouble],
  ['hides behind a bad gateway', { status: 502, ...html }, trouble],
  ['is away', { status: 503, json: { message: 'Service Unavailable' } }, trouble],
  ['hides behind a gateway’s silence', { status: 504, body: 'Endpoint timed out' }, trouble],
  ['is not there', { status: 404, json: { message: 'Not Found' } }, trouble],
  ['knows no such method', { status: 405, body: '' }, trouble],
  ['has too much to do', { status: 429, json: { message: 'Too Many Requests' } }, tooMany],
  [
    'refuses the place',
    { status: 400, json: { message: 'PickupLocation is missing' } },
    placeRefused,
  ],
  ['cannot work with the place', { status: 422, json: { error: 'x' } }, placeRefused],
  ['answers with nothing', { status: 200, body: '' }, unreadable],
  ['answers with no content', { status: 204 }, unreadable],
  ['answers with a page', { status: 200, ...html }, unreadable],
  ['answers with null', { json: null }, unreadable],
  ['answers with a list', { json: [] }, unreadable],
  ['answers with a number', { json: 7 }, unreadable],
  ['answers with a text', { json: 'Celeste' }, unreadable],
  ['answers with half an object', { body: '{"RideId":"7a0b' }, unreadable],
  ['answers with bytes that are no text', { body: Buffer.from([0xff, 0xfe, 0]) }, unreadable],
  ['answers with a million characters', { body: 'x'.repeat(1_000_000) }, unreadable],
  ['sends no unicorn', { json: { RideId: 'x', Eta: '30 seconds' } }, unreadable],
  ['sends null for a unicorn', { json: { ...goodRide, Unicorn: null } }, unreadable],
  ['sends a list of unicorns', { json: { ...goodRide, Unicorn: [goodRide.Unicorn] } }, unreadable],
  ['sends a number for a name', { json: withUnicorn({ Name: 7 }) }, unreadable],
  ['sends a blank name', { json: withUnicorn({ Name: ' \t' }) }, unreadable],
  ['sends a unicorn without a colour', { json: withUnicorn({ Color: null }) }, unreadable],
  ['sends an object for a colour', { json: withUnicorn({ Color: { a: 1 } }) }, unreadable],
  ['names no ride', { json: { ...goodRide, RideId: undefined } }, unreadable],
  ['names members of every object', { json: { __proto__: goodRide, constructor: {} } }, unreadable],
]

test('whatever the API answers, one sentence is shown, nothing of the answer, after one request', async ({
  page,
  site,
  rider,
}) => {
  await openDesk(page, site, rider)
  const rides = watchRides(page)
  for (const [index, [what, answer, sentence]] of answers.entries()) {
    await test.step(`an API that ${what}`, async () => {
      await meetRides(page, (route) => route.fulfill(answer))
      await requestUnicorn(page)
      await expectRefusal(page, sentence, 2 * index)
      expect(rides).toHaveLength(index + 1)
      await page.unrouteAll()
    })
  }
  expect(await page.evaluate(() => Reflect.get(window, '__pwned'))).toBeUndefined()
  await expectNextRide(page)
  expect(rides.map(pickupOf)).toEqual(Array.from({ length: answers.length + 1 }, () => spaceNeedle))
})

const oddRides: readonly (readonly [string, unknown, string])[] = [
  ['no gender', withUnicorn({ Gender: undefined }), 'is on its way. Expect it in 30 seconds.'],
  [
    'a gender of its own',
    withUnicorn({ Gender: 'Mare' }),
    'is on its way. Expect it in 30 seconds.',
  ],
  ['a stallion', withUnicorn({ Gender: 'Male' }), 'is on his way. Expect him in 30 seconds.'],
  ['no time', { ...goodRide, Eta: undefined }, 'Celeste, your white unicorn, is on her way.'],
  ['a number for a time', { ...goodRide, Eta: 30 }, 'Celeste, your white unicorn, is on her way.'],
  ['more than was asked for', { ...goodRide, Rider: 'x', Cost: { a: [] } }, goodOutcome[1] ?? ''],
]

test('a ride is a ride, whatever is missing that nobody has to know', async ({
  page,
  site,
  rider,
}) => {
  await openDesk(page, site, rider)
  for (const [index, [what, json, words]] of oddRides.entries()) {
    await test.step(`a ride with ${what}`, async () => {
      await meetRides(page, (route) => route.fulfill({ status: 201, json }))
      await choosePlace(page)
      await requestUnicorn(page)
      await expect(updates(page)).toHaveCount(3 * (index + 1))
      await expect(updates(page).nth(-2)).toHaveText(new RegExp(`${words}$`))
      await expect(updates(page).last()).toHaveText('Celeste has arrived. Giddy up!')
      await page.unrouteAll()
    })
  }
  for (const text of await updates(page).allTextContents()) expect(text).not.toMatch(rawText)
})

test('a token that the API refuses is renewed once, and the ride goes on', async ({
  page,
  site,
  rider,
}) => {
  await openDesk(page, site, rider)
  const rides = watchRides(page)
  const renewals = watchCalls(page, 'GetTokensFromRefreshToken')
  await meetRides(page, (route) =>
    rides.length === 1
      ? route.fulfill({ status: 401, json: { message: 'Unauthorized' } })
      : route.fulfill({ status: 201, json: goodRide }),
  )
  // The pool's clock moves on, so that its next token is another one.
  await site.pool.advanceClock(60)
  await requestUnicorn(page)
  await expect(updates(page)).toHaveText(goodOutcome)
  expect(renewals).toHaveLength(1)
  expect(rides).toHaveLength(2)
  const [first, second] = rides
  expect(second?.authorization).not.toBe(first?.authorization)
  expect(second?.authorization).toBe(
    await page.evaluate(() => {
      const key = Object.keys(sessionStorage).find((name) => name.endsWith('.idToken'))
      return sessionStorage.getItem(key ?? '')
    }),
  )
  expect(second?.body).toEqual(first?.body)
  await expectReady(page)
})

test('an API that refuses a fresh token too ends the session, and the pick-up waits for this rider alone', async ({
  page,
  site,
  rider,
}) => {
  const other = { ...rider, email: 'other@example.com' }
  await site.pool.createConfirmedUser(other)
  await openDesk(page, site, rider)
  const rides = watchRides(page)
  const renewals = watchCalls(page, 'GetTokensFromRefreshToken')
  await meetRides(page, (route) => route.fulfill({ status: 401, json: { message: 'x' } }))
  await requestUnicorn(page)
  await expectSignInPage(page, sessionEnded)
  expect(new URL(page.url()).searchParams.get('next')).toBe('/ride.html')
  expect(rides).toHaveLength(2)
  expect(renewals).toHaveLength(1)
  expect(await tokenKeys(page)).toEqual([])

  await fillSignIn(page, other)
  await page.getByRole('button', { name: 'Sign in' }).click()
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
  await fillSignIn(page, rider)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expectRidePage(page)
  await expectPickup(page, 'Space Needle')
  await requestUnicorn(page)
  await expect(updates(page).last()).toHaveText(/has arrived/)
  expect(rides.map(pickupOf)).toEqual([spaceNeedle, spaceNeedle, spaceNeedle])
})

test('a token that is refused while no other can be had is told of, and nobody is signed out', async ({
  page,
  site,
  rider,
}) => {
  await openDesk(page, site, rider)
  const rides = watchRides(page)
  await meetRides(page, (route) => route.fulfill({ status: 401, json: { message: 'x' } }))
  await page.route(poolApi, (route) => route.abort('namenotresolved'))
  await requestUnicorn(page)
  await expectRefusal(
    page,
    `The service could not be reached. Check your connection and try again. ${kept}`,
  )
  expect(rides).toHaveLength(1)
  expect(await tokenKeys(page)).toHaveLength(5)
  await expectNextRide(page)
})

for (const [what, late] of [
  ['a ride', { status: 201, json: goodRide }],
  ['a refusal', { status: 403, json: { message: 'Forbidden' } }],
] as const) {
  test(`an API that is silent for ten seconds is given up, and ${what} that comes then is nobody’s`, async ({
    page,
    site,
    rider,
  }) => {
    await page.clock.install()
    await openDesk(page, site, rider)
    await page.waitForLoadState('networkidle')
    const held = await holdRides(page)
    await stopClock(page)
    await requestUnicorn(page)
    await expect.poll(() => held.routes.length).toBe(1)
    await page.clock.runFor(9900)
    await expect(updates(page)).toHaveText([requesting])
    await expect(requestButton(page)).toHaveAttribute('aria-disabled', 'true')
    const givenUp = page.waitForEvent('requestfailed')
    await page.clock.runFor(200)
    expect((await givenUp).failure()?.errorText).toBe('net::ERR_ABORTED')
    await expectRefusal(page, tooLong)
    await held.release(late)
    await page.clock.runFor(20_000)
    await expectRefusal(page, tooLong)
    expect(held.routes).toHaveLength(1)
    await page.clock.resume()
    await expectNextRide(page)
  })
}

test('an API that cannot be reached, or breaks off, is told of after one request', async ({
  browser,
  site,
  rider,
}) => {
  let cut: (response: ServerResponse) => void = () => {}
  let posts = 0
  const front = await openFront(site, {
    ride(response) {
      posts += 1
      cut(response)
    },
  })
  const page = await browser.newPage({ baseURL: front.origin, reducedMotion: 'reduce' })
  const troubles = watchForTrouble(page)
  await openDesk(page, site, rider)
  const cuts: readonly (readonly [string, typeof cut])[] = [
    ['before a word', (response) => response.destroy()],
    ['after its head', (response) => flushThen(response, '', () => response.destroy())],
    ['in the middle', (response) => flushThen(response, '{"RideId":', () => response.destroy())],
    [
      'by a reset',
      (response) => flushThen(response, '{', () => response.socket?.resetAndDestroy()),
    ],
    ['by words that are no HTTP', (response) => response.socket?.end('\0\0nonsense\r\n\r\n')],
  ]
  for (const [index, [what, cutHere]] of cuts.entries()) {
    await test.step(`cut ${what}`, async () => {
      cut = cutHere
      await requestUnicorn(page)
      await expectRefusal(page, unreachable, 2 * index)
      expect(posts).toBe(index + 1)
    })
  }
  for (const [index, reason] of (['namenotresolved', 'connectionrefused'] as const).entries()) {
    await test.step(reason, async () => {
      await meetRides(page, (route) => route.abort(reason))
      await requestUnicorn(page)
      await expectRefusal(page, unreachable, 2 * (cuts.length + index))
      await page.unrouteAll()
    })
  }
  expect(troubles).toEqual([])
  await page.close()
  front.close()
})

test('offline is said at once, and a ride can be had when the network is back', async ({
  page,
  context,
  site,
  rider,
}) => {
  await openDesk(page, site, rider)
  await context.setOffline(true)
  await requestUnicorn(page)
  await expect(updates(page)).toHaveText([requesting, offline], { timeout: 1000 })
  await expectReady(page)
  await expectPickup(page, 'Space Needle')
  await context.setOffline(false)
  await expectNextRide(page)
})

test.describe('an API of another origin', () => {
  /** @param allows whether its CORS settings name the page's origin */
  async function startApi({ allows }: { readonly allows: boolean }) {
    const methods: string[] = []
    const server = await serve((request, response) => {
      methods.push(request.method ?? '')
      if (allows) {
        response.setHeader('Access-Control-Allow-Origin', request.headers.origin ?? '')
        response.setHeader('Access-Control-Allow-Headers', 'authorization, content-type')
      }
      const status = { OPTIONS: 204, POST: 201 }[request.method ?? ''] ?? 404
      response.writeHead(status, { 'Content-Type': 'application/json' })
      request.resume().once('end', () => response.end(JSON.stringify(goodRide)))
    })
    return { ...server, methods }
  }

  interface Visit {
    readonly page: Page
    readonly front: Server
    /** what the page has said to whoever looks at the console */
    readonly warnings: readonly string[]
    end(): Promise<void>
  }

  /** Opens the ride page of a site whose settings name this API. */
  async function visit(
    { browser, site, rider }: { browser: Browser; site: Site; rider: Rider },
    { invokeUrl, allowed }: { invokeUrl: string; allowed: string },
  ): Promise<Visit> {
    const front = await openFront(site, {
      settings: { api: { invokeUrl } },
      allowed: allowed ? { 'connect-src': allowed } : {},
    })
    const context = await browser.newContext({ baseURL: front.origin, reducedMotion: 'reduce' })
    const page = await context.newPage()
    const errors: Error[] = []
    const warnings: string[] = []
    page.on('pageerror', (error) => errors.push(error))
    page.on('console', (message) => {
      if (message.type() === 'warning') warnings.push(message.text())
    })
    await openDesk(page, site, rider)
    return {
      page,
      front,
      warnings,
      async end() {
        expect(errors).toEqual([])
        await context.close()
        front.close()
      },
    }
  }

  test('is asked like any other, where its CORS settings name this site', async ({
    browser,
    site,
    rider,
  }) => {
    const api = await startApi({ allows: true })
    // A stage at the end, and a slash too many.
    const invokeUrl = `${api.origin}/prod/`
    const { page, warnings, end } = await visit(
      { browser, site, rider },
      { invokeUrl, allowed: api.origin },
    )
    const rides = watchRides(page)
    await requestUnicorn(page)
    await expect(updates(page)).toHaveText(goodOutcome)
    expect(rides.map(({ url }) => url)).toEqual([`${api.origin}/prod/ride`])
    expect(api.methods).toEqual(['OPTIONS', 'POST'])
    expect(warnings).toEqual([])
    await end()
    api.close()
  })

  test('that does not let this site in is told of, and the console says what it lacks', async ({
    browser,
    site,
    rider,
  }) => {
    const api = await startApi({ allows: false })
    const { page, front, warnings, end } = await visit(
      { browser, site, rider },
      { invokeUrl: api.origin, allowed: api.origin },
    )
    await requestUnicorn(page)
    await expectRefusal(page, blockedByCors)
    expect(warnings).toHaveLength(1)
    for (const word of [api.origin, front.origin, 'CORS', 'POST', 'Authorization']) {
      expect(warnings[0]).toContain(word)
    }
    expect(api.methods).not.toContain('POST')
    expect(await tokenKeys(page)).toHaveLength(5)
    await end()
    api.close()
  })

  test('that is not there is a network that failed', async ({ browser, site, rider }) => {
    const api = await startApi({ allows: true })
    api.close()
    const { page, end } = await visit(
      { browser, site, rider },
      { invokeUrl: api.origin, allowed: api.origin },
    )
    await requestUnicorn(page)
    await expectRefusal(page, unreachable)
    await end()
  })

  test('that the site’s own headers leave out is told of, and the console names the header', async ({
    browser,
    site,
    rider,
  }) => {
    const api = await startApi({ allows: true })
    const { page, warnings, end } = await visit(
      { browser, site, rider },
      { invokeUrl: api.origin, allowed: '' },
    )
    await requestUnicorn(page)
    await expectRefusal(
      page,
      `The security headers of this site do not list ${api.origin}. Its operator must add it to them. ${kept}`,
    )
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toContain(api.origin)
    expect(warnings[0]).toContain('connect-src')
    expect(api.methods).toEqual([])
    await end()
    api.close()
  })

  test('shows: a refused token, a site that is not let in and an API that fails are told apart', async ({
    browser,
    site,
    rider,
  }) => {
    const api = await startApi({ allows: false })
    const { page, end } = await visit(
      { browser, site, rider },
      { invokeUrl: api.origin, allowed: api.origin },
    )
    await requestUnicorn(page)
    await expect(updates(page)).toHaveCount(2)
    await meetRides(page, (route) => route.fulfill({ status: 500, body: '' }))
    await requestUnicorn(page)
    await expect(updates(page)).toHaveCount(4)
    const [, blocked, , failed] = await updates(page).allTextContents()
    await meetRides(page, (route) => route.fulfill({ status: 401, body: '' }))
    await requestUnicorn(page)
    await expectSignInPage(page, sessionEnded)
    expect(blocked).toBe(blockedByCors)
    expect(failed).toBe(trouble)
    await end()
    api.close()
  })
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

test('markup in every part of an answer is text', async ({ page, site, rider }) => {
  await openDesk(page, site, rider)
  let payload = ''
  await meetRides(page, (route) =>
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
    await expect(updates(page)).toHaveCount(3 * (index + 1))
    expect((await updates(page).allTextContents()).slice(-2)).toEqual([
      `${text}, your ${text.toLowerCase()} unicorn, is on its way. Expect it in ${text}.`,
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
  ['without a place to break', 'N'.repeat(2000)],
  ['of many words', 'very long name '.repeat(140)],
  ['of wide characters', '🦄'.repeat(1000)],
] as const) {
  test(`names of 2,000 characters ${what} do not make the page wider than a phone`, async ({
    page,
    site,
    rider,
  }) => {
    await page.setViewportSize({ width: 360, height: 640 })
    await openDesk(page, site, rider)
    await meetRides(page, (route) =>
      route.fulfill({
        status: 201,
        json: { RideId: long, Unicorn: { Name: long, Color: long, Gender: long }, Eta: long },
      }),
    )
    await requestUnicorn(page)
    await expect(updates(page)).toHaveCount(3)
    expect(
      await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
    ).toBeLessThanOrEqual(0)
    await requestButton(page).scrollIntoViewIfNeeded()
    await expect(requestButton(page)).toBeInViewport()
  })
}

test('a double click sends for one unicorn', async ({ page, site, rider }) => {
  await openDesk(page, site, rider)
  const held = await holdRides(page)
  await requestButton(page).dblclick()
  await expect(requestButton(page)).toHaveAttribute('aria-disabled', 'true')
  await expect.poll(() => held.routes.length).toBe(1)
  await requestButton(page).click({ force: true })
  await held.release({ status: 201, json: goodRide })
  await expect(updates(page)).toHaveText(goodOutcome)
  expect(held.routes).toHaveLength(1)
  await expectReady(page)
})

test('Enter held down sends for one unicorn', async ({ page, site, rider }) => {
  await openDesk(page, site, rider)
  const held = await holdRides(page)
  await requestButton(page).focus()
  for (let repeats = 0; repeats < 10; repeats += 1) await page.keyboard.down('Enter')
  await page.keyboard.up('Enter')
  await expect(requestButton(page)).toBeFocused()
  await expect.poll(() => held.routes.length).toBe(1)
  await held.release({ status: 201, json: goodRide })
  await expect(updates(page)).toHaveText(goodOutcome)
  expect(held.routes).toHaveLength(1)
})

test('who signs out while a unicorn is asked for hears no more of it, and her pick-up is forgotten', async ({
  page,
  site,
  rider,
}) => {
  await openDesk(page, site, rider)
  const revocations = watchCalls(page, 'RevokeToken')
  const held = await holdRides(page)
  await requestUnicorn(page)
  await expect.poll(() => held.routes.length).toBe(1)
  await page.getByRole('button', { name: 'Sign out' }).dblclick()
  await expectSignInPage(page, 'You are signed out.')
  await held.release({ status: 201, json: goodRide })
  await page.unrouteAll({ behavior: 'wait' })
  expect(await page.evaluate(() => JSON.stringify(sessionStorage))).not.toContain('pickup')
  expect(await tokenKeys(page)).toEqual([])
  expect(revocations).toHaveLength(1)
  expect(held.routes).toHaveLength(1)
  await expectSignInPage(page, 'You are signed out.')

  await fillSignIn(page, rider)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expectRidePage(page)
  await expect(pickup(page)).toHaveText(noPickup)
  await expect(updates(page)).toHaveCount(0)
})

test('who signs out while a unicorn flies leaves nothing behind', async ({ page, site, rider }) => {
  await page.emulateMedia({ reducedMotion: 'no-preference' })
  await openDesk(page, site, rider)
  await expect(page.locator('#map svg')).toBeVisible()
  await requestUnicorn(page)
  await expect(updates(page)).toHaveCount(2)
  await signOut(page)
  expect(await page.evaluate(() => JSON.stringify(sessionStorage))).not.toContain('pickup')
})

test('who leaves while a unicorn is asked for sees no error, there or when she comes back', async ({
  page,
  site,
  rider,
}) => {
  await openDesk(page, site, rider)
  const held = await holdRides(page)
  await requestUnicorn(page)
  await expect.poll(() => held.routes.length).toBe(1)
  await page.getByRole('link', { name: 'Wild Rydes' }).click()
  await expect(page).toHaveURL(`${site.origin}/`)
  await held.release({ status: 201, json: goodRide })
  await expect(page.getByRole('status')).toHaveText('')
  await page.goBack()
  await expectRidePage(page)
  await expectPickup(page, 'Space Needle')
  await expectReady(page)
  await expect(updates(page)).toHaveText([interrupted])
  await expect(page.getByRole('status')).toHaveText('')
  expect(held.routes).toHaveLength(1)
})

test('who loads the page anew while a unicorn is asked for is told that it may come', async ({
  page,
  site,
  rider,
}) => {
  await openDesk(page, site, rider)
  const held = await holdRides(page)
  await requestUnicorn(page)
  await expect.poll(() => held.routes.length).toBe(1)
  await page.reload()
  await expectRidePage(page)
  await expect(updates(page)).toHaveText([interrupted])
  await expectPickup(page, 'Space Needle')
  await expectReady(page)
  expect(held.routes).toHaveLength(1)

  // It is told once.
  await page.reload()
  await expectRidePage(page)
  await expect(updates(page)).toHaveCount(0)
})

test('the page behind Back says that an answer was not waited for', async ({
  site,
  rider,
  launchOptions,
}) => {
  const browser = await launchWithBackForwardCache(launchOptions)
  const waiting: ServerResponse[] = []
  const front = await openFront(site, { ride: (response) => void waiting.push(response) })
  try {
    const page = await browser.newPage({ baseURL: front.origin })
    const troubles = watchForTrouble(page)
    await openDesk(page, site, rider)
    const isBack = await watchReturn(page)
    await requestUnicorn(page)
    await expect.poll(() => waiting.length).toBe(1)
    await page.getByRole('link', { name: 'Wild Rydes' }).click()
    await expect(page).toHaveURL(`${front.origin}/`)
    await page.evaluate(() => history.back())
    await isBack()
    waiting[0]?.writeHead(201).end(JSON.stringify(goodRide))
    await expect(updates(page)).toHaveText([requesting, interrupted])
    await expectReady(page)
    await expectPickup(page, 'Space Needle')
    await expect(page.getByRole('status')).toHaveText('')
    expect(troubles).toEqual([])

    // The next press is answered as the first one would have been.
    await requestUnicorn(page)
    await expect.poll(() => waiting.length).toBe(2)
    waiting[1]?.writeHead(201).end(JSON.stringify(goodRide))
    await expect(updates(page).last()).toHaveText('Celeste has arrived. Giddy up!')
    await expect(updates(page)).toHaveText([requesting, interrupted, ...goodOutcome])
    expect(waiting).toHaveLength(2)
  } finally {
    await browser.close()
    front.close()
  }
})

/** Sends the head of an answer and a part of its body, as one that has more to say. */
function flushThen(response: ServerResponse, part: string, next: () => void): void {
  response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': 1000 })
  if (part === '') response.flushHeaders()
  else response.write(part)
  setImmediate(next)
}
