/** Signing in and out in one tab, and what other tabs show then. */

import {
  accountField,
  changeEmail,
  expectSignInPage,
  openAccount,
  openAccountSignedIn,
  storedToken,
} from '../support/account-actions.ts'
import { routeCalls, watchCalls } from '../support/calls.ts'
import { expect, test, watchForPageErrors } from '../support/fixtures.ts'
import {
  expectRidePage,
  openSignedIn,
  otherRider,
  signIn,
  tokenKeys,
} from '../support/rider-actions.ts'
import { pressSignOut, userMenuButton } from '../support/user-menu.ts'

test.beforeEach(async ({ site, rider }) => {
  await site.pool.createConfirmedUser(rider)
})

test('cross-tab: signing out in one of three tabs signs the other two out within a second', async ({
  page,
  context,
  site,
  rider,
}) => {
  await openSignedIn(page, site, rider, { rememberMe: true })
  const account = await context.newPage()
  const home = await context.newPage()
  const pageErrors = [watchForPageErrors(account), watchForPageErrors(home)]
  const accountLink = home.getByRole('link', { name: 'Your account', exact: true })
  await openAccount(account)
  await home.goto('/')
  await expect(accountLink).toBeVisible()
  await pressSignOut(page)
  await Promise.all([
    expect(account).toHaveURL(/\/signin\.html/, { timeout: 1000 }),
    expect(home.getByRole('link', { name: 'Sign in' })).toBeVisible({ timeout: 1000 }),
  ])
  await expect(accountLink).toBeHidden()
  await expectSignInPage(account, 'You are signed out.')
  for (const tab of [page, account, home]) expect(await tokenKeys(tab)).toEqual([])
  expect(pageErrors).toEqual([[], []])
})

