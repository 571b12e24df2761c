/** The first password of an account that was made without one. */

import type { Page } from '@playwright/test'
import {
  expectAccountPage,
  fillPasswordChange,
  newPassword,
  openAccountSignedIn,
  signOut,
} from '../support/account-actions.ts'
import { watchCalls, watchOperations } from '../support/calls.ts'
import { expect, type Rider, type Site, test } from '../support/fixtures.ts'
import { withPool } from '../support/pool-templates.ts'
import { expectErrorSummary, expectRidePage, submitSignIn } from '../support/rider-actions.ts'
import { addVirtualAuthenticator } from '../support/virtual-authenticator.ts'

const noPassword =
  'This account has no password. You sign in with a passkey, or with a code by email. You can set a password as well.'

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
