/** Whether a code is on its way: what the pages say of it, in which tabs, and what a code may be used for. */

import type { Page } from '@playwright/test'
import { openAccountSignedIn, pendingEmailHeading } from '../support/account-actions.ts'
import { watchOperations } from '../support/calls.ts'
import { advanceClocks } from '../support/clocks.ts'
import { expect, test } from '../support/fixtures.ts'
import { ClientId } from '../support/pool-client.ts'
import { expectErrorSummary, otherRider, register, submitSignIn } from '../support/rider-actions.ts'

const conditional = /^If this address isn't verified yet, a code is on its way\./

function resendButton(page: Page) {
  return page.getByRole('button', { name: 'Resend code' })
}

function sentTo(page: Page) {
  return page.getByText('We emailed a 6-digit code to')
}

test('delivery: a code for an address that this browser has not registered is only said to be possible', async ({
  page,
  site,
}) => {
  await register(page, { email: 'typo@example.com', password: otherRider.password })
  await expect(sentTo(page)).toContainText('typo@example.com')
  await page.getByLabel('Email').fill('right@example.com')
  await resendButton(page).click()
  await expect(page.getByRole('status')).toHaveText(conditional)
  await expect(sentTo(page)).toBeHidden()
  await expect(page.getByText('right@example.com')).toHaveCount(0)
  expect(await site.pool.emailsTo('right@example.com')).toEqual([])
  await page.getByRole('link', { name: 'Register again' }).click()
  await expect(page).toHaveURL(/register/)
  await expect(page.getByLabel('Email')).toHaveValue('right@example.com')
})

test('delivery: a code for the address that this browser registered is said to be on its way', async ({
  page,
  site,
  rider,
}) => {
  await page.clock.install()
  await register(page, rider)
  await page.clock.runFor(30_000)
  await page.getByLabel('Email').fill(rider.email.toUpperCase())
  await resendButton(page).click()
  await expect(page.getByRole('status')).toHaveText(/^A new code is on its way\./)
  await expect(page.getByText('Registered with another address?')).toBeHidden()
  expect(await site.pool.emailsTo(rider.email)).toHaveLength(2)
})

test('UserNotConfirmedException: the page says that the address is not verified and that a code is on its way', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.registerUser(rider)
  await page.goto('/signin.html')
  await submitSignIn(page, rider)
  await expect(page.getByRole('status')).toHaveText(
    "Your email address isn't verified yet. A new code is on its way. You can get another one in 30 seconds.",
  )
  await expect(sentTo(page)).toContainText(rider.email)
})

test('cross-tab: the address just registered is filled in in a new tab, where a linked code is sent by the rider only', async ({
  page,
  context,
  site,
  rider,
}) => {
  await register(page, rider)
  const code = await site.pool.latestCodeFor(rider.email)
  const linked = await context.newPage()
  const calls = watchOperations(linked)
  await linked.goto(`${site.origin}/verify.html#code=${code}`)
  await expect(linked.getByLabel('Email')).toHaveValue(rider.email)
  await expect(linked.getByLabel('Verification code')).toHaveValue(code)
  await expect(linked.getByRole('button', { name: 'Verify' })).toBeEnabled()
  // The countdown starts after whatever would submit the form.
  await expect(resendButton(linked)).toHaveText(/in \d+ s/)
  expect(calls).toEqual([])
  await linked.getByRole('button', { name: 'Verify' }).click()
  await expect(linked).toHaveURL(/signin/)
  await expect(linked.getByRole('status')).toHaveText(/is verified/)

  // The first tab follows by itself.
  await expect(page).toHaveURL(/signin/)
  await expect(page.getByRole('status')).toHaveText(/is verified/)
  await expect(page.getByLabel('Email or username')).toHaveValue(rider.email)
  // Nothing waits any more.
  const fresh = await context.newPage()
  await fresh.goto(`${site.origin}/verify.html`)
  await expect(fresh.getByRole('button', { name: 'Verify' })).toBeEnabled()
  await expect(fresh.getByLabel('Email')).toHaveValue('')
})

test('cross-tab: a tab stays where another address was verified', async ({
  page,
  context,
  site,
  rider,
}) => {
  await register(page, rider)
  await site.pool.registerUser(otherRider)
  const other = await context.newPage()
  await other.goto(`${site.origin}/verify.html`)
  await other.getByLabel('Email').fill(otherRider.email)
  await other.getByLabel('Verification code').fill(await site.pool.latestCodeFor(otherRider.email))
  await expect(other).toHaveURL(/signin/)
  await page.getByLabel('Verification code').fill('12')
  await expect(page).toHaveURL(/verify/)
  await expect(sentTo(page)).toContainText(rider.email)
})

test('cross-tab: an address registered more than a day ago is forgotten', async ({
  page,
  context,
  site,
  rider,
}) => {
  await register(page, rider)
  const later = await context.newPage()
  await advanceClocks(later, site, 24 * 3600 + 1)
  await later.goto(`${site.origin}/verify.html`)
  await expect(later.getByRole('button', { name: 'Verify' })).toBeEnabled()
  await expect(later.getByLabel('Email')).toHaveValue('')
})

