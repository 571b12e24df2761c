/** Networks that fail, stall, break off and come back: the same for every form, and nothing is sent twice. */

import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { Page, Route } from '@playwright/test'
import {
  expectAccountPage,
  meetCalls,
  signInToAccount,
  watchCalls,
} from '../support/account-actions.ts'
import { launchWithBackForwardCache, watchReturn } from '../support/chromium.ts'
import {
  expect,
  poolApi,
  type Rider,
  type Site,
  test,
  watchForTrouble,
} from '../support/fixtures.ts'
import {
  expectProblems,
  expectRidePage,
  fillAsManager,
  fillRegistration,
  fillSignIn,
  signIn,
  tokenKeys,
} from '../support/rider-actions.ts'

const unreachable = 'The service could not be reached. Check your connection and try again.'
const trouble = 'The service has trouble at the moment. Try again in a few minutes.'
const tooLong = 'The service is taking too long to answer. Try again.'
const offline = 'You seem to be offline. What you have entered stays here.'
const offlineForm =
  'You seem to be offline. What you have entered stays here, and is sent when you are online again.'
const online = 'You are online again.'

/** What `networkSettlesMs` of src/site/forms/bind-form.ts comes to. */
const networkSettlesMs = 2000

interface Form {
  readonly what: string
  readonly button: string
  readonly busy: string
  /** the call that it makes */
  readonly operation: string
  /** Opens its page and fills it, with what the service will accept. */
  readonly fill: (page: Page, site: Site, rider: Rider) => Promise<void>
  readonly expectDone: (page: Page) => Promise<void>
}

const forms: readonly Form[] = [
  {
    what: 'registering',
    button: "Let's Ryde",
    busy: 'Creating your account…',
    operation: 'SignUp',
    async fill(page, _, rider) {
      await page.goto('/register.html')
      await fillRegistration(page, rider)
    },
    expectDone: (page) => expect(page).toHaveURL(/\/verify\.html/),
  },
  {
    what: 'verifying the address',
    button: 'Verify',
    busy: 'Verifying…',
    operation: 'ConfirmSignUp',
    async fill(page, { pool }, rider) {
      await pool.registerUser(rider)
      await page.goto('/verify.html')
      // In this order: a complete code beside an address is sent at once.
      await page.getByLabel('Verification code').fill(await pool.latestCodeFor(rider.email))
      await page.getByLabel('Email').fill(rider.email)
    },
    expectDone: (page) => expect(page).toHaveURL(/\/signin\.html/),
  },
  {
    what: 'asking for another code',
    button: 'Resend code',
    busy: 'Sending…',
    operation: 'ResendConfirmationCode',
    async fill(page, { pool }, rider) {
      await pool.registerUser(rider)
      await page.goto('/verify.html')
      await page.getByLabel('Email').fill(rider.email)
    },
    expectDone: (page) => expect(page.getByRole('status')).toHaveText(/new code is on its way/),
  },
  {
    what: 'signing in',
    button: 'Sign in',
    busy: 'Signing in…',
    operation: 'InitiateAuth',
    async fill(page, { pool }, rider) {
      await pool.createConfirmedUser(rider)
      await page.goto('/signin.html')
      await fillAsManager(page, rider)
      await page.getByLabel('Keep me signed in').check()
    },
    expectDone: expectRidePage,
  },
  {
    what: 'asking for a reset code',
    button: 'Send code',
    busy: 'Sending…',
    operation: 'ForgotPassword',
    async fill(page, { pool }, rider) {
      await pool.createConfirmedUser(rider)
      await page.goto('/forgot.html')
      await page.getByLabel('Email').fill(rider.email)
    },
    expectDone: (page) =>
      expect(page.getByRole('heading', { level: 1 })).toHaveText('Choose a new password'),
  },
  {
    what: 'resetting the password',
    button: 'Change password',
    busy: 'Changing your password…',
    operation: 'ConfirmForgotPassword',
    async fill(page, { pool }, rider) {
      await pool.createConfirmedUser(rider)
      await pool.call('ForgotPassword', {
        ClientId: 'wildrydeswebapplocal000000',
        Username: rider.email,
      })
      await page.goto('/forgot.html')
      await page.getByLabel('Email').fill(rider.email)
      await page.getByRole('button', { name: 'I already have a code' }).click()
      await page.getByLabel('Verification code').fill(await pool.latestCodeFor(rider.email))
      await page.getByLabel('New password').fill('Pegasus-5678')
    },
    expectDone: (page) => expect(page.getByRole('status')).toHaveText(/^Your password is changed/),
  },
  {
    what: 'changing the password',
    button: 'Change password',
    busy: 'Changing your password…',
    operation: 'ChangePassword',
    async fill(page, { pool }, rider) {
      await pool.createConfirmedUser(rider)
      await signInToAccount(page, rider)
      await page.getByLabel('Current password', { exact: true }).fill(rider.password)
      await page.getByLabel('New password', { exact: true }).fill('Pegasus-5678')
    },
    expectDone: (page) => expect(page.getByRole('status')).toHaveText(/^Your password is changed/),
  },
  {
    what: 'changing the address',
    button: 'Change email',
    busy: 'Sending a code…',
    operation: 'UpdateUserAttributes',
    async fill(page, { pool }, rider) {
      await pool.createConfirmedUser(rider)
      await signInToAccount(page, rider)
      await page.getByLabel('New email').fill('new@example.com')
    },
    expectDone: (page) => expect(page.getByRole('status')).toHaveText(/^A code is on its way/),
  },
  {
    what: 'setting up an authenticator app',
    button: 'Set up an authenticator app',
    busy: 'Making a key…',
    operation: 'AssociateSoftwareToken',
    async fill(page, { pool }, rider) {
      await pool.createConfirmedUser(rider)
      await signInToAccount(page, rider)
    },
    expectDone: (page) =>
      expect(page.getByRole('heading', { name: 'Set up your app' })).toBeFocused(),
  },
]

