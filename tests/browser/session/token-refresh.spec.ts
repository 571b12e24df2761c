/** Tokens that expire, or that the service rejects, are refreshed. */

import type { Page } from '@playwright/test'
import { accountCards, storedToken } from '../support/account-actions.ts'
import { watchCalls } from '../support/calls.ts'
import { advanceClocks } from '../support/clocks.ts'
import { expect, poolApi, test } from '../support/fixtures.ts'
import { ClientId } from '../support/pool-client.ts'
import { useTemplate } from '../support/pool-templates.ts'
import {
  expectRidePage,
  openSignedIn,
  openTokenInspector,
  returnToTab,
  tokenKeys,
} from '../support/rider-actions.ts'

test.beforeEach(async ({ site, rider }) => {
  await site.pool.createConfirmedUser(rider)
})

test('token refresh: expired tokens are refreshed once, without a message', async ({
  page,
  site,
  rider,
}) => {
  await openSignedIn(page, site, rider)
  const refreshes = watchCalls(page, 'GetTokensFromRefreshToken')
  // An open ride page would start a refresh when the clock moves, and be left before the response.
  await page.goto('about:blank')
  await advanceClocks(page, site, 2 * 3600)
  await page.goto('/ride.html')
  await expectRidePage(page)
  expect(refreshes).toHaveLength(1)
  await expect(page.locator('#time-left')).toHaveText(/5\d min/)
})

test('network error: a lost network ends no session, and "Try again" opens the page', async ({
  page,
  site,
  rider,
}) => {
  await openSignedIn(page, site, rider)
  await advanceClocks(page, site, 2 * 3600)
  await page.route(poolApi, (route) => route.abort('namenotresolved'))
  await page.reload()
  await expect(page.getByText("We couldn't reach the service")).toBeVisible()
  expect(await tokenKeys(page)).toHaveLength(5)
  await page.unroute(poolApi)
  await page.getByRole('button', { name: 'Try again' }).click()
  await expectRidePage(page)
})

test('token refresh: a tab that becomes visible after its tokens have expired refreshes them', async ({
  page,
  site,
  rider,
}) => {
  await openSignedIn(page, site, rider)
  const refreshes = watchCalls(page, 'GetTokensFromRefreshToken')
  await advanceClocks(page, site, 2 * 3600)
  const ended = await storedToken(page, 'accessToken')
  await returnToTab(page)
  await expect.poll(() => storedToken(page, 'accessToken')).not.toBe(ended)
  await expect(page.locator('#time-left')).toHaveText(/5\d min/)
  expect(refreshes).toHaveLength(1)
  await expect(page.getByRole('status')).toHaveText('')
})

for (const days of [1, -1]) {
  test(`clock skew: a clock that moves by ${days} day after sign-in ends no session and causes at most one refresh`, async ({
    page,
    site,
    rider,
  }) => {
    await openSignedIn(page, site, rider)
    const refreshes = watchCalls(page, 'GetTokensFromRefreshToken')
    await page.clock.setSystemTime(Date.now() + days * 86_400_000)
    for (const look of [returnToTab, (tab: Page) => tab.reload(), returnToTab]) {
      const responded = page.waitForResponse(
        (response) => response.request().headers()['x-amz-target']?.endsWith('.GetUser') === true,
      )
      await look(page)
      await responded
      await expectRidePage(page)
    }
    expect(refreshes.length).toBeLessThanOrEqual(1)
    expect(await tokenKeys(page)).toHaveLength(5)
    await expect(page.getByRole('status')).toHaveText('')
  })
}

test('token refresh: an open page refreshes its tokens before they expire, without a message or a change of focus', async ({
  page,
  site,
  rider,
}) => {
  await page.clock.install()
  await openSignedIn(page, site, rider)
  const refreshes = watchCalls(page, 'GetTokensFromRefreshToken')
  await openTokenInspector(page)
  const first = await page.locator('#id-token').textContent()
  const early = 41 * 60
  await site.pool.advanceClock(early)
  await page.clock.fastForward(early * 1000)
  await expect(page.locator('#time-left')).toHaveText(/^1[89] min/)
  expect(refreshes).toHaveLength(0)
  // Somewhere in the last part of their life: not all riders at once.
  await site.pool.advanceClock(14 * 60)
  await page.clock.fastForward(14 * 60_000)
  await expect(page.locator('#time-left')).toHaveText(/^59 min/)
  expect(refreshes).toHaveLength(1)
  await expect(page.locator('#id-token')).not.toHaveText(first ?? '')
  await expect(page.getByRole('status')).toHaveText('')
  // Where the rider's click has left it.
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('SUMMARY')
})

