/** Fields: their size, and the attributes that password managers and phones need. */

import type { Locator } from '@playwright/test'
import { expect, publicPagePaths, test } from '../support/fixtures.ts'

async function boxOf(element: Locator) {
  const box = await element.boundingBox()
  if (!box) throw new Error('the element has no box')
  return box
}

/** Where elements are, without those that are hidden. */
function boxesOf(elements: Locator): Promise<readonly string[]> {
  return elements.evaluateAll((all) =>
    all.map((element) => {
      const { x, y, width, height } = element.getBoundingClientRect()
      return [element.id || element.tagName, x, y, width, height].join(' ')
    }),
  )
}

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

test('fields: phones change nothing in names, codes and passwords, shown or not', async ({
  page,
}) => {
  for (const path of ['/signin.html', '/register.html', '/verify.html', '/forgot.html']) {
    await page.goto(path)
    const showButtons = page.getByRole('button', { name: /^(Show|Hide) / })
    for (const button of await showButtons.all()) await button.click()
    for (const field of await page.locator('input:not([type=checkbox], [readonly])').all()) {
      await expect(field).toHaveAttribute('autocapitalize', 'none')
      await expect(field).toHaveAttribute('autocorrect', 'off')
      await expect(field).toHaveAttribute('spellcheck', 'false')
    }
  }
})

test('show password: the button stands in the row of its field, says what it shows, and moves nothing', async ({
  page,
}) => {
  await page.setViewportSize({ width: 360, height: 640 })
  await page.goto('/signin.html')
  const field = page.getByLabel('Password', { exact: true })
  const show = page.getByRole('button', { name: 'Show password' })
  await expect(show).toHaveText('Show')
  await field.fill('Unicorn-1234')
  const places = () => boxesOf(page.locator('main :is(a, button, label, input)'))
  const before = await places()
  const [fieldBox, showBox] = [await boxOf(field), await boxOf(show)]
  expect(showBox.y).toBeGreaterThanOrEqual(fieldBox.y - 1)
  expect(showBox.y + showBox.height).toBeLessThanOrEqual(fieldBox.y + fieldBox.height + 1)
  expect(showBox.x).toBeGreaterThanOrEqual(fieldBox.x + fieldBox.width - 1)

  await show.click()
  const hide = page.getByRole('button', { name: 'Hide password' })
  await expect(hide).toHaveText('Hide')
  await expect(field).toHaveAttribute('type', 'text')
  expect(await places()).toEqual(before)
})

test('Caps Lock: its hint moves nothing', async ({ page }) => {
  for (const path of ['/signin.html', '/register.html']) {
    await page.goto(path)
    await expect(page.locator('button[type=submit]').first()).toBeEnabled()
    const places = () => boxesOf(page.locator('main :is(a, button, label, input, li)'))
    const before = await places()
    await page
      .getByLabel('Password', { exact: true })
      .dispatchEvent('keydown', { modifierCapsLock: true })
    await expect(page.getByText('Caps Lock is on.').filter({ visible: true })).toHaveCount(1)
    expect(await places()).toEqual(before)
  }
})

test('forgot password: the link stands on the line of the label and behind the field for the keyboard', async ({
  page,
}) => {
  await page.setViewportSize({ width: 360, height: 640 })
  await page.goto('/signin.html')
  const forgot = page.getByRole('link', { name: 'Forgot password?' })
  const [link, label] = [
    await boxOf(forgot),
    await boxOf(page.getByText('Password', { exact: true })),
  ]
  expect(Math.abs(link.y - label.y)).toBeLessThan(8)
  expect(link.height).toBeGreaterThanOrEqual(24)
  await page.getByLabel('Email or username').focus()
  await page.keyboard.press('Tab')
  await expect(page.getByLabel('Password', { exact: true })).toBeFocused()
})

test('Caps Lock: each password field says in text that it is on, until the field loses focus', async ({
  page,
}) => {
  for (const [path, ...labels] of [
    ['/signin.html', 'Password'],
    ['/register.html', 'Password', 'Confirm password'],
  ] as const) {
    await page.goto(path)
    await expect(page.locator('button[type=submit]').first()).toBeEnabled()
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
