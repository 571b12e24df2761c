/** The authenticator app on the account page: set up, asked for at sign-in, and turned off again. */

import type { Page } from '@playwright/test'
import { encode } from 'uqr'
import {
  expectCodeField,
  expectInvalidAndSelected,
  openAccount,
  openAccountSignedIn,
  signOut,
} from '../support/account-actions.ts'
import { createAuthenticatorApp } from '../support/authenticator-app.ts'
import { routeCalls, watchCalls } from '../support/calls.ts'
import { expect, test } from '../support/fixtures.ts'
import {
  expectErrorSummary,
  expectRidePage,
  signIn,
  submitSignIn,
} from '../support/rider-actions.ts'
import { scripts } from '../support/scripts.ts'

test.beforeEach(async ({ page, site, rider }) => {
  await site.pool.createConfirmedUser(rider)
  await openAccountSignedIn(page, site, rider)
})

async function readKey(page: Page): Promise<string> {
  const key = await page.getByRole('code').textContent()
  return key?.replaceAll(' ', '') ?? ''
}

/** The dark modules of the QR code of a text as an SVG path, with the quiet zone of the standard. */
function toPath(text: string): string {
  return encode(text, { border: 4 })
    .data.flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : '')))
    .join('')
}

test('TOTP: an authenticator app is turned on by its first code, asked for at sign-in, and turned off again', async ({
  page,
  rider,
}) => {
  const start = page.getByRole('button', { name: 'Set up an authenticator app' })
  await start.click()
  await expect(page.getByRole('heading', { name: 'Set up your app' })).toBeFocused()
  const otherKey = await readKey(page)
  const newKey = page.getByText(/^This is a new setup key\..* delete that entry there/)
  await expect(newKey).toHaveCount(0)
  await page.getByRole('button', { name: 'Not now' }).click()
  await expect(page.getByRole('heading', { name: 'Authenticator app' })).toBeFocused()
  await expect(page.getByRole('code')).toHaveCount(0)
  await page.reload()
  await expect(page.locator('#second-factor').getByText('Off', { exact: true })).toBeVisible()

  await start.click()
  await expect(page.getByRole('heading', { name: 'Set up your app' })).toBeFocused()
  await expect(start).toBeHidden()
  const picture = page.getByRole('img', {
    name: 'QR code with the setup key for your authenticator app',
  })
  const key = await readKey(page)
  expect(key).toMatch(/^[A-Z2-7]{52}$/)
  expect(key).not.toBe(otherKey)
  await expect(newKey).toBeVisible()
  const link = page.getByRole('link', { name: 'Open the app' })
  const href = (await link.getAttribute('href')) ?? ''
  await expect(picture.locator('path')).toHaveAttribute('d', toPath(href))
  const url = new URL(href)
  expect(`${url.protocol}//${url.host}`).toBe('otpauth://totp')
  expect(decodeURIComponent(url.pathname)).toBe(`/Wild Rydes:${rider.email}`)
  expect(Object.fromEntries(url.searchParams)).toEqual({ secret: key, issuer: 'Wild Rydes' })

  const app = createAuthenticatorApp(key)
  const code = page.getByLabel('Verification code from the app')
  const kept = page.getByLabel("I've saved the setup key")
  const turnOn = page.getByRole('button', { name: 'Turn on' })
  const verifications = watchCalls(page, 'VerifySoftwareToken')
  await expectCodeField(code)
  await code.fill(app.code(0))
  await turnOn.click()
  await expectErrorSummary(page, ["Confirm that you've saved the setup key"])
  expect(verifications).toEqual([])

  const wrong = app.wrongCode
  await kept.check()
  await code.fill(wrong)
  await turnOn.click()
  await expectErrorSummary(page, [
    "That code isn't right. Enter the one your authenticator app shows now.",
  ])
  await expectInvalidAndSelected(code, wrong)
  await expect(kept).toBeChecked()
  expect(await readKey(page)).toBe(key)

  await code.fill(app.code(0))
  await turnOn.click()
  await expect(page.getByRole('status')).toHaveText(
    'Authenticator app turned on. From now on you sign in with a code as well.',
  )
  await expect(page.getByRole('heading', { name: 'Authenticator app' })).toBeFocused()
  await expect(page.getByRole('code')).toHaveCount(0)
  await expect(start).toBeHidden()

  await signOut(page)
  await submitSignIn(page, rider)
  await expect(page.getByRole('heading', { name: 'Enter your code' })).toBeFocused()
  await page.getByLabel('Verification code').fill(app.code(1))
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expectRidePage(page)

  await openAccount(page)
  await page.getByRole('button', { name: 'Turn off' }).click()
  await expect(page.getByRole('status')).toHaveText(
    'Authenticator app turned off. From now on you sign in without its codes.',
  )
  await expect(page.getByRole('heading', { name: 'Authenticator app' })).toBeFocused()
  await expect(start).toBeVisible()
  await signOut(page)
  await signIn(page, rider)
})

test('TOTP: without its QR code the page still shows the key as text, and the app can be turned on after a network error', async ({
  page,
}) => {
  await page.route(scripts.qrCode, (route) => route.abort())
  await page.getByRole('button', { name: 'Set up an authenticator app' }).click()
  const app = createAuthenticatorApp(await readKey(page))
  await page.getByLabel("I've saved the setup key").check()
  await page.getByLabel('Verification code from the app').fill(app.code(0))
  // The code is verified, the next call fails: the same code must work once more.
  let isFirst = true
  await routeCalls(page, 'SetUserMFAPreference', (route) => {
    if (!isFirst) return route.continue()
    isFirst = false
    return route.abort()
  })
  await page.getByRole('button', { name: 'Turn on' }).click()
  await expectErrorSummary(page, [/^We couldn't reach the service/])
  await page.getByRole('button', { name: 'Turn on' }).click()
  await expect(page.getByRole('status')).toHaveText(/^Authenticator app turned on/)
})
