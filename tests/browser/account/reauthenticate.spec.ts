/** Re-authentication before sensitive actions, for riders who signed in more than five minutes ago. */

import type { Page } from '@playwright/test'
import {
  accountCards,
  accountField,
  changeEmail,
  expectAccountPage,
  expectCodeField,
  expectFocusInContent,
  expectInvalidAndSelected,
  expectSignInPage,
  openAccount,
  openAccountSignedIn,
  pendingEmailHeading,
  reauthenticateByPassword,
  reauthenticateHeading,
} from '../support/account-actions.ts'
import { addAuthenticatorApp } from '../support/authenticator-app.ts'
import { watchCalls } from '../support/calls.ts'
import { expireRecentSignIn } from '../support/clocks.ts'
import { expect, test } from '../support/fixtures.ts'
import { expectErrorSummary, tokenKeys } from '../support/rider-actions.ts'

const newEmail = 'new@example.com'

test.beforeEach(async ({ page, site, rider }) => {
  await site.pool.createConfirmedUser(rider)
  await openAccountSignedIn(page, site, rider)
})

function startButton(page: Page) {
  return page.getByRole('button', { name: 'Set up an authenticator app' })
}

async function goBack(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Go back' }).click()
  await expect(reauthenticateHeading(page)).toHaveCount(0)
  await expectAccountPage(page)
  await expectFocusInContent(page)
}

test('re-authenticate: a new address typed before is sent after the password is confirmed, or kept when the rider goes back', async ({
  page,
  site,
  rider,
}) => {
  await expireRecentSignIn(page)
  const changes = watchCalls(page, 'UpdateUserAttributes')
  const password = page.getByLabel('Password', { exact: true })
  await changeEmail(page, newEmail)
  await expect(reauthenticateHeading(page)).toBeFocused()
  await expect(accountCards(page)).toBeHidden()
  await expect(accountField(page)).toHaveValue(rider.email)
  await expect(accountField(page)).toHaveAttribute('autocomplete', 'username')
  await expect(password).toHaveAttribute('autocomplete', 'current-password')

  await page.getByRole('button', { name: 'Confirm' }).click()
  await expectErrorSummary(page, ['Enter your password'])
  await reauthenticateByPassword(page, 'wrong')
  await expectErrorSummary(page, ["That isn't your current password. Enter it again."])
  await expect(password).toHaveValue('')
  await expect(password).toBeFocused()

  await goBack(page)
  await expect(page.getByRole('alert')).toBeHidden()
  await expect(page).toHaveTitle(/^Your account/)
  await expect(page.getByLabel('New email')).toHaveValue(newEmail)
  expect(changes).toEqual([])

  await page.getByRole('button', { name: 'Change email' }).click()
  await reauthenticateByPassword(page, rider.password)
  await expect(pendingEmailHeading(page)).toBeFocused()
  await expect(reauthenticateHeading(page)).toHaveCount(0)
  expect(changes).toEqual([
    expect.objectContaining({ UserAttributes: [{ Name: 'email', Value: newEmail }] }),
  ])
  expect(await site.pool.emailsTo(newEmail)).toHaveLength(1)
  expect(await tokenKeys(page)).toHaveLength(5)

  // The next action does not ask again.
  await startButton(page).click()
  await expect(page.getByRole('heading', { name: 'Set up your app' })).toBeFocused()
})

