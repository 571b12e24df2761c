/** Being signed in: reloads, tabs, Back, expiry, and signing out for good. */

import type { Page } from '@playwright/test'
import {
  ClientId,
  expectSignInPage,
  meetCalls,
  openAccount,
  storedToken,
  UserPoolId,
  watchCalls,
} from '../support/account-actions.ts'
import { launchWithBackForwardCache } from '../support/chromium.ts'
import { expect, poolApi, test, watchForTrouble } from '../support/fixtures.ts'
import { useTemplate } from '../support/pool-templates.ts'
import {
  expectRidePage,
  openTokenLens,
  register,
  signIn,
  tokenKeys,
} from '../support/rider-actions.ts'

const sessionEnded = 'Your session has ended. Sign in again.'

test.beforeEach(async ({ site, rider }) => {
  await site.pool.createConfirmedUser(rider)
})

test('a reload keeps the rider signed in', async ({ page, rider }) => {
  await signIn(page, rider)
  await page.reload()
  await expectRidePage(page)
})

test('tokens are kept under the key names of the client library', async ({ page, rider }) => {
  await signIn(page, rider)
  const prefix = 'CognitoIdentityServiceProvider.wildrydeswebapplocal000000'
  expect([...(await tokenKeys(page))].sort()).toEqual([
    `${prefix}.LastAuthUser`,
    `${prefix}.${rider.email}.accessToken`,
    `${prefix}.${rider.email}.clockDrift`,
    `${prefix}.${rider.email}.idToken`,
    `${prefix}.${rider.email}.refreshToken`,
  ])
  expect(await page.evaluate(() => localStorage.length)).toBe(0)
})

test('without "Keep me signed in" another tab knows nobody', async ({ page, context, rider }) => {
  await signIn(page, rider)
  const other = await context.newPage()
  await other.goto('/ride.html')
  await expect(other).toHaveURL(/signin/)
})

for (const [what, lasting, expectOpened, keptKeys] of [
  ['without "Keep me signed in" signs her out', false, expectSignInAsked, 0],
  ['with it, leaves her signed in', true, expectRidePage, 5],
] as const) {
  test(`a rider who closes the tab and opens another: ${what}`, async ({
    browser,
    site,
    rider,
  }) => {
    const context = await browser.newContext({ baseURL: site.origin })
    const first = await context.newPage()
    await signIn(first, rider, { lasting })
    await first.close()
    const next = await context.newPage()
    const trouble = watchForTrouble(next)
    await next.goto('/ride.html')
    await expectOpened(next)
    expect(await tokenKeys(next)).toHaveLength(keptKeys)
    expect(trouble).toEqual([])
    await context.close()
  })
}

async function expectSignInAsked(page: Page): Promise<void> {
  await expect(page).toHaveURL(/\/signin\.html\?next=%2Fride\.html$/)
}

test('with it, a second tab is signed in, and signing out in one ends both', async ({
  page,
  context,
  rider,
}) => {
  await signIn(page, rider, { lasting: true })
  const other = await context.newPage()
  const trouble = watchForTrouble(other)
  await other.goto('/ride.html')
  await expectRidePage(other)
  await page.getByRole('button', { name: 'Sign out' }).click()
  await expect(page).toHaveURL(/signin/)
  await expect(page.getByRole('status')).toHaveText('You are signed out.')
  await expect(other).toHaveURL(/signin/, { timeout: 1000 })
  expect(await tokenKeys(page)).toEqual([])
  expect(trouble).toEqual([])
})

test('signing out ends the session at the service too', async ({ page, site, rider }) => {
  await signIn(page, rider)
  const refreshToken = await page.evaluate(() =>
    sessionStorage.getItem(
      Object.keys(sessionStorage).find((key) => key.endsWith('refreshToken')) ?? '',
    ),
  )
  await page.getByRole('button', { name: 'Sign out' }).click()
  await expect(page).toHaveURL(/signin/)
  await expect
    .poll(() =>
      site.pool.call('GetTokensFromRefreshToken', {
        ClientId: 'wildrydeswebapplocal000000',
        RefreshToken: refreshToken,
      }),
    )
    .toMatchObject({ status: 400, body: { message: 'Refresh Token has been revoked' } })
})

