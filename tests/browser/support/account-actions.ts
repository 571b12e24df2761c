/** What riders do on the account page, and what tests look at behind it. */

import { expect, type Locator, type Page, type Route } from '@playwright/test'
import { toTotp } from '../../support/totp.ts'
import { poolApi, type Rider, type Site } from './fixtures.ts'
import { fillSignIn } from './rider-actions.ts'

export const ClientId = 'wildrydeswebapplocal000000'
export const UserPoolId = 'us-east-1_WildRydes'

/** About as long as addresses may be, without a place to break. */
export const longEmail = `${'long'.repeat(28)}@example.com`

const totpStepMs = 30_000

/** Signs in on the way to the account page. */
export async function signInToAccount(
  page: Page,
  rider: Rider,
  { lasting = false } = {},
): Promise<void> {
  await page.goto('/account.html')
  await fillSignIn(page, rider)
  if (lasting) await page.getByLabel('Keep me signed in').check()
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expectAccountPage(page)
}

export async function openAccount(page: Page): Promise<void> {
  await page.goto('/account.html')
  await expectAccountPage(page)
}

export async function expectAccountPage(page: Page): Promise<void> {
  await expect(page.getByText('You are signed in as')).toBeVisible()
  expect(new URL(page.url()).pathname).toBe('/account.html')
}

export async function signOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Sign out', exact: true }).click()
  await expectSignInPage(page, 'You are signed out.')
}

export async function expectSignInPage(page: Page, words: string): Promise<void> {
  await expect(page).toHaveURL(/\/signin\.html/)
  await expect(page.getByRole('status')).toHaveText(words)
}

export async function changeEmail(page: Page, email: string): Promise<void> {
  await page.getByLabel('New email').fill(email)
  await page.getByRole('button', { name: 'Change email' }).click()
}

/** Whose password a password manager sees in the form at hand. */
export function accountField(page: Page): Locator {
  return page.getByRole('textbox', { name: 'Account', exact: true })
}

/** For everything that asks whether the sign-in is a recent one: six minutes pass for this browser. */
export async function ageSignIn(page: Page): Promise<void> {
  await page.clock.setSystemTime(Date.now() + 6 * 60_000)
}

export function identityHeading(page: Page): Locator {
  return page.getByRole('heading', { name: 'Confirm that it is you' })
}

export function pendingHeading(page: Page): Locator {
  return page.getByRole('heading', { name: 'An address waits to be verified' })
}

export async function confirmByPassword(page: Page, password: string): Promise<void> {
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Confirm' }).click()
}

/** @returns the bodies of the calls of one operation from now on, as they are sent */
export function watchCalls(page: Page, operation: string): readonly unknown[] {
  const bodies: unknown[] = []
  page.on('request', (request) => {
    if (isCallOf(operation, request.headers())) bodies.push(request.postDataJSON())
  })
  return bodies
}

/** @returns the operations called since */
export function watchOperations(page: Page): readonly string[] {
  const calls: string[] = []
  page.on('request', (request) => {
    const target = request.headers()['x-amz-target']
    if (target) calls.push(target.replace(/^.*\./, ''))
  })
  return calls
}

/** Meets the calls of one operation with `meet`; the others go their way. */
export async function meetCalls(
  page: Page,
  operation: string,
  meet: (route: Route) => Promise<void> | void,
): Promise<void> {
  await page.route(poolApi, (route) =>
    isCallOf(operation, route.request().headers()) ? meet(route) : route.fallback(),
  )
}

function isCallOf(operation: string, headers: Readonly<Record<string, string>>): boolean {
  return headers['x-amz-target']?.endsWith(`.${operation}`) ?? false
}

export function storedToken(page: Page, name: 'accessToken' | 'refreshToken'): Promise<string> {
  return page.evaluate((ending) => {
    for (const storage of [sessionStorage, localStorage]) {
      const key = Object.keys(storage).find((candidate) => candidate.endsWith(`.${ending}`))
      if (key) return storage.getItem(key) ?? ''
    }
    throw new Error(`no ${ending} is stored`)
  }, name)
}

/** Six digits that are not the code. */
export function otherThan(...codes: readonly string[]): string {
  const others = ['000000', '111111', '222222', '333333', '444444']
  return others.find((other) => !codes.includes(other)) ?? ''
}

/** An authenticator app; the pool takes each code once, also the one of the next half minute. */
export interface App {
  codeNow(): string
  codeNext(): string
  wrongCode(): string
}

export function createApp(secret: string): App {
  const code = (steps: number) => toTotp(secret, Date.now() + steps * totpStepMs)
  return {
    codeNow: () => code(0),
    codeNext: () => code(1),
    wrongCode: () => otherThan(...[-1, 0, 1, 2].map(code)),
  }
}

/** Switches an authenticator app on for whoever is signed in on the page, behind the page's back. */
export async function giveApp(page: Page, { pool }: Site): Promise<App> {
  const AccessToken = await storedToken(page, 'accessToken')
  const call = async (operation: string, body: Readonly<Record<string, unknown>>) => {
    const answer = await pool.call(operation, { AccessToken, ...body })
    expect(answer.status, operation).toBe(200)
    return answer.body
  }
  const { SecretCode } = await call('AssociateSoftwareToken', {})
  const app = createApp(String(SecretCode))
  await call('VerifySoftwareToken', { UserCode: app.codeNow() })
  await call('SetUserMFAPreference', {
    SoftwareTokenMfaSettings: { Enabled: true, PreferredMfa: true },
  })
  return app
}

/** A field for a code, as phones and password managers know it. */
export async function expectCodeField(field: Locator): Promise<void> {
  await expect(field).toHaveAttribute('type', 'text')
  await expect(field).toHaveAttribute('inputmode', 'numeric')
  await expect(field).toHaveAttribute('autocomplete', 'one-time-code')
  expect(await field.getAttribute('maxlength')).toBeNull()
}

/** A refused code stays, selected, so that the next key replaces it. */
export async function expectSelected(field: Locator, value: string): Promise<void> {
  await expect(field).toHaveValue(value)
  await expect(field).toBeFocused()
  await expect(field).toHaveAttribute('aria-invalid', 'true')
  expect(
    await field.evaluate((input: HTMLInputElement) =>
      input.value.slice(input.selectionStart ?? 0, input.selectionEnd ?? 0),
    ),
  ).toBe(value)
}

/** What had the focus may go, but whoever hears or types must not be thrown back to the top of the page. */
export async function expectFocusKept(page: Page): Promise<void> {
  await expect
    .soft(page.locator('main :focus'), 'the focus is somewhere in the content')
    .toHaveCount(1)
}