for (const [when, sentence, disconnect, reconnect] of [
  [
    'when the browser reports the network',
    'You seem to be offline. Try again when you have a connection.',
    (page: Page) => page.context().setOffline(true),
    (page: Page) => page.context().setOffline(false),
  ],
  [
    'after a while when the browser reports nothing',
    "We couldn't reach the service. Check your connection and try again.",
    (page: Page) => page.route(poolApi, (route) => route.abort('namenotresolved')),
    async (page: Page) => {
      await page.unroute(poolApi)
      await page.clock.fastForward(15_000)
    },
  ],
] as const) {
  test(`offline: tokens that expire without a network are kept, and refreshed ${when}`, async ({
    page,
    site,
    rider,
  }) => {
    await page.clock.install()
    await openSignedIn(page, site, rider)
    await disconnect(page)
    await site.pool.advanceClock(2 * 3600)
    await page.clock.fastForward(2 * 3600 * 1000)
    await expect(page.getByRole('alert')).toHaveText(sentence)
    expect(await tokenKeys(page)).toHaveLength(5)
    await reconnect(page)
    await expect(page.getByRole('alert')).toBeHidden()
    await expectRidePage(page)
    await expect(page.locator('#time-left')).toHaveText(/5\d min/)
  })
}

test('token refresh: an access token that the service rejects early is refreshed once, and nobody is signed out', async ({
  page,
  site,
  rider,
}) => {
  await openSignedIn(page, site, rider)
  // The response to the page's first call is not the one that is waited for below.
  await page.waitForLoadState('networkidle')
  const refreshes = watchCalls(page, 'GetTokensFromRefreshToken')
  const rejected = await storedToken(page, 'accessToken')
  // An hour passes for the pool and not for the page.
  await site.pool.advanceClock(61 * 60)
  const responded = page.waitForResponse(
    (response) =>
      response.ok() && response.request().headers()['x-amz-target']?.endsWith('.GetUser') === true,
  )
  await returnToTab(page)
  await responded
  await expectRidePage(page)
  expect(refreshes).toHaveLength(1)
  expect(await tokenKeys(page)).toHaveLength(5)
  expect(await storedToken(page, 'accessToken')).not.toBe(rejected)

  await page.goto('/account.html')
  await expect(accountCards(page)).toBeVisible()
  expect(refreshes).toHaveLength(1)
})

test('token refresh: the token inspector shows the token that replaced a rejected one', async ({
  page,
  site,
  rider,
}) => {
  await openSignedIn(page, site, rider)
  const rejected = await storedToken(page, 'accessToken')
  await openTokenInspector(page)
  const shown = (await page.locator('#id-token').textContent()) ?? ''
  await site.pool.advanceClock(61 * 60)
  await returnToTab(page)
  await expect.poll(() => storedToken(page, 'accessToken')).not.toBe(rejected)
  await expect(page.locator('#id-token')).not.toHaveText(shown)
})

test.describe('in a pool with refresh token rotation', () => {
  test.use({
    template: useTemplate({
      pool: { AutoVerifiedAttributes: ['email'] },
      client: {
        ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH'],
        RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 0 },
      },
    }),
  })

  test('refresh token rotation: two tabs that refresh at the same time both stay signed in, three times in a row', async ({
    page,
    context,
    site,
    rider,
  }) => {
    await openSignedIn(page, site, rider, { rememberMe: true })
    const other = await context.newPage()
    const tabs = [page, other]
    const refreshes = tabs.map((tab) => watchCalls(tab, 'GetTokensFromRefreshToken'))
    const used = new Set<string>()
    for (let hours = 2; hours <= 6; hours += 2) {
      used.add(await storedToken(page, 'refreshToken'))
      // An open ride page would start a refresh when the clock moves, and be left before the response.
      await Promise.all(tabs.map((tab) => tab.goto('/')))
      await site.pool.advanceClock(2 * 3600)
      await context.clock.setSystemTime(Date.now() + hours * 3600 * 1000)
      await Promise.all(tabs.map((tab) => tab.goto('/ride.html')))
      await Promise.all(tabs.map(expectRidePage))
      expect(refreshes.flat()).toHaveLength(used.size)
    }
    expect(used.size).toBe(3)
    const [first = ''] = used
    expect(
      await site.pool.call('GetTokensFromRefreshToken', { ClientId, RefreshToken: first }),
    ).toMatchObject({ status: 400, body: { __type: 'RefreshTokenReuseException' } })
  })
})
