/** Deleting the account. */

import {
  expectAccountPage,
  expectSignInPage,
  openAccountSignedIn,
} from '../support/account-actions.ts'
import { routeCalls, watchCalls } from '../support/calls.ts'
import { expect, test } from '../support/fixtures.ts'
import { online, sessionEnded } from '../support/messages.ts'
import { expectErrorSummary, submitSignIn, tokenKeys } from '../support/rider-actions.ts'

test.beforeEach(async ({ site, rider }) => {
  await site.pool.createConfirmedUser(rider)
})

test('delete account: it needs the check box, can be tried again after a server error, and ends the sessions of other browsers', async ({
  page,
  browser,
  site,
  rider,
}) => {
  const context = await browser.newContext({ baseURL: site.origin })
  const elsewhere = await context.newPage()
  await openAccountSignedIn(elsewhere, site, rider)
  await openAccountSignedIn(page, site, rider, { rememberMe: true })
  const calls = watchCalls(page, 'DeleteUser')
  const deletion = page.getByRole('button', { name: 'Delete account' })
  const box = page.getByLabel(/^Delete my account/)

  await deletion.click()
  await expectErrorSummary(page, ['Check the box to delete your account'])
  expect(calls).toEqual([])

  await routeCalls(page, 'DeleteUser', (route) =>
    route.fulfill({ status: 500, json: { __type: 'InternalErrorException', message: 'x' } }),
  )
  await box.check()
  await deletion.click()
  await expectErrorSummary(page, [/^The service is having trouble/])
  await expect(box).toBeChecked()
  expect(await site.pool.hasUser(rider.email)).toBe(true)
  expect(await tokenKeys(page)).toHaveLength(5)

  await page.unrouteAll()
  await deletion.click()
  await expectSignInPage(page, 'Your account is deleted.')
  expect(await tokenKeys(page)).toEqual([])
  expect(await site.pool.hasUser(rider.email)).toBe(false)
  await submitSignIn(page, rider)
  await expectErrorSummary(page, [/don't match/])

  await elsewhere.reload()
  await expectSignInPage(elsewhere, sessionEnded)
  expect(await tokenKeys(elsewhere)).toEqual([])
  await context.close()
})

test('delete account: offline, the request is not sent again by itself when the network is back', async ({
  page,
  context,
  site,
  rider,
}) => {
  await openAccountSignedIn(page, site, rider)
  await page.clock.install()
  const calls = watchCalls(page, 'DeleteUser')
  await page.getByLabel(/^Delete my account/).check()
  await context.setOffline(true)
  await page.getByRole('button', { name: 'Delete account' }).click()
  await expectErrorSummary(page, [/^You seem to be offline/])
  expect(calls).toHaveLength(1)
  await context.setOffline(false)
  await expect(page.getByRole('status')).toHaveText(online)
  // Other forms are sent by themselves after two seconds.
  await page.clock.runFor(5000)
  expect(calls).toHaveLength(1)
  await expectAccountPage(page)
  await expect(page.getByText('There is a problem')).toBeVisible()
  await expect(page.getByText('is sent when you are online again')).toHaveCount(0)
})
