/** When the service, the network or the browser fails: one plain sentence, and nothing typed is lost. */

import type { Page, Route } from '@playwright/test'
import { expect, test, watchForTrouble } from './fixtures.ts'
import { expectRidePage, fillSignIn, signIn } from './rider-acts.ts'

const api = '**/cognito-idp/'

async function pressSignIn(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Sign in' }).click()
}

for (const [what, answer, sentence] of [
  [
    'a 502 page',
    { status: 502, contentType: 'text/html', body: '<h1>Bad gateway</h1>' },
    /has trouble/,
  ],
  [
    'a 500 error',
    { status: 500, json: { __type: 'InternalErrorException', message: 'x' } },
    /has trouble/,
  ],
  ['a 500 without a body', { status: 500, body: '' }, /has trouble/],
  ['an empty success', { status: 200, body: '' }, /has trouble/],
  ['a success without its parts', { status: 200, json: {} }, /has trouble/],
  [
    'a challenge without its parts',
    { status: 200, json: { ChallengeName: 'PASSWORD_VERIFIER', ChallengeParameters: null } },
    /has trouble/,
  ],
  [
    'an HTML page as success',
    { status: 200, contentType: 'text/html', body: '<p>hi' },
    /has trouble/,
  ],
  ['a firewall’s refusal', { status: 403, json: { message: 'Forbidden' } }, /has trouble/],
  [
    'too many requests',
    { status: 400, json: { __type: 'TooManyRequestsException', message: 'Rate exceeded' } },
    /too many requests/,
  ],
  [
    'a limit',
    { status: 400, json: { __type: 'LimitExceededException', message: 'Attempt limit exceeded' } },
    /up to an hour/,
  ],
  [
    'a lock-out',
    {
      status: 400,
      json: { __type: 'NotAuthorizedException', message: 'Password attempts exceeded' },
    },
    /too many tries/,
  ],
  [
    'a pool that is gone',
    {
      status: 400,
      json: {
        __type: 'com.amazonaws#ResourceNotFoundException',
        message: 'User pool client x does not exist.',
      },
    },
    /was not found/,
  ],
  [
    'an error nobody knows',
    { status: 400, json: { __type: 'SurpriseException', message: 'stack at x.js:1' } },
    /Something went wrong/,
  ],
] as const) {
  test(`${what} becomes a plain sentence, one call, and the name stays`, async ({
    page,
    site,
    rider,
  }) => {
    await site.pool.createConfirmedUser(rider)
    let calls = 0
    await page.route(api, (route) => {
      calls += 1
      return route.fulfill(answer)
    })
    await page.goto('/signin.html')
    await fillSignIn(page, rider)
    await pressSignIn(page)
    await expect(page.locator('#problems')).toContainText(sentence)
    expect(calls).toBe(1)
    await expect(page.getByLabel('Email or username')).toHaveValue(rider.email)
    await expect(page.locator('body')).not.toContainText(/Exception|undefined|reading|stack/)

    await page.unroute(api)
    await fillSignIn(page, rider)
    await pressSignIn(page)
    await expectRidePage(page)
  })
}

test('being offline is said at once, and signing in works when the network is back', async ({
  page,
  context,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(rider)
  await page.goto('/signin.html')
  await fillSignIn(page, rider)
  await page.waitForLoadState('networkidle')
  await context.setOffline(true)
  await pressSignIn(page)
  await expect(page.locator('#problems')).toContainText('You seem to be offline', { timeout: 1000 })
  await context.setOffline(false)
  await pressSignIn(page)
  await expectRidePage(page)
})

for (const reason of ['namenotresolved', 'connectionrefused', 'connectionreset'] as const) {
  test(`a network that fails (${reason}) is said in plain words`, async ({ page, rider }) => {
    await page.route(api, (route) => route.abort(reason))
    await page.goto('/signin.html')
    await fillSignIn(page, rider)
    await pressSignIn(page)
    await expect(page.locator('#problems')).toContainText('could not be reached')
    await expect(page.getByLabel('Password', { exact: true })).toHaveValue(rider.password)
  })
}

test('a service that never answers is given up after ten seconds; a late answer changes nothing', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(rider)
  await page.clock.install()
  const waiting: Route[] = []
  await page.route(api, (route) => void waiting.push(route))
  await page.goto('/signin.html')
  await fillSignIn(page, rider)
  await page.clock.pauseAt(Date.now() + 2000)
  await pressSignIn(page)
  await expect(page.getByRole('button', { name: 'Signing in…' })).toBeFocused()
  await expect.poll(() => waiting.length).toBe(1)
  const aborted = page.waitForEvent('requestfailed')
  await page.clock.runFor(9_900)
  await expect(page.locator('#problems')).toBeHidden()
  await page.clock.runFor(200)
  await expect(page.locator('#problems')).toContainText('taking too long')
  await aborted
  await page.clock.resume()
  await page.unroute(api)
  await pressSignIn(page)
  await expectRidePage(page)
})

test('leaving while a call is on its way brings no error and no late move', async ({
  page,
  rider,
}) => {
  await page.route(api, () => {})
  await page.goto('/signin.html')
  await fillSignIn(page, rider)
  await pressSignIn(page)
  await expect(page.getByRole('button', { name: 'Signing in…' })).toBeVisible()
  await page.getByRole('link', { name: 'Register' }).click()
  await expect(page).toHaveURL(/register/)
  await page.goBack()
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeEnabled()
  await expect(page.locator('#problems')).toBeHidden()
})

