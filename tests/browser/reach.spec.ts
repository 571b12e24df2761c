/** The pages for everybody have fields that people can read and machines know. */

import { expect, test } from './fixtures.ts'

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
