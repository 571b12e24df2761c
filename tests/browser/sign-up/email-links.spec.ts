/** The emails of the function in src/aws/custom-message: each link leads to the form that its code is for. */

import type { Page, Request } from '@playwright/test'
import {
  accountField,
  changeEmail,
  newPassword,
  openAccountSignedIn,
  pendingEmailHeading,
} from '../support/account-actions.ts'
import { watchCalls, watchOperations } from '../support/calls.ts'
import { expect, type Rider, type Site, test } from '../support/fixtures.ts'
import { UserPoolId } from '../support/pool-client.ts'
import { withClient } from '../support/pool-templates.ts'
import {
  expectErrorSummary,
  expectRidePage,
  register,
  submitSignIn,
} from '../support/rider-actions.ts'

test.use({ customMessage: true })

/** The URL of the link in the newest email, as a mail program opens it. */
async function latestLinkFor(site: Site, email: string): Promise<string> {
  const [message] = await site.pool.emailsTo(email)
  const [link] = /http:\/\/localhost:\S+/.exec(message?.text ?? '') ?? []
  if (link === undefined) throw new Error(`expected a link in ${message?.text}`)
  return link
}

/** Opens an email in the console's inbox, as a developer does. */
async function openFromInbox(page: Page, link: string): Promise<void> {
  await page.goto('/console/')
  await page.getByText('Show email').first().click()
  await page.getByRole('link', { name: link }).first().click()
}

