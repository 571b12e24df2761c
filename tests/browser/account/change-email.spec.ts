/** Changing the email address: the old one stays until a code has verified the new one. */

import type { Page } from '@playwright/test'
import {
  accountField,
  changeEmail,
  expectCodeField,
  expectFocusInContent,
  expectInvalidAndSelected,
  openAccount,
  openAccountSignedIn,
  pendingEmailHeading,
  reauthenticateByPassword,
  signOut,
} from '../support/account-actions.ts'
import { codeOtherThan } from '../support/authenticator-app.ts'
import { routeCalls, watchCalls } from '../support/calls.ts'
import { advanceClocks, expireRecentSignIn } from '../support/clocks.ts'
import { expect, type Rider, test } from '../support/fixtures.ts'
import { ClientId, UserPoolId } from '../support/pool-client.ts'
import { withPool } from '../support/pool-templates.ts'
import {
  expectErrorSummary,
  expectRidePage,
  openTokenInspector,
  signIn,
  submitSignIn,
} from '../support/rider-actions.ts'
import { userMenuButton } from '../support/user-menu.ts'

const newEmail = 'new@example.com'

test.beforeEach(async ({ site, rider }) => {
  await site.pool.createConfirmedUser(rider)
})

function codeField(page: Page) {
  return page.getByLabel('Verification code from the email')
}

/** Requests a change of address, and waits until the page asks for the code. */
async function requestChange(page: Page, email = newEmail): Promise<void> {
  await changeEmail(page, email)
  await expect(pendingEmailHeading(page)).toBeFocused()
  await expect(page.getByRole('status')).toHaveText(`A code is on its way to ${email}.`)
}

async function expectAddress(page: Page, email: string): Promise<void> {
  const card = page.locator('#change-email')
  await expect(card.getByText(email, { exact: true }).first()).toBeVisible()
  await expect(card.getByText('Verified', { exact: true })).toBeVisible()
}

async function expectTokenOf(page: Page, email: string): Promise<void> {
  await page.goto('/ride.html')
  await expectRidePage(page)
  await expect(page.getByText('You are signed in as')).toContainText(email)
  await openTokenInspector(page)
  const token = await page.locator('#id-token').textContent()
  const claims = JSON.parse(Buffer.from(token?.split('.')[1] ?? '', 'base64url').toString())
  expect(claims).toMatchObject({ email, email_verified: true })
}