test('signing out works offline, at once', async ({ page, context, rider }) => {
  await signIn(page, rider)
  await context.setOffline(true)
  await page.evaluate(() => {
    document.querySelector<HTMLElement>('#sign-out')?.click()
    const left = Object.keys(sessionStorage).filter((key) => key.startsWith('Cognito'))
    if (left.length > 0) throw new Error(`still there: ${left.join()}`)
  })
  await context.setOffline(false)
})

test('Back after signing in does not bring the form back', async ({ page, rider }) => {
  await page.goto('/')
  await signIn(page, rider)
  await page.goBack()
  await expect(page).toHaveURL(/\/$/)
  await expect(page.getByRole('link', { name: 'Your ride' })).toBeVisible()
})

test('a page brought back from the back/forward cache shows nothing of who has left', async ({
  site,
  rider,
  launchOptions,
}) => {
  const browser = await launchWithBackForwardCache(launchOptions)
  try {
    const context = await browser.newContext({ baseURL: site.origin })
    const page = await context.newPage()
    await signIn(page, rider, { lasting: true })
    await page.getByRole('link', { name: 'Wild Rydes' }).click()
    await expect(page).toHaveURL(/\/$/)

    const other = await context.newPage()
    await other.goto('/ride.html')
    await other.getByRole('button', { name: 'Sign out' }).click()
    await expect(other).toHaveURL(/signin/)

    await page.evaluate(() => history.back())
    await expect(page).toHaveURL(/signin/)
    await expect(page.getByText(rider.email)).toHaveCount(0)
  } finally {
    await browser.close()
  }
})

test('expired tokens are renewed without a word, once', async ({ page, site, rider }) => {
  await signIn(page, rider)
  const renewals = watchCalls(page, 'GetTokensFromRefreshToken')
  // An open ride page would renew when the clock moves, and leave before it has the answer.
  await page.goto('about:blank')
  await site.pool.advanceClock(2 * 3600)
  await page.clock.setSystemTime(Date.now() + 2 * 3600 * 1000)
  await page.goto('/ride.html')
  await expectRidePage(page)
  expect(renewals).toHaveLength(1)
  await expect(page.locator('#time-left')).toHaveText(/5\d min/)
})

test('two tabs renew expired tokens once between them', async ({ page, context, site, rider }) => {
  await signIn(page, rider, { lasting: true })
  const other = await context.newPage()
  const renewals = [page, other].map((tab) => watchCalls(tab, 'GetTokensFromRefreshToken'))
  await page.goto('about:blank')
  await site.pool.advanceClock(2 * 3600)
  await context.clock.setSystemTime(Date.now() + 2 * 3600 * 1000)
  await Promise.all([page.goto('/ride.html'), other.goto('/ride.html')])
  await Promise.all([expectRidePage(page), expectRidePage(other)])
  expect(renewals.flat()).toHaveLength(1)
})

test('a session the service has ended leads to sign-in quickly, and nothing is kept', async ({
  page,
  site,
  rider,
}) => {
  await signIn(page, rider)
  await site.pool.advanceClock(25 * 3600)
  await page.clock.setSystemTime(Date.now() + 25 * 3600 * 1000)
  let calls = 0
  await page.route(poolApi, async (route) => {
    calls += 1
    await route.continue()
  })
  await page.reload()
  await expect(page).toHaveURL(/signin\.html\?next=%2Fride/)
  expect(calls).toBe(1)
  expect(await tokenKeys(page)).toEqual([])
})

test('a lost network ends no session: the page says so, and goes on when asked', async ({
  page,
  site,
  rider,
}) => {
  await signIn(page, rider)
  await site.pool.advanceClock(2 * 3600)
  await page.clock.setSystemTime(Date.now() + 2 * 3600 * 1000)
  await page.route(poolApi, (route) => route.abort('namenotresolved'))
  await page.reload()
  await expect(page.getByText('The service could not be reached')).toBeVisible()
  expect(await tokenKeys(page)).toHaveLength(5)
  await page.unroute(poolApi)
  await page.getByRole('button', { name: 'Try again' }).click()
  await expectRidePage(page)
})