test('resend cooldown: it begins with the registration, and is the same in every tab', async ({
  page,
  context,
  site,
  rider,
}) => {
  await page.clock.install()
  await register(page, rider)
  await expect(resendButton(page)).toHaveText(/in (30|2\d) s/)
  await expect(resendButton(page)).toHaveAttribute('aria-disabled', 'true')
  await page.clock.runFor(30_000)
  await expect(resendButton(page)).toHaveText('Resend code')

  const second = await context.newPage()
  await second.goto(`${site.origin}/verify.html`)
  await expect(second.getByLabel('Email')).toHaveValue(rider.email)
  await expect(resendButton(second)).toHaveText('Resend code')
  await resendButton(page).click()
  await expect(page.getByRole('status')).toHaveText(/new code is on its way/)
  await expect(resendButton(second)).toHaveText(/in (30|2\d) s/)
  // Each address has a countdown of its own.
  await second.getByLabel('Email').fill('other@example.com')
  await expect(resendButton(second)).toHaveText('Resend code')
  await second.getByLabel('Email').fill(rider.email)
  await expect(resendButton(second)).toHaveText(/in (30|2\d) s/)
})

test('linked code: a reset code that came to the verify page resets the password', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(rider)
  await site.pool.call('ForgotPassword', { ClientId, Username: rider.email })
  const code = await site.pool.latestCodeFor(rider.email)
  const urls: string[] = []
  page.on('request', (request) => urls.push(request.url()))
  await page.goto(`/verify.html#code=${code}&email=${encodeURIComponent(rider.email)}`)
  await page.getByRole('button', { name: 'Verify' }).click()
  await expect(page.getByText('This email address is already verified.')).toBeVisible()
  await expect(page.getByLabel('Verification code')).toHaveValue(code)
  await page.getByRole('link', { name: 'Reset your password' }).click()
  await expect(page).toHaveURL(`${site.origin}/forgot.html`)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Choose a new password')
  await expect(page.getByLabel('Account')).toHaveValue(rider.email)
  await expect(page.getByLabel('Verification code')).toHaveValue(code)
  await page.getByLabel('New password').fill('Pegasus-5678')
  await page.getByRole('button', { name: 'Change password' }).click()
  await expect(page).toHaveURL(/signin/)
  await expect(page.getByRole('status')).toHaveText(/password is changed/)
  expect(urls.map((url) => url.split('#')[0]).filter((url) => url?.includes(code))).toEqual([])
})

test('linked code: a code for a new address confirms it, and a rider who is signed in stays so', async ({
  page,
  context,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(rider)
  await openAccountSignedIn(page, site, rider)
  await page.getByLabel('New email').fill('new@example.com')
  await page.getByRole('button', { name: 'Change email' }).click()
  await expect(pendingEmailHeading(page)).toBeFocused()
  const code = await site.pool.latestCodeFor('new@example.com')

  // Not kept signed in: the new tab gets the session from the open one.
  const linked = await context.newPage()
  const calls = watchOperations(linked)
  await linked.goto(`${site.origin}/verify.html#code=${code}`)
  await linked.getByRole('link', { name: 'Verify your new email' }).click()
  await expect(linked).toHaveURL(`${site.origin}/account.html`)
  await expect(pendingEmailHeading(linked)).toBeFocused()
  const field = linked.getByLabel('Verification code from the email')
  await expect(field).toHaveValue(code)
  expect(calls).not.toContain('VerifyUserAttribute')
  await linked.getByRole('button', { name: 'Verify', exact: true }).click()
  await expect(linked.getByRole('status')).toHaveText('Your email address is verified.')
  await expect(linked.locator('#email-now')).toHaveText('new@example.com')
  await linked.reload()
  await expect(linked.locator('#email-now')).toHaveText('new@example.com')
  await expect(pendingEmailHeading(linked)).toBeHidden()
})

test('linked code: it waits while the rider signs in, and stands in no URL that the server sees', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(rider)
  const urls: string[] = []
  page.on('request', (request) => urls.push(request.url()))
  await page.goto('/account.html#code=604938')
  await expect(page).toHaveURL(/signin\.html\?next=/)
  await submitSignIn(page, rider)
  await expect(page).toHaveURL(`${site.origin}/account.html`)
  await expect(page.getByLabel('Verification code from the email')).toHaveValue('604938')
  const [, ...others] = urls
  expect(others.filter((url) => url.includes('604938'))).toEqual([])
  await page.getByRole('button', { name: 'Verify', exact: true }).click()
  await expectErrorSummary(page, [/./])
})

test('storage blocked: what was registered is known in this tab, if the browser stores nothing for all tabs', async ({
  page,
  rider,
}) => {
  await page.addInitScript(() => {
    Object.defineProperty(window, 'localStorage', {
      get() {
        throw new DOMException('blocked', 'SecurityError')
      },
    })
  })
  await register(page, rider)
  await page.reload()
  await expect(page.getByLabel('Email')).toHaveValue(rider.email)
  await expect(sentTo(page)).toContainText(rider.email)
  await expect(resendButton(page)).toHaveText(/in \d+ s/)
})
