/** Changing the e-mail address: the present one stays until a code has proved the new one. */

import type { Page } from '@playwright/test'
import {
  accountField,
  ageSignIn,
  changeEmail,
  confirmByPassword,
  expectCodeField,
  expectFocusKept,
  expectSelected,
  meetCalls,
  openAccount,
  otherThan,
  pendingHeading,
  signInToAccount,
  signOut,
  watchCalls,
} from '../support/account-actions.ts'
import { expect, type Rider, type Site, test } from '../support/fixtures.ts'
import { emailPool, useTemplate } from '../support/pool-templates.ts'
import {
  expectProblems,
  expectRidePage,
  fillSignIn,
  openTokenLens,
  signIn,
} from '../support/rider-actions.ts'

const newEmail = 'new@example.com'

test.beforeEach(async ({ site, rider }) => {
  await site.pool.createConfirmedUser(rider)
})

function codeField(page: Page) {
  return page.getByLabel('Verification code from the email')
}

/** Asks for a change of address, and waits until the page says that it waits. */
async function beginChange(page: Page, email = newEmail): Promise<void> {
  await changeEmail(page, email)
  await expect(pendingHeading(page)).toBeFocused()
  await expect(page.getByRole('status')).toHaveText(`A code is on its way to ${email}.`)
}

async function enterCode(page: Page, site: Site, email = newEmail): Promise<void> {
  // A complete code needs no button.
  await codeField(page).fill(await site.pool.latestCodeFor(email))
  await expect(page.getByRole('status')).toHaveText(`Your email address is ${email} now.`)
  await expect(pendingHeading(page)).toBeHidden()
}

async function expectAddress(page: Page, email: string): Promise<void> {
  await expect(page.getByText(/^Your address is/)).toHaveText(
    `Your address is ${email} (verified).`,
  )
}

async function expectTokenOf(page: Page, email: string): Promise<void> {
  await page.goto('/ride.html')
  await expectRidePage(page)
  await expect(page.getByText('You are signed in as')).toContainText(email)
  await openTokenLens(page)
  const token = await page.locator('#id-token').textContent()
  const claims = JSON.parse(Buffer.from(token?.split('.')[1] ?? '', 'base64url').toString())
  expect(claims).toMatchObject({ email, email_verified: true })
}

async function expectRefusedSignIn(page: Page, rider: Rider): Promise<void> {
  await page.goto('/signin.html')
  await fillSignIn(page, rider)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expectProblems(page, [/do not match/])
}

/** 31 seconds pass for this browser, so that a code may be asked for again. */
async function awaitResend(page: Page): Promise<void> {
  await page.clock.setSystemTime(Date.now() + 31_000)
  await expect(page.getByRole('button', { name: 'Resend code', exact: true })).toBeVisible()
}

test('in the site’s own pool the name to sign in with stays, and the page says so', async ({
  page,
  site,
  rider,
}) => {
  await signInToAccount(page, rider)
  await page.clock.install()
  await expect(
    page.getByText(`You go on signing in with the name ${rider.email}, whatever your address is.`),
  ).toBeVisible()
  await beginChange(page)
  await expectAddress(page, rider.email)
  await enterCode(page, site)
  await expectAddress(page, newEmail)
  await expectFocusKept(page)
  // Nothing more is said of codes when the time has come that another one could be asked for.
  await page.clock.runFor(31_000)
  await expect(page.getByRole('status')).toHaveText(`Your email address is ${newEmail} now.`)
  await expectTokenOf(page, newEmail)
  await signOut(page)
  await expectRefusedSignIn(page, { ...rider, email: newEmail })
  await signIn(page, rider)
})

test('an address is refused before anything is sent when it is none, or the present one', async ({
  page,
  site,
  rider,
}) => {
  await signInToAccount(page, rider)
  const changes = watchCalls(page, 'UpdateUserAttributes')
  const proofs = watchCalls(page, 'VerifyUserAttribute')
  for (const [typed, words] of [
    ['', 'Enter your email address'],
    ['rider@', 'Enter an email address like name@example.com'],
    [` ${rider.email} `, 'Enter an address other than your present one'],
  ] as const) {
    await changeEmail(page, typed)
    await expectProblems(page, [words])
  }
  expect(changes).toEqual([])

  await beginChange(page)
  await expectCodeField(codeField(page))
  const verify = page.getByRole('button', { name: 'Verify' })
  await verify.click()
  await expectProblems(page, ['Enter the 6-digit code'])
  await codeField(page).fill('12345')
  await verify.click()
  await expectProblems(page, ['Enter the code as 6 digits'])
  expect(proofs).toEqual([])

  await page.getByRole('button', { name: 'Keep the present address' }).click()
  await expect(pendingHeading(page)).toBeHidden()
  await expect.soft(page.getByText(newEmail)).toHaveCount(0)
  await expectFocusKept(page)
  await openAccount(page)
  await expect(pendingHeading(page)).toBeHidden()
  await expectAddress(page, rider.email)
  expect(await site.pool.lettersTo(newEmail)).toHaveLength(1)
})

