/** The footer of every page. */

import { expect, pagePaths, test } from '../support/fixtures.ts'

test('licenses: the footer of every page links to the licenses of what the site ships', async ({
  page,
  site,
}) => {
  for (const path of [...pagePaths.slice(0, 5), '/no/such/page']) {
    await page.goto(path)
    const link = page.getByRole('contentinfo').getByRole('link', { name: 'Licenses' })
    await expect(link).toHaveJSProperty('href', `${site.origin}/licenses.txt`)
  }
  await page.getByRole('link', { name: 'Licenses' }).click()
  await expect(page).toHaveURL(/\/licenses\.txt$/)
  await expect(page.locator('body')).toContainText('leaflet')
})
