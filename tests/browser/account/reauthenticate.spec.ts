/** Before a sensitive act, whoever signed in a while ago proves once more who she is. */

import type { Page } from '@playwright/test'
import {
  accountField,
  ageSignIn,
  changeEmail,
  confirmByPassword,
  expectAccountPage,
  expectCodeField,
  expectFocusKept,
  expectSelected,
  expectSignInPage,
  giveApp,
  identityHeading,
  openAccount,
  pendingHeading,
  signInToAccount,
  watchCalls,
} from '../support/account-actions.ts'
import { expect, test } from '../support/fixtures.ts'
import { expectProblems, tokenKeys } from '../support/rider-actions.ts'

const newEmail = 'new@example.com'

test.beforeEach(async ({ page, site, rider }) => {
  await site.pool.createConfirmedUser(rider)
  await signInToAccount(page, rider)
})

function startButton(page: Page) {
  return page.getByRole('button', { name: 'Set up an authenticator app' })
}

async function goBack(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Go back' }).click()
  await expect(identityHeading(page)).toHaveCount(0)
  await expectAccountPage(page)
  await expectFocusKept(page)
}

test('a new address typed before the proof is sent after it, or kept when she goes back', async ({
  page,
  site,
  rider,
}) => {
  await ageSignIn(page)
  const changes = watchCalls(page, 'UpdateUserAttributes')
  const password = page.getByLabel('Password', { exact: true })
  await changeEmail(page, newEmail)
  await expect(identityHeading(page)).toBeFocused()
  await expect(page.getByText('You are signed in as')).toBeHidden()
  await expect(accountField(page)).toHaveValue(rider.email)
  await expect(accountField(page)).toHaveAttribute('autocomplete', 'username')
  await expect(password).toHaveAttribute('autocomplete', 'current-password')

  await page.getByRole('button', { name: 'Confirm' }).click()
  await expectProblems(page, ['Enter your password'])
  await confirmByPassword(page, 'wrong')
  await expectProblems(page, ['This is not your current password. Enter it again.'])
  await expect(password).toHaveValue('')
  await expect(password).toBeFocused()

  await goBack(page)
  await expect(page.getByRole('alert')).toBeHidden()
  await expect(page).toHaveTitle(/^Your account/)
  await expect(page.getByLabel('New email')).toHaveValue(newEmail)
  expect(changes).toEqual([])

  await page.getByRole('button', { name: 'Change email' }).click()
  await confirmByPassword(page, rider.password)
  await expect(pendingHeading(page)).toBeFocused()
  await expect(identityHeading(page)).toHaveCount(0)
  expect(changes).toEqual([
    expect.objectContaining({ UserAttributes: [{ Name: 'email', Value: newEmail }] }),
  ])
  expect(await site.pool.lettersTo(newEmail)).toHaveLength(1)
  expect(await tokenKeys(page)).toHaveLength(5)

  // It holds for what comes next.
  await startButton(page).click()
  await expect(page.getByRole('heading', { name: 'Set up your app' })).toBeFocused()
})

test('setting up an app and deleting ask for it after five minutes, not before', async ({
  page,
  site,
  rider,
}) => {
  await page.clock.setSystemTime(Date.now() + 4 * 60_000)
  await startButton(page).click()
  await expect(page.getByRole('heading', { name: 'Set up your app' })).toBeFocused()
  await page.getByRole('button', { name: 'Not now' }).click()

  await ageSignIn(page)
  const keys = watchCalls(page, 'AssociateSoftwareToken')
  await startButton(page).click()
  await expect(identityHeading(page)).toBeFocused()
  await goBack(page)
  await expect(startButton(page)).toBeVisible()
  expect(keys).toEqual([])

  const deletions = watchCalls(page, 'DeleteUser')
  await page.getByLabel(/^Delete my account/).check()
  await page.getByRole('button', { name: 'Delete account' }).click()
  await expect(identityHeading(page)).toBeFocused()
  expect(deletions).toEqual([])
  await goBack(page)
  expect(await site.pool.statusOf(rider.email)).toBe('CONFIRMED')
  await page.getByRole('button', { name: 'Delete account' }).click()
  await confirmByPassword(page, rider.password)
  await expectSignInPage(page, 'Your account is deleted.')
  expect(deletions).toHaveLength(1)
})

test('whoever has an app proves both, the password and a code of it', async ({
  page,
  site,
  rider,
}) => {
  const app = await giveApp(page, site)
  await openAccount(page)
  await ageSignIn(page)
  const preferences = watchCalls(page, 'SetUserMFAPreference')
  await page.getByRole('button', { name: 'Turn off' }).click()
  await confirmByPassword(page, rider.password)
  const code = page.getByLabel('Verification code from the app')
  await expect(code).toBeFocused()
  await expectCodeField(code)
  await expect(page.getByLabel('Password', { exact: true })).toHaveCount(0)

  const wrong = app.wrongCode()
  await code.fill(wrong)
  await page.getByRole('button', { name: 'Confirm' }).click()
  await expectProblems(page, [
    'This code is not right. Enter the one that your authenticator app shows now.',
  ])
  await expectSelected(code, wrong)
  expect(preferences).toEqual([])

  await code.fill(app.codeNext())
  await page.getByRole('button', { name: 'Confirm' }).click()
  await expect(page.getByRole('status')).toHaveText(
    'Signing in asks for your password only from now on.',
  )
  await expect(page.getByRole('heading', { name: 'Authenticator app' })).toBeFocused()
  expect(preferences).toHaveLength(1)
})

test('a page that wakes up during the proof goes on asking for it, with what is typed', async ({
  page,
  rider,
}) => {
  await ageSignIn(page)
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
  await expect(identityHeading(page)).toBeVisible()
  await expect(page.getByText('You are signed in as')).toBeHidden()
  await page.getByRole('button', { name: 'Confirm' }).click()
  await expect(pendingHeading(page)).toBeFocused()
})
