/** Being signed in: reloads, tabs, Back, expiry, and signing out for good. */

import { chromium } from '@playwright/test'
import { expect, test, watchForTrouble } from './fixtures.ts'
import { expectRidePage, register, signIn, tokenKeys } from './rider-acts.ts'

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
  const browser = await chromium.launch({
    ...launchOptions,
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
  })
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
  let renewals = 0
  await page.route('**/cognito-idp/', async (route) => {
    renewals += 1
    await route.continue()
  })
  await site.pool.advanceClock(2 * 3600)
  await page.clock.setSystemTime(Date.now() + 2 * 3600 * 1000)
  await page.reload()
  await expectRidePage(page)
  expect(renewals).toBe(1)
  await expect(page.locator('#time-left')).toHaveText(/5\d min/)
})

test('two tabs renew expired tokens once between them', async ({ page, context, site, rider }) => {
  await signIn(page, rider, { lasting: true })
  const other = await context.newPage()
  let renewals = 0
  await context.route('**/cognito-idp/', async (route) => {
    renewals += 1
    await route.continue()
  })
  // An open ride page would renew when the clock moves, and leave before it has the answer.
  await page.goto('about:blank')
  await site.pool.advanceClock(2 * 3600)
  await context.clock.setSystemTime(Date.now() + 2 * 3600 * 1000)
  await Promise.all([page.goto('/ride.html'), other.goto('/ride.html')])
  await Promise.all([expectRidePage(page), expectRidePage(other)])
  expect(renewals).toBe(1)
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
  await page.route('**/cognito-idp/', async (route) => {
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
  await page.route('**/cognito-idp/', (route) => route.abort('namenotresolved'))
  await page.reload()
  await expect(page.getByText('The service could not be reached')).toBeVisible()
  expect(await tokenKeys(page)).toHaveLength(5)
  await page.unroute('**/cognito-idp/')
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
  await page.route('**/cognito-idp/', (route) => route.abort())
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
  await page.route('**/cognito-idp/', (route) => route.abort())
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
  await site.pool.advanceClock(2 * 3600)
  await page.clock.setSystemTime(Date.now() + 2 * 3600 * 1000)
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))
  await expect(page.locator('#time-left')).toHaveText(/5\d min/)
})

test('a password that did its work is gone from the page behind Back', async ({
  site,
  launchOptions,
}) => {
  const browser = await chromium.launch({
    ...launchOptions,
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
  })
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

for (const [what, name, value] of [
  ['no refresh token', 'refreshToken', undefined],
  ['an ID token that is no JWT', 'idToken', 'nonsense'],
  ['an ID token whose claims are null', 'idToken', 'e30.bnVsbA.x'],
  ['an access token cut short', 'accessToken', 'e30'],
  ['a drift that is no number', 'clockDrift', 'later'],
] as const) {
  test(`stored ${what} is met without a crash`, async ({ page, rider }) => {
    await signIn(page, rider)
    await page.evaluate(
      ([ending, text]) => {
        const key = Object.keys(sessionStorage).find((candidate) => candidate.endsWith(ending))
        if (!key) throw new Error(`no ${ending} is stored`)
        if (text === undefined) sessionStorage.removeItem(key)
        else sessionStorage.setItem(key, text)
      },
      [name, value] as const,
    )
    await page.reload()
    if (name === 'clockDrift') return expectRidePage(page)
    await expect(page).toHaveURL(/signin/)
    expect(await tokenKeys(page)).toEqual([])
  })
}

test('full storage gives a sentence and keeps nothing by half', async ({ page, rider }) => {
  for (const failing of [1, 3, 5]) {
    await page.goto('/signin.html')
    await page.evaluate((nth) => {
      const setItem = Storage.prototype.setItem
      let tokens = 0
      Storage.prototype.setItem = function (key, value) {
        if (key.startsWith('Cognito')) tokens += 1
        if (tokens >= nth) throw new DOMException('full', 'QuotaExceededError')
        setItem.call(this, key, value)
      }
    }, failing)
    await page.getByLabel('Email or username').fill(rider.email)
    await page.getByLabel('Password', { exact: true }).fill(rider.password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await expect(page.locator('#problems')).toContainText(
      'does not let this site keep you signed in',
    )
    expect(await tokenKeys(page)).toEqual([])
  }
})

test('clipboard or not, "Copy token" gives the whole ID token', async ({ page, rider }) => {
  await signIn(page, rider)
  await page.getByRole('button', { name: 'Copy token' }).click()
  await expect(page.getByRole('status')).toHaveText('The token is copied.')
  const copied = await page.evaluate(() => navigator.clipboard.readText())
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
  await expect(page.getByRole('status')).toHaveText(/The token is selected/)
  expect(await page.evaluate(() => String(getSelection()))).toBe(copied)
})
