/** The pages for everybody: no accessibility faults, room on small screens, fields that machines know. */

import { expectAccessible } from './accessibility.ts'
import { expect, test } from './fixtures.ts'
import { fillSignIn, register, signIn } from './rider-acts.ts'

const pages = ['/', '/register.html', '/verify.html', '/signin.html', '/forgot.html'] as const

for (const path of pages) {
  test(`${path} has no accessibility faults, at rest or with every field wrong`, async ({
    page,
  }) => {
    await page.goto(path)
    await expectAccessible(page)
    const submit = page.locator('button[type=submit]:visible').first()
    if ((await submit.count()) === 0) return
    await submit.click()
    await expect(page.getByText('There is a problem').first()).toBeVisible()
    await expectAccessible(page)
  })
}

test('refusals by the service have none either', async ({ page, site, rider }) => {
  await register(page, rider)
  await page.getByLabel('Verification code').fill('000000')
  await expect(page.getByText('There is a problem')).toBeVisible()
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Resend code' }).click()
  await expect(page.getByRole('status')).toHaveText(/on its way/)
  await expectAccessible(page)
  await page.goto('/register.html')
  await page.getByLabel('Password', { exact: true }).fill(rider.password)
  await page.getByLabel('Confirm password').fill(rider.password)
  await page.getByRole('button', { name: "Let's Ryde" }).click()
  await expect(page.getByText('already an account')).toBeVisible()
  await expectAccessible(page)
  await page.goto('/signin.html')
  await fillSignIn(page, { ...rider, password: 'wrong' })
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page).toHaveURL(/verify/)
  await page.getByLabel('Verification code').fill(await site.pool.latestCodeFor(rider.email))
  await expect(page).toHaveURL(/signin/)
  await signIn(page, rider)
  await expectAccessible(page)
})

test('the notice of a missing pool has none', async ({ page }) => {
  await page.route('**/js/config.js', (route) => route.fulfill({ status: 404 }))
  for (const path of [...pages, '/ride.html', '/account.html']) {
    await page.goto(path)
    await expect(page.getByText('No Cognito user pool configured')).toBeVisible()
    await expectAccessible(page)
  }
})

test('nothing scrolls sideways on 320 px, and targets can be hit', async ({
  page,
  site,
  rider,
}) => {
  await page.setViewportSize({ width: 320, height: 640 })
  const check = async () => {
    expect(
      await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
      page.url(),
    ).toBeLessThanOrEqual(0)
    for (const target of await page.locator('button:visible, input:visible, nav a:visible').all()) {
      const box = await target.boundingBox()
      const isCheckbox = (await target.getAttribute('type')) === 'checkbox'
      expect(
        box?.height,
        await target.evaluate(({ outerHTML }) => outerHTML),
      ).toBeGreaterThanOrEqual(isCheckbox ? 24 : 44)
    }
  }
  for (const path of pages) {
    await page.goto(path)
    await check()
    const submit = page.locator('button[type=submit]:visible').first()
    if ((await submit.count()) > 0) {
      await submit.click()
      await check()
    }
  }
  await site.pool.createConfirmedUser({ ...rider, email: `${'long'.repeat(25)}@example.com` })
  await signIn(page, { ...rider, email: `${'long'.repeat(25)}@example.com` })
  await check()
})

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
