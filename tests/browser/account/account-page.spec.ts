/** The account page of a disabled user, and without a network. */

import {
  accountCards,
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
  await expect(accountCards(page)).toBeHidden()
  expect(await tokenKeys(page)).toHaveLength(5)
  await page.unrouteAll()
  await page.getByRole('button', { name: 'Try again' }).click()
  await expectAccountPage(page)
  await expect(page.getByRole('alert')).toBeHidden()
})

test('contents: on a wide screen the list of cards marks the one that is being read', async ({
  page,
  site,
  rider,
}) => {
  await openAccountSignedIn(page, site, rider)
  const contents = page.getByRole('navigation', { name: 'On this page' })
  const current = contents.locator('[aria-current]')
  await expect(contents.getByRole('link')).toHaveText([
    'Email',
    'Password',
    'Passkeys',
    'Authenticator app',
    'Devices',
    'Delete account',
  ])
  await expect(current).toHaveText('Email')
  await contents.getByRole('link', { name: 'Devices' }).click()
  await expect(page.getByRole('heading', { name: 'Devices' })).toBeInViewport()
  await expect(current).toHaveText('Devices')
  await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight / 4))
  await expect(current).toHaveText('Password')
  await expect(contents).toBeInViewport()

  await page.setViewportSize({ width: 360, height: 740 })
  await expect(contents).toBeHidden()
})

test('status message: on a phone a long one never covers what the keyboard has moved to', async ({
  page,
  site,
  rider,
}) => {
  await page.setViewportSize({ width: 320, height: 480 })
  await openAccountSignedIn(page, site, rider)
  await fillPasswordChange(page, rider.password, newPassword)
  await page.getByRole('button', { name: 'Change password' }).click()
  const status = page.getByRole('status')
  await expect(status).toHaveText(/^Your password is changed/)
  await page.getByRole('button', { name: 'Delete account' }).focus()
  await expect(status).toBeInViewport()
  for (let presses = 0; presses < 9; presses += 1) {
    await page.keyboard.press('Shift+Tab')
    // The site looks in the next frame.
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))))
    const [bar, focused] = [await status.boundingBox(), await page.locator(':focus').boundingBox()]
    if (!bar || !focused) throw new Error('the status and the focused element have boxes')
    const isCovered = bar.y < focused.y + focused.height && focused.y < bar.y + bar.height
    expect(isCovered, `after ${presses + 1} presses`).toBe(false)
  }
})
