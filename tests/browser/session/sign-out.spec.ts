/** Signing out: offline, twice, and during a refresh. */

import { expectSignInPage, storedToken } from '../support/account-actions.ts'
import { holdResponses, watchCalls } from '../support/calls.ts'
import { advanceClocks } from '../support/clocks.ts'
import { expect, poolApi, test } from '../support/fixtures.ts'
import { openSignedIn, returnToTab, tokenKeys } from '../support/rider-actions.ts'
import { openSignOut, pressSignOut } from '../support/user-menu.ts'

test.beforeEach(async ({ site, rider }) => {
  await site.pool.createConfirmedUser(rider)
})

test('sign-out: the refresh token is revoked', async ({ page, site, rider }) => {
  await openSignedIn(page, site, rider)
  const refreshToken = await storedToken(page, 'refreshToken')
  await pressSignOut(page)
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

test('sign-out: offline, the tokens are removed at once', async ({
  page,
  context,
  site,
  rider,
}) => {
  await openSignedIn(page, site, rider)
  await context.setOffline(true)
  await page.evaluate(() => {
    document.querySelector<HTMLElement>('#sign-out')?.click()
    const left = Object.keys(sessionStorage).filter((key) => key.startsWith('Cognito'))
    if (left.length > 0) throw new Error(`still there: ${left.join()}`)
  })
  await context.setOffline(false)
})

test('sign-out: it works while the tokens cannot be refreshed', async ({ page, site, rider }) => {
  await openSignedIn(page, site, rider)
  await advanceClocks(page, site, 2 * 3600)
  await page.route(poolApi, (route) => route.abort())
  await page.reload()
  await expect(page.getByRole('alert')).toHaveText(/couldn't reach/)
  await pressSignOut(page)
  await expect(page).toHaveURL(/signin/)
  expect(await tokenKeys(page)).toEqual([])
})

test('sign-out: a double click revokes the token once', async ({ page, site, rider }) => {
  await openSignedIn(page, site, rider)
  const revocations = watchCalls(page, 'RevokeToken')
  await (await openSignOut(page)).dblclick()
  await expectSignInPage(page, 'You are signed out.')
  expect(revocations).toHaveLength(1)
  expect(await tokenKeys(page)).toEqual([])
})

test('sign-out: a refresh in flight does not sign the rider in again', async ({
  page,
  context,
  site,
  rider,
}) => {
  await openSignedIn(page, site, rider, { rememberMe: true })
  const home = await context.newPage()
  await home.goto('/')
  const responses = await holdResponses(page, 'GetTokensFromRefreshToken')
  await advanceClocks(page, site, 2 * 3600)
  await returnToTab(page)
  await expect.poll(responses.isHeld).toBe(true)
  await pressSignOut(page)
  responses.release()
  await expectSignInPage(page, 'You are signed out.')
  for (const tab of [page, home]) expect(await tokenKeys(tab)).toEqual([])
  await expect(home.getByRole('link', { name: 'Sign in' })).toBeVisible()
})