test('a change that the service has made shows, though new tokens do not come', async ({
  page,
  site,
  rider,
}) => {
  await signInToAccount(page, rider)
  await beginChange(page)
  await meetCalls(page, 'GetTokensFromRefreshToken', (route) => route.abort())
  await codeField(page).fill(await site.pool.latestCodeFor(newEmail))
  await expectAddress(page, newEmail)
  await expect(pendingHeading(page)).toBeHidden()
})

test.describe('in a pool that signs riders in by e-mail', () => {
  test.use({ template: useTemplate({ pool: emailPool }) })

  test('the old address works until the code makes the new one take over everywhere', async ({
    page,
    site,
    rider,
  }) => {
    await signInToAccount(page, rider)
    await expect(page.getByText('You go on signing in with the name')).toBeHidden()
    await expect(accountField(page)).toHaveValue(rider.email)
    await ageSignIn(page)
    await changeEmail(page, newEmail)
    await expect(accountField(page)).toHaveValue(rider.email)
    await confirmByPassword(page, rider.password)
    await expect(pendingHeading(page)).toBeFocused()

    await signOut(page)
    await expect(page.getByLabel('Email or username')).toHaveValue(rider.email)
    await signInToAccount(page, rider)
    await expect(pendingHeading(page)).toBeVisible()
    await expect(page.getByText('We emailed a 6-digit code to')).toContainText(newEmail)
    await expectAddress(page, rider.email)

    const code = await site.pool.latestCodeFor(newEmail)
    await codeField(page).fill(code.replace(/^(..)(..)/, ' $1 $2-'))
    await expect(page.getByRole('status')).toHaveText(`Your email address is ${newEmail} now.`)
    await expect(pendingHeading(page)).toBeHidden()
    await expectAddress(page, newEmail)
    await expect(page.getByText('You are signed in as')).toContainText(newEmail)
    await expect(accountField(page)).toHaveValue(newEmail)
    await expectTokenOf(page, newEmail)

    await signOut(page)
    await expect(page.getByLabel('Email or username')).toHaveValue(newEmail)
    await expectRefusedSignIn(page, rider)
    await signIn(page, { ...rider, email: newEmail })
  })

  test('an address that somebody else has proved is refused, and stays to be corrected', async ({
    page,
    site,
    rider,
  }) => {
    await site.pool.createConfirmedUser({ ...rider, email: newEmail })
    await signInToAccount(page, rider)
    await changeEmail(page, newEmail)
    await expectProblems(page, ['There is already an account for this email address.'])
    await expect(page.getByLabel('New email')).toHaveValue(newEmail)
    await expect(page.getByLabel('New email')).toHaveAttribute('aria-invalid', 'true')
    await expect(pendingHeading(page)).toBeHidden()
  })

  test('a code that is wrong or too old stays and is selected; another one comes when asked for', async ({
    page,
    site,
    rider,
  }) => {
    await signInToAccount(page, rider)
    await beginChange(page)
    const proofs = watchCalls(page, 'VerifyUserAttribute')
    const code = await site.pool.latestCodeFor(newEmail)
    await codeField(page).fill(otherThan(code))
    await expectProblems(page, [
      'This code is not right. Check the newest email from us and enter its code.',
    ])
    await expectSelected(codeField(page), otherThan(code))

    await site.pool.advanceClock(25 * 3600)
    await codeField(page).fill(code)
    // After a refusal the button decides.
    expect(proofs).toHaveLength(1)
    await page.getByRole('button', { name: 'Verify' }).click()
    await expectProblems(page, ['This code no longer works. Ask for a new one.'])
    await expectSelected(codeField(page), code)

    const resend = page.getByRole('button', { name: /^Resend code/ })
    await expect(resend).toHaveText(/^Resend code in \d+ s$/)
    await expect(resend).toHaveAttribute('aria-disabled', 'true')
    await resend.click({ force: true })
    await awaitResend(page)
    await expect(page.getByRole('status')).toHaveText('You can ask for a new code now.')
    expect(await site.pool.lettersTo(newEmail)).toHaveLength(1)
    await resend.click()
    await expect(page.getByRole('status')).toHaveText(
      'A new code is on its way. You can ask for another one in 30 seconds.',
    )
    await expect(resend).toHaveText(/^Resend code in (30|2\d) s$/)
    expect(await site.pool.lettersTo(newEmail)).toHaveLength(2)

    await codeField(page).fill(await site.pool.latestCodeFor(newEmail))
    await page.getByRole('button', { name: 'Verify' }).click()
    await expectAddress(page, newEmail)
  })
})
