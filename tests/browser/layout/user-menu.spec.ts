/** The menu of the signed-in rider in the header. */

import { longEmail, openAccountSignedIn } from '../support/account-actions.ts'
import { expect, test } from '../support/fixtures.ts'
import { openSignedIn } from '../support/rider-actions.ts'
import { openFromMenu, userMenuButton } from '../support/user-menu.ts'

test.beforeEach(async ({ site, rider }) => {
  await site.pool.createConfirmedUser(rider)
})

test('user menu: it is named after the rider, and leads to their pages', async ({
  page,
  site,
  rider,
}) => {
  await openSignedIn(page, site, rider)
  await expect(userMenuButton(page)).toHaveText(rider.email)
  const main = page.getByRole('navigation', { name: 'Main' })
  await expect(main.getByRole('link')).toHaveCount(0)
  await userMenuButton(page).click()
  await expect(main.getByText(`Signed in as ${rider.email}`)).toBeVisible()
  await expect(main.getByRole('link')).toHaveText(['Your ride', 'Your account'])
  await expect(main.getByRole('link', { name: 'Your ride' })).toHaveAttribute(
    'aria-current',
    'page',
  )
  await userMenuButton(page).click()
  await expect(main.getByRole('link')).toHaveCount(0)
  await openFromMenu(page, 'Your account')
  await expect(page).toHaveURL(/\/account\.html$/)
})

test('user menu: Escape and a press elsewhere close it, and Escape gives the focus back', async ({
  page,
  site,
  rider,
}) => {
  await openAccountSignedIn(page, site, rider)
  const signOut = page.getByRole('button', { name: 'Sign out', exact: true })
  await userMenuButton(page).focus()
  await page.keyboard.press('Enter')
  await page.keyboard.press('Tab')
  await expect(page.getByRole('link', { name: 'Your ride' })).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(signOut).toBeHidden()
  await expect(userMenuButton(page)).toBeFocused()

  await userMenuButton(page).click()
  await expect(signOut).toBeVisible()
  await page.getByRole('heading', { name: 'Your account' }).click()
  await expect(signOut).toBeHidden()

  // The focus is never on something that the menu covers.
  await userMenuButton(page).click()
  await signOut.focus()
  await page.keyboard.press('Tab')
  await expect(signOut).toBeHidden()
  await expect(page.locator('main :focus')).toHaveCount(1)
})

test('user menu: with the longest address it fits 320 px, and tells all of it', async ({
  page,
  site,
  rider,
}) => {
  const email = longEmail
  await site.pool.createConfirmedUser({ ...rider, email })
  await page.setViewportSize({ width: 320, height: 640 })
  await openSignedIn(page, site, { ...rider, email })
  const main = page.getByRole('navigation', { name: 'Main' })
  const button = userMenuButton(page)
  await expect(button.getByText(email)).toHaveAttribute('title', email)
  await expect(button).toBeInViewport({ ratio: 1 })
  await button.click()
  const menu = main.getByText('Signed in as').locator('..')
  await expect(menu).toBeInViewport({ ratio: 1 })
  await expect(menu).toContainText(email)
})

test('user menu: a link that is followed and Back find it closed (bfcache)', async ({
  site,
  rider,
  bfcacheBrowser,
}) => {
  const context = await bfcacheBrowser.newContext({ baseURL: site.origin })
  const page = await context.newPage()
  await openSignedIn(page, site, rider)
  await openFromMenu(page, 'Your account')
  await expect(page).toHaveURL(/\/account\.html$/)
  await page.evaluate(() => history.back())
  await expect(page).toHaveURL(/\/ride\.html$/)
  await expect(userMenuButton(page)).toBeVisible()
  await expect(page.getByRole('button', { name: 'Sign out' })).toBeHidden()
})

test('user menu: it copies an address as one word', async ({ page, site, rider }) => {
  await openSignedIn(page, site, rider)
  await userMenuButton(page).click()
  const main = page.getByRole('navigation', { name: 'Main' })
  await main.getByText('Signed in as').locator('bdi').selectText()
  await page.keyboard.press('ControlOrMeta+c')
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(rider.email)
})
