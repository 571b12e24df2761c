/** Scripts that fail to load or never arrive. */

import { expect, test } from '../support/fixtures.ts'
import { unreachable } from '../support/messages.ts'
import { withPool } from '../support/pool-templates.ts'
import {
  expectErrorSummary,
  expectRidePage,
  fillSignIn,
  pressSignIn,
  storeSession,
} from '../support/rider-actions.ts'
import { scripts } from '../support/scripts.ts'

for (const path of ['/signin.html', '/register.html']) {
  test(`script error: when the script of ${path} does not load, no password can get into the URL`, async ({
    context,
    site,
    rider,
  }) => {
    const page = await context.newPage()
    await page.route(/\/assets\/.*\.js$/, (route) => route.abort())
    await page.goto(path)
    await page.getByLabel('Password', { exact: true }).fill(rider.password)
    await expect(page.locator('button[type=submit]')).toBeDisabled()
    await page.getByLabel('Password', { exact: true }).press('Enter')
    // The page's policy also stops a submit by script.
    const blocked = page.waitForEvent('console', (message) =>
      message.text().includes("form-action 'none'"),
    )
    await page.evaluate(() => document.querySelector('form')?.submit())
    await blocked
    expect(page.url()).toBe(site.origin + path)
  })
}

test('lazy import: a script that fails to load is requested again on the next submit', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(rider)
  await page.route(scripts.userPool, (route) => route.abort())
  await page.goto('/signin.html')
  await fillSignIn(page, rider)
  await pressSignIn(page)
  await expect(page.locator('#error-summary')).toContainText("couldn't reach the service")
  await page.unroute(scripts.userPool)
  await pressSignIn(page)
  await expectRidePage(page)
})

test.describe('with an authenticator app required', () => {
  test.use({ template: withPool({ MfaConfiguration: 'ON' }) })

  test('lazy import: when the steps after the password fail to load, the form says so and works when it is sent again', async ({
    page,
    site,
    rider,
  }) => {
    await site.pool.createConfirmedUser(rider)
    await page.route(scripts.challengeSteps, (route) => route.abort())
    await page.goto('/signin.html')
    await fillSignIn(page, rider)
    await pressSignIn(page)
    await expectErrorSummary(page, [unreachable])
    await expect(page.getByLabel('Password', { exact: true })).toHaveValue(rider.password)
    await page.unroute(scripts.challengeSteps)
    await pressSignIn(page)
    await expect(page.getByRole('heading', { name: 'Set up your authenticator app' })).toBeFocused()
  })
})

test('lazy import: a script that never arrives is given up after ten seconds', async ({
  page,
  rider,
}) => {
  await page.clock.install()
  await page.route(scripts.userPool, () => {})
  await page.goto('/signin.html')
  await fillSignIn(page, rider)
  await pressSignIn(page)
  await expect(page.getByRole('button', { name: 'Signing in…' })).toBeVisible()
  await page.clock.fastForward(10_000)
  await expect(page.locator('#error-summary')).toContainText('taking too long')
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeEnabled()
})

for (const missing of [scripts.pages, scripts.shared]) {
  for (const [path, button] of [
    ['/register.html', "Let's Ryde"],
    ['/verify.html', 'Verify'],
    ['/signin.html', 'Sign in'],
    ['/forgot.html', 'Send code'],
  ] as const) {
    test(`script error: when ${missing} does not load on ${path}, the page says so and offers to try again`, async ({
      page,
    }) => {
      await page.route(missing, (route) => route.abort())
      await page.goto(path)
      const notice = page.getByRole('alert').filter({ hasText: "didn't load" })
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

for (const missing of [scripts.pages, scripts.shared]) {
  for (const path of ['/ride.html', '/account.html']) {
    test(`script error: when ${missing} does not load on ${path}, the page says so and opens when loaded again`, async ({
      page,
      site,
      rider,
    }) => {
      await site.pool.createConfirmedUser(rider)
      await storeSession(page, site, rider)
      await page.route(missing, (route) => route.abort())
      await page.goto(path)
      const notice = page.getByRole('alert').filter({ hasText: "didn't load" })
      await expect(notice).toBeVisible()
      await expect(page.getByText(rider.email)).toHaveCount(0)

      await page.unroute(missing)
      await notice.getByRole('link').click()
      await expect(page.getByText(`You are signed in as ${rider.email}`)).toBeVisible()
      await expect(notice).toBeHidden()
    })
  }
}
