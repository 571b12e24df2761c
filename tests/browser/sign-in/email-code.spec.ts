/** Signing in with an emailed code, in place of the password and after it. */

import type { Page } from '@playwright/test'
import {
  accountField,
  expectCodeField,
  expectInvalidAndSelected,
  storedToken,
} from '../support/account-actions.ts'
import { codeOtherThan } from '../support/authenticator-app.ts'
import { holdResponses, watchCalls, watchOperations } from '../support/calls.ts'
import { advanceClocks } from '../support/clocks.ts'
import { expect, test } from '../support/fixtures.ts'
import { addPasskeys, storePasswordlessSession } from '../support/passkey-actions.ts'
import { ClientId, UserPoolId } from '../support/pool-client.ts'
import { useTemplate } from '../support/pool-templates.ts'
import { expectRemembered } from '../support/protected-page-actions.ts'
import {
  expectErrorSummary,
  expectRidePage,
  pressSignIn,
  submitSignIn,
  tokenKeys,
} from '../support/rider-actions.ts'

const wrongCode = "That code isn't right. Enter the one from our latest email."

const codeField = (page: Page) => page.getByLabel('Verification code')

async function askForCode(page: Page, username: string): Promise<void> {
  await page.getByLabel('Email or username').fill(username)
  await page.getByRole('button', { name: 'Email me a code' }).click()
}

async function expectCodeStep(page: Page): Promise<void> {
  const heading = page.getByRole('heading', { level: 1 })
  await expect(heading).toHaveText('Enter your code')
  await expect(heading).toBeFocused()
}

const toOtherCode = (code: string) => codeOtherThan(code.slice(0, 6)) + code.slice(6)

for (const viewport of [
  { width: 360, height: 780 },
  { width: 1280, height: 800 },
]) {
  test.describe(`at ${viewport.width} px`, () => {
    test.use({ viewport })

    test('email code: a rider types the 8 digits of the email, and is at the page they wanted, and stays signed in', async ({
      page,
      site,
      rider,
    }) => {
      await site.pool.createConfirmedUser(rider)
      await page.goto('/ride.html?pickup=1#map')
      await page.getByLabel('Keep me signed in').check()
      await askForCode(page, rider.email)
      await expectCodeStep(page)
      await expect(page.getByText(/a code is on its way to r\*\*\*@e\*\*\*/)).toBeVisible()
      await expect(accountField(page)).toHaveValue(rider.email)
      await expectCodeField(codeField(page))
      const code = await site.pool.latestCodeFor(rider.email)
      expect(code).toMatch(/^\d{8}$/)
      const responses = watchCalls(page, 'RespondToAuthChallenge')
      // It sends itself with its last digit.
      await codeField(page).pressSequentially(code)
      await expectRemembered(page, site)
      expect(responses).toHaveLength(1)
    })
  })
}

test('email code: pasted with spaces, or in Arabic digits, it is accepted', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(rider)
  for (const write of [
    (code: string) => ` ${code.slice(0, 4)}-${code.slice(4)}\n`,
    (code: string) => code.replace(/\d/g, (digit) => String.fromCodePoint(0x660 + Number(digit))),
  ]) {
    await page.goto('/signin.html')
    await askForCode(page, rider.email)
    await expectCodeStep(page)
    await codeField(page).fill(write(await site.pool.latestCodeFor(rider.email)))
    await expectRidePage(page)
    await page.evaluate(() => sessionStorage.clear())
  }
})

test('email code: a wrong one stays, selected, and is not sent again by itself', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(rider)
  await page.goto('/signin.html')
  await askForCode(page, rider.email)
  await expectCodeStep(page)
  await codeField(page).fill('1234')
  await codeField(page).press('Enter')
  await expectErrorSummary(page, ['Enter the code as 8 digits'])
  const code = await site.pool.latestCodeFor(rider.email)
  const wrong = toOtherCode(code)
  await codeField(page).fill(wrong)
  await expectErrorSummary(page, [wrongCode])
  await expectInvalidAndSelected(codeField(page), wrong)
  expect(await tokenKeys(page)).toEqual([])
  await page.keyboard.type(code)
  await page.keyboard.press('Enter')
  await expectRidePage(page)
})