/** What servers were asked for, and what the browser's history has. */
async function expectInNoUrl(page: Page, requests: readonly Request[], secrets: readonly string[]) {
  const history = await page.evaluate(() => window.navigation.entries().map(({ url }) => url ?? ''))
  const referrers = requests.map((request) => request.headers().referer ?? '')
  const asked = requests.map((request) => request.url().replace(/#.*/, ''))
  for (const secret of secrets) {
    for (const url of [page.url(), ...history, ...asked, ...referrers]) {
      expect(url).not.toContain(secret)
    }
  }
}

function watchRequests(page: Page): readonly Request[] {
  const requests: Request[] = []
  page.on('request', (request) => requests.push(request))
  return requests
}

test('email link: register, open the email in the inbox, verify and sign in', async ({
  page,
  site,
  rider,
}) => {
  await register(page, rider)
  const requests = watchRequests(page)
  const calls = watchCalls(page, 'ConfirmSignUp')
  const code = await site.pool.latestCodeFor(rider.email)
  // Another tab of another day: nothing but the link tells who it is for.
  await page.evaluate(() => {
    sessionStorage.clear()
    localStorage.clear()
  })
  await openFromInbox(page, 'Verify your email')
  await expect(page).toHaveURL(`${site.origin}/verify.html`)
  await expect(page.getByLabel('Email')).toHaveValue(rider.email)
  await expect(page.getByLabel('Verification code')).toHaveValue(code)
  await expect(page.getByRole('button', { name: 'Resend code' })).toBeVisible()
  expect(calls).toEqual([])
  await page.getByRole('button', { name: 'Verify' }).click()
  await expect(page).toHaveURL(/signin/)
  await submitSignIn(page, rider)
  await expectRidePage(page)
  expect(calls).toHaveLength(1)
  await expectInNoUrl(page, requests, [code, rider.email, encodeURIComponent(rider.email)])
})

test('email link: a reset in another browser, and the same link once more', async ({
  page,
  browser,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(rider)
  await page.goto('/forgot.html')
  await page.getByLabel('Email').fill(rider.email)
  await page.getByRole('button', { name: 'Send code' }).click()
  await expect(page.getByRole('heading', { name: 'Choose a new password' })).toBeVisible()
  const link = await latestLinkFor(site, rider.email)
  const code = await site.pool.latestCodeFor(rider.email)
  expect(link).toMatch(/\/forgot\.html#code=\d{6}&email=/)

  const context = await browser.newContext()
  const phone = await context.newPage()
  const requests = watchRequests(phone)
  const operations = watchOperations(phone)
  await phone.goto(link)
  await expect(phone.getByRole('heading', { name: 'Choose a new password' })).toBeVisible()
  await expect(phone).toHaveURL(`${site.origin}/forgot.html`)
  await expect(phone.getByLabel('Verification code')).toHaveValue(code)
  await expect(accountField(phone)).toHaveValue(rider.email)
  expect(operations).toEqual([])
  await phone.getByLabel('New password', { exact: true }).fill(newPassword)
  await phone.getByRole('button', { name: 'Change password' }).click()
  await expect(phone.getByRole('status')).toHaveText(/password/)
  await submitSignIn(phone, { ...rider, password: newPassword })
  await expectRidePage(phone)
  await expectInNoUrl(phone, requests, [code, rider.email, encodeURIComponent(rider.email)])
  await context.close()

  // In the tab where the code was asked for, whose page is open: the browser only changes the fragment.
  await page.goto(link)
  await expect(page).toHaveURL(`${site.origin}/forgot.html`)
  await expect(page.getByLabel('Verification code')).toHaveValue(code)
  await page.getByLabel('New password', { exact: true }).fill(newPassword)
  await page.getByRole('button', { name: 'Change password' }).click()
  await expectErrorSummary(page, [/no longer works/])
})

test('email link: the current address, not verified yet, in another browser', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.registerUser(rider)
  await site.pool.call('AdminConfirmSignUp', { UserPoolId, Username: rider.email })
  await openAccountSignedIn(page, site, rider)
  await page.goto('/account.html#code=123456')
  const heading = page.getByRole('heading', { name: 'Verify your email', exact: true })
  await expect(heading).toBeFocused()
  await expect(page.getByText('We emailed a code to you.')).toBeVisible()
  await expect(page.getByText('your current address stays in use')).toBeHidden()
  await expect(page.getByRole('button', { name: 'Verify this address' })).toBeVisible()
  await page.getByRole('button', { name: 'Verify this address' }).click()
  await expect(page.getByText(`We emailed a 6-digit code to ${rider.email}`)).toBeVisible()
  await page
    .getByLabel('Verification code from the email')
    .fill(await site.pool.latestCodeFor(rider.email))
  await expect(page.getByRole('status')).toHaveText('Your email address is verified.')
})

test('email link: a new address, signed out in another browser', async ({
  page,
  browser,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(rider)
  await openAccountSignedIn(page, site, rider)
  await changeEmail(page, 'new@example.com')
  await expect(pendingEmailHeading(page)).toBeVisible()
  const link = await latestLinkFor(site, 'new@example.com')
  const code = await site.pool.latestCodeFor('new@example.com')
  expect(link).toBe(`${site.origin}/account.html#code=${code}`)

  const context = await browser.newContext()
  const phone = await context.newPage()
  const requests = watchRequests(phone)
  const calls = watchCalls(phone, 'VerifyUserAttribute')
  await phone.goto(link)
  await expect(phone).toHaveURL(/signin\.html\?next=/)
  await submitSignIn(phone, rider)
  await expect(phone).toHaveURL(`${site.origin}/account.html`)
  await expect(pendingEmailHeading(phone)).toBeFocused()
  await expect(phone.getByLabel('Verification code from the email')).toHaveValue(code)
  expect(calls).toEqual([])
  await phone.getByRole('button', { name: 'Verify', exact: true }).click()
  await expect(phone.locator('#email-now')).toHaveText('new@example.com')
  await expectInNoUrl(phone, requests, [code])
  await context.close()

  // Where the page is open, too; this code was used.
  await page.goto(link)
  await expect(page).toHaveURL(`${site.origin}/account.html`)
  await expect(page.getByLabel('Verification code from the email')).toHaveValue(code)
  await page.getByRole('button', { name: 'Verify', exact: true }).click()
  await expectErrorSummary(page, [/no longer works|isn't right/])
})

test.describe('in another language', () => {
  test.use({ language: 'en-XB' })

  const metadata = { ClientMetadata: { locale: 'en-XB' } }
  const submitRegistration = async (page: Page, rider: Rider) => {
    await page.goto('/register.html')
    await page.locator('#email').fill(rider.email)
    await page.locator('#new-password').fill(rider.password)
    await page.locator('#confirm-password').fill(rider.password)
    await page.locator('#register [type=submit]').click()
    await expect(page).toHaveURL(/verify/)
  }

  test('email language: a page says its own whenever a code is to be sent, and the pool keeps it', async ({
    page,
    site,
    rider,
  }) => {
    const signUps = watchCalls(page, 'SignUp')
    await submitRegistration(page, rider)
    const email = { Name: 'email', Value: rider.email }
    const locale = { Name: 'locale', Value: 'en-XB' }
    expect(signUps).toMatchObject([{ ...metadata, UserAttributes: [email, locale] }])

    await site.pool.createConfirmedUser({ ...rider, email: 'known@example.com' })
    const resets = watchCalls(page, 'ForgotPassword')
    await page.goto('/forgot.html')
    await page.locator('#email').fill('known@example.com')
    await page.locator('#request [type=submit]').click()
    await expect(page.locator('#reset')).toBeVisible()
    expect(resets).toMatchObject([metadata])
  })

  test.describe('and a client that may write the address alone', () => {
    test.use({ template: withClient({ WriteAttributes: ['email'] }) })

    test('email language: whoever registers has an account all the same', async ({
      page,
      site,
      rider,
    }) => {
      const signUps = watchCalls(page, 'SignUp')
      await submitRegistration(page, rider)
      expect(signUps).toHaveLength(2)
      expect(signUps[1]).toMatchObject({
        ...metadata,
        UserAttributes: [{ Name: 'email', Value: rider.email }],
      })
      expect(await site.pool.emailsTo(rider.email)).toHaveLength(1)
    })
  })
})
