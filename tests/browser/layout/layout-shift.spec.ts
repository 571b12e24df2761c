/** The pages for everybody have fields that people can read and machines know; no page moves while it opens. */

import { expect, poolApi, test } from '../support/fixtures.ts'
import { signIn } from '../support/rider-actions.ts'

const pages = ['/', '/register.html', '/verify.html', '/signin.html', '/forgot.html'] as const

test('text in fields is large enough that phones do not zoom', async ({ page }) => {
  for (const path of pages) {
    await page.goto(path)
    for (const input of await page.locator('input:visible').all()) {
      const size = await input.evaluate((element) => parseFloat(getComputedStyle(element).fontSize))
      expect(size).toBeGreaterThanOrEqual(16)
    }
  }
})

test('nothing moves while a page opens, whoever it finds', async ({ page, site, rider }) => {
  await page.setViewportSize({ width: 360, height: 780 })
  await page.addInitScript(() => {
    let shift = 0
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) shift += Number(Reflect.get(entry, 'value'))
      document.documentElement.dataset.shift = String(shift)
    }).observe({ type: 'layout-shift', buffered: true })
  })
  const shifts: Record<string, number> = {}
  const open = async (path: string, whose: string) => {
    await page.goto(path)
    await expect(page.locator('#themes')).toBeVisible()
    await expect(page.locator('#content, #credentials, form, .hero').first()).toBeVisible()
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))))
    const shift = await page.locator('html').getAttribute('data-shift')
    shifts[`${path} ${whose}`] = Number(shift)
  }

  for (const path of pages) await open(path, 'signed out')
  await site.pool.createConfirmedUser(rider)
  await signIn(page, rider)
  // The service's answer comes to a page that has been painted without it.
  await page.route(poolApi, async (route) => {
    await page.waitForFunction(() => performance.getEntriesByName('first-contentful-paint').length)
    await route.continue()
  })
  for (const path of [...pages, '/ride.html', '/account.html']) await open(path, 'signed in')
  expect(Object.entries(shifts).filter(([, shift]) => shift > 0.01)).toEqual([])
})

for (const [path, label, attributes] of [
  ['/register.html', 'Email', { type: 'email', autocomplete: 'username', autocapitalize: 'none' }],
  ['/register.html', 'Password', { autocomplete: 'new-password', enterkeyhint: 'next' }],
  ['/register.html', 'Confirm password', { autocomplete: 'new-password', enterkeyhint: 'go' }],
  [
    '/verify.html',
    'Verification code',
    { autocomplete: 'one-time-code', inputmode: 'numeric', type: 'text' },
  ],
  ['/signin.html', 'Email or username', { autocomplete: 'username webauthn', name: 'username' }],
  ['/signin.html', 'Password', { autocomplete: 'current-password', id: 'current-password' }],
] as const) {
  test(`the field ${label} of ${path} tells managers and phones what it is`, async ({ page }) => {
    await page.goto(path)
    const field = page.getByLabel(label, { exact: true })
    for (const [name, value] of Object.entries(attributes)) {
      await expect(field).toHaveAttribute(name, value)
    }
    await expect(page.locator('form').first()).toHaveAttribute('novalidate', '')
    expect(await field.getAttribute('maxlength')).toBeNull()
    await page.evaluate((text) => navigator.clipboard.writeText(text), 'x'.repeat(100))
    await field.press('ControlOrMeta+v')
    await expect(field).toHaveValue('x'.repeat(100))
  })
}
