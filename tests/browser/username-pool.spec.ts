/**
 * The tutorial's pool, made with `SignIn=username`: the address that riders register with stays their user name. All other
 * specs have the default, in which they sign in by email address.
 */

import {
  accountField,
  changeEmail,
  expectSignInPage,
  openAccount,
  openAccountSignedIn,
  signOut,
} from './support/account-actions.ts'
import { expect, type Site, test } from './support/fixtures.ts'
import { usernamePool } from './support/pool-templates.ts'
import {
  expectErrorSummary,
  expectRidePage,
  fillSignIn,
  pressSignIn,
  register,
  signIn,
  submitSignIn,
  tokenKeys,
} from './support/rider-actions.ts'
import { userMenuButton } from './support/user-menu.ts'

test.use({ template: usernamePool })

const newEmail = 'new@example.com'
const earlierAddress =
  "If the new one doesn't work, try an earlier one, such as the one you registered with."

/** The rider verifies another address, and goes on signing in with the first. */
async function changeAddress(
  { pool }: Site,
  rider: { email: string; password: string },
): Promise<void> {
  const { accessToken: AccessToken } = await pool.signIn(rider)
  const UserAttributes = [{ Name: 'email', Value: newEmail }]
  const changed = await pool.call('UpdateUserAttributes', { AccessToken, UserAttributes })
  expect(changed.status).toBe(200)
  const Code = await pool.latestCodeFor(newEmail)
  const verified = await pool.call('VerifyUserAttribute', {
    AccessToken,
    AttributeName: 'email',
    Code,
  })
  expect(verified.status).toBe(200)
}

test('username pool: a rider registers, verifies, signs in, sees the ride page and signs out', async ({
  page,
  site,
  rider,
}) => {
  await register(page, rider)
  await expect(page.getByText(`We emailed a 6-digit code to ${rider.email}`)).toBeVisible()
  await page.getByLabel('Verification code').fill(await site.pool.latestCodeFor(rider.email))
  await expectRidePage(page)
  await signOut(page)
  await expect(page.getByLabel('Email or username')).toHaveValue(rider.email)
  await page.getByLabel('Password', { exact: true }).fill(rider.password)
  await pressSignIn(page)
  await expectRidePage(page)
  await expect(page.getByText(`You are signed in as ${rider.email}`)).toBeVisible()
  expect(await tokenKeys(page)).toContain(
    `CognitoIdentityServiceProvider.wildrydeswebapplocal000000.${rider.email}.idToken`,
  )
  await signOut(page)
  expect(await tokenKeys(page)).toEqual([])
})

test('username pool: a rider with a username of their own signs in with it', async ({
  page,
  site,
  rider,
}) => {
  const Username = 'starlight'
  const made = await site.pool.call('AdminCreateUser', {
    UserPoolId: 'us-east-1_WildRydes',
    Username,
    TemporaryPassword: 'Temporary-1234',
    UserAttributes: [
      { Name: 'email', Value: rider.email },
      { Name: 'email_verified', Value: 'true' },
    ],
  })
  expect(made.status).toBe(200)
  const [invitation] = await site.pool.emailsTo(rider.email)
  expect(invitation?.text).toMatch(/Sign in as:\s+starlight\s/)
  await page.goto('/signin.html')
  await submitSignIn(page, { email: Username, password: 'Temporary-1234' })
  await page.getByLabel('New password').fill(rider.password)
  await pressSignIn(page)
  await expectRidePage(page)
})

test('username pool: a forgotten password is reset with the address that the rider registered with', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(rider)
  await page.goto('/forgot.html')
  await page.getByLabel('Email').fill(rider.email)
  await page.getByRole('button', { name: 'Send code' }).click()
  await expect(page.getByRole('heading', { name: 'Choose a new password' })).toBeVisible()
  await page.getByLabel('Verification code').fill(await site.pool.latestCodeFor(rider.email))
  await page.getByLabel('New password').fill('Pegasus-5678')
  await page.getByRole('button', { name: 'Change password' }).click()
  await expectSignInPage(page, 'Your password is changed. Sign in with the new one.')
  await page.getByLabel('Password', { exact: true }).fill('Pegasus-5678')
  await pressSignIn(page)
  await expectRidePage(page)
})

test('username pool: the account page says before the change that the username stays, and it stays', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(rider)
  await signIn(page, rider, { rememberMe: true })
  await openAccount(page)
  const stays = page.getByText(
    `Your username is ${rider.email}. It stays the same when your email changes. Keep using it to sign in.`,
  )
  await expect(stays).toBeVisible()
  await changeEmail(page, newEmail)
  await expect(page.getByRole('heading', { name: 'Verify your email' })).toBeFocused()
  await page
    .getByLabel('Verification code from the email')
    .fill(await site.pool.latestCodeFor(newEmail))
  await expect(page.getByRole('status')).toHaveText(`Your email address is now ${newEmail}.`)
  await expect(page.locator('#email-now')).toHaveText(newEmail)
  await expect(stays).toBeVisible()
  await expect(accountField(page)).toHaveValue(rider.email)
  await page.goto('/ride.html')
  await expect(page.getByText('You are signed in as')).toContainText(newEmail)

  await signOut(page)
  await expect(page.getByLabel('Email or username')).toHaveValue(rider.email)
  await submitSignIn(page, { ...rider, email: newEmail })
  await expectErrorSummary(page, [/don't match/])
  await expect(page.getByText(earlierAddress)).toBeVisible()
  await fillSignIn(page, rider)
  await pressSignIn(page)
  await expectRidePage(page)
})

test('username pool: after a change of address the reset promises no email to the new one, and says which one to try', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(rider)
  await changeAddress(site, rider)
  const before = (await site.pool.emailsTo(newEmail)).length
  await page.goto('/forgot.html')
  await expect(page.getByLabel('Email')).toHaveAccessibleDescription(
    "We'll email a code to your account's verified address.",
  )
  await page.getByLabel('Email').fill(newEmail)
  await page.getByRole('button', { name: 'Send code' }).click()
  await expect(page.getByText(/^If this address has an account,/)).toBeVisible()
  await expect(page.getByText('Changed yours? Try an earlier one too')).toBeVisible()
  expect(await site.pool.emailsTo(newEmail)).toHaveLength(before)

  // With the address they registered with, the code goes to the one that is verified.
  await page.getByRole('button', { name: 'Use another email address' }).click()
  await page.getByLabel('Email').fill(rider.email)
  await page.getByRole('button', { name: 'Send code' }).click()
  await expect(page.getByText(/on its way to the account's verified email/)).toBeVisible()
  expect(await site.pool.emailsTo(newEmail)).toHaveLength(before + 1)
  await page.getByLabel('Verification code').fill(await site.pool.latestCodeFor(newEmail))
  await page.getByLabel('New password').fill('Pegasus-5678')
  await page.getByRole('button', { name: 'Change password' }).click()
  await expect(page).toHaveURL(/signin/)
  await signIn(page, { ...rider, password: 'Pegasus-5678' })
})

test('username pool: the session of a rider with a changed address shows the new one on the account page', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(rider)
  await changeAddress(site, rider)
  await openAccountSignedIn(page, site, rider)
  await expect(page.locator('#email-now')).toHaveText(newEmail)
  await expect(userMenuButton(page)).toHaveText(newEmail)
})
