/** Scripts that fail to load or never arrive. */

import { createGate } from '../support/calls.ts'
import { expect, poolApi, test } from '../support/fixtures.ts'
import { unreachable } from '../support/messages.ts'
import { withPool } from '../support/pool-templates.ts'
import {
  expectErrorSummary,
  expectRidePage,
  fillSignIn,
  holdPageScript,
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
    await expect(page.locator('button[type=submit]').first()).toBeDisabled()
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
  await expect(page.getByRole('button', { name: 'Sign in', exact: true })).toBeEnabled()
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
      await page.getByRole('button', { name: button }).first().click()
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
      await expect(page.locator('#content')).toContainText(rider.email)
      await expect(notice).toBeHidden()
    })
  }
}

/** What keeps a page's script from starting, or from going on, beside not being there. */
const broken = {
  'does not parse': 'import {',
  'throws at once': "throw new Error('at start')",
  'throws later at its top level': "await null\nthrow new Error('after a while')",
  'needs what the browser does not have': 'window.navigator.somethingNew.start()',
} as const

const didNotLoad = "This page didn't load completely. Load it again, or open it in a newer browser."

for (const [what, body] of Object.entries(broken)) {
  for (const path of ['/signin.html', '/verify.html', '/ride.html', '/account.html']) {
    test(`script error: a script that ${what} is told on ${path}`, async ({
      context,
      site,
      rider,
    }) => {
      // Not the page of the fixture, which may have no errors.
      const page = await context.newPage()
      await site.pool.createConfirmedUser(rider)
      await storeSession(page, site, rider)
      const gate = createGate()
      await page.route(scripts.pages, async (route) => {
        await gate.opened
        await route.fulfill({ contentType: 'text/javascript', body })
      })
      await page.goto(path, { waitUntil: 'commit' })
      const send = page.locator('[type=submit]:visible').first()
      if (path.includes('signin') || path.includes('verify')) {
        await send.click()
        await expect(send).toHaveAttribute('aria-disabled', 'true')
      }
      gate.open()
      await expect(page.getByRole('alert').filter({ visible: true })).toHaveText(didNotLoad)
      for (const button of await page.locator('[type=submit]').all()) {
        await expect(button).toBeDisabled()
        await expect(button).not.toHaveAttribute('aria-disabled')
      }
      await page.unroute(scripts.pages)
      await page.getByRole('link', { name: 'Load it again' }).click()
      await expect(page.getByText(didNotLoad)).toBeHidden()
      await expect(page.locator('#themes')).toBeVisible()
    })
  }
}

test('script error: a script that does not arrive within ten seconds is told and the held press released; when it arrives after all, the press is sent', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(rider)
  await page.clock.install()
  const release = await holdPageScript(page)
  await page.goto('/signin.html', { waitUntil: 'commit' })
  await fillSignIn(page, rider)
  const button = page.getByRole('button', { name: 'Sign in', exact: true })
  await button.click()
  await expect(button).toHaveAttribute('aria-disabled', 'true')
  await page.clock.runFor(10_000)
  await expect(page.getByRole('alert').filter({ visible: true })).toHaveText(didNotLoad)
  await expect(button).toBeEnabled()
  await expect(button).not.toHaveAttribute('aria-disabled')
  // It is pressed once more: nothing is busy any more.
  await button.click()
  await expect(button).not.toHaveAttribute('aria-disabled')

  const notice = page.getByText(didNotLoad)
  await expect(notice).toBeVisible()
  release()
  await expectRidePage(page)
})

test('script error: the notice goes when the script of a page for signed-in riders arrives late', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(rider)
  await storeSession(page, site, rider)
  await page.clock.install()
  const release = await holdPageScript(page)
  await page.goto('/account.html', { waitUntil: 'commit' })
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await page.clock.runFor(10_000)
  const notice = page.getByText(didNotLoad)
  await expect(notice).toBeVisible()
  release()
  await expect(page.locator('#content')).toContainText(rider.email)
  await expect(notice).toBeHidden()
})

test('script error: a browser without modules is told at once, and no form can be sent', async ({
  page,
}) => {
  await page.addInitScript(() => Reflect.deleteProperty(HTMLScriptElement.prototype, 'noModule'))
  await holdPageScript(page)
  await page.goto('/register.html', { waitUntil: 'commit' })
  await expect(page.getByText(didNotLoad)).toBeVisible()
  await expect(page.getByRole('button', { name: "Let's Ryde" })).toBeDisabled()
})

test('script error: an uncaught error while a form is busy is told, and one while nobody waits is not', async ({
  context,
}) => {
  const page = await context.newPage()
  const failLater = () =>
    page.evaluate(() => {
      setTimeout(() => void Promise.reject(new Error('later')))
    })
  await page.goto('/signin.html')
  await expect(page.locator('#themes')).toBeVisible()
  let failed = page.waitForEvent('pageerror')
  await failLater()
  await failed
  await expect(page.getByText(didNotLoad)).toBeHidden()

  await page.route(poolApi, () => undefined)
  await fillSignIn(page, { email: 'rider@example.com', password: 'Unicorn-1234' })
  await pressSignIn(page)
  await expect(page.getByRole('button', { name: 'Signing in…' })).toBeVisible()
  failed = page.waitForEvent('pageerror')
  await failLater()
  await failed
  await expect(page.getByText(didNotLoad)).toBeVisible()
  await expect(page.locator('#signin [type=submit]')).not.toHaveAttribute('aria-disabled')
})

test('script error: a mistake in /js/config.js is told as one of the settings', async ({
  context,
}) => {
  const page = await context.newPage()
  await page.route('**/js/config.js', (route) =>
    route.fulfill({ contentType: 'text/javascript', body: 'window._config = {' }),
  )
  const release = await holdPageScript(page)
  const failed = page.waitForEvent('pageerror')
  await page.goto('/signin.html', { waitUntil: 'commit' })
  await failed
  await expect(page.getByText(didNotLoad)).toBeHidden()
  release()
  await expect(page.getByRole('region', { name: 'No Cognito user pool' })).toBeVisible()
})
