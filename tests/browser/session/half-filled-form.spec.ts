/** The session ends while a form of the account page is half filled: what is no secret is there after signing in again. */

import type { Page } from '@playwright/test'
import { expectAccountPage, openAccountSignedIn, storedToken } from '../support/account-actions.ts'
import { expect, type Site, test } from '../support/fixtures.ts'
import { sessionEnded } from '../support/messages.ts'
import { otherRider, returnToTab, submitSignIn } from '../support/rider-actions.ts'
import { pressSignOut } from '../support/user-menu.ts'

const newEmail = 'new@example.com'

test.beforeEach(async ({ page, site, rider }) => {
  await site.pool.createConfirmedUser(rider)
  await openAccountSignedIn(page, site, rider)
  await page.getByLabel('New email').fill(newEmail)
  await page.getByLabel('Current password', { exact: true }).fill(rider.password)
  await page.getByLabel('New password', { exact: true }).fill('Pegasus-5678')
  await page.getByLabel(/^Delete my account/).check()
})

/** The service ends the session, and the page notices. */
async function endSession(page: Page, site: Site): Promise<void> {
  const AccessToken = await storedToken(page, 'accessToken')
  expect(await site.pool.call('GlobalSignOut', { AccessToken })).toMatchObject({ status: 200 })
  await returnToTab(page)
  await expect(page).toHaveURL(/signin\.html\?next=/)
  await expect(page.getByRole('status')).toHaveText(sessionEnded)
}

test('ended session: after signing in again the new address is there, and no password', async ({
  page,
  site,
  rider,
}) => {
  await endSession(page, site)
  const stored = await page.evaluate(() =>
    JSON.stringify([{ ...sessionStorage }, { ...localStorage }]),
  )
  expect(stored).not.toContain(rider.password)
  expect(stored).not.toContain('Pegasus-5678')
  await submitSignIn(page, rider)
  await expectAccountPage(page)
  await expect(page.getByLabel('New email')).toHaveValue(newEmail)
  await expect(page.getByLabel('Current password', { exact: true })).toHaveValue('')
  await expect(page.getByLabel('New password', { exact: true })).toHaveValue('')
  await expect(page.getByLabel(/^Delete my account/)).not.toBeChecked()

  // It is forgotten once it is sent.
  await page.getByRole('button', { name: 'Change email' }).click()
  await expect(page.getByRole('status')).toHaveText(/^A code is on its way/)
  await page.reload()
  await expectAccountPage(page)
  await expect(page.getByLabel('New email')).toHaveValue('')
})

test('ended session: another rider who signs in then finds nothing of it', async ({
  page,
  site,
}) => {
  await site.pool.createConfirmedUser(otherRider)
  await endSession(page, site)
  await submitSignIn(page, otherRider)
  await expectAccountPage(page)
  await expect(page.getByLabel('New email')).toHaveValue('')
})

for (const where of ['in this tab', 'in another tab'] as const) {
  test(`sign out: by choice ${where} it is forgotten`, async ({ page, context, rider }) => {
    const tab = where === 'in this tab' ? page : await context.newPage()
    if (tab !== page) {
      await tab.goto('/account.html')
      await expectAccountPage(tab)
    }
    await pressSignOut(tab)
    await expect(page).toHaveURL(/signin\.html/)
    await expect(page.getByRole('status')).toHaveText('You are signed out.')
    expect(await page.evaluate(() => JSON.stringify({ ...sessionStorage }))).not.toContain(newEmail)
    await page.goto('/signin.html?next=/account.html')
    await submitSignIn(page, rider)
    await expectAccountPage(page)
    await expect(page.getByLabel('New email')).toHaveValue('')
  })
}
