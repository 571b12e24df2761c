/** What riders do on the pages. */

import { expect, type Locator, type Page } from '@playwright/test'
import { createGate } from './calls.ts'
import type { Rider, Site } from './fixtures.ts'
import { ClientId } from './pool-client.ts'
import { scripts } from './scripts.ts'

/** A second rider, for tests with two. */
export const otherRider: Rider = { email: 'other@example.com', password: 'Pegasus-5678' }

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

/** Fills the fields as a password manager does, without moving the focus. */
export async function autofillSignIn(page: Page, { email, password }: Rider): Promise<void> {
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

export async function pressSignIn(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

export async function submitSignIn(page: Page, rider: Rider): Promise<void> {
  await fillSignIn(page, rider)
  await pressSignIn(page)
}

/** Signs in on the page, as a rider does. Tests about something else begin with {@link openSignedIn}. */
export async function signIn(page: Page, rider: Rider, { rememberMe = false } = {}): Promise<void> {
  await page.goto('/signin.html')
  await fillSignIn(page, rider)
  if (rememberMe) await page.getByLabel('Keep me signed in').check()
  await pressSignIn(page)
  await expectRidePage(page)
}

/**
 * Opens the ride page with a session that has begun: the tokens of a real sign-in, stored as the site stores them.
 *
 * @param rememberMe whether they are stored for all tabs, as with "Keep me signed in"
 */
export async function openSignedIn(
  page: Page,
  site: Site,
  rider: Rider,
  options: { readonly rememberMe?: boolean } = {},
): Promise<void> {
  await storeSession(page, site, rider, options)
  await page.goto('/ride.html')
  await expectRidePage(page)
}

/** Signs in over the API and stores the tokens in web storage; no page of the site is open then. */
export async function storeSession(
  page: Page,
  { pool }: Site,
  rider: Rider,
  { rememberMe = false }: { readonly rememberMe?: boolean } = {},
): Promise<void> {
  const { username, ...tokens } = await pool.signIn(rider)
  const prefix = `CognitoIdentityServiceProvider.${ClientId}.`
  const entries = [
    ...Object.entries({ ...tokens, clockDrift: '0' }).map(
      ([name, value]) => [`${prefix}${username}.${name}`, value] as const,
    ),
    [`${prefix}LastAuthUser`, username] as const,
  ]
  // Storage belongs to the origin: any file of it will do, and this one has no script.
  await page.goto('/robots.txt')
  await page.evaluate(
    ([isForAllTabs, items]) => {
      const storage = isForAllTabs ? localStorage : sessionStorage
      for (const [key, value] of items) storage.setItem(key, value)
    },
    [rememberMe, entries] as const,
  )
}

export async function expectRidePage(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { name: 'Successfully Authenticated!' })).toBeVisible()
  expect(new URL(page.url()).pathname).toBe('/ride.html')
}

/** The ride page shows tokens only while the inspector is open. */
export async function openTokenInspector(page: Page): Promise<void> {
  await openDeveloperTools(page)
  await page.getByText('Inspect your tokens').click()
  await expect(page.locator('#access-token')).not.toBeEmpty()
}

/** They are closed on a site with a ride API. */
export async function openDeveloperTools(page: Page): Promise<void> {
  const tools = page.locator('#developers')
  if (!(await tools.evaluate((details: HTMLDetailsElement) => details.open))) {
    await page.getByText('For developers').click()
  }
}

/** The error summary at the top of the form has these lines, one for each error. */
export async function expectErrorSummary(
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

/** Holds the page's own script. @returns lets it load */
export async function holdPageScript(page: Page): Promise<() => void> {
  const gate = createGate()
  await page.route(scripts.pages, async (route) => {
    await gate.opened
    await route.continue()
  })
  return gate.open
}

/** Presses Tab until this element has the focus. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let presses = 0; presses < 20; presses += 1) {
    await page.keyboard.press('Tab')
    if (await target.evaluate((element) => element === document.activeElement)) return
  }
  throw new Error(`Tab does not reach ${target}`)
}

/** The event that a tab gets when it becomes visible again. The page may leave at once, before the call has returned. */
export async function returnToTab(page: Page): Promise<void> {
  try {
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))
  } catch (error) {
    if (!String(error).includes('Execution context was destroyed')) throw error
  }
}