test('signing out is possible while the session cannot be renewed', async ({
  page,
  site,
  rider,
}) => {
  await signIn(page, rider)
  await site.pool.advanceClock(2 * 3600)
  await page.clock.setSystemTime(Date.now() + 2 * 3600 * 1000)
  await page.route(poolApi, (route) => route.abort())
  await page.reload()
  await expect(page.getByRole('alert')).toHaveText(/could not be reached/)
  await page.getByRole('button', { name: 'Sign out' }).click()
  await expect(page).toHaveURL(/signin/)
  expect(await tokenKeys(page)).toEqual([])
})

test('copying the token says why when it cannot be renewed', async ({ page, site, rider }) => {
  await signIn(page, rider)
  await site.pool.advanceClock(2 * 3600)
  await page.clock.setSystemTime(Date.now() + 2 * 3600 * 1000)
  await page.route(poolApi, (route) => route.abort())
  await page.getByRole('button', { name: 'Copy token' }).click()
  await expect(page.getByRole('status')).toHaveText(/could not be reached/)
})

test('signing in anew in one tab leaves the other signed in', async ({ page, context, rider }) => {
  await signIn(page, rider, { lasting: true })
  const other = await context.newPage()
  for (let round = 0; round < 4; round += 1) {
    await signIn(other, rider, { lasting: true })
    await expectRidePage(page)
  }
  expect(await tokenKeys(page)).toHaveLength(5)
})

test("another tab's good session outlives the end of a tab's own", async ({
  page,
  context,
  site,
  rider,
}) => {
  await signIn(page, rider)
  const other = await context.newPage()
  await site.pool.advanceClock(25 * 3600)
  await signIn(other, rider, { lasting: true })
  await page.clock.setSystemTime(Date.now() + 25 * 3600 * 1000)
  await page.reload()
  await expectRidePage(other)
  await other.reload()
  await expectRidePage(other)
})

test('a page that slept past the end of its tokens renews them when it wakes', async ({
  page,
  site,
  rider,
}) => {
  await signIn(page, rider)
  const renewals = watchCalls(page, 'GetTokensFromRefreshToken')
  await site.pool.advanceClock(2 * 3600)
  await page.clock.setSystemTime(Date.now() + 2 * 3600 * 1000)
  const ended = await storedToken(page, 'accessToken')
  await lookAt(page)
  await expect.poll(() => storedToken(page, 'accessToken')).not.toBe(ended)
  await expect(page.locator('#time-left')).toHaveText(/5\d min/)
  expect(renewals).toHaveLength(1)
  await expect(page.getByRole('status')).toHaveText('')
})

for (const days of [1, -1]) {
  test(`a clock that moves by ${days} day after the sign-in neither signs out nor renews again and again`, async ({
    page,
    rider,
  }) => {
    await signIn(page, rider)
    const renewals = watchCalls(page, 'GetTokensFromRefreshToken')
    await page.clock.setSystemTime(Date.now() + days * 86_400_000)
    for (const look of [lookAt, (tab: Page) => tab.reload(), lookAt]) {
      const asked = page.waitForResponse(
        (response) => response.request().headers()['x-amz-target']?.endsWith('.GetUser') === true,
      )
      await look(page)
      await asked
      await expectRidePage(page)
    }
    expect(renewals.length).toBeLessThanOrEqual(1)
    expect(await tokenKeys(page)).toHaveLength(5)
    await expect(page.getByRole('status')).toHaveText('')
  })
}

test('a password that did its work is gone from the page behind Back', async ({
  site,
  launchOptions,
}) => {
  const browser = await launchWithBackForwardCache(launchOptions)
  try {
    const page = await browser.newPage({ baseURL: site.origin })
    await register(page, { email: 'new@example.com', password: 'Unicorn-1234' })
    await page.evaluate(() => history.back())
    await expect(page).toHaveURL(/register/)
    await expect(page.getByLabel('Password', { exact: true })).toHaveValue('')
    await expect(page.getByLabel('Confirm password')).toHaveValue('')
  } finally {
    await browser.close()
  }
})

