/** The button "Copy token" of the ride page. */

import { advanceClocks } from '../support/clocks.ts'
import { expect, poolApi, test } from '../support/fixtures.ts'
import { openSignedIn, openTokenInspector } from '../support/rider-actions.ts'

test.beforeEach(async ({ site, rider }) => {
  await site.pool.createConfirmedUser(rider)
})

test('copy token: the page says why when the token cannot be refreshed', async ({
  page,
  site,
  rider,
}) => {
  await openSignedIn(page, site, rider)
  await advanceClocks(page, site, 2 * 3600)
  await page.route(poolApi, (route) => route.abort())
  await page.getByRole('button', { name: 'Copy token' }).click()
  await expect(page.getByRole('status')).toHaveText(/couldn't reach/)
})

test('copy token: the whole ID token is copied, or selected where there is no clipboard', async ({
  page,
  site,
  rider,
}) => {
  await openSignedIn(page, site, rider)
  await page.getByRole('button', { name: 'Copy token' }).click()
  await expect(page.getByRole('status')).toHaveText('Token copied.')
  const copied = await page.evaluate(() => navigator.clipboard.readText())
  await openTokenInspector(page)
  await expect(page.locator('#id-token')).toHaveText(copied)
  const [, claims = ''] = copied.split('.')
  expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({
    token_use: 'id',
    email: rider.email,
  })
  await expect(page.locator('#claims')).toContainText('token_use')
  await expect(page.locator('#time-left')).toHaveText(/^\d+ min \d+ s$/)

  await page.evaluate(() => {
    Object.defineProperty(navigator, 'clipboard', { value: undefined })
  })
  await page.getByRole('button', { name: 'Copy token' }).click()
  await expect(page.getByRole('status')).toHaveText(/^The text is selected/)
  expect(await page.evaluate(() => String(getSelection()))).toBe(copied)
})