for (const path of ['/signin.html', '/register.html']) {
  test(`when the script of ${path} does not come, no password can get into the address`, async ({
    context,
    site,
    rider,
  }) => {
    const page = await context.newPage()
    await page.route('**/assets/*.js', (route) => route.abort())
    await page.goto(path)
    await page.getByLabel('Password', { exact: true }).fill(rider.password)
    await expect(page.locator('button[type=submit]')).toBeDisabled()
    await page.getByLabel('Password', { exact: true }).press('Enter')
    // Even a submit that someone forces is stopped by the page's policy.
    const blocked = page.waitForEvent('console', (message) =>
      message.text().includes("form-action 'none'"),
    )
    await page.evaluate(() => document.querySelector('form')?.submit())
    await blocked
    expect(page.url()).toBe(site.origin + path)
  })
}

test.describe('without script', () => {
  test.use({ javaScriptEnabled: false })

  test('the pages read, say what is missing and stay harmless', async ({ page }) => {
    for (const path of ['/register.html', '/verify.html', '/signin.html', '/forgot.html']) {
      await page.goto(path)
      await expect(page.locator('noscript p')).toBeVisible()
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
      for (const button of await page.locator('button[type=submit]:visible').all()) {
        await expect(button).toBeDisabled()
      }
    }
    await page.goto('/ride.html')
    await expect(page.locator('noscript p')).toBeVisible()
    await expect(page.getByText('Successfully Authenticated!')).toBeHidden()
  })
})

test('a browser without the newer conveniences still signs in', async ({ page, site, rider }) => {
  await site.pool.createConfirmedUser(rider)
  await page.addInitScript(() => {
    Reflect.deleteProperty(window, 'BroadcastChannel')
    Object.defineProperty(Navigator.prototype, 'locks', { value: undefined })
    Reflect.deleteProperty(Navigator.prototype, 'locks')
  })
  await signIn(page, rider)
  await page.getByRole('button', { name: 'Sign out' }).click()
  await expect(page).toHaveURL(/signin/)
})

test('blocked storage gives a sentence and no loop', async ({ page, site, rider }) => {
  await site.pool.createConfirmedUser(rider)
  await page.addInitScript(() => {
    for (const name of ['localStorage', 'sessionStorage']) {
      Object.defineProperty(window, name, {
        get() {
          throw new DOMException('denied', 'SecurityError')
        },
      })
    }
  })
  await page.goto('/signin.html')
  await fillSignIn(page, rider)
  await pressSignIn(page)
  await expect(page.locator('#problems')).toContainText('does not let this site keep you signed in')
  await page.goto('/ride.html')
  await expect(page).toHaveURL(/signin/)
})

test('a code chunk that fails to load is asked for again on the next try', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(rider)
  await page.route('**/assets/cognito-*.js', (route) => route.abort())
  await page.goto('/signin.html')
  await fillSignIn(page, rider)
  await pressSignIn(page)
  await expect(page.locator('#problems')).toContainText('could not be reached')
  await page.unroute('**/assets/cognito-*.js')
  await pressSignIn(page)
  await expectRidePage(page)
})

test('a code chunk that never comes is given up after ten seconds', async ({ page, rider }) => {
  await page.clock.install()
  await page.route('**/assets/cognito-*.js', () => {})
  await page.goto('/signin.html')
  await fillSignIn(page, rider)
  await pressSignIn(page)
  await expect(page.getByRole('button', { name: 'Signing in…' })).toBeVisible()
  await page.clock.fastForward(10_000)
  await expect(page.locator('#problems')).toContainText('taking too long')
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeEnabled()
})

test('the pages cannot be framed', async ({ browser, site }) => {
  const page = await browser.newPage()
  await page.route('http://other.test/', (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: `<iframe src="${site.origin}/signin.html"></iframe>`,
    }),
  )
  await page.goto('http://other.test/')
  await expect.poll(() => page.frames().at(-1)?.url()).toMatch(/^chrome-error:/)
  await expect(page.frameLocator('iframe').getByLabel('Email or username')).toHaveCount(0)
  await page.close()
})

for (const payload of [
  '<img src=x onerror=window.__pwned=1>',
  '"><script>window.__pwned=1</script>',
  'javascript:window.__pwned=1',
  '{{constructor.constructor("window.__pwned=1")()}}',
  '\u05e9\u05dc\u05d5\u05dd',
]) {
  test(`hostile text ${JSON.stringify(payload)} is only text`, async ({ page, site, rider }) => {
    const email = `a${payload.replaceAll(/[\s@]/g, '')}@example.com`
    await page.goto('/register.html')
    await page.getByLabel('Email').fill(email)
    await page.getByLabel('Password', { exact: true }).fill(rider.password)
    await page.getByLabel('Confirm password').fill(rider.password)
    await page.getByRole('button', { name: "Let's Ryde" }).click()
    await expect(page).toHaveURL(/verify/)
    await expect(page.locator('#sent-to strong')).toHaveText(email)
    const inbox = await page.context().newPage()
    const trouble = watchForTrouble(inbox)
    for (const path of ['/console/', '/console/users']) {
      await inbox.goto(site.origin + path)
      await expect(inbox.getByText(email).first()).toBeVisible()
      expect(await inbox.evaluate(() => Reflect.get(window, '__pwned'))).toBeUndefined()
    }
    expect(trouble).toEqual([])
    expect(await page.evaluate(() => Reflect.get(window, '__pwned'))).toBeUndefined()
  })
}