test('clipboard or not, "Copy token" gives the whole ID token', async ({ page, rider }) => {
  await signIn(page, rider)
  await page.getByRole('button', { name: 'Copy token' }).click()
  await expect(page.getByRole('status')).toHaveText('The token is copied.')
  const copied = await page.evaluate(() => navigator.clipboard.readText())
  await openTokenLens(page)
  await expect(page.locator('#id-token')).toHaveText(copied)
  const [, claims = ''] = copied.split('.')
  expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({
    token_use: 'id',
    email: rider.email,
  })
  await expect(page.locator('#claims')).toContainText('token_use')
  await expect(page.locator('#time-left')).toHaveText(/^\d+ min \d+ s$/)

  await page.evaluate(() => {
    Object.defineProperty(navigator, 'clipboard', { value: undefined })
  })
  await page.getByRole('button', { name: 'Copy token' }).click()
  await expect(page.getByRole('status')).toHaveText(/^It is selected/)
  expect(await page.evaluate(() => String(getSelection()))).toBe(copied)
})

/** As a tab tells when the rider turns to it again. */
async function lookAt(page: Page): Promise<void> {
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))
}

test('signing out in a tab ends the session that another tab has of its own', async ({
  page,
  context,
  rider,
}) => {
  const other = await context.newPage()
  const trouble = watchForTrouble(other)
  await signIn(other, rider)
  await signIn(page, rider)
  await page.getByRole('button', { name: 'Sign out' }).click()
  await expectSignInPage(page, 'You are signed out.')
  await expect(other).toHaveURL(/signin/, { timeout: 1000 })
  for (const tab of [page, other]) expect(await tokenKeys(tab)).toEqual([])
  expect(trouble).toEqual([])
})

test('an open page renews its tokens before they end, without an act or a word', async ({
  page,
  site,
  rider,
}) => {
  await page.clock.install()
  await signIn(page, rider)
  const renewals = watchCalls(page, 'GetTokensFromRefreshToken')
  await openTokenLens(page)
  const first = await page.locator('#id-token').textContent()
  const minutes = 59 * 60
  await site.pool.advanceClock(minutes)
  await page.clock.fastForward(minutes * 1000)
  await expect(page.locator('#time-left')).toHaveText(/^0 min [45]\d s$/)
  expect(renewals).toHaveLength(0)
  await site.pool.advanceClock(40)
  await page.clock.fastForward(40_000)
  await expect(page.locator('#time-left')).toHaveText(/^59 min/)
  expect(renewals).toHaveLength(1)
  await expect(page.locator('#id-token')).not.toHaveText(first ?? '')
  await expect(page.getByRole('status')).toHaveText('')
  // Where her press has left it.
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('SUMMARY')
})

for (const [when, sentence, cut, mend] of [
  [
    'when the browser tells of it',
    'You seem to be offline. Try again when you have a connection.',
    (page: Page) => page.context().setOffline(true),
    (page: Page) => page.context().setOffline(false),
  ],
  [
    'after a while where nobody tells of it',
    'The service could not be reached. Check your connection and try again.',
    (page: Page) => page.route(poolApi, (route) => route.abort('namenotresolved')),
    async (page: Page) => {
      await page.unroute(poolApi)
      await page.clock.fastForward(15_000)
    },
  ],
] as const) {
  test(`tokens that end while there is no network are kept, and renewed with the next one, ${when}`, async ({
    page,
    site,
    rider,
  }) => {
    await page.clock.install()
    await signIn(page, rider)
    await cut(page)
    await site.pool.advanceClock(2 * 3600)
    await page.clock.fastForward(2 * 3600 * 1000)
    await expect(page.getByRole('alert')).toHaveText(sentence)
    expect(await tokenKeys(page)).toHaveLength(5)
    await mend(page)
    await expect(page.getByRole('alert')).toBeHidden()
    await expectRidePage(page)
    await expect(page.locator('#time-left')).toHaveText(/5\d min/)
  })
}