/** What stands in the fields that can be seen. */
function entered(page: Page): Promise<readonly string[]> {
  return page
    .locator('input:visible')
    .evaluateAll((inputs: HTMLInputElement[]) =>
      inputs.map(({ id, value, checked }) => `${id} ${value} ${checked}`),
    )
}

/** From here on time passes only when the test says so. */
async function stopClock(page: Page): Promise<void> {
  await page.clock.pauseAt(await page.evaluate(() => Date.now() + 1000))
}

for (const { what, button: name, busy, operation, fill, expectDone } of forms) {
  test(`${what} outlives broken, silent and slow answers, one call for each press`, async ({
    page,
    site,
    rider,
  }) => {
    await page.clock.install()
    await fill(page, site, rider)
    await page.waitForLoadState('networkidle')
    const calls = watchCalls(page, operation)
    const typed = await entered(page)
    const button = page.getByRole('button', { name }).first()
    const held: Route[] = []
    let meet: (route: Route) => Promise<void> | void = (route) => void held.push(route)
    await meetCalls(page, operation, (route) => meet(route))
    const { pathname } = new URL(page.url())

    // No answer at all, and one that comes when nobody waits for it any more.
    await stopClock(page)
    await button.dblclick()
    const busyButton = page.getByRole('button', { name: busy })
    await expect(busyButton).toBeFocused()
    await page.keyboard.down('Enter')
    await page.keyboard.down('Enter')
    await page.keyboard.up('Enter')
    await expect.poll(() => held.length).toBe(1)
    await page.clock.runFor(9900)
    await expect(busyButton).toBeVisible()
    const givenUp = page.waitForEvent('requestfailed')
    await page.clock.runFor(200)
    await expectProblems(page, [tooLong])
    expect((await givenUp).failure()?.errorText).toBe('net::ERR_ABORTED')
    await held[0]?.fulfill({ json: {} }).catch(() => undefined)
    await page.clock.runFor(10_000)
    await expectProblems(page, [tooLong])
    expect(held).toHaveLength(1)
    expect(await entered(page)).toEqual(typed)
    expect(new URL(page.url()).pathname).toBe(pathname)
    await page.clock.resume()

    for (const [sentence, answer] of [
      [unreachable, (route: Route) => route.abort('connectionreset')],
      [unreachable, (route: Route) => route.abort('namenotresolved')],
      [unreachable, (route: Route) => route.abort('connectionrefused')],
      [
        trouble,
        (route: Route) =>
          route.fulfill({ status: 502, contentType: 'text/html', body: '<h1>Bad gateway</h1>' }),
      ],
      [
        trouble,
        (route: Route) =>
          route.fulfill({ status: 500, json: { __type: 'InternalErrorException', message: 'x' } }),
      ],
    ] as const) {
      meet = answer
      const before = calls.length
      await button.click()
      await expectProblems(page, [sentence])
      await expect(button).not.toHaveAttribute('aria-disabled', 'true')
      expect(calls).toHaveLength(before + 1)
      expect(await entered(page)).toEqual(typed)
    }

    // Whoever leaves hears no more of it.
    meet = (route) => void held.push(route)
    await button.click()
    await expect(busyButton).toBeVisible()
    await expect.poll(() => held.length).toBe(2)
    await page.getByRole('link', { name: 'Wild Rydes' }).click()
    await expect(page).toHaveURL(`${site.origin}/`)
    await held[1]?.fulfill({ json: {} }).catch(() => undefined)
    await expect(page.getByRole('status')).toHaveText('')
    await page.goBack()
    await expect(page.locator('button[type=submit]:visible').first()).toBeEnabled()
    await expect(page.locator('#error-summary')).toBeHidden()
    await expect(page.getByRole('status')).toHaveText('')
    expect(new URL(page.url()).pathname).toBe(pathname)
  })

  test(`${what} offline is said at once, and done once when the network is back`, async ({
    page,
    context,
    site,
    rider,
  }) => {
    await page.clock.install()
    await fill(page, site, rider)
    await page.waitForLoadState('networkidle')
    const typed = await entered(page)
    const status = page.getByRole('status')
    await context.setOffline(true)
    await expect(status).toHaveText(offline)
    await page.getByRole('button', { name }).first().click()
    await expect(page.locator('#error-summary')).toContainText(offlineForm, { timeout: 1000 })
    await expectProblems(page, [offlineForm])
    expect(await entered(page)).toEqual(typed)

    await stopClock(page)
    const calls = watchCalls(page, operation)
    await context.setOffline(false)
    await expect(status).toHaveText(online)
    await page.clock.runFor(networkSettlesMs - 100)
    expect(calls).toHaveLength(0)
    await page.clock.runFor(200)
    await expectDone(page)
    await page.clock.runFor(10_000)
    expect(calls).toHaveLength(1)
  })
}