test('cross-tab: when another rider signs in in another tab, the page becomes theirs and shows nothing of the first rider', async ({
  page,
  context,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(otherRider)
  await openAccountSignedIn(page, site, rider, { rememberMe: true })
  await changeEmail(page, 'new@example.com')
  await expect(page.getByText('new@example.com', { exact: true })).toBeVisible()
  await page.getByLabel('New email').fill('secret@example.com')
  await page.getByLabel('Current password', { exact: true }).fill(rider.password)

  const tab = await context.newPage()
  await signIn(tab, otherRider, { rememberMe: true })
  await expect(page.getByRole('status')).toHaveText(
    'Someone else signed in on this browser, so this page is theirs now.',
  )
  await expect(userMenuButton(page)).toHaveText(otherRider.email)
  await expect(accountField(page)).toHaveValue(otherRider.email)
  await expect(page.getByLabel('New email')).toHaveValue('')
  await expect(page.getByLabel('Current password', { exact: true })).toHaveValue('')
  const left = await page.evaluate(() => document.documentElement.textContent)
  for (const words of [rider.email, 'new@example.com']) expect(left).not.toContain(words)
})

test.describe('cross-tab: a tab that misses the storage event of another rider’s sign-in', () => {
  test.beforeEach(async ({ page, site, rider }) => {
    await site.pool.createConfirmedUser(otherRider)
    await page.addInitScript(() => {
      addEventListener('storage', (event) => event.stopImmediatePropagation(), { capture: true })
    })
    await openAccountSignedIn(page, site, rider, { rememberMe: true })
  })

  test('cross-tab: a deletion that the first rider starts after another one has signed in deletes neither account', async ({
    page,
    context,
    site,
    rider,
  }) => {
    await signIn(await context.newPage(), otherRider, { rememberMe: true })
    const calls = watchCalls(page, 'DeleteUser')
    await page.getByLabel(/^Delete my account/).check()
    await page.getByRole('button', { name: 'Delete account' }).click()
    await expect(page.getByRole('status')).toHaveText(/^Someone else signed in/)
    await expect(userMenuButton(page)).toHaveText(otherRider.email)
    expect(calls).toEqual([])
    expect(await site.pool.hasUser(rider.email)).toBe(true)
    expect(await site.pool.hasUser(otherRider.email)).toBe(true)
  })

  test('cross-tab: a deletion that the first rider started before another one has signed in deletes neither account', async ({
    page,
    context,
    site,
    rider,
  }) => {
    const refreshToken = await storedToken(page, 'refreshToken')
    // The other sign-in revokes this rider's session, so the call in flight is rejected.
    let isFirst = true
    await routeCalls(page, 'DeleteUser', async (route) => {
      if (!isFirst) return route.continue()
      isFirst = false
      await signIn(await context.newPage(), otherRider, { rememberMe: true })
      await expect.poll(async () => (await site.pool.refresh(refreshToken)).status).toBe(400)
      return route.continue()
    })
    await page.getByLabel(/^Delete my account/).check()
    await page.getByRole('button', { name: 'Delete account' }).click()
    await expect(page.getByText(rider.email).first()).toBeHidden({ timeout: 20_000 })
    expect(await site.pool.hasUser(rider.email)).toBe(true)
    expect(await site.pool.hasUser(otherRider.email)).toBe(true)
  })
})

test('cross-tab: with "Keep me signed in" a second tab is signed in, and signing out in one signs out both', async ({
  page,
  context,
  site,
  rider,
}) => {
  await openSignedIn(page, site, rider, { rememberMe: true })
  const other = await context.newPage()
  const pageErrors = watchForPageErrors(other)
  await other.goto('/ride.html')
  await expectRidePage(other)
  await pressSignOut(page)
  await expect(page).toHaveURL(/signin/)
  await expect(page.getByRole('status')).toHaveText('You are signed out.')
  await expect(other).toHaveURL(/signin/, { timeout: 1000 })
  expect(await tokenKeys(page)).toEqual([])
  expect(pageErrors).toEqual([])
})

test('cross-tab: two tabs refresh expired tokens once between them', async ({
  page,
  context,
  site,
  rider,
}) => {
  await openSignedIn(page, site, rider, { rememberMe: true })
  const other = await context.newPage()
  const refreshes = [page, other].map((tab) => watchCalls(tab, 'GetTokensFromRefreshToken'))
  await page.goto('about:blank')
  await site.pool.advanceClock(2 * 3600)
  await context.clock.setSystemTime(Date.now() + 2 * 3600 * 1000)
  await Promise.all([page.goto('/ride.html'), other.goto('/ride.html')])
  await Promise.all([expectRidePage(page), expectRidePage(other)])
  expect(refreshes.flat()).toHaveLength(1)
})

test('cross-tab: signing in again in one tab leaves the other signed in', async ({
  page,
  context,
  site,
  rider,
}) => {
  await openSignedIn(page, site, rider, { rememberMe: true })
  const other = await context.newPage()
  for (let round = 0; round < 4; round += 1) {
    await signIn(other, rider, { rememberMe: true })
    await expectRidePage(page)
  }
  expect(await tokenKeys(page)).toHaveLength(5)
})

test('cross-tab: a session of another tab stays when a tab’s own has expired', async ({
  page,
  context,
  site,
  rider,
}) => {
  await openSignedIn(page, site, rider)
  const other = await context.newPage()
  await site.pool.advanceClock(25 * 3600)
  await signIn(other, rider, { rememberMe: true })
  await page.clock.setSystemTime(Date.now() + 25 * 3600 * 1000)
  await page.reload()
  await expectRidePage(other)
  await other.reload()
  await expectRidePage(other)
})

test('cross-tab: signing out in one tab signs out a tab with a session of its own', async ({
  page,
  context,
  site,
  rider,
}) => {
  const other = await context.newPage()
  const pageErrors = watchForPageErrors(other)
  await openSignedIn(other, site, rider)
  await openSignedIn(page, site, rider)
  await pressSignOut(page)
  await expectSignInPage(page, 'You are signed out.')
  await expect(other).toHaveURL(/signin/, { timeout: 1000 })
  for (const tab of [page, other]) expect(await tokenKeys(tab)).toEqual([])
  expect(pageErrors).toEqual([])
})
