/** When the service, the network or the browser fails: one plain sentence, and nothing typed is lost. */

import type { Page } from '@playwright/test'
import { expect, poolApi, test, watchForTrouble } from '../support/fixtures.ts'
import {
  expectRidePage,
  fillAsManager,
  fillSignIn,
  signIn,
  tokenKeys,
} from '../support/rider-actions.ts'

const pages = [
  '/',
  '/register.html',
  '/verify.html',
  '/signin.html',
  '/forgot.html',
  '/ride.html',
  '/account.html',
]

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
    await page.route(poolApi, (route) => {
      calls += 1
      return route.fulfill(answer)
    })
    await page.goto('/signin.html')
    await fillAsManager(page, rider)
    await pressSignIn(page)
    await expect(page.locator('#error-summary')).toContainText(sentence)
    expect(calls).toBe(1)
    await expect(page.getByLabel('Email or username')).toHaveValue(rider.email)
    await expect(page.locator('body')).not.toContainText(/Exception|undefined|reading|stack/)

    await page.unroute(poolApi)
    await fillSignIn(page, rider)
    await pressSignIn(page)
    await expectRidePage(page)
  })
}

for (const path of ['/signin.html', '/register.html']) {
  test(`when the script of ${path} does not come, no password can get into the address`, async ({
    context,
    site,
    rider,
  }) => {
    const page = await context.newPage()
    await page.route(/\/assets\/.*\.js$/, (route) => route.abort())
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

  test('the pages read, say what is missing and stay harmless', async ({ page, site }) => {
    for (const path of ['/register.html', '/verify.html', '/signin.html', '/forgot.html']) {
      await page.goto(path)
      await expect(page.locator('noscript p')).toBeVisible()
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
      for (const button of await page.locator('button[type=submit]:visible').all()) {
        await expect(button).toBeDisabled()
      }
      for (const field of await page.locator('form input:visible').all()) {
        await field.press('Enter')
        expect(page.url()).toBe(site.origin + path)
      }
    }
    for (const path of ['/ride.html', '/account.html']) {
      await page.goto(path)
      await expect(page.locator('noscript p')).toBeVisible()
      await expect(page.getByText('You are signed in as')).toBeHidden()
    }
  })
})

/** What a browser may lack, and still be good enough. */
const conveniences = {
  'word to other tabs': () => {
    Reflect.deleteProperty(window, 'BroadcastChannel')
  },
  'locks between tabs': () => {
    Reflect.deleteProperty(Navigator.prototype, 'locks')
  },
}

for (const [what, remove] of Object.entries(conveniences)) {
  test(`a browser without ${what} signs in, renews, and signs out in every tab`, async ({
    page,
    context,
    site,
    rider,
  }) => {
    await site.pool.createConfirmedUser(rider)
    await context.addInitScript(remove)
    await page.goto('/ride.html?pickup=1')
    await fillSignIn(page, rider)
    await page.getByLabel('Keep me signed in').check()
    await pressSignIn(page)
    await expectRidePage(page)
    const other = await context.newPage()
    const trouble = watchForTrouble(other)
    await other.goto('/account.html')
    await expect(other.getByText('You are signed in as')).toBeVisible()
    await site.pool.advanceClock(2 * 3600)
    await page.clock.setSystemTime(Date.now() + 2 * 3600 * 1000)
    await page.reload()
    await expectRidePage(page)
    await expect(page.locator('#time-left')).toHaveText(/5\d min/)
    await page.getByRole('button', { name: 'Sign out' }).click()
    await expect(page).toHaveURL(/signin/)
    await expect(other).toHaveURL(/signin/, { timeout: 1000 })
    for (const tab of [page, other]) expect(await tokenKeys(tab)).toEqual([])
    expect(trouble).toEqual([])
  })
}

test('a browser without URL.canParse signs in and is brought where the rider wanted', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(rider)
  await page.addInitScript(() => Reflect.deleteProperty(URL, 'canParse'))
  await page.goto('/ride.html?pickup=1')
  await fillSignIn(page, rider)
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeEnabled()
  await pressSignIn(page)
  await expectRidePage(page)
  await expect(page).toHaveURL(/ride\.html\?pickup=1$/)
})

