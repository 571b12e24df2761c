/** The light and the dark theme: the device's, or the rider's choice. */

import type { Page } from '@playwright/test'
import { expect, test } from '../support/fixtures.ts'

test.use({ contextOptions: { colorScheme: 'light' } })

function isDark(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    const [red = 255] = getComputedStyle(document.body).color.match(/\d+/g)?.map(Number) ?? []
    return red > 128
  })
}

test('theme: a page follows the color scheme of the device', async ({ page }) => {
  await page.goto('/signin.html')
  await expect(page.getByLabel('Appearance')).toHaveValue('')
  expect(await isDark(page)).toBe(false)
  await page.emulateMedia({ colorScheme: 'dark' })
  expect(await isDark(page)).toBe(true)
})

test('theme: a choice takes effect at once, on other pages and in other tabs, until it is taken back', async ({
  page,
  context,
}) => {
  const other = await context.newPage()
  await other.goto('/register.html')
  await page.goto('/signin.html')
  await page.getByLabel('Appearance').selectOption('Dark')
  expect(await isDark(page)).toBe(true)
  await expect(other.getByLabel('Appearance')).toHaveValue('dark')
  expect(await isDark(other)).toBe(true)

  await page.goto('/console/')
  expect(await isDark(page)).toBe(true)
  await page.goto('/')
  await expect(page.getByLabel('Appearance')).toHaveValue('dark')
  expect(await isDark(page)).toBe(true)
  await page.getByLabel('Appearance').selectOption('As this device')
  expect(await isDark(page)).toBe(false)
  await expect(other.getByLabel('Appearance')).toHaveValue('')
  expect(await page.evaluate(() => localStorage.length)).toBe(0)
})

test('theme: the choice is applied even when no script file loads', async ({ page }) => {
  await page.goto('/')
  await page.getByLabel('Appearance').selectOption('Dark')
  await page.route('**/*.js', (route) => route.abort())
  for (const path of ['/', '/register.html', '/no/such/page']) {
    await page.goto(path)
    expect(await isDark(page), path).toBe(true)
    await expect(page.getByLabel('Appearance')).toBeHidden()
  }
})

test('theme: where storage is blocked, a choice takes effect on its page', async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(window, 'localStorage', {
      get() {
        throw new DOMException('blocked', 'SecurityError')
      },
    })
  })
  await page.goto('/signin.html')
  await page.getByLabel('Appearance').selectOption('Dark')
  expect(await isDark(page)).toBe(true)
})