test('account existence: an unknown name looks the same, up to the code', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(rider)
  const seen: string[] = []
  for (const username of [rider.email, 'rebel@example.com']) {
    await page.goto('/signin.html')
    await askForCode(page, username)
    await expectCodeStep(page)
    await codeField(page).fill('00000000')
    await expectErrorSummary(page, [wrongCode])
    seen.push((await page.locator('main').innerText()).replaceAll(/in \d+ s/g, ''))
  }
  expect(await site.pool.emailsTo('rebel@example.com')).toEqual([])
  expect(seen[1]).toBe(seen[0])
})

test('resend: a new code after the cool-down, which "Email me a code" shares, and the old one no longer signs in', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(rider)
  await page.goto('/signin.html')
  await askForCode(page, rider.email)
  await expectCodeStep(page)
  const resend = page.getByRole('button', { name: /^Resend code/ })
  await expect(resend).toHaveAttribute('aria-disabled', 'true')
  const old = await site.pool.latestCodeFor(rider.email)
  const emails = async () => (await site.pool.emailsTo(rider.email)).length
  const before = await emails()

  // Back to the first step, and to the same code.
  await page.goBack()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in')
  await page.getByRole('button', { name: 'Email me a code' }).click()
  await expectCodeStep(page)
  expect(await emails()).toBe(before)

  await advanceClocks(page, site, 31)
  await expect(resend).not.toHaveAttribute('aria-disabled', 'true')
  await resend.click()
  await expect(page.getByRole('status')).toHaveText(
    'If this account exists, a new code is on its way. You can get another one in 30 seconds.',
  )
  expect(await emails()).toBe(before + 1)
  await page.goBack()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in')
  await page.goForward()
  await expectCodeStep(page)
  await codeField(page).fill(old)
  await expectErrorSummary(page, [wrongCode])
  await codeField(page).fill(await site.pool.latestCodeFor(rider.email))
  await pressSignIn(page)
  await expectRidePage(page)
})

test('email code: one that comes too late leads back to the first step, and a new one signs in', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(rider)
  await page.goto('/signin.html')
  await askForCode(page, rider.email)
  await expectCodeStep(page)
  const code = await site.pool.latestCodeFor(rider.email)
  await site.pool.advanceClock(1000)
  await codeField(page).fill(code)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in')
  await expect(page.getByRole('status')).toHaveText('That took too long. Sign in again.')
  await expect(page.getByLabel('Email or username')).toHaveValue(rider.email)
  await page.getByRole('button', { name: 'Email me a code' }).click()
  await expectCodeStep(page)
  await codeField(page).fill(await site.pool.latestCodeFor(rider.email))
  await expectRidePage(page)
})

test('email code: "Use another account" and a reload lead back to the first step', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(rider)
  await page.goto('/signin.html')
  await askForCode(page, rider.email)
  await expectCodeStep(page)
  await page.getByRole('button', { name: 'Use another account' }).click()
  await expect(page.getByLabel('Email or username')).toBeFocused()
  await expect(page.getByLabel('Email or username')).toHaveValue('')
  await askForCode(page, rider.email)
  await expectCodeStep(page)
  await page.reload()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in')
  await expect(page.getByLabel('Email or username')).toHaveValue(rider.email)
})

test('email code: without a name, the field says what is missing, and nothing is sent', async ({
  page,
}) => {
  const calls = watchOperations(page)
  await page.goto('/signin.html')
  await page.getByRole('button', { name: 'Email me a code' }).click()
  await expectErrorSummary(page, ['Enter your email or username'])
  expect(calls).toEqual([])
})

test('email code: on a slow line the button is busy, and pressed twice it asks once', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(rider)
  const held = await holdResponses(page, 'InitiateAuth')
  await page.goto('/signin.html')
  await askForCode(page, rider.email)
  const busy = page.locator('#email-code').getByRole('button', { name: 'Sending…' })
  await expect(busy).toBeVisible()
  await busy.click({ force: true })
  await expect.poll(held.isHeld).toBe(true)
  held.release()
  await expectCodeStep(page)
  expect(
    (await site.pool.emailsTo(rider.email)).filter(({ code }) => code.length === 8),
  ).toHaveLength(1)
})

test('an invited rider is told that their account has the password alone, and goes on with it', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.createInvitedUser(rider)
  await page.goto('/signin.html')
  await askForCode(page, rider.email)
  await expect(page.getByRole('status')).toHaveText(
    "You can't sign in to this account that way. Use your password.",
  )
  await expect(page.getByLabel('Password', { exact: true })).toBeFocused()
})

