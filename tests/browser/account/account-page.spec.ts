/** The account page of a disabled user, and without a network. */

import {
  expectAccountPage,
  expectSignInPage,
  fillPasswordChange,
  newPassword,
  openAccountSignedIn,
} from '../support/account-actions.ts'
import { expect, poolApi, test } from '../support/fixtures.ts'
import { sessionEnded } from '../support/messages.ts'
import { UserPoolId } from '../support/pool-client.ts'
import { expectErrorSummary, tokenKeys } from '../support/rider-actions.ts'

test.beforeEach(async ({ site, rider }) => {
  await site.pool.createConfirmedUser(rider)
})

test('disabled user: the next call of a rider whom the operator has disabled leads to the sign-in page', async ({
  page,
  site,
  rider,
}) => {
  await openAccountSignedIn(page, site, rider)
  await site.pool.call('AdminDisableUser', { UserPoolId, Username: rider.email })
  await page.getByRole('button', { name: 'Set up an authenticator app' }).click()
  await expectSignInPage(page, sessionEnded)
  expect(await tokenKeys(page)).toEqual([])
})

test('network error: a lost network signs nobody out of the account page, and "Try again" opens it', async ({
  page,
  site,
  rider,
}) => {
  await openAccountSignedIn(page, site, rider)
  await page.route(poolApi, (route) => route.abort())
  await fillPasswordChange(page, rider.password, newPassword)
  await page.getByRole('button', { name: 'Change password' }).click()
  await expectErrorSummary(page, [
    "We couldn't reach the service. Check your connection and try again.",
  ])
  await expect(page.getByLabel('New password', { exact: true })).toHaveValue(newPassword)
  expect(await tokenKeys(page)).toHaveLength(5)

  await page.reload()
  await expect(page.getByRole('alert')).toHaveText(/^We couldn't reach the service/)
  await expect(page.getByText('You are signed in as')).toBeHidden()
  expect(await tokenKeys(page)).toHaveLength(5)
  await page.unrouteAll()
  await page.getByRole('button', { name: 'Try again' }).click()
  await expectAccountPage(page)
  await expect(page.getByRole('alert')).toBeHidden()
})
