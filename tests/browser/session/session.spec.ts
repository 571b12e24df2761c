/** How a session is stored, and what ends it. */

import type { Page } from '@playwright/test'
import { expectSignInPage, openAccount, storedToken } from '../support/account-actions.ts'
import { watchCalls } from '../support/calls.ts'
import { advanceClocks } from '../support/clocks.ts'
import { expect, poolApi, test, watchForPageErrors } from '../support/fixtures.ts'
import { sessionEnded } from '../support/messages.ts'
import { UserPoolId } from '../support/pool-client.ts'
import {
  expectRidePage,
  openSignedIn,
  returnToTab,
  signIn,
  tokenKeys,
} from '../support/rider-actions.ts'

test.beforeEach(async ({ site, rider }) => {
  await site.pool.createConfirmedUser(rider)
})

test('reload: the rider stays signed in', async ({ page, site, rider }) => {
  await openSignedIn(page, site, rider)
  await page.reload()
  await expectRidePage(page)
})

test('web storage: tokens are stored under the key names of the client library', async ({
  page,
  site,
  rider,
}) => {
  await signIn(page, rider)
  const prefix = 'CognitoIdentityServiceProvider.wildrydeswebapplocal000000'
  // Where the address signs in, the username is the sub.
  const username = await site.pool.subOf(rider.email)
  expect([...(await tokenKeys(page))].sort()).toEqual(
    [
      `${prefix}.LastAuthUser`,
      `${prefix}.${username}.accessToken`,
      `${prefix}.${username}.clockDrift`,
      `${prefix}.${username}.idToken`,
      `${prefix}.${username}.refreshToken`,
    ].sort(),
  )
  expect(await page.evaluate(() => localStorage.length)).toBe(0)
})

for (const [what, rememberMe, expectOpened, keptKeys] of [
  ['without "Keep me signed in" the rider is signed out', false, expectSignInAsked, 0],
  ['with "Keep me signed in" the rider stays signed in', true, expectRidePage, 5],
] as const) {
  test(`closed tab: ${what}`, async ({ browser, site, rider }) => {
    const context = await browser.newContext({ baseURL: site.origin })
    const first = await context.newPage()
    await signIn(first, rider, { rememberMe })
    await first.close()
    const next = await context.newPage()
    const pageErrors = watchForPageErrors(next)
    await next.goto('/ride.html')
    await expectOpened(next)
    expect(await tokenKeys(next)).toHaveLength(keptKeys)
    expect(pageErrors).toEqual([])
    await context.close()
  })
}

async function expectSignInAsked(page: Page): Promise<void> {
  await expect(page).toHaveURL(/\/signin\.html\?next=%2Fride\.html$/)
}

test('history: Back after signing in does not return to the sign-in form', async ({
  page,
  rider,
}) => {
  await page.goto('/')
  await signIn(page, rider)
  await page.goBack()
  await expect(page).toHaveURL(/\/$/)
  await expect(page.getByRole('link', { name: 'Your ride' })).toBeVisible()
})

test('expired session: an expired refresh token leads to sign-in after one call, and the tokens are removed', async ({
  page,
  site,
  rider,
}) => {
  await openSignedIn(page, site, rider)
  await advanceClocks(page, site, 25 * 3600)
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

/** Replaces stored tokens by unsigned ones that expire in the year 2100. */
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

test('forged tokens: the service rejects them, with or without a good refresh token', async ({
  page,
  site,
  rider,
}) => {
  await openSignedIn(page, site, rider)
  const refreshes = watchCalls(page, 'GetTokensFromRefreshToken')
  // With a good refresh token the forged tokens are replaced.
  await forgeTokens(page, ['idToken', 'accessToken'])
  await page.reload()
  await expect.poll(() => storedToken(page, 'accessToken')).not.toMatch(/\.x$/)
  expect(refreshes).toHaveLength(1)
  await page.reload()
  await expectRidePage(page)
  await expect(page.locator('#time-left')).toHaveText(/5\d min/)
  // Without one the session ends.
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
  ['signed out globally', 'AdminUserGlobalSignOut'],
] as const) {
  test(`ended session: a rider who is ${what} elsewhere is led from the ride page to sign-in, and the tokens are removed`, async ({
    page,
    site,
    rider,
  }) => {
    await openSignedIn(page, site, rider)
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
    await returnToTab(page)
    await expectSignInPage(page, sessionEnded)
    expect(await tokenKeys(page)).toEqual([])
    await expect(page.locator('body')).not.toContainText(/deleted|disabled|revoked/)
  })
}

test('cleared site data: the next action of an open page leads to sign-in, and another tab notices at once', async ({
  page,
  context,
  site,
  rider,
}) => {
  const clear = (tab: Page) =>
    tab.evaluate(() => {
      localStorage.clear()
      sessionStorage.clear()
    })
  await openSignedIn(page, site, rider, { rememberMe: true })
  // The call that the page makes when it opens would notice first.
  await page.waitForLoadState('networkidle')
  await clear(page)
  await page.getByRole('button', { name: 'Copy token' }).click()
  await expectSignInPage(page, sessionEnded)

  await openSignedIn(page, site, rider)
  await openAccount(page)
  await page.getByLabel('Current password', { exact: true }).fill(rider.password)
  await page.getByLabel('New password', { exact: true }).fill('Pegasus-5678')
  await clear(page)
  await page.getByRole('button', { name: 'Change password' }).click()
  await expectSignInPage(page, sessionEnded)
  await expect(page.getByLabel('Password', { exact: true })).toHaveValue('')

  // A tab that shares localStorage notices at once.
  await openSignedIn(page, site, rider, { rememberMe: true })
  const other = await context.newPage()
  await other.goto('/')
  await clear(other)
  await expectSignInPage(page, sessionEnded)
  await other.getByRole('link', { name: 'Your ride' }).click()
  await expect(other).toHaveURL(/signin\.html\?next=/)
})
