/** The page for unknown addresses. */

import { expect, test } from '../support/fixtures.ts'

test('404: an unknown address has a page that links to the home page', async ({ page }) => {
  const response = await page.goto('/rides/of/last/year.html')
  expect(response?.status()).toBe(404)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText("This page doesn't exist")
  await expect(page.getByRole('navigation').getByRole('link', { name: 'Sign in' })).toBeVisible()
  await page.getByRole('link', { name: 'Go to the home page' }).click()
  await expect(page.getByRole('link', { name: 'Giddy Up!' })).toBeVisible()
})