test('a token that the service refuses before its time is replaced once, and nobody is signed out', async ({
  page,
  site,
  rider,
}) => {
  await signIn(page, rider)
  // The page's first question is answered before: the answer that is waited for below is another's.
  await page.waitForLoadState('networkidle')
  const renewals = watchCalls(page, 'GetTokensFromRefreshToken')
  const refused = await storedToken(page, 'accessToken')
  // The pool's hour passes; the rider's clock stands still.
  await site.pool.advanceClock(61 * 60)
  const asked = page.waitForResponse(
    (response) =>
      response.ok() && response.request().headers()['x-amz-target']?.endsWith('.GetUser') === true,
  )
  await lookAt(page)
  await asked
  await expectRidePage(page)
  expect(renewals).toHaveLength(1)
  expect(await tokenKeys(page)).toHaveLength(5)
  expect(await storedToken(page, 'accessToken')).not.toBe(refused)

  await page.goto('/account.html')
  await expect(page.getByText('You are signed in as')).toBeVisible()
  expect(renewals).toHaveLength(1)
})

test('the ride page shows the token that took the place of a refused one', async ({
  page,
  site,
  rider,
}) => {
  await signIn(page, rider)
  const refused = await storedToken(page, 'accessToken')
  await openTokenLens(page)
  const shown = (await page.locator('#id-token').textContent()) ?? ''
  await site.pool.advanceClock(61 * 60)
  await lookAt(page)
  await expect.poll(() => storedToken(page, 'accessToken')).not.toBe(refused)
  await expect(page.locator('#id-token')).not.toHaveText(shown)
})

/** Rewrites stored tokens: for ever good, by their own word, and signed by nobody. */
async function forgeTokens(page: Page, names: readonly string[]): Promise<void> {
  await page.evaluate((endings) => {
    const encode = (value: unknown) =>
      btoa(JSON.stringify(value)).replace(/=+$/, '').replaceAll('+', '-').replaceAll('/', '_')
    for (const key of Object.keys(sessionStorage)) {
      if (!endings.some((ending) => key.endsWith(`.${ending}`))) continue
      const [, part = ''] = (sessionStorage.getItem(key) ?? '').split('.')
      const claims = JSON.parse(atob(part.replaceAll('-', '+').replaceAll('_', '/')))
      const forged = { ...claims, exp: 4_102_444_800 }
      sessionStorage.setItem(key, `${encode({ alg: 'none' })}.${encode(forged)}.x`)
    }
  }, names)
}

test('forged tokens open no page for long: the service decides', async ({ page, rider }) => {
  await signIn(page, rider)
  const renewals = watchCalls(page, 'GetTokensFromRefreshToken')
  // With a good refresh token the forged ones are replaced,
  await forgeTokens(page, ['idToken', 'accessToken'])
  await page.reload()
  await expect.poll(() => storedToken(page, 'accessToken')).not.toMatch(/\.x$/)
  expect(renewals).toHaveLength(1)
  await page.reload()
  await expectRidePage(page)
  await expect(page.locator('#time-left')).toHaveText(/5\d min/)
  // without one they are the end.
  await page.evaluate(() => {
    const key = Object.keys(sessionStorage).find((name) => name.endsWith('.refreshToken'))
    sessionStorage.setItem(key ?? '', 'forged')
  })
  await forgeTokens(page, ['idToken', 'accessToken'])
  await page.goto('/ride.html')
  await expectSignInPage(page, sessionEnded)
  expect(await tokenKeys(page)).toEqual([])
})

for (const [what, operation] of [
  ['deleted', 'DeleteUser'],
  ['disabled', 'AdminDisableUser'],
  ['signed out everywhere', 'AdminUserGlobalSignOut'],
] as const) {
  test(`a rider who is ${what} elsewhere is led from the ride page to sign-in, and nothing is kept`, async ({
    page,
    site,
    rider,
  }) => {
    await signIn(page, rider)
    const ended = await fetch(`${site.origin}/cognito-idp/`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/x-amz-json-1.1',
        'X-Amz-Target': `AWSCognitoIdentityProviderService.${operation}`,
        ...(operation !== 'DeleteUser' && {
          Authorization: 'AWS4-HMAC-SHA256 Credential=test',
        }),
      },
      body: JSON.stringify(
        operation === 'DeleteUser'
          ? { AccessToken: await storedToken(page, 'accessToken') }
          : { UserPoolId, Username: rider.email },
      ),
    })
    expect(ended.status).toBe(200)
    await lookAt(page)
    await expectSignInPage(page, sessionEnded)
    expect(await tokenKeys(page)).toEqual([])
    await expect(page.locator('body')).not.toContainText(/deleted|disabled|revoked/)
  })
}