for (const { stays, title } of [
  { stays: true, title: 'ticked after the code was asked for, it keeps the rider signed in' },
  { stays: false, title: 'unticked after the code was asked for, nothing stays in the browser' },
]) {
  test(`"Keep me signed in": ${title}`, async ({ page, site, rider }) => {
    await site.pool.createConfirmedUser(rider)
    await page.goto('/signin.html')
    const box = page.getByLabel('Keep me signed in')
    await box.setChecked(!stays)
    await askForCode(page, rider.email)
    await expectCodeStep(page)
    await page.goBack()
    await box.setChecked(stays)
    await page.getByRole('button', { name: 'Email me a code' }).click()
    await expectCodeStep(page)
    await codeField(page).fill(await site.pool.latestCodeFor(rider.email))
    await expectRidePage(page)
    const kept = await page.evaluate(() => Object.keys(localStorage).join())
    expect(kept.includes('Cognito')).toBe(stays)
    expect(kept.includes('lastUsername')).toBe(stays)
  })
}

test('a rider whose ways this browser does not have is told so', async ({ page, site, rider }) => {
  await storePasswordlessSession(page, site, rider)
  await addPasskeys(site, await storedToken(page, 'accessToken'), [{}])
  await site.pool.call('AdminUpdateUserAttributes', {
    UserPoolId,
    Username: rider.email,
    UserAttributes: [{ Name: 'email_verified', Value: 'false' }],
  })
  await page.evaluate(() => sessionStorage.clear())
  await page.addInitScript(() => Reflect.deleteProperty(window, 'PublicKeyCredential'))
  await page.goto('/signin.html')
  await askForCode(page, rider.email)
  await expect(page.getByRole('status')).toHaveText(
    "You can't sign in to this account that way, and its other ways don't work in this browser.",
  )
})

test('email code: who gets none learns why, with the way to verify the address', async ({
  page,
  site,
  rider,
}) => {
  // Registered, and the tab closed before the code came.
  await site.pool.call('SignUp', {
    ClientId,
    Username: rider.email,
    UserAttributes: [{ Name: 'email', Value: rider.email }],
  })
  await page.goto('/signin.html?next=%2Faccount.html')
  await askForCode(page, rider.email)
  await expectCodeStep(page)
  await expect(
    page.getByText('No email after a few minutes? We email codes to verified addresses only.'),
  ).toBeVisible()
  await page.getByRole('link', { name: 'Verify your email' }).click()
  await expect(page).toHaveURL(/\/verify\.html\?next=%2Faccount\.html$/)
  await expect(page.getByLabel('Email')).toHaveValue(rider.email)
})

test.describe('in a pool with emailed codes as second factor', () => {
  test.use({
    template: useTemplate({
      pool: {
        AutoVerifiedAttributes: ['email'],
        UsernameConfiguration: { CaseSensitive: false },
        MfaConfiguration: 'OPTIONAL',
        EmailConfiguration: { EmailSendingAccount: 'DEVELOPER' },
        EnabledMfas: ['SOFTWARE_TOKEN_MFA', 'EMAIL_OTP'],
      },
      client: {
        ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
        PreventUserExistenceErrors: 'ENABLED',
      },
    }),
  })

  test('EMAIL_OTP: after the password, the 6 digits of the email sign in, and none can be resent', async ({
    page,
    site,
    rider,
  }) => {
    await site.pool.createConfirmedUser(rider)
    await site.pool.call('AdminSetUserMFAPreference', {
      UserPoolId,
      Username: rider.email,
      EmailMfaSettings: { Enabled: true, PreferredMfa: true },
    })
    await page.goto('/signin.html')
    await submitSignIn(page, rider)
    await expectCodeStep(page)
    await expect(page.getByText('We emailed a code to r***@e***.')).toBeVisible()
    await expect(page.getByRole('button', { name: /^Resend code/ })).toHaveCount(0)
    const code = await site.pool.latestCodeFor(rider.email)
    await codeField(page).fill(codeOtherThan(code))
    await expectErrorSummary(page, [wrongCode])
    await codeField(page).fill(code)
    await pressSignIn(page)
    await expectRidePage(page)
  })
})