for (const [what, path, fill, show] of [
  [
    'a problem of the whole form',
    '/signin.html',
    fillSignIn,
    async (page: Page) => {
      await page.route(poolApi, (route) => route.fulfill({ status: 500, body: '' }))
      await page.locator('button[type=submit]').click()
      await expectProblems(page, [trouble])
    },
  ],
  [
    'a problem of a field',
    '/register.html',
    fillRegistration,
    async (page: Page) => {
      await page.route(poolApi, (route) =>
        route.fulfill({ status: 400, json: { __type: 'InvalidPasswordException', message: '' } }),
      )
      await page.locator('button[type=submit]').click()
      await expect(page.locator('#new-password-error')).toBeVisible()
    },
  ],
  [
    'news',
    '/signin.html',
    fillSignIn,
    async (page: Page) => {
      await page.context().setOffline(true)
      await page.context().setOffline(false)
      await expect(page.getByRole('status')).toHaveText(online)
    },
  ],
] as const) {
  test(`a press after ${what} does not move the button from under the pointer`, async ({
    page,
    rider,
  }) => {
    await page.goto(path)
    const title = await page.title()
    await fill(page, rider)
    await show(page)
    const button = page.locator('button[type=submit]')
    await button.scrollIntoViewIfNeeded()
    const before = await button.boundingBox()
    await page.unrouteAll()
    await page.route(poolApi, () => {})
    await button.click()
    await expect(button).toHaveAttribute('aria-disabled', 'true')
    const after = await button.boundingBox()
    expect([after?.x, after?.y]).toEqual([before?.x, before?.y])
    // What was wrong is not said of the new try.
    await expect(page.getByText('There is a problem')).toBeHidden()
    await expect(page.locator('[aria-invalid]')).toHaveCount(0)
    await expect(page).toHaveTitle(title)
  })
}