test('site data that is cleared while a page is open leads to sign-in at the next act', async ({
  page,
  context,
  rider,
}) => {
  const clear = (tab: Page) =>
    tab.evaluate(() => {
      localStorage.clear()
      sessionStorage.clear()
    })
  await signIn(page, rider, { lasting: true })
  // What the page asks when it opens would notice before the act does.
  await page.waitForLoadState('networkidle')
  await clear(page)
  await page.getByRole('button', { name: 'Copy token' }).click()
  await expectSignInPage(page, sessionEnded)

  await signIn(page, rider)
  await openAccount(page)
  await page.getByLabel('Current password', { exact: true }).fill(rider.password)
  await page.getByLabel('New password', { exact: true }).fill('Pegasus-5678')
  await clear(page)
  await page.getByRole('button', { name: 'Change password' }).click()
  await expectSignInPage(page, sessionEnded)
  await expect(page.getByLabel('Password', { exact: true })).toHaveValue('')

  // Another tab sees it at once.
  await signIn(page, rider, { lasting: true })
  const other = await context.newPage()
  await other.goto('/')
  await clear(other)
  await expectSignInPage(page, sessionEnded)
  await other.getByRole('link', { name: 'Your ride' }).click()
  await expect(other).toHaveURL(/signin\.html\?next=/)
})

test('signing out twice is signing out once', async ({ page, rider }) => {
  await signIn(page, rider)
  const revocations = watchCalls(page, 'RevokeToken')
  await page.getByRole('button', { name: 'Sign out' }).dblclick()
  await expectSignInPage(page, 'You are signed out.')
  expect(revocations).toHaveLength(1)
  expect(await tokenKeys(page)).toEqual([])
})

test('new tokens that are on their way do not bring back who signs out meanwhile', async ({
  page,
  context,
  site,
  rider,
}) => {
  await signIn(page, rider, { lasting: true })
  const home = await context.newPage()
  await home.goto('/')
  let isHeld = false
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  await meetCalls(page, 'GetTokensFromRefreshToken', async (route) => {
    const response = await route.fetch()
    isHeld = true
    await held
    await route.fulfill({ response }).catch(() => undefined)
  })
  await site.pool.advanceClock(2 * 3600)
  await page.clock.setSystemTime(Date.now() + 2 * 3600 * 1000)
  await lookAt(page)
  await expect.poll(() => isHeld).toBe(true)
  await page.getByRole('button', { name: 'Sign out' }).click()
  release()
  await expectSignInPage(page, 'You are signed out.')
  for (const tab of [page, home]) expect(await tokenKeys(tab)).toEqual([])
  await expect(home.getByRole('link', { name: 'Sign in' })).toBeVisible()
})

test.describe('in a pool whose refresh tokens work once', () => {
  test.use({
    template: useTemplate({
      pool: { AutoVerifiedAttributes: ['email'] },
      client: {
        ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH'],
        RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 0 },
      },
    }),
  })

  test('two tabs that renew at once both stay signed in, time and again', async ({
    page,
    context,
    site,
    rider,
  }) => {
    await signIn(page, rider, { lasting: true })
    const other = await context.newPage()
    const tabs = [page, other]
    const renewals = tabs.map((tab) => watchCalls(tab, 'GetTokensFromRefreshToken'))
    const used = new Set<string>()
    for (let hours = 2; hours <= 6; hours += 2) {
      used.add(await storedToken(page, 'refreshToken'))
      // An open ride page would renew when the clock moves, and leave before it has the answer.
      await Promise.all(tabs.map((tab) => tab.goto('/')))
      await site.pool.advanceClock(2 * 3600)
      await context.clock.setSystemTime(Date.now() + hours * 3600 * 1000)
      await Promise.all(tabs.map((tab) => tab.goto('/ride.html')))
      await Promise.all(tabs.map(expectRidePage))
      expect(renewals.flat()).toHaveLength(used.size)
    }
    expect(used.size).toBe(3)
    const [first = ''] = used
    expect(
      await site.pool.call('GetTokensFromRefreshToken', { ClientId, RefreshToken: first }),
    ).toMatchObject({ status: 400, body: { __type: 'RefreshTokenReuseException' } })
  })
})
