/** The steps of a page in the browser's history: Back leads to the step before, with what was typed but no secret. */

import type { Page } from '@playwright/test'
import {
  changeEmail,
  expectAccountPage,
  openAccount,
  openAccountSignedIn,
  pendingEmailHeading,
  reauthenticateByPassword,
  reauthenticateHeading,
} from '../support/account-actions.ts'
import {
  type AuthenticatorApp,
  addAuthenticatorApp,
  createAuthenticatorApp,
} from '../support/authenticator-app.ts'
import { watchForBfcacheRestore } from '../support/chromium.ts'
import { expireRecentSignIn } from '../support/clocks.ts'
import { expect, type Rider, test } from '../support/fixtures.ts'
import { withPool } from '../support/pool-templates.ts'
import {
  expectErrorSummary,
  expectRidePage,
  openSignedIn,
  submitSignIn,
} from '../support/rider-actions.ts'

const newEmail = 'new@example.com'

async function expectStep(page: Page, heading: string): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(heading)
  await expect(page).toHaveTitle(`${heading} – Wild Rydes`)
  await expect(page.locator('#error-summary')).toBeHidden()
}

/** What the browser keeps of an entry: its URL and its state. */
function readEntry(page: Page): Promise<string> {
  return page.evaluate(() => location.href + JSON.stringify(history.state))
}

test.describe('resetting a password', () => {
  const resetStep = 'Choose a new password'

  async function requestCode(page: Page, { email }: Rider): Promise<void> {
    await page.getByLabel('Email').fill(email)
    await page.getByRole('button', { name: 'Send code' }).click()
    await expectStep(page, resetStep)
  }

  test('history: Back from the new password leads to the address as typed, and Forward to the same account without code and password', async ({
    page,
    rider,
  }) => {
    await page.goto('/')
    await page.goto('/forgot.html')
    await requestCode(page, rider)
    expect(await readEntry(page)).not.toContain('rider')
    await page.getByRole('button', { name: 'Change password' }).click()
    await expectErrorSummary(page, ['Enter the 6-digit code', 'Enter a password'])
    await page.getByLabel('Verification code').fill('123456')
    await page.getByLabel('New password').fill('Pegasus-5678')

    await page.goBack()
    await expectStep(page, 'Reset your password')
    await expect(page.getByRole('heading', { level: 1 })).toBeFocused()
    await expect(page.getByLabel('Email')).toHaveValue(rider.email)

    await page.goForward()
    await expectStep(page, resetStep)
    await expect(page.getByLabel('Account')).toHaveValue(rider.email)
    await expect(page.getByLabel('Verification code')).toHaveValue('')
    await expect(page.getByLabel('New password')).toHaveValue('')

    await page.getByRole('button', { name: 'Use another email address' }).click()
    await expectStep(page, 'Reset your password')
    await page.goBack()
    await expect(page).toHaveURL(/\/$/)
  })

  test('reload: the new password is still asked for, for the same account, and Back leads to its address', async ({
    page,
    rider,
  }) => {
    await page.goto('/')
    await page.goto('/forgot.html')
    await requestCode(page, rider)
    for (const _ of 'twice') {
      await page.reload()
      await expectStep(page, resetStep)
      await expect(page.getByLabel('Account')).toHaveValue(rider.email)
    }
    await page.goBack()
    await expectStep(page, 'Reset your password')
    await expect(page.getByLabel('Email')).toHaveValue(rider.email)

    // The URL entered anew is a new visit, though the browser uses the same entry for it.
    await page.goForward()
    await expectStep(page, resetStep)
    await page.goto('/forgot.html')
    await expectStep(page, 'Reset your password')
    await expect(page.getByLabel('Email')).toHaveValue(rider.email)
    await page.goBack()
    await expect(page).toHaveURL(/\/$/)
  })

  test('reload: when the address is forgotten, the new password is not asked for, and there is no second entry', async ({
    page,
    rider,
  }) => {
    await page.goto('/')
    await page.goto('/forgot.html')
    await requestCode(page, rider)
    await page.evaluate(() => sessionStorage.clear())
    await page.reload()
    await expectStep(page, 'Reset your password')
    await expect.poll(() => page.evaluate(() => history.state?.step)).toBe(0)
    await page.goForward()
    await expectStep(page, 'Reset your password')
    await expect.poll(() => page.evaluate(() => history.state?.step)).toBe(0)
    await page.goBack()
    await expect(page).toHaveURL(/\/$/)
  })
})

