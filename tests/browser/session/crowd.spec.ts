/** Pages of signed-in riders in a crowd: what they ask in the background is asked later and later, and out of sight not at all. */

import type { Page } from '@playwright/test'
import { accountCards, openAccountSignedIn, storedToken } from '../support/account-actions.ts'
import { routeCalls, watchCalls, watchOperations } from '../support/calls.ts'
import { advanceClocks, stopClock } from '../support/clocks.ts'
import { expect, test } from '../support/fixtures.ts'
import { openPasskeys, withPasskeyPool } from '../support/passkey-actions.ts'
import { expectRidePage, openSignedIn, returnToTab, tokenKeys } from '../support/rider-actions.ts'

const tooMany = 'Too many requests right now. Wait a moment, then try again.'

async function refuse(page: Page, operation: string, times = Number.POSITIVE_INFINITY) {
  let left = times
  await routeCalls(page, operation, (route) => {
    left -= 1
    if (left < 0) return route.fallback()
    return route.fulfill({ status: 400, json: { __type: 'TooManyRequestsException', message: '' } })
  })
}

/** The browser reports it, and the event comes; pages of tests are always in sight. */
async function setVisibility(page: Page, state: 'hidden' | 'visible'): Promise<void> {
  await page.evaluate((current) => {
    Object.defineProperty(document, 'visibilityState', {
      get: () => current,
      configurable: true,
    })
  }, state)
  await returnToTab(page)
}

/** Lets time pass in small steps, so that each call is answered before the next is due. */
async function passMinutes(page: Page, minutes: number, stepSeconds = 30): Promise<void> {
  for (let passed = 0; passed < minutes * 60; passed += stepSeconds) {
    await page.clock.runFor(stepSeconds * 1000)
    await page.evaluate(() => fetch('/images/unicorn.svg'))
  }
}

test.beforeEach(async ({ site, rider }) => {
  await site.pool.createConfirmedUser(rider)
})

test('hidden tab: it asks nothing while it is out of sight, and renews its tokens when it is shown', async ({
  page,
  site,
  rider,
}) => {
  await page.clock.install()
  await openSignedIn(page, site, rider)
  await page.waitForLoadState('networkidle')
  const operations = watchOperations(page)
  await setVisibility(page, 'hidden')
  await site.pool.advanceClock(2 * 3600)
  await page.clock.fastForward(2 * 3600 * 1000)
  await page.evaluate(() => window.dispatchEvent(new Event('online')))
  await page.clock.runFor(600_000)
  expect(operations).toEqual([])
  expect(await tokenKeys(page)).toHaveLength(5)

  await setVisibility(page, 'visible')
  await expect(page.locator('#time-left')).toHaveText(/5\d min/)
  await expectRidePage(page)
  await expect.poll(() => operations).toEqual(['GetTokensFromRefreshToken', 'GetUser'])
})

test('hidden tab: it follows a sign-out in another tab without being shown', async ({
  page,
  context,
  site,
  rider,
}) => {
  await openSignedIn(page, site, rider, { rememberMe: true })
  await setVisibility(page, 'hidden')
  const other = await context.newPage()
  await other.goto('/')
  await other.evaluate(() => localStorage.clear())
  await expect(page).toHaveURL(/signin\.html/)
})

test('too many requests: a renewal that is refused shows nothing while the tokens are good, and is asked again', async ({
  page,
  site,
  rider,
}) => {
  await page.clock.install()
  await openSignedIn(page, site, rider)
  await stopClock(page)
  await refuse(page, 'GetTokensFromRefreshToken', 3)
  const refreshes = watchCalls(page, 'GetTokensFromRefreshToken')
  const first = await storedToken(page, 'accessToken')
  await page.clock.runFor(41 * 60_000)
  await passMinutes(page, 16, 5)
  expect(refreshes).toHaveLength(4)
  expect(await storedToken(page, 'accessToken')).not.toBe(first)
  await expect(page.getByRole('alert')).toBeHidden()
  await expectRidePage(page)
})

test('too many requests: a service that refuses for ever ends in a sentence within ten seconds, is asked less than once a minute, and signs nobody out', async ({
  page,
  site,
  rider,
}) => {
  await page.clock.install()
  await openSignedIn(page, site, rider)
  await page.goto('/404.html')
  await advanceClocks(page, site, 2 * 3600)
  await refuse(page, 'GetTokensFromRefreshToken')
  const refreshes = watchCalls(page, 'GetTokensFromRefreshToken')
  await page.goto('/ride.html')
  await expect(page.getByText('Checking your sign-in…')).toBeVisible()
  await expect.poll(() => refreshes.length).toBe(1)
  await stopClock(page)
  // As long as it takes this machine: tests/unit/site/lib/backoff.test.ts adds the waits up.
  await expect(async () => {
    await page.clock.runFor(1000)
    await expect(page.getByRole('alert')).toHaveText(tooMany, { timeout: 200 })
  }).toPass()
  expect(refreshes.length).toBeLessThanOrEqual(4)
  await passMinutes(page, 60)
  expect(refreshes.length).toBeGreaterThan(20)
  expect(refreshes.length).toBeLessThan(60)
  expect(await tokenKeys(page)).toHaveLength(5)

  await page.unrouteAll()
  await page.getByRole('button', { name: 'Try again' }).click()
  await expectRidePage(page)
})

test('too many requests: the account page waits for its details, without a press', async ({
  page,
  site,
  rider,
}) => {
  await refuse(page, 'GetUser', 2)
  const calls = watchCalls(page, 'GetUser')
  await page.addInitScript(() => {
    Math.random = () => 0
  })
  await openAccountSignedIn(page, site, rider)
  await expect(accountCards(page)).toBeVisible()
  await expect(page.getByRole('alert')).toBeHidden()
  expect(calls).toHaveLength(3)
})

test.describe('in a pool with passkeys', () => {
  test.use({ template: withPasskeyPool({}) })

  test('too many requests: the list of passkeys comes by itself', async ({ page, site, rider }) => {
    await refuse(page, 'ListWebAuthnCredentials', 2)
    const calls = watchCalls(page, 'ListWebAuthnCredentials')
    await page.addInitScript(() => {
      Math.random = () => 0
    })
    await openAccountSignedIn(page, site, rider)
    await openPasskeys(page)
    await expect(page.getByText('You have no passkeys yet.')).toBeVisible()
    expect(calls).toHaveLength(3)
  })
})