test.describe('a form that waits for the network', () => {
  test.beforeEach(async ({ page, context, site, rider }) => {
    await site.pool.createConfirmedUser(rider)
    await page.clock.install()
    await page.goto('/signin.html')
    await fillSignIn(page, { ...rider, password: 'Unicorn-12345' })
    await page.waitForLoadState('networkidle')
    await context.setOffline(true)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await expectProblems(page, [offlineForm])
    await stopClock(page)
  })

  test('is left alone by it once the rider types; her press sends it once', async ({
    page,
    context,
    rider,
  }) => {
    const calls = watchCalls(page, 'InitiateAuth')
    await context.setOffline(false)
    await expect(page.getByRole('status')).toHaveText(online)
    await page.clock.runFor(networkSettlesMs - 100)
    await page.getByLabel('Password', { exact: true }).fill(rider.password)
    await page.clock.runFor(10_000)
    expect(calls).toHaveLength(0)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await expectRidePage(page)
    expect(calls).toHaveLength(1)
  })

  test('is sent once when the rider presses first', async ({ page, context }) => {
    const calls = watchCalls(page, 'InitiateAuth')
    await context.setOffline(false)
    await expect(page.getByRole('status')).toHaveText(online)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await expectProblems(page, [/do not match/])
    await page.clock.runFor(10_000)
    await expectProblems(page, [/do not match/])
    expect(calls).toHaveLength(1)
  })

  test('waits on when the network goes again, and is sent once in the end', async ({
    page,
    context,
    site,
  }) => {
    await context.setOffline(false)
    await expect(page.getByRole('status')).toHaveText(online)
    await context.setOffline(true)
    await expect(page.getByRole('status')).toHaveText(offline)
    const failed = page.waitForEvent('requestfailed')
    await page.clock.runFor(networkSettlesMs + 100)
    await failed
    await expectProblems(page, [offlineForm])
    const calls = watchCalls(page, 'InitiateAuth')
    await context.setOffline(false)
    await expect(page.getByRole('status')).toHaveText(online)
    await page.clock.runFor(networkSettlesMs + 100)
    await expectProblems(page, [/do not match/])
    await page.clock.runFor(10_000)
    expect(calls).toHaveLength(1)
    expect(new URL(page.url()).origin).toBe(site.origin)
  })
})

test('every page tells when the network goes and when it is back, and stays as it is', async ({
  page,
  context,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(rider)
  const status = page.getByRole('status')
  const tell = async (path: string) => {
    await expect(page).toHaveURL(site.origin + path)
    await context.setOffline(true)
    await expect(status).toHaveText(offline)
    await expect(status).toBeInViewport()
    await context.setOffline(false)
    await expect(status).toHaveText(online)
    await expect(page).toHaveURL(site.origin + path)
  }
  for (const path of ['/', '/register.html', '/verify.html', '/signin.html', '/forgot.html']) {
    await page.goto(path)
    await tell(path)
  }
  await signIn(page, rider)
  await tell('/ride.html')
  await expectRidePage(page)
  await page.goto('/account.html')
  await expectAccountPage(page)
  await tell('/account.html')
  await expectAccountPage(page)
})

test('on a slow link a press shows at once, and makes one sign-in', async ({
  page,
  context,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(rider)
  const session = await context.newCDPSession(page)
  await session.send('Network.enable')
  await session.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 400,
    downloadThroughput: 50_000,
    uploadThroughput: 50_000,
  })
  const calls = watchCalls(page, 'InitiateAuth')
  await page.goto('/signin.html')
  await fillSignIn(page, rider)
  await page.evaluate(() => {
    const button = document.querySelector('button[type=submit]')
    if (!button) throw new Error('no button')
    let pressedAt = 0
    button.addEventListener('click', () => {
      pressedAt ||= performance.now()
    })
    new MutationObserver((_, observer) => {
      observer.disconnect()
      sessionStorage.setItem('busyAfterMs', String(performance.now() - pressedAt))
    }).observe(button, { childList: true })
  })
  await page.getByRole('button', { name: 'Sign in' }).dblclick()
  await expectRidePage(page)
  const busyAfterMs = await page.evaluate(() => Number(sessionStorage.getItem('busyAfterMs')))
  expect(busyAfterMs).toBeGreaterThan(0)
  expect(busyAfterMs).toBeLessThan(100)
  expect(calls).toHaveLength(1)
})

