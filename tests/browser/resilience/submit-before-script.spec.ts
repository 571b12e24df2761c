/** What a rider does before the script of her page is there: she sees the form, and may be quicker. */

import type { Page } from '@playwright/test'
import { watchOperations } from '../support/account-actions.ts'
import { expect, type Rider, type Site, test } from '../support/fixtures.ts'
import {
  expectProblems,
  expectRidePage,
  fillRegistration,
  fillSignIn,
  holdScript,
} from '../support/rider-actions.ts'

interface Task {
  readonly path: string
  readonly button: string
  /** what the service is asked, first */
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
  test(`a press on ${path} before its script came is answered when it comes, once`, async ({
    page,
    site,
    rider,
  }) => {
    await before(site, rider)
    const calls = watchOperations(page)
    const release = await holdScript(page)
    await page.goto(path, { waitUntil: 'commit' })
    await fill(page, site, rider)
    const press = page.getByRole('button', { name: button })
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

test('what is typed after the press counts too', async ({ page, site, rider }) => {
  await site.pool.createConfirmedUser(rider)
  const release = await holdScript(page)
  await page.goto('/signin.html', { waitUntil: 'commit' })
  await page.getByRole('button', { name: 'Sign in' }).click()
  await fillSignIn(page, rider)
  release()
  await expectRidePage(page)
})

test('an empty form that was pressed early says what is missing', async ({ page }) => {
  const release = await holdScript(page)
  await page.goto('/signin.html', { waitUntil: 'commit' })
  await page.getByRole('button', { name: 'Sign in' }).click()
  release()
  await expectProblems(page, ['Enter your email or username', 'Enter your password'])
  await expect(page.locator('#error-summary')).toBeFocused()
  await expect(page.getByRole('button', { name: 'Sign in' })).not.toHaveAttribute('aria-disabled')
})

test('a code asked for early is sent, once', async ({ page, site, rider }) => {
  await site.pool.registerUser(rider)
  const release = await holdScript(page)
  await page.goto('/verify.html', { waitUntil: 'commit' })
  await page.getByLabel('Email').fill(rider.email)
  await page.getByRole('button', { name: 'Resend code' }).click()
  release()
  await expect(page.getByRole('status')).toContainText('new code')
  expect(await site.pool.lettersTo(rider.email)).toHaveLength(2)
})

test('on a site without a pool nothing comes of it, and the page says why', async ({ page }) => {
  await page.route('**/js/config.js', (route) => route.fulfill({ body: '' }))
  const calls = watchOperations(page)
  const release = await holdScript(page)
  await page.goto('/signin.html', { waitUntil: 'commit' })
  const button = page.getByRole('button', { name: 'Sign in' })
  await button.click()
  release()
  await expect(page.getByRole('region', { name: 'No Cognito user pool configured' })).toBeVisible()
  await expect(button).toBeDisabled()
  expect(calls).toEqual([])
})

for (const missing of ['**/assets/pages/*.js', '**/assets/site-*.js']) {
  for (const { path, button } of tasks) {
    test(`when ${missing} does not come to ${path}, the page says so and offers to try again`, async ({
      page,
    }) => {
      await page.route(missing, (route) => route.abort())
      await page.goto(path)
      const notice = page.getByRole('alert').filter({ hasText: 'did not come whole' })
      await expect(notice).toBeVisible()
      for (const send of await page.locator('button[type=submit]').all()) {
        await expect(send).toBeDisabled()
      }

      await page.unroute(missing)
      await notice.getByRole('link').click()
      await page.getByRole('button', { name: button }).click()
      await expect(page.getByText('There is a problem')).toBeVisible()
      await expect(notice).toBeHidden()
    })
  }
}
