/** What riders do on the pages, in their words. */

import { expect, type Page } from '@playwright/test'
import type { Rider } from './fixtures.ts'

export async function fillRegistration(page: Page, { email, password }: Rider): Promise<void> {
  await page.getByLabel('Email').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByLabel('Confirm password').fill(password)
}

export async function register(page: Page, rider: Rider): Promise<void> {
  await page.goto('/register.html')
  await fillRegistration(page, rider)
  await page.getByRole('button', { name: "Let's Ryde" }).click()
  await expect(page).toHaveURL(/\/verify\.html/)
}

export async function fillSignIn(page: Page, { email, password }: Rider): Promise<void> {
  await page.getByLabel('Email or username').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
}

/** As a password manager does, which turns to no field. */
export async function fillAsManager(page: Page, { email, password }: Rider): Promise<void> {
  for (const [selector, value] of [
    ['#username', email],
    ['#current-password', password],
  ] as const) {
    await page.locator(selector).evaluate((input: HTMLInputElement, filled) => {
      input.value = filled
      input.dispatchEvent(new Event('input', { bubbles: true }))
      input.dispatchEvent(new Event('change', { bubbles: true }))
    }, value)
  }
}

export async function signIn(page: Page, rider: Rider, { lasting = false } = {}): Promise<void> {
  await page.goto('/signin.html')
  await fillSignIn(page, rider)
  if (lasting) await page.getByLabel('Keep me signed in').check()
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expectRidePage(page)
}

export async function expectRidePage(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { name: 'Successfully Authenticated!' })).toBeVisible()
  expect(new URL(page.url()).pathname).toBe('/ride.html')
}

/** The tokens are on the ride page only while somebody looks at them. */
export async function openTokenLens(page: Page): Promise<void> {
  await page.getByText('Look into your tokens').click()
  await expect(page.locator('#access-token')).not.toBeEmpty()
}

/** The summary at the top of the form, with one line for each problem. */
export async function expectProblems(
  page: Page,
  lines: readonly (string | RegExp)[],
): Promise<void> {
  const summary = page.getByRole('alert').filter({ hasText: 'There is a problem' })
  await expect(summary.getByRole('listitem')).toHaveText([...lines])
  await expect(page).toHaveTitle(/^Error: /)
}

export function tokenKeys(page: Page): Promise<readonly string[]> {
  return page.evaluate(() =>
    [...Object.keys(localStorage), ...Object.keys(sessionStorage)].filter((key) =>
      key.startsWith('CognitoIdentityServiceProvider'),
    ),
  )
}

/** Keeps the page's own script back. @returns lets it through */
export async function holdScript(page: Page): Promise<() => void> {
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  await page.route('**/assets/pages/*.js', async (route) => {
    await held
    await route.continue()
  })
  return release
}