test('tokens that come after ten seconds are not kept, and the next press signs in', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(rider)
  await page.clock.install()
  let isLate = false
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  await meetCalls(page, 'RespondToAuthChallenge', async (route) => {
    // The service has signed her in; only the word of it comes late.
    const response = await route.fetch()
    isLate = true
    await held
    await route.fulfill({ response }).catch(() => undefined)
  })
  await page.goto('/signin.html')
  await fillSignIn(page, rider)
  await stopClock(page)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect.poll(() => isLate).toBe(true)
  await page.clock.runFor(10_100)
  await expectProblems(page, [tooLong])
  release()
  await page.unrouteAll({ behavior: 'wait' })
  await page.clock.runFor(10_000)
  await expectProblems(page, [tooLong])
  expect(await tokenKeys(page)).toEqual([])
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expectRidePage(page)
})

const oddAnswers: readonly (readonly [string, Parameters<Route['fulfill']>[0], RegExp])[] = [
  ['no content', { status: 204 }, /has trouble/],
  ['another address', { status: 302, headers: { Location: '/signin.html' } }, /has trouble/],
  ['a refusal by a proxy', { status: 407, body: 'Proxy' }, /has trouble/],
  ['nothing there', { status: 404, contentType: 'text/html', body: '<h1>404' }, /has trouble/],
  ['too much', { status: 413, body: '' }, /has trouble/],
  ['a rest, in other words', { status: 429, body: 'Slow down' }, /has trouble/],
  ['no service', { status: 503, json: { message: 'Unavailable' } }, /has trouble/],
  ['a gateway’s silence', { status: 504, body: 'timeout' }, /has trouble/],
  ['a list', { json: [] }, /has trouble/],
  ['null', { json: null }, /has trouble/],
  ['a number', { json: 7 }, /has trouble/],
  ['half an object', { contentType: 'application/json', body: '{"Chall' }, /has trouble/],
  ['bytes that are no text', { body: Buffer.from([0xff, 0xfe, 0x00]) }, /has trouble/],
  ['a million characters', { body: 'x'.repeat(1_000_000) }, /has trouble/],
  ['an error without a name', { status: 400, json: { __type: 7, message: 'x' } }, /has trouble/],
  ['an error without words', { status: 400, json: { __type: 'XException' } }, /went wrong/],
  [
    'an error named like a member of every object',
    { status: 400, json: { __type: '__proto__', message: 'constructor' } },
    /went wrong/,
  ],
]

test('whatever a service or something before it answers, one sentence is shown, nothing of it', async ({
  page,
  rider,
}) => {
  await page.goto('/signin.html')
  await fillAsManager(page, rider)
  const typed = await entered(page)
  const calls = watchCalls(page, 'InitiateAuth')
  // Where an answer leads elsewhere the browser follows, with nothing in its hands.
  const posts = () => calls.filter((body) => body !== null).length
  for (const [what, answer, sentence] of oddAnswers) {
    await test.step(what, async () => {
      await meetCalls(page, 'InitiateAuth', (route) => route.fulfill(answer))
      const before = posts()
      await page.getByRole('button', { name: 'Sign in' }).click()
      await expectProblems(page, [sentence])
      expect(posts()).toBe(before + 1)
      expect(await entered(page)).toEqual(typed)
      await expect(page.locator('body')).not.toContainText(/Exception|undefined|null|proto|Slow/)
      await page.unrouteAll()
    })
  }
})

const cuts: readonly (readonly [string, (response: ServerResponse) => void])[] = [
  ['before a word', (response) => response.destroy()],
  ['after its head', (response) => flushThen(response, '', () => response.destroy())],
  ['in the middle', (response) => flushThen(response, '{"Chall', () => response.destroy())],
  ['by a reset', (response) => flushThen(response, '{', () => response.socket?.resetAndDestroy())],
  ['by words that are no HTTP', (response) => response.socket?.end('\0\0nonsense\r\n\r\n')],
]