async function expectRefusedSignIn(page: Page, rider: Rider): Promise<void> {
  await page.goto('/signin.html')
  await submitSignIn(page, rider)
  await expectErrorSummary(page, [/don't match/])
}

/** 31 seconds pass for this browser, so that a new code may be requested. */
async function waitForResend(page: Page): Promise<void> {
  await page.clock.setSystemTime(Date.now() + 31_000)
  await expect(page.getByRole('button', { name: 'Resend code', exact: true })).toBeVisible()
}

test('change email: an empty, malformed or unchanged address is rejected before anything is sent, and a pending change can be canceled', async ({
  page,
  site,
  rider,
}) => {
  await openAccountSignedIn(page, site, rider)
  const changes = watchCalls(page, 'UpdateUserAttributes')
  const verifications = watchCalls(page, 'VerifyUserAttribute')
  for (const [typed, words] of [
    ['', 'Enter your email address'],
    ['rider@', 'Enter an email address like name@example.com'],
    [` ${rider.email} `, 'Enter an address other than your current one'],
    [rider.email.toUpperCase(), 'Enter an address other than your current one'],
    ['Rider@Example.com', 'Enter an address other than your current one'],
  ] as const) {
    await changeEmail(page, typed)
    await expectErrorSummary(page, [words])
  }
  expect(changes).toEqual([])

  await requestChange(page)
  await expectCodeField(codeField(page))
  const verify = page.getByRole('button', { name: 'Verify' })
  await verify.click()
  await expectErrorSummary(page, ['Enter the 6-digit code'])
  await codeField(page).fill('12345')
  await verify.click()
  await expectErrorSummary(page, ['Enter the code as 6 digits'])
  expect(verifications).toEqual([])

  await page.getByRole('button', { name: 'Keep my current email' }).click()
  await expect(pendingEmailHeading(page)).toBeHidden()
  await expect.soft(page.getByText(newEmail)).toHaveCount(0)
  await expectFocusInContent(page)
  await openAccount(page)
  await expect(pendingEmailHeading(page)).toBeHidden()
  await expectAddress(page, rider.email)
  expect(await site.pool.emailsTo(newEmail)).toHaveLength(1)
})

test('change email: the new address is shown even when the tokens cannot be refreshed after the change', async ({
  page,
  site,
  rider,
}) => {
  await openAccountSignedIn(page, site, rider)
  await requestChange(page)
  await routeCalls(page, 'GetTokensFromRefreshToken', (route) => route.abort())
  await codeField(page).fill(await site.pool.latestCodeFor(newEmail))
  await expectAddress(page, newEmail)
  await expect(pendingEmailHeading(page)).toBeHidden()
})

test('change email: after the tab was closed the code is still asked for, and the address is in no storage of all tabs', async ({
  page,
  context,
  site,
  rider,
}) => {
  await openAccountSignedIn(page, site, rider)
  await requestChange(page)
  expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain(newEmail)
  const next = await context.newPage()
  await page.close()
  await openAccountSignedIn(next, site, rider)
  await expect(pendingEmailHeading(next)).toBeVisible()
  await expect(next.getByText('We emailed a code to you.')).toBeVisible()
  await expect(next.getByText('We emailed a 6-digit code to')).toBeHidden()
  await expect(next.getByRole('button', { name: 'Resend code' })).toBeHidden()
  await codeField(next).fill(await site.pool.latestCodeFor(newEmail))
  await expect(next.getByRole('status')).toHaveText('Your email address is verified.')
  await expect(pendingEmailHeading(next)).toBeHidden()
  await expectAddress(next, newEmail)
  await openAccount(next)
  await expect(pendingEmailHeading(next)).toBeHidden()
  await signOut(next)
  await expect(next.getByLabel('Email or username')).toHaveValue(newEmail)
})

test('change email: a day later no code is asked for in a new tab', async ({
  page,
  context,
  site,
  rider,
}) => {
  await openAccountSignedIn(page, site, rider)
  await requestChange(page)
  const next = await context.newPage()
  await page.close()
  await advanceClocks(next, site, 24 * 3600 + 1)
  await openAccountSignedIn(next, site, rider)
  await expectAddress(next, rider.email)
  await expect(pendingEmailHeading(next)).toBeHidden()
})

test('verify this address: a rider whose account was confirmed by hand verifies it, and can then reset the password', async ({
  page,
  site,
}) => {
  const byHand = { email: 'hand@example.com', password: 'Unicorn-1234' }
  await site.pool.registerUser(byHand)
  await site.pool.call('AdminConfirmSignUp', { UserPoolId, Username: byHand.email })
  await page.goto('/forgot.html')
  await page.getByLabel('Email').fill(byHand.email)
  await page.getByRole('button', { name: 'Send code' }).click()
  await expect(page.getByText('Codes go to verified addresses only.')).toBeVisible()
  const before = (await site.pool.emailsTo(byHand.email)).length

  await openAccountSignedIn(page, site, byHand)
  await expect(page.locator('#change-email').getByText('Not verified')).toBeVisible()
  await page.getByRole('button', { name: 'Verify this address' }).click()
  await expect(page.getByRole('status')).toHaveText(`A code is on its way to ${byHand.email}.`)
  await expect(page.getByRole('heading', { name: 'Verify your email' })).toBeFocused()
  await expect(page.getByText('your current address stays in use')).toBeHidden()
  await expect(page.getByRole('button', { name: 'Verify this address' })).toBeHidden()
  expect(await site.pool.emailsTo(byHand.email)).toHaveLength(before + 1)
  await codeField(page).fill(await site.pool.latestCodeFor(byHand.email))
  await expect(page.getByRole('status')).toHaveText('Your email address is verified.')
  await expectAddress(page, byHand.email)
  await expect(page.getByRole('button', { name: 'Verify this address' })).toBeHidden()
  await site.pool.call('ForgotPassword', { ClientId, Username: byHand.email })
  expect(await site.pool.emailsTo(byHand.email)).toHaveLength(before + 2)
})

test('change email: the old address signs in until the code has verified the new one, and then the new one alone', async ({
  page,
  site,
  rider,
}) => {
  await signIn(page, rider)
  await openAccount(page)
  await expect(page.getByText('Your username is')).toBeHidden()
  await expect(accountField(page)).toHaveValue(rider.email)
  await expireRecentSignIn(page)
  await changeEmail(page, newEmail)
  await expect(accountField(page)).toHaveValue(rider.email)
  await reauthenticateByPassword(page, rider.password)
  await expect(pendingEmailHeading(page)).toBeFocused()

  await signOut(page)
  await expect(page.getByLabel('Email or username')).toHaveValue(rider.email)
  await submitSignIn(page, rider)
  await expectRidePage(page)
  await openAccount(page)
  await expect(pendingEmailHeading(page)).toBeVisible()
  await expect(page.getByText('We emailed a 6-digit code to')).toContainText(newEmail)
  await expectAddress(page, rider.email)

  const code = await site.pool.latestCodeFor(newEmail)
  await codeField(page).fill(code.replace(/^(..)(..)/, ' $1 $2-'))
  await expect(page.getByRole('status')).toHaveText(`Your email address is now ${newEmail}.`)
  await expect(pendingEmailHeading(page)).toBeHidden()
  await expectAddress(page, newEmail)
  await expect(userMenuButton(page)).toHaveText(newEmail)
  await expect(accountField(page)).toHaveValue(newEmail)
  await expectTokenOf(page, newEmail)

  await signOut(page)
  await expect(page.getByLabel('Email or username')).toHaveValue(newEmail)
  await expectRefusedSignIn(page, rider)
  await signIn(page, { ...rider, email: newEmail })
})

test('change email: the new address takes over in every tab, in the name that is filled in, in the app’s key and in the reset', async ({
  page,
  context,
  site,
  rider,
}) => {
  // As a phone writes it: the case of an address does not count.
  await signIn(page, { ...rider, email: 'Rider@Example.com' }, { rememberMe: true })
  const other = await context.newPage()
  await other.goto('/ride.html')
  await expect(other.getByText('You are signed in as')).toContainText(rider.email)
  await openAccount(page)
  await requestChange(page)
  await codeField(page).fill(await site.pool.latestCodeFor(newEmail))
  await expect(page.getByRole('status')).toHaveText(`Your email address is now ${newEmail}.`)
  await expectAddress(page, newEmail)

  await expect(other.getByText('You are signed in as')).toContainText(newEmail)
  for (const tab of [page, other]) {
    await userMenuButton(tab).click()
    await expect(tab.locator('#menu-user')).toHaveText(newEmail)
    await userMenuButton(tab).click()
  }
  await page.getByRole('button', { name: 'Set up an authenticator app' }).click()
  await expect(page.getByRole('link', { name: 'Open the app' })).toHaveAttribute(
    'href',
    new RegExp(encodeURIComponent(newEmail)),
  )
  await page.getByRole('button', { name: 'Not now' }).click()
  await signOut(page)

  const next = await context.newPage()
  await next.goto('/signin.html')
  await expect(next.getByLabel('Email or username')).toHaveValue(newEmail)
  const before = (await site.pool.emailsTo(newEmail)).length
  for (const email of [rider.email, newEmail]) {
    await next.goto('/forgot.html')
    await next.getByLabel('Email').fill(email)
    await next.getByRole('button', { name: 'Send code' }).click()
    await expect(next.getByRole('heading', { level: 1 })).toHaveText('Choose a new password')
  }
  expect(await site.pool.emailsTo(newEmail)).toHaveLength(before + 1)
  await next.getByLabel('Verification code').fill(await site.pool.latestCodeFor(newEmail))
  await next.getByLabel('New password').fill('Pegasus-5678')
  await next.getByRole('button', { name: 'Change password' }).click()
  await expect(next).toHaveURL(/signin/)
  await expectRefusedSignIn(next, { ...rider, password: 'Pegasus-5678' })
  await signIn(next, { email: newEmail, password: 'Pegasus-5678' })
})

test('change email: an address that was given up can be registered by someone else', async ({
  page,
  site,
  rider,
}) => {
  await openAccountSignedIn(page, site, rider)
  await requestChange(page)
  await codeField(page).fill(await site.pool.latestCodeFor(newEmail))
  await expect(pendingEmailHeading(page)).toBeHidden()
  await expectAddress(page, newEmail)
  await site.pool.createConfirmedUser({ ...rider, password: 'Somebody-1234' })
  await signOut(page)
  await signIn(page, { ...rider, password: 'Somebody-1234' })
  await expect(page.getByText('You are signed in as')).toContainText(rider.email)
})

test('change email: an address that another account has verified is rejected and stays in the field', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser({ ...rider, email: newEmail })
  await openAccountSignedIn(page, site, rider)
  await changeEmail(page, newEmail)
  await expectErrorSummary(page, ['This email address already has an account. Sign in instead.'])
  await expect(page.getByLabel('New email')).toHaveValue(newEmail)
  await expect(page.getByLabel('New email')).toHaveAttribute('aria-invalid', 'true')
  await expect(pendingEmailHeading(page)).toBeHidden()
})

test.describe('in a pool whose sessions outlive its codes', () => {
  test.use({
    template: withPool({
      UsernameAttributes: ['email'],
      UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ['email'] },
    }),
  })

  test('change email: a wrong or expired code stays selected, and a new one can be requested after 30 seconds', async ({
    page,
    site,
    rider,
  }) => {
    await openAccountSignedIn(page, site, rider)
    await requestChange(page)
    const verifications = watchCalls(page, 'VerifyUserAttribute')
    const code = await site.pool.latestCodeFor(newEmail)
    await codeField(page).fill(codeOtherThan(code))
    await expectErrorSummary(page, ["That code isn't right. Enter the one from our latest email."])
    await expectInvalidAndSelected(codeField(page), codeOtherThan(code))

    await site.pool.advanceClock(25 * 3600)
    await codeField(page).fill(code)
    // After a wrong code only the button submits.
    expect(verifications).toHaveLength(1)
    await page.getByRole('button', { name: 'Verify' }).click()
    await expectErrorSummary(page, ['This code no longer works. Get a new one.'])
    await expectInvalidAndSelected(codeField(page), code)

    const resend = page.getByRole('button', { name: /^Resend code/ })
    await expect(resend).toHaveText(/^Resend code in \d+ s$/)
    await expect(resend).toHaveAttribute('aria-disabled', 'true')
    await resend.click({ force: true })
    await waitForResend(page)
    await expect(page.getByRole('status')).toHaveText('You can get a new code now.')
    expect(await site.pool.emailsTo(newEmail)).toHaveLength(1)
    await resend.click()
    await expect(page.getByRole('status')).toHaveText(
      'A new code is on its way. You can get another one in 30 seconds.',
    )
    await expect(resend).toHaveText(/^Resend code in (30|2\d) s$/)
    expect(await site.pool.emailsTo(newEmail)).toHaveLength(2)

    await codeField(page).fill(await site.pool.latestCodeFor(newEmail))
    await page.getByRole('button', { name: 'Verify' }).click()
    await expectAddress(page, newEmail)
  })
})