async function expectOutOfUse(page: Page, path: string, heading: string): Promise<void> {
  await expect(page.getByRole('region', { name: heading })).toBeVisible()
  for (const button of await page.locator('button[type=submit]').all()) {
    await expect(button).toBeDisabled()
  }
  await expect(page.getByText('You are signed in as')).toBeHidden()
  expect(new URL(page.url()).pathname).toBe(path)
}

for (const [what, remove] of [
  ['requests', () => Reflect.deleteProperty(window, 'fetch')],
  ['requests that can be given up', () => Reflect.deleteProperty(window, 'AbortController')],
  ['good random numbers', () => Reflect.deleteProperty(Crypto.prototype, 'getRandomValues')],
  ['cryptography', () => Object.defineProperty(window, 'crypto', { value: undefined })],
] as const) {
  test(`a browser without ${what} is told so on every page, and no form can be sent`, async ({
    page,
  }) => {
    await page.addInitScript(remove)
    for (const path of pages) {
      await page.goto(path)
      await expectOutOfUse(page, path, 'This browser is too old')
    }
  })
}

test('over plain http every page says that it is not safe, and sends and shows nothing', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(rider)
  await signIn(page, rider, { lasting: true })
  const kept = await page.evaluate(() => Object.entries(localStorage))
  const calls: string[] = []
  page.on('request', (request) => {
    if (request.method() === 'POST') calls.push(request.url())
  })
  await page.route('http://wildrydes.test/**', async (route) => {
    const { pathname } = new URL(route.request().url())
    return route.fulfill({ response: await route.fetch({ url: site.origin + pathname }) })
  })
  await page.goto('http://wildrydes.test/')
  await page.evaluate((entries) => {
    for (const [key, value] of entries) localStorage.setItem(key, value)
  }, kept)
  for (const path of pages) {
    await page.goto(`http://wildrydes.test${path}`)
    await expectOutOfUse(page, path, 'This connection is not safe')
    await expect(page.locator('body')).not.toContainText(rider.email)
  }
  expect(calls).toEqual([])
})

test('what these tests watch for on every page does reach them', async ({ browser, site }) => {
  const page = await browser.newPage()
  const trouble = watchForTrouble(page)
  await page.goto(`${site.origin}/`)
  await page.evaluate(() => {
    setTimeout(() => {
      throw new Error('thrown in a timer')
    })
    void Promise.reject(new Error('rejected, and nobody cared'))
    setTimeout(() => {
      new Image().src = 'http://other.test/'
      document.body.innerHTML = '<b>markup</b>'
    })
    setTimeout(() => alert('a dialog'))
  })
  for (const words of [
    /^uncaught: thrown in a timer/m,
    /^uncaught: rejected, and nobody cared/m,
    /Content Security Policy directive: "img-src/,
    /TrustedHTML/,
    /^dialog: a dialog/m,
  ]) {
    await expect.poll(() => trouble.join('\n')).toMatch(words)
  }
  await page.close()
})

test('a code chunk that fails to load is asked for again on the next try', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(rider)
  await page.route('**/assets/sign-in-*.js', (route) => route.abort())
  await page.goto('/signin.html')
  await fillSignIn(page, rider)
  await pressSignIn(page)
  await expect(page.locator('#error-summary')).toContainText('could not be reached')
  await page.unroute('**/assets/sign-in-*.js')
  await pressSignIn(page)
  await expectRidePage(page)
})

test('a code chunk that never comes is given up after ten seconds', async ({ page, rider }) => {
  await page.clock.install()
  await page.route('**/assets/sign-in-*.js', () => {})
  await page.goto('/signin.html')
  await fillSignIn(page, rider)
  await pressSignIn(page)
  await expect(page.getByRole('button', { name: 'Signing in…' })).toBeVisible()
  await page.clock.fastForward(10_000)
  await expect(page.locator('#error-summary')).toContainText('taking too long')
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeEnabled()
})

test('no page can be framed', async ({ browser, site }) => {
  const page = await browser.newPage()
  for (const path of pages) {
    await page.route('http://other.test/', (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: `<iframe src="${site.origin}${path}"></iframe>`,
      }),
    )
    await page.goto('http://other.test/')
    await expect.poll(() => page.frames().at(-1)?.url()).toMatch(/^chrome-error:/)
    await expect(page.frameLocator('iframe').getByRole('heading', { level: 1 })).toHaveCount(0)
    await page.unrouteAll()
  }
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
