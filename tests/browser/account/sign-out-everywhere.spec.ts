/** "Sign out everywhere" on the account page. */

import type { Page } from '@playwright/test'
import { expectSignInPage, openAccountSignedIn, storedToken } from '../support/account-actions.ts'
import { routeCalls } from '../support/calls.ts'
import { expect, test, watchForPageErrors } from '../support/fixtures.ts'
import { sessionEnded } from '../support/messages.ts'
import { openSignedIn, tokenKeys } from '../support/rider-actions.ts'

test.beforeEach(async ({ site, rider }) => {
  await site.pool.createConfirmedUser(rider)
})

test('global sign-out: "Sign out everywhere" ends the sessions of other browsers, which say so on their next page load', async ({
  page,
  browser,
  site,
  rider,
}) => {
  const steps = [(device: Page) => device.reload(), (device: Page) => device.goto('/account.html')]
  const devices = await Promise.all(
    steps.map(async (nextStep) => {
      const context = await browser.newContext({ baseURL: site.origin })
      const device = await context.newPage()
      return { context, device, nextStep, pageErrors: watchForPageErrors(device) }
    }),
  )
  for (const { device } of devices) await openSignedIn(device, site, rider)
  await openAccountSignedIn(page, site, rider)
  await page.getByRole('button', { name: 'Sign out everywhere' }).click()
  await expectSignInPage(page, 'You are signed out on all devices.')
  expect(await tokenKeys(page)).toEqual([])

  for (const { context, device, nextStep, pageErrors } of devices) {
    const refreshToken = await storedToken(device, 'refreshToken')
    expect((await site.pool.refresh(refreshToken)).status).toBe(400)
    await nextStep(device)
    await expectSignInPage(device, sessionEnded)
    expect(await tokenKeys(device)).toEqual([])
    expect(pageErrors).toEqual([])
    await context.close()
  }
})

test('global sign-out: without a network this browser is signed out, and the page says that other devices were not reached', async ({
  page,
  site,
  rider,
}) => {
  await openAccountSignedIn(page, site, rider, { rememberMe: true })
  await routeCalls(page, 'GlobalSignOut', (route) => route.abort())
  await page.getByRole('button', { name: 'Sign out everywhere' }).click()
  await expectSignInPage(
    page,
    "You are signed out here, but other devices couldn't be reached. Sign in and try again.",
  )
  expect(await tokenKeys(page)).toEqual([])
})
