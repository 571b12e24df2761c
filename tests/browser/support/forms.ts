/** The nine forms that call the user pool, each filled in so that the pool accepts it. */

import { expect, type Page } from '@playwright/test'
import { openAccountSignedIn } from './account-actions.ts'
import type { Rider, Site } from './fixtures.ts'
import { ClientId } from './pool-client.ts'
import { autofillSignIn, expectRidePage, fillRegistration } from './rider-actions.ts'

/** How long a form waits before it sends itself when the network is back. The site's forms have a constant of this name. */
export const networkSettlesMs = 2000

export interface Form {
  readonly what: string
  readonly button: string
  readonly busy: string
  /** the operation that it calls */
  readonly operation: string
  /** Opens its page and fills it with valid values. */
  readonly fill: (page: Page, site: Site, rider: Rider) => Promise<void>
  readonly expectDone: (page: Page) => Promise<void>
}

export const forms: readonly Form[] = [
  {
    what: 'registering',
    button: "Let's Ryde",
    busy: 'Creating your account…',
    operation: 'SignUp',
    async fill(page, _, rider) {
      await page.goto('/register.html')
      await fillRegistration(page, rider)
    },
    expectDone: (page) => expect(page).toHaveURL(/\/verify\.html/),
  },
  {
    what: 'verifying the address',
    button: 'Verify',
    busy: 'Verifying…',
    operation: 'ConfirmSignUp',
    async fill(page, { pool }, rider) {
      await pool.registerUser(rider)
      await page.goto('/verify.html')
      // The code first: with an address, a complete code is submitted at once.
      await page.getByLabel('Verification code').fill(await pool.latestCodeFor(rider.email))
      await page.getByLabel('Email').fill(rider.email)
    },
    expectDone: (page) => expect(page).toHaveURL(/\/signin\.html/),
  },
  {
    what: 'asking for another code',
    button: 'Resend code',
    busy: 'Sending…',
    operation: 'ResendConfirmationCode',
    async fill(page, { pool }, rider) {
      await pool.registerUser(rider)
      await page.goto('/verify.html')
      await page.getByLabel('Email').fill(rider.email)
    },
    expectDone: (page) => expect(page.getByRole('status')).toHaveText(/a code is on its way/),
  },
  {
    what: 'signing in',
    button: 'Sign in',
    busy: 'Signing in…',
    operation: 'InitiateAuth',
    async fill(page, { pool }, rider) {
      await pool.createConfirmedUser(rider)
      await page.goto('/signin.html')
      await autofillSignIn(page, rider)
      await page.getByLabel('Keep me signed in').check()
    },
    expectDone: expectRidePage,
  },
  {
    what: 'asking for a reset code',
    button: 'Send code',
    busy: 'Sending…',
    operation: 'ForgotPassword',
    async fill(page, { pool }, rider) {
      await pool.createConfirmedUser(rider)
      await page.goto('/forgot.html')
      await page.getByLabel('Email').fill(rider.email)
    },
    expectDone: (page) =>
      expect(page.getByRole('heading', { level: 1 })).toHaveText('Choose a new password'),
  },
  {
    what: 'resetting the password',
    button: 'Change password',
    busy: 'Changing your password…',
    operation: 'ConfirmForgotPassword',
    async fill(page, { pool }, rider) {
      await pool.createConfirmedUser(rider)
      await pool.call('ForgotPassword', {
        ClientId,
        Username: rider.email,
      })
      await page.goto('/forgot.html')
      await page.getByLabel('Email').fill(rider.email)
      await page.getByRole('button', { name: 'I already have a code' }).click()
      await page.getByLabel('Verification code').fill(await pool.latestCodeFor(rider.email))
      await page.getByLabel('New password').fill('Pegasus-5678')
    },
    expectDone: (page) => expect(page.getByRole('status')).toHaveText(/^Your password is changed/),
  },
  {
    what: 'changing the password',
    button: 'Change password',
    busy: 'Changing your password…',
    operation: 'ChangePassword',
    async fill(page, site, rider) {
      await site.pool.createConfirmedUser(rider)
      await openAccountSignedIn(page, site, rider)
      await page.getByLabel('Current password', { exact: true }).fill(rider.password)
      await page.getByLabel('New password', { exact: true }).fill('Pegasus-5678')
    },
    expectDone: (page) => expect(page.getByRole('status')).toHaveText(/^Your password is changed/),
  },
  {
    what: 'changing the address',
    button: 'Change email',
    busy: 'Sending a code…',
    operation: 'UpdateUserAttributes',
    async fill(page, site, rider) {
      await site.pool.createConfirmedUser(rider)
      await openAccountSignedIn(page, site, rider)
      await page.getByLabel('New email').fill('new@example.com')
    },
    expectDone: (page) => expect(page.getByRole('status')).toHaveText(/^A code is on its way/),
  },
  {
    what: 'setting up an authenticator app',
    button: 'Set up an authenticator app',
    busy: 'Making a key…',
    operation: 'AssociateSoftwareToken',
    async fill(page, site, rider) {
      await site.pool.createConfirmedUser(rider)
      await openAccountSignedIn(page, site, rider)
    },
    expectDone: (page) =>
      expect(page.getByRole('heading', { name: 'Set up your app' })).toBeFocused(),
  },
]

/** The values of the visible fields. */
export function entered(page: Page): Promise<readonly string[]> {
  return page
    .locator('input:visible')
    .evaluateAll((inputs: HTMLInputElement[]) =>
      inputs.map(({ id, value, checked }) => `${id} ${value} ${checked}`),
    )
}