test.describe('signing in with an authenticator app', () => {
  const codeStep = 'Enter your code'
  let app: AuthenticatorApp

  test.beforeEach(async ({ page, site, rider }) => {
    await site.pool.createConfirmedUser(rider)
    app = await addAuthenticatorApp(site, rider)
    await page.goto('/')
    await page.goto('/signin.html')
    await page.getByLabel('Keep me signed in').check()
    await submitSignIn(page, rider)
    await expectStep(page, codeStep)
  })

  test('history: the code step names its account; Back leads to the username, Forward to the code, and nothing of it stays after signing in', async ({
    page,
    rider,
  }) => {
    await expect(page.getByLabel('Account')).toHaveValue(rider.email)
    expect(await readEntry(page)).not.toContain('rider')
    const code = page.getByLabel('Verification code')
    await code.fill(app.wrongCode)
    await code.press('Enter')
    await expectErrorSummary(page, [/That code isn't right/])

    await page.goBack()
    await expectStep(page, 'Sign in')
    await expect(page.getByLabel('Email or username')).toHaveValue(rider.email)
    await expect(page.getByLabel('Keep me signed in')).toBeChecked()
    await expect(page.getByLabel('Password', { exact: true })).toHaveValue('')

    await page.goForward()
    await expectStep(page, codeStep)
    await expect(page.getByLabel('Account')).toHaveValue(rider.email)
    await expect(code).toHaveValue('')
    // A link within the page makes an entry of its own.
    await page.getByRole('link', { name: 'Skip to the content' }).press('Enter')
    await expect(page).toHaveURL(/#main$/)
    await code.fill(app.code(1))
    await code.press('Enter')
    await expectRidePage(page)

    await page.goForward().catch(() => null)
    await expectRidePage(page)
    await page.goBack()
    await expect(page).toHaveURL(/\/$/)
  })

  test('history: another account can be used, and Forward does not lead back to the first one', async ({
    page,
    rider,
  }) => {
    await page.getByRole('button', { name: 'Use another account' }).click()
    await expectStep(page, 'Sign in')
    const username = page.getByLabel('Email or username')
    await expect(username).toHaveValue('')
    await expect(username).toBeFocused()
    await page.goForward()
    await expect.poll(() => page.evaluate(() => history.state?.step)).toBe(0)
    await expectStep(page, 'Sign in')
    await page.reload()
    await expect(username).toHaveValue('')
    await submitSignIn(page, rider)
    await page.getByLabel('Verification code').fill(app.code(1))
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await expectRidePage(page)
    await page.goBack()
    await expect(page).toHaveURL(/\/$/)
  })

  test('history: after a reload of the code step and a new sign-in, Back does not return to the sign-in form', async ({
    page,
    rider,
  }) => {
    await page.reload()
    await expectStep(page, 'Sign in')
    await expect.poll(() => page.evaluate(() => history.state?.step)).toBe(0)
    await page.goForward()
    await submitSignIn(page, rider)
    await page.getByLabel('Verification code').fill(app.code(1))
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await expectRidePage(page)
    await page.goBack()
    await expect(page).toHaveURL(/\/$/)
  })
})

test.describe('in a pool that requires MFA', () => {
  test.use({ template: withPool({ MfaConfiguration: 'ON' }) })

  test('history: Back from setting up an app leads past the new password, which is chosen, to the sign-in form', async ({
    page,
    site,
    rider,
  }) => {
    await site.pool.createInvitedUser(rider)
    await page.goto('/signin.html')
    await submitSignIn(page, rider)
    await expectStep(page, 'Choose a new password')
    await page.getByLabel('New password').fill('Pegasus-5678')
    await page.getByLabel('New password').press('Enter')
    await expectStep(page, 'Set up your authenticator app')
    await expect(page.getByLabel('Account')).toHaveValue(rider.email)
    const key = await page.getByRole('code').textContent()
    await page.goBack()
    await expectStep(page, 'Sign in')
    await page.goForward()
    await expectStep(page, 'Set up your authenticator app')
    await expect(page.getByRole('code')).toHaveText(key ?? '')
    await expect(page.getByText('This is a new setup key.')).toHaveCount(0)

    // The key that is shown after a reload is another one.
    await page.reload()
    await submitSignIn(page, { ...rider, password: 'Pegasus-5678' })
    await expect(page.getByText(/^This is a new setup key\..* delete that entry/)).toBeVisible()
    await expect(page.getByRole('code')).not.toHaveText(key ?? '')
    const app = createAuthenticatorApp(
      (await page.getByRole('code').innerText()).replaceAll(' ', ''),
    )
    await page.getByLabel("I've saved the setup key").check()
    await page.getByLabel('Verification code from the app').fill(app.code(0))
    await page.getByRole('button', { name: 'Turn on' }).click()
    await expectRidePage(page)
  })
})

test.describe('on the account page', () => {
  test.beforeEach(({ site, rider }) => site.pool.createConfirmedUser(rider))

  test('history: Back from confirming it is you leads from the code to the password, and on to what was typed', async ({
    page,
    site,
    rider,
  }) => {
    await openAccountSignedIn(page, site, rider)
    const app = await addAuthenticatorApp(site, rider)
    await expireRecentSignIn(page)
    await changeEmail(page, newEmail)
    await reauthenticateByPassword(page, rider.password)
    const code = page.getByLabel('Verification code from the app')
    await code.fill(app.wrongCode)
    await code.press('Enter')
    await expectErrorSummary(page, [/That code isn't right/])

    await page.goBack()
    const password = page.getByLabel('Password', { exact: true })
    await expect(password).toHaveValue('')
    await expect(password).toBeFocused()
    await expect(page.locator('#error-summary')).toBeHidden()
    await page.goBack()
    await expect(reauthenticateHeading(page)).toHaveCount(0)
    await expectAccountPage(page)
    await expect(page.getByLabel('New email')).toHaveValue(newEmail)
    await page.goForward()
    await expect.poll(() => page.evaluate(() => history.state?.step)).toBe(0)
    await expectAccountPage(page)

    await page.getByRole('button', { name: 'Change email' }).click()
    await reauthenticateByPassword(page, rider.password)
    await code.fill(app.code(1))
    await code.press('Enter')
    await expect(pendingEmailHeading(page)).toBeFocused()
    await page.goBack()
    await expect(page).toHaveURL(/robots\.txt$/)
  })

  test('history: Back closes the set-up of an app, Forward opens it with the same key, and a link to a card leaves it open', async ({
    page,
    site,
    rider,
  }) => {
    await openAccountSignedIn(page, site, rider)
    const start = page.getByRole('button', { name: 'Set up an authenticator app' })
    const setup = page.getByRole('heading', { name: 'Set up your app' })
    await start.click()
    await expect(setup).toBeFocused()
    const key = (await page.getByRole('code').textContent()) ?? ''
    await page.goBack()
    await expect(setup).toHaveCount(0)
    await expect(page.getByRole('heading', { name: 'Authenticator app' })).toBeFocused()
    await page.goForward()
    await expect(setup).toBeFocused()
    await expect(page.getByRole('code')).toHaveText(key)

    const code = page.getByLabel('Verification code from the app')
    const app = createAuthenticatorApp(key.replaceAll(' ', ''))
    await code.fill(app.code(0))
    await page.getByRole('link', { name: 'Devices' }).click()
    await expect(page).toHaveURL(/#sessions$/)
    await expect(code).toHaveValue(app.code(0))
    await page.getByLabel("I've saved the setup key").check()
    await code.press('Enter')
    await expect(page.getByRole('status')).toHaveText(/^Authenticator app turned on/)
    await page.goBack()
    await expect(page).toHaveURL(/robots\.txt$/)
  })

  test('history: what is asked in between leaves the set-up of an app as it is', async ({
    page,
    site,
    rider,
  }) => {
    await openAccountSignedIn(page, site, rider)
    await page.getByRole('button', { name: 'Set up an authenticator app' }).click()
    await page.getByLabel("I've saved the setup key").check()
    await expireRecentSignIn(page)
    await changeEmail(page, newEmail)
    await expect(reauthenticateHeading(page)).toBeFocused()
    await page.goBack()
    await expect(page.getByLabel("I've saved the setup key")).toBeChecked()
    await page.getByRole('button', { name: 'Change email' }).click()
    await reauthenticateByPassword(page, rider.password)
    await expect(pendingEmailHeading(page)).toBeFocused()
    await expect(page.getByLabel("I've saved the setup key")).toBeChecked()
    await page.goBack()
    await expect(page.getByRole('heading', { name: 'Set up your app' })).toHaveCount(0)
    await expectAccountPage(page)
  })

  test('reload: a step of the account page is over then, and Back leads to the page before', async ({
    page,
    site,
    rider,
  }) => {
    await openSignedIn(page, site, rider)
    await openAccount(page)
    await page.getByRole('button', { name: 'Set up an authenticator app' }).click()
    await expect(page.getByRole('heading', { name: 'Set up your app' })).toBeVisible()
    await page.reload()
    await expectAccountPage(page)
    await expect.poll(() => page.evaluate(() => history.state?.step)).toBe(0)
    await expect(page.getByRole('heading', { name: 'Set up your app' })).toHaveCount(0)
    await page.goBack()
    await expectRidePage(page)
  })
})

test('bfcache: a page that was left at a step comes back without it, and Back leads on', async ({
  site,
  rider,
  bfcacheBrowser,
}) => {
  await site.pool.createConfirmedUser(rider)
  const page = await bfcacheBrowser.newPage({ baseURL: site.origin })
  await openAccountSignedIn(page, site, rider)
  await expireRecentSignIn(page)
  await changeEmail(page, newEmail)
  await expect(reauthenticateHeading(page)).toBeVisible()
  const restored = await watchForBfcacheRestore(page)
  await page.getByRole('link', { name: 'Wild Rydes' }).click()
  await expect(page).toHaveURL(/\/$/)
  await page.evaluate(() => history.back())
  await restored()
  await expectAccountPage(page)
  await expect(reauthenticateHeading(page)).toHaveCount(0)
  await expect(page.getByLabel('New email')).toHaveValue(newEmail)
  await expect.poll(() => page.evaluate(() => history.state?.step)).toBe(0)
  await page.evaluate(() => history.back())
  await expect(page).toHaveURL(/robots\.txt$/)
})
