/** Pages that Back restores from the back/forward cache show nothing of a session that has ended. */

import { openAccountSignedIn } from '../support/account-actions.ts'
import { expect, test } from '../support/fixtures.ts'
import { openSignedIn, register } from '../support/rider-actions.ts'
import { pressSignOut } from '../support/user-menu.ts'

test.beforeEach(async ({ site, rider }) => {
  await site.pool.createConfirmedUser(rider)
})

test('bfcache: Back to the account page after the session is gone shows nothing of the rider', async ({
  site,
  rider,
  bfcacheBrowser,
}) => {
  const page = await bfcacheBrowser.newPage({ baseURL: site.origin })
  await openAccountSignedIn(page, site, rider)
  await page.evaluate(() => {
    addEventListener('pageshow', ({ persisted }) => {
      const note = (text: string) =>
        sessionStorage.setItem('seen', JSON.stringify([persisted, text]))
      // The next frame is the first that the rider could see, unless the page is left before.
      note('')
      requestAnimationFrame(() => note(document.body.innerText))
    })
  })
  await page.getByRole('link', { name: 'Wild Rydes' }).click()
  await expect(page).toHaveURL(/\/$/)
  // As "Clear site data" does. Signing out in another tab would evict the page from the bfcache.
  await page.evaluate(() => {
    sessionStorage.clear()
    history.back()
  })
  await expect(page).toHaveURL(/\/signin\.html/)
  const seen = await page.evaluate(() => sessionStorage.getItem('seen'))
  const [isKeptPage, text] = JSON.parse(seen ?? '[]')
  expect(isKeptPage).toBe(true)
  expect(text).not.toContain(rider.email)
})

test('bfcache: Back to the ride page after signing out in another tab shows nothing of the rider', async ({
  site,
  rider,
  bfcacheBrowser,
}) => {
  const context = await bfcacheBrowser.newContext({ baseURL: site.origin })
  const page = await context.newPage()
  await openSignedIn(page, site, rider, { rememberMe: true })
  await page.getByRole('link', { name: 'Wild Rydes' }).click()
  await expect(page).toHaveURL(/\/$/)

  const other = await context.newPage()
  await other.goto('/ride.html')
  await pressSignOut(other)
  await expect(other).toHaveURL(/signin/)

  await page.evaluate(() => history.back())
  await expect(page).toHaveURL(/signin/)
  await expect(page.getByText(rider.email)).toHaveCount(0)
})

test('bfcache: Back to the register page shows no password', async ({ site, bfcacheBrowser }) => {
  const page = await bfcacheBrowser.newPage({ baseURL: site.origin })
  await register(page, { email: 'new@example.com', password: 'Unicorn-1234' })
  await page.evaluate(() => history.back())
  await expect(page).toHaveURL(/register/)
  await expect(page.getByLabel('Password', { exact: true })).toHaveValue('')
  await expect(page.getByLabel('Confirm password')).toHaveValue('')
})
