/** Fields: their size, and the attributes that password managers and phones need. */

import { expect, publicPagePaths, test } from '../support/fixtures.ts'

test('fields: their text is at least 16 px, so that phones do not zoom in', async ({ page }) => {
  for (const path of publicPagePaths) {
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
  test(`fields: ${label} of ${path} has the attributes that password managers and phones need, and takes any pasted text`, async ({
    page,
  }) => {
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

test('Caps Lock: each password field says in text that it is on, until the field loses focus', async ({
  page,
}) => {
  for (const [path, ...labels] of [
    ['/signin.html', 'Password'],
    ['/register.html', 'Password', 'Confirm password'],
  ] as const) {
    await page.goto(path)
    await expect(page.locator('button[type=submit]')).toBeEnabled()
    for (const label of labels) {
      const field = page.getByLabel(label, { exact: true })
      const hint = page.getByText('Caps Lock is on.').filter({ visible: true })
      const pressWith = (modifierCapsLock: boolean) =>
        field.evaluate((input, init) => input.dispatchEvent(new KeyboardEvent('keydown', init)), {
          key: 'A',
          bubbles: true,
          modifierCapsLock,
        })
      await field.focus()
      await pressWith(false)
      await expect(hint).toHaveCount(0)
      await pressWith(true)
      await expect(hint).toHaveCount(1)
      const [fieldBox, hintBox] = [await field.boundingBox(), await hint.boundingBox()]
      expect(Math.abs((fieldBox?.y ?? 0) - (hintBox?.y ?? 1000))).toBeLessThan(100)
      await expect(page.getByRole('alert').filter({ visible: true })).toHaveCount(0)
      await pressWith(false)
      await expect(hint).toHaveCount(0)
      await pressWith(true)
      await field.blur()
      await expect(hint).toHaveCount(0)
    }
  }
})
