/** Key repeat of a held Enter key. */

import type { Page } from '@playwright/test'
import { watchCalls } from '../support/calls.ts'
import { expect, poolApi, test } from '../support/fixtures.ts'
import { fillRegistration, fillSignIn } from '../support/rider-actions.ts'

test('held key: holding Enter sends a form once', async ({ page, site, rider }) => {
  await page.route(poolApi, () => {})
  for (const [path, operation, fill, last] of [
    ['/register.html', 'SignUp', fillRegistration, 'Confirm password'],
    ['/signin.html', 'InitiateAuth', fillSignIn, 'Password'],
    ['/forgot.html', 'ForgotPassword', fillEmail, 'Email'],
    ['/verify.html', 'ConfirmSignUp', fillCode, 'Verification code'],
  ] as const) {
    await page.goto(path)
    const calls = watchCalls(page, operation)
    await fill(page, rider)
    await page.getByLabel(last, { exact: true }).focus()
    for (let repeat = 0; repeat < 20; repeat += 1) await page.keyboard.down('Enter')
    await page.keyboard.up('Enter')
    await expect(page.locator('button[type=submit]:visible').first()).toHaveText(/…$/)
    await expect.poll(() => calls.length, path).toBe(1)
    await page.goto(site.origin)
    expect(calls, path).toHaveLength(1)
  }
})

async function fillEmail(page: Page, { email }: { email: string }): Promise<void> {
  await page.getByLabel('Email').fill(email)
}

async function fillCode(page: Page, { email }: { email: string }): Promise<void> {
  // Without an address a complete code is not submitted by itself.
  await page.getByLabel('Email').fill('')
  await page.getByLabel('Verification code').fill('123456')
  await page.getByLabel('Email').fill(email)
}
