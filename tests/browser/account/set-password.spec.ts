/** The first password of an account that was made without one. */

import type { Page } from '@playwright/test'
import {
  expectAccountPage,
  fillPasswordChange,
  newPassword,
  openAccountSignedIn,
  reauthenticateHeading,
  signOut,
} from '../support/account-actions.ts'
import { watchCalls, watchOperations } from '../support/calls.ts'
import { expireRecentSignIn } from '../support/clocks.ts'
import { expect, type Rider, type Site, test } from '../support/fixtures.ts'
import { withPool } from '../support/pool-templates.ts'
import { expectErrorSummary, expectRidePage, submitSignIn } from '../support/rider-actions.ts'
import { addVirtualAuthenticator } from '../support/virtual-authenticator.ts'

const noPassword =
  'This account has no password. You sign in with a passkey, or with a code by email. You can set a password as well.'

const appNeedsPassword =
  'Set a password first: with an app you sign in with your password and a code.'

/** Registers without a password and cancels the passkey, which leads to the account page. */
async function openAccountWithoutPassword(page: Page, { pool }: Site, rider: Rider): Promise<void> {
  const authenticator = await addVirtualAuthenticator(page)
  await authenticator.setUserVerified(false)
  await page.goto('/register.html')
  await page.getByLabel('Email').fill(rider.email)
  await page.getByRole('button', { name: 'Use a passkey, no password' }).click()
  await expect(page).toHaveURL(/verify/)
  await page.getByLabel('Verification code').fill(await pool.latestCodeFor(rider.email))
  await expectAccountPage(page)
}

test('first password: it is set without a current one, and signs in from then on', async ({
  page,
  site,
  rider,
}) => {
  await openAccountWithoutPassword(page, site, rider)
  await expect(page.getByText(noPassword)).toBeVisible()
  await expect(page.getByLabel('Current password', { exact: true })).toBeHidden()
  await expect(page.getByText('You have no passkey and no password')).toBeVisible()
  // With an app on, neither a passkey nor an emailed code would sign in.
  await expect(page.getByText(appNeedsPassword)).toBeVisible()
  await expect(page.getByRole('button', { name: 'Set up an authenticator app' })).toBeHidden()
  const calls = watchCalls(page, 'ChangePassword')
  const button = page.getByRole('button', { name: 'Set password' })
  await button.click()
  await expectErrorSummary(page, ['Enter a password'])
  await page.getByLabel('New password', { exact: true }).fill(newPassword)
  await button.click()
  await expect(page.getByRole('status')).toHaveText(
    'Your password is set. From now on it signs you in too.',
  )
  expect(calls).toMatchObject([{ ProposedPassword: newPassword }])
  expect(JSON.stringify(calls)).not.toContain('PreviousPassword')
  await expect(page.getByText(noPassword)).toBeHidden()
  // The other cards know it too.
  await expect(page.getByText('You have no passkeys yet.')).toBeVisible()
  await expect(page.getByText(appNeedsPassword)).toBeHidden()
  await expect(page.getByRole('button', { name: 'Set up an authenticator app' })).toBeVisible()

  // It can be changed as any other, at once and after a reload.
  await expect(page.getByRole('button', { name: 'Change password' })).toBeVisible()
  await page.reload()
  await fillPasswordChange(page, newPassword, 'Unicorn-9999')
  await page.getByRole('button', { name: 'Change password' }).click()
  await expect(page.getByRole('status')).toHaveText(/^Your password is changed/)
  await signOut(page)
  await submitSignIn(page, { ...rider, password: 'Unicorn-9999' })
  await expectRidePage(page)
})

test('first password: after five minutes an emailed code confirms who sets it', async ({
  page,
  site,
  rider,
}) => {
  await openAccountWithoutPassword(page, site, rider)
  await expireRecentSignIn(page)
  await page.getByLabel('New password', { exact: true }).fill(newPassword)
  const calls = watchCalls(page, 'ChangePassword')
  await page.getByRole('button', { name: 'Set password' }).click()
  await expect(reauthenticateHeading(page)).toBeFocused()
  expect(calls).toEqual([])
  await page.getByRole('button', { name: 'Email me a code' }).click()
  const code = page.getByLabel('Verification code from the email')
  await expect(code).toBeFocused()
  await code.fill(await site.pool.latestCodeFor(rider.email))
  await page.getByRole('button', { name: 'Confirm' }).click()
  await expect(page.getByRole('status')).toHaveText(/^Your password is set/)
  expect(calls).toHaveLength(1)
})

test('first password: an account with a password is asked for the current one', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(rider)
  await openAccountSignedIn(page, site, rider)
  await expect(page.getByLabel('Current password', { exact: true })).toBeVisible()
  await expect(page.getByText(noPassword)).toBeHidden()
})

test.describe('in a pool where every account has a password', () => {
  test.use({ template: withPool({}) })

  test('first password: the page does not ask the pool for it', async ({ page, site, rider }) => {
    await site.pool.createConfirmedUser(rider)
    const calls = watchOperations(page)
    await openAccountSignedIn(page, site, rider)
    await expect(page.getByLabel('Current password', { exact: true })).toBeVisible()
    expect(calls).not.toContain('GetUserAuthFactors')
  })
})
