/** What riders do on the account page, and what tests expect there. */

import { expect, type Locator, type Page } from '@playwright/test'
import type { Rider, Site } from './fixtures.ts'
import { storeSession } from './rider-actions.ts'
import { pressSignOut } from './user-menu.ts'

/** About as long as an address may be, without a place to break the line. */
export const longEmail = `${'long'.repeat(16)}@${'long'.repeat(12)}.example.com`

/** Opens the account page with a session that has begun. */
export async function openAccountSignedIn(
  page: Page,
  site: Site,
  rider: Rider,
  options: { readonly rememberMe?: boolean } = {},
): Promise<void> {
  await storeSession(page, site, rider, options)
  await openAccount(page)
}

export async function openAccount(page: Page): Promise<void> {
  await page.goto('/account.html')
  await expectAccountPage(page)
}

export async function expectAccountPage(page: Page): Promise<void> {
  await expect(accountCards(page)).toBeVisible()
  expect(new URL(page.url()).pathname).toBe('/account.html')
}

export async function signOut(page: Page): Promise<void> {
  await pressSignOut(page)
  await expectSignInPage(page, 'You are signed out.')
}

export async function expectSignInPage(page: Page, message: string): Promise<void> {
  await expect(page).toHaveURL(/\/signin\.html/)
  await expect(page.getByRole('status')).toHaveText(message)
}

export async function changeEmail(page: Page, email: string): Promise<void> {
  await page.getByLabel('New email').fill(email)
  await page.getByRole('button', { name: 'Change email' }).click()
}

/** What the account page shows of an account, once it knows whose it is. */
export function accountCards(page: Page): Locator {
  return page.locator('#cards')
}

/** The read-only field that tells a password manager whose password the form is about. */
export function accountField(page: Page): Locator {
  return page.getByRole('textbox', { name: 'Account', exact: true })
}

export function reauthenticateHeading(page: Page): Locator {
  return page.getByRole('heading', { name: "Confirm it's you" })
}

export function pendingEmailHeading(page: Page): Locator {
  return page.getByRole('heading', { name: 'Verify your email' })
}

export async function reauthenticateByPassword(page: Page, password: string): Promise<void> {
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Confirm' }).click()
}

/** @throws {Error} when nobody is signed in */
export function storedToken(
  page: Page,
  name: 'idToken' | 'accessToken' | 'refreshToken',
): Promise<string> {
  return page.evaluate((ending) => {
    for (const storage of [sessionStorage, localStorage]) {
      const key = Object.keys(storage).find((candidate) => candidate.endsWith(`.${ending}`))
      if (key) return storage.getItem(key) ?? ''
    }
    throw new Error(`no ${ending} is stored`)
  }, name)
}

/** The attributes by which phones and password managers recognize a field for a code. */
export async function expectCodeField(field: Locator): Promise<void> {
  await expect(field).toHaveAttribute('type', 'text')
  await expect(field).toHaveAttribute('inputmode', 'numeric')
  await expect(field).toHaveAttribute('autocomplete', 'one-time-code')
  expect(await field.getAttribute('maxlength')).toBeNull()
}

/** A rejected value stays in the field and is selected, so that typing replaces it. */
export async function expectInvalidAndSelected(field: Locator, value: string): Promise<void> {
  await expect(field).toHaveValue(value)
  await expect(field).toBeFocused()
  await expect(field).toHaveAttribute('aria-invalid', 'true')
  expect(
    await field.evaluate((input: HTMLInputElement) =>
      input.value.slice(input.selectionStart ?? 0, input.selectionEnd ?? 0),
    ),
  ).toBe(value)
}

/** The focused element may be removed, but the focus must not go back to the top of the page. */
export async function expectFocusInContent(page: Page): Promise<void> {
  await expect
    .soft(page.locator('main :focus'), 'the focus is somewhere in the content')
    .toHaveCount(1)
}

/** A password that follows the rules and is not the rider's. */
export const newPassword = 'Pegasus-5678'

export async function fillPasswordChange(
  page: Page,
  current: string,
  proposed: string,
): Promise<void> {
  await page.getByLabel('Current password', { exact: true }).fill(current)
  await page.getByLabel('New password', { exact: true }).fill(proposed)
}
