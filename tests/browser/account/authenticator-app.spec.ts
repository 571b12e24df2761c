/** The authenticator app: set up with its key kept, asked for at sign-in, and turned off again. */

import type { Page } from '@playwright/test'
import { encode } from 'uqr'
import {
  createApp,
  expectCodeField,
  expectSelected,
  meetCalls,
  openAccount,
  signInToAccount,
  signOut,
  watchCalls,
} from '../support/account-actions.ts'
import { expect, test } from '../support/fixtures.ts'
import { expectProblems, expectRidePage, fillSignIn, signIn } from '../support/rider-actions.ts'

test.beforeEach(async ({ page, site, rider }) => {
  await site.pool.createConfirmedUser(rider)
  await signInToAccount(page, rider)
})

async function readKey(page: Page): Promise<string> {
  const key = await page.getByRole('code').textContent()
  return key?.replaceAll(' ', '') ?? ''
}

/** The dark squares of the QR code of a text, with the quiet zone that the standard asks for. */
function toPath(text: string): string {
  return encode(text, { border: 4 })
    .data.flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : '')))
    .join('')
}

test('an authenticator app is turned on by its first code, asked for at sign-in, and turned off', async ({
  page,
  rider,
}) => {
  const start = page.getByRole('button', { name: 'Set up an authenticator app' })
  await start.click()
  await expect(page.getByRole('heading', { name: 'Set up your app' })).toBeFocused()
  const otherKey = await readKey(page)
  await page.getByRole('button', { name: 'Not now' }).click()
  await expect(page.getByRole('heading', { name: 'Authenticator app' })).toBeFocused()
  await expect(page.getByRole('code')).toHaveCount(0)
  await page.reload()
  await expect(page.getByText('Signing in asks for your password only')).toBeVisible()

  await start.click()
  await expect(page.getByRole('heading', { name: 'Set up your app' })).toBeFocused()
  await expect(start).toBeHidden()
  const picture = page.getByRole('img', { name: 'QR code with the key for your authenticator app' })
  const key = await readKey(page)
  expect(key).toMatch(/^[A-Z2-7]{52}$/)
  expect(key).not.toBe(otherKey)
  const link = page.getByRole('link', { name: 'open it on this phone' })
  const href = (await link.getAttribute('href')) ?? ''
  await expect(picture.locator('path')).toHaveAttribute('d', toPath(href))
  const url = new URL(href)
  expect(`${url.protocol}//${url.host}`).toBe('otpauth://totp')
  expect(decodeURIComponent(url.pathname)).toBe(`/Wild Rydes:${rider.email}`)
  expect(Object.fromEntries(url.searchParams)).toEqual({ secret: key, issuer: 'Wild Rydes' })

  const app = createApp(key)
  const code = page.getByLabel('Verification code from the app')
  const kept = page.getByLabel('I have kept this key')
  const turnOn = page.getByRole('button', { name: 'Turn on' })
  const proofs = watchCalls(page, 'VerifySoftwareToken')
  await expectCodeField(code)
  await code.fill(app.codeNow())
  await turnOn.click()
  await expectProblems(page, ['Confirm that you have kept the key'])
  expect(proofs).toEqual([])

  const wrong = app.wrongCode()
  await kept.check()
  await code.fill(wrong)
  await turnOn.click()
  await expectProblems(page, [
    'This code is not right. Enter the one that your authenticator app shows now.',
  ])
  await expectSelected(code, wrong)
  await expect(kept).toBeChecked()
  expect(await readKey(page)).toBe(key)

  await code.fill(app.codeNow())
  await turnOn.click()
  await expect(page.getByRole('status')).toHaveText(
    'Signing in asks for a code of your authenticator app from now on.',
  )
  await expect(page.getByRole('heading', { name: 'Authenticator app' })).toBeFocused()
  await expect(page.getByRole('code')).toHaveCount(0)
  await expect(start).toBeHidden()

  await signOut(page)
  await fillSignIn(page, rider)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('heading', { name: 'Enter your code' })).toBeFocused()
  await page.getByLabel('Verification code').fill(app.codeNext())
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expectRidePage(page)

  await openAccount(page)
  await page.getByRole('button', { name: 'Turn off' }).click()
  await expect(page.getByRole('status')).toHaveText(
    'Signing in asks for your password only from now on.',
  )
  await expect(page.getByRole('heading', { name: 'Authenticator app' })).toBeFocused()
  await expect(start).toBeVisible()
  await signOut(page)
  await signIn(page, rider)
})

test('a page whose QR code does not come has the key in words, and turns the app on', async ({
  page,
}) => {
  await page.route('**/assets/qr-code-*.js', (route) => route.abort())
  await page.getByRole('button', { name: 'Set up an authenticator app' }).click()
  const app = createApp(await readKey(page))
  await page.getByLabel('I have kept this key').check()
  await page.getByLabel('Verification code from the app').fill(app.codeNow())
  // The proof arrives, what shall follow from it does not: the same code must do once more.
  let isFirst = true
  await meetCalls(page, 'SetUserMFAPreference', (route) => {
    if (!isFirst) return route.continue()
    isFirst = false
    return route.abort()
  })
  await page.getByRole('button', { name: 'Turn on' }).click()
  await expectProblems(page, [/^The service could not be reached/])
  await page.getByRole('button', { name: 'Turn on' }).click()
  await expect(page.getByRole('status')).toHaveText(/^Signing in asks for a code/)
})
