/** Early submit: a form that is submitted before its script has loaded. */

import type { Page } from '@playwright/test'
import { watchOperations } from '../support/calls.ts'
import { expect, type Rider, type Site, test } from '../support/fixtures.ts'
import {
  expectErrorSummary,
  expectRidePage,
  fillRegistration,
  fillSignIn,
  holdPageScript,
} from '../support/rider-actions.ts'

interface Task {
  readonly path: string
  readonly button: string
  /** the first operation that it calls */
  readonly operation: string
  readonly before: (site: Site, rider: Rider) => Promise<void>
  readonly fill: (page: Page, site: Site, rider: Rider) => Promise<void>
  readonly after: (page: Page) => Promise<void>
}

const tasks: readonly Task[] = [
  {
    path: '/register.html',
    button: "Let's Ryde",
    operation: 'SignUp',
    before: async () => undefined,
    fill: (page, _, rider) => fillRegistration(page, rider),
    after: (page) => expect(page).toHaveURL(/\/verify\.html/),
  },
  {
    path: '/verify.html',
    button: 'Verify',
    operation: 'ConfirmSignUp',
    before: (site, rider) => site.pool.registerUser(rider),
    async fill(page, site, rider) {
      await page.getByLabel('Email').fill(rider.email)
      await page.getByLabel('Verification code').fill(await site.pool.latestCodeFor(rider.email))
    },
    after: (page) => expect(page).toHaveURL(/\/signin\.html/),
  },
  {
    path: '/signin.html',
    button: 'Sign in',
    operation: 'InitiateAuth',
    before: (site, rider) => site.pool.createConfirmedUser(rider),
    fill: (page, _, rider) => fillSignIn(page, rider),
    after: expectRidePage,
  },
  {
    path: '/forgot.html',
    button: 'Send code',
    operation: 'ForgotPassword',
    before: (site, rider) => site.pool.createConfirmedUser(rider),
    fill: (page, _, rider) => page.getByLabel('Email').fill(rider.email),
    after: (page) => expect(page.getByLabel('Verification code')).toBeVisible(),
  },
]

for (const { path, button, operation, before, fill, after } of tasks) {
  test(`early submit: a form of ${path} that is submitted before its script has loaded is sent once when it has`, async ({
    page,
    site,
    rider,
  }) => {
    await before(site, rider)
    const calls = watchOperations(page)
    const release = await holdPageScript(page)
    await page.goto(path, { waitUntil: 'commit' })
    await fill(page, site, rider)
    const press = page.getByRole('button', { name: button }).first()
    await press.click()
    await expect(press).toHaveAttribute('aria-disabled', 'true')
    await page.locator('input:visible').first().press('Enter')
    expect(calls).toEqual([])
    expect(new URL(page.url()).pathname).toBe(path)

    release()
    await after(page)
    expect(calls.filter((call) => call === operation)).toHaveLength(1)
  })
}

test('early submit: what is typed after an early submit is sent too', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(rider)
  const release = await holdPageScript(page)
  await page.goto('/signin.html', { waitUntil: 'commit' })
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await fillSignIn(page, rider)
  release()
  await expectRidePage(page)
})

test('early submit: an empty form lists its errors when the script has loaded', async ({
  page,
}) => {
  const release = await holdPageScript(page)
  await page.goto('/signin.html', { waitUntil: 'commit' })
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  release()
  await expectErrorSummary(page, ['Enter your email or username', 'Enter your password'])
  await expect(page.locator('#error-summary')).toBeFocused()
  await expect(page.getByRole('button', { name: 'Sign in', exact: true })).not.toHaveAttribute(
    'aria-disabled',
  )
})

test('early submit: "Resend code" pressed before the script has loaded sends one email', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.registerUser(rider)
  const release = await holdPageScript(page)
  await page.goto('/verify.html', { waitUntil: 'commit' })
  await page.getByLabel('Email').fill(rider.email)
  await page.getByRole('button', { name: 'Resend code' }).click()
  release()
  await expect(page.getByRole('status')).toContainText('a code is on its way')
  expect(await site.pool.emailsTo(rider.email)).toHaveLength(2)
})

test('early submit: on a site without a user pool nothing is sent, and the page says why', async ({
  page,
}) => {
  await page.route('**/js/config.js', (route) => route.fulfill({ body: '' }))
  const calls = watchOperations(page)
  const release = await holdPageScript(page)
  await page.goto('/signin.html', { waitUntil: 'commit' })
  const button = page.getByRole('button', { name: 'Sign in', exact: true })
  await button.click()
  release()
  await expect(page.getByRole('region', { name: 'No Cognito user pool configured' })).toBeVisible()
  await expect(button).toBeDisabled()
  expect(calls).toEqual([])
})