test('re-authenticate: setting up an app and deleting the account ask for the password five minutes after sign-in, not before', async ({
  page,
  site,
  rider,
}) => {
  await page.clock.setSystemTime(Date.now() + 4 * 60_000)
  await startButton(page).click()
  await expect(page.getByRole('heading', { name: 'Set up your app' })).toBeFocused()
  await page.getByRole('button', { name: 'Not now' }).click()

  await expireRecentSignIn(page)
  const keys = watchCalls(page, 'AssociateSoftwareToken')
  await startButton(page).click()
  await expect(reauthenticateHeading(page)).toBeFocused()
  await goBack(page)
  await expect(startButton(page)).toBeVisible()
  expect(keys).toEqual([])

  const deletions = watchCalls(page, 'DeleteUser')
  await page.getByLabel(/^Delete my account/).check()
  await page.getByRole('button', { name: 'Delete account' }).click()
  await expect(reauthenticateHeading(page)).toBeFocused()
  await expect(page.getByRole('status')).toBeEmpty()
  expect(deletions).toEqual([])
  await goBack(page)
  expect(await site.pool.statusOf(rider.email)).toBe('CONFIRMED')
  await page.getByRole('button', { name: 'Delete account' }).click()
  await reauthenticateByPassword(page, rider.password)
  await expectSignInPage(page, 'Your account is deleted.')
  expect(deletions).toHaveLength(1)
})

test('re-authenticate: a rider with an authenticator app must confirm the password and a TOTP code', async ({
  page,
  site,
  rider,
}) => {
  const app = await addAuthenticatorApp(site, rider)
  await openAccount(page)
  await expireRecentSignIn(page)
  const preferences = watchCalls(page, 'SetUserMFAPreference')
  await page.getByRole('button', { name: 'Turn off' }).click()
  await reauthenticateByPassword(page, rider.password)
  const code = page.getByLabel('Verification code from the app')
  await expect(code).toBeFocused()
  await expectCodeField(code)
  await expect(page.getByLabel('Password', { exact: true })).toHaveCount(0)

  const wrong = app.wrongCode
  await code.fill(wrong)
  await page.getByRole('button', { name: 'Confirm' }).click()
  await expectErrorSummary(page, [
    "That code isn't right. Enter the one your authenticator app shows now.",
  ])
  await expectInvalidAndSelected(code, wrong)
  expect(preferences).toEqual([])

  await code.fill(app.code(1))
  await page.getByRole('button', { name: 'Confirm' }).click()
  await expect(page.getByRole('status')).toHaveText(
    'Authenticator app turned off. From now on you sign in without its codes.',
  )
  await expect(page.getByRole('heading', { name: 'Authenticator app' })).toBeFocused()
  expect(preferences).toHaveLength(1)
})

test('re-authenticate: a tab that becomes visible again still asks for the password and keeps what was typed', async ({
  page,
  rider,
}) => {
  await expireRecentSignIn(page)
  await changeEmail(page, newEmail)
  const password = page.getByLabel('Password', { exact: true })
  await password.fill(rider.password.slice(0, 4))
  const asked = page.waitForResponse((response) =>
    Boolean(response.request().headers()['x-amz-target']?.endsWith('.GetUser')),
  )
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))
  await (await asked).finished()
  await expect(password).toHaveValue(rider.password.slice(0, 4))
  await password.pressSequentially(rider.password.slice(4))
  await expect(reauthenticateHeading(page)).toBeVisible()
  await expect(accountCards(page)).toBeHidden()
  await page.getByRole('button', { name: 'Confirm' }).click()
  await expect(pendingEmailHeading(page)).toBeFocused()
})

test('re-authenticate: a password that was refused goes out in its NFC form at the next press, and not before', async ({
  page,
  site,
}) => {
  const account = { email: 'zoe@example.com', password: 'Zo\u00eb-unicorn-1' }
  await site.pool.createConfirmedUser(account)
  await openAccountSignedIn(page, site, account)
  await expireRecentSignIn(page)
  const tries = watchCalls(page, 'RespondToAuthChallenge')
  await startButton(page).click()
  await reauthenticateByPassword(page, account.password.normalize('NFD'))
  await expectErrorSummary(page, ["That isn't your current password. Enter it again."])
  expect(tries).toHaveLength(1)
  await reauthenticateByPassword(page, account.password.normalize('NFD'))
  await expect(page.getByRole('heading', { name: 'Set up your app' })).toBeFocused()
  expect(tries).toHaveLength(2)
})