for (const [what, path, fill, name, answer] of [
  [
    'a refusal',
    '/signin.html',
    fillSignIn,
    'Sign in',
    { status: 500, body: '{"__type":"InternalErrorException"}' },
  ],
  [
    'a way on',
    '/register.html',
    fillRegistration,
    "Let's Ryde",
    { status: 200, body: '{"UserConfirmed":false,"UserSub":"x"}' },
  ],
  [
    'word of a new code',
    '/verify.html',
    (page: Page, { email }: Rider) => page.getByLabel('Email').fill(email),
    'Resend code',
    { status: 200, body: '{"CodeDeliveryDetails":{"DeliveryMedium":"EMAIL"}}' },
  ],
] as const) {
  test(`${what} that comes when a page has been left and brought back is nobody’s`, async ({
    site,
    rider,
    launchOptions,
  }) => {
    const browser = await launchWithBackForwardCache(launchOptions)
    const waiting: ServerResponse[] = []
    const server = createServer((request, response) => {
      if (request.method === 'POST') waiting.push(response)
      else void passOn(site.origin + request.url, response)
    })
    try {
      const page = await browser.newPage({ baseURL: await listen(server) })
      const troubles = watchForTrouble(page)
      await page.goto(path)
      const isBack = await watchReturn(page)
      await page.evaluate(() => {
        const { dataset } = document.documentElement
        const { fetch } = window
        window.fetch = async (...request) => {
          const response = await fetch(...request)
          const text = await response.clone().text()
          // When the page itself has had its turn.
          setTimeout(() => {
            dataset.answered = text
          })
          return response
        }
      })
      const title = await page.title()
      const button = page.getByRole('button', { name })
      await fill(page, rider)
      await button.click()
      await expect.poll(() => waiting.length).toBe(1)
      await page.getByRole('link', { name: 'Wild Rydes' }).click()
      await expect(page).toHaveURL(/\/$/)
      await page.evaluate(() => history.back())
      await isBack()
      await expect(button).not.toHaveAttribute('aria-disabled')
      waiting[0]?.writeHead(answer.status).end(answer.body)
      await expect.poll(() => page.locator('html').getAttribute('data-answered')).toBe(answer.body)
      expect(new URL(page.url()).pathname).toBe(path)
      await expect(page.locator('#error-summary')).toBeHidden()
      await expect(page).toHaveTitle(title)
      await expect(page.getByRole('status')).toHaveText('')
      // Nor does the next page tell of it.
      await page.reload()
      await expect(button).toBeEnabled()
      await expect(page.getByRole('status')).toHaveText('')
      expect(troubles).toEqual([])
    } finally {
      await browser.close()
      server.closeAllConnections()
      server.close()
    }
  })
}

test('an answer that breaks off is a network that failed, told once for each press', async ({
  page,
  site,
  rider,
}) => {
  let posts = 0
  let cut: (response: ServerResponse) => void = () => {}
  // The site itself, but for a pool that hangs up.
  const server = createServer((request, response) => {
    if (request.method === 'POST') {
      posts += 1
      request.resume().once('end', () => cut(response))
    } else {
      void passOn(site.origin + request.url, response)
    }
  })
  await page.goto(`${await listen(server)}/signin.html`)
  await fillAsManager(page, rider)
  const typed = await entered(page)
  for (const [index, [what, cutHere]] of cuts.entries()) {
    await test.step(what, async () => {
      cut = cutHere
      await page.getByRole('button', { name: 'Sign in' }).click()
      await expect.poll(() => posts).toBe(index + 1)
      await expectProblems(page, [unreachable])
      expect(posts).toBe(index + 1)
      expect(await entered(page)).toEqual(typed)
    })
  }
  server.closeAllConnections()
  server.close()
})

async function passOn(url: string, response: ServerResponse): Promise<void> {
  const answer = await fetch(url)
  // No connection is used twice, so that a browser has none that it would try again on.
  response.writeHead(answer.status, {
    'Content-Type': answer.headers.get('Content-Type') ?? '',
    Connection: 'close',
  })
  response.end(Buffer.from(await answer.arrayBuffer()))
}

/** Sends the head of an answer and a part of its body, as one that has more to say. */
function flushThen(response: ServerResponse, part: string, next: () => void): void {
  response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': 1000 })
  if (part === '') response.flushHeaders()
  else response.write(part)
  setImmediate(next)
}

async function listen(server: Server): Promise<string> {
  server.listen(0, 'localhost')
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('the server has no port')
  return `http://localhost:${address.port}`
}
