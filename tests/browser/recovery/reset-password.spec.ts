/** Resetting a forgotten password. */

import type { Page } from '@playwright/test'
import { expectInvalidAndSelected } from '../support/account-actions.ts'
import { codeOtherThan } from '../support/authenticator-app.ts'
import { expect, type Rider, type Site, test } from '../support/fixtures.ts'
import { ClientId } from '../support/pool-client.ts'
import { withPool } from '../support/pool-templates.ts'
import {
  expectErrorSummary,
  expectRidePage,
  fillSignIn,
  tokenKeys,
} from '../support/rider-actions.ts'

const codeRefused =
  "That code isn't right, or it no longer works. Enter the one from our latest email, or get a new one."

test('reset password: after a wrong and an expired code a new code works, and the rider gets to the page they wanted', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(rider)
  await page.clock.install()
  await page.goto('/ride.html?pickup=1#map')
  await expect(page).toHaveURL(/signin\.html\?next=/)
  await fillSignIn(page, { ...rider, password: 'Unicorn-forgotten-1' })
  await page.getByLabel('Keep me signed in').check()
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expectErrorSummary(page, [/don't match/])
  await page.getByRole('link', { name: 'Forgot password?' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Reset your password')
  await expect(page.getByLabel('Email')).toHaveValue(rider.email)
  await page.getByRole('button', { name: 'Send code' }).click()
  const heading = page.getByRole('heading', { level: 1 })
  await expect(heading).toHaveText('Choose a new password')
  await expect(heading).toBeFocused()
  await expect(page).toHaveTitle('Choose a new password – Wild Rydes')

  const first = await site.pool.latestCodeFor(rider.email)
  const password = page.getByLabel('New password')
  const code = page.getByLabel('Verification code')
  const change = page.getByRole('button', { name: 'Change password' })
  await password.fill('Pegasus-5678')
  await code.fill(codeOtherThan(first))
  await change.click()
  await expectErrorSummary(page, [codeRefused])
  await site.pool.advanceClock(3601)
  await code.fill(first)
  await change.click()
  await expectErrorSummary(page, [codeRefused])
  await expect(code).toBeFocused()
  await expect(password).toHaveValue('Pegasus-5678')

  // A new code can be requested on this page, after the cooldown.
  await page.clock.runFor(30_000)
  const resend = page.getByRole('button', { name: 'Resend code' })
  const emails = (await site.pool.emailsTo(rider.email)).length
  await resend.click()
  await expect(page.getByRole('status')).toHaveText(/new code is on its way/)
  await expect(resend).toHaveText(/in \d+ s/)
  await expect(resend).toHaveAttribute('aria-disabled', 'true')
  expect(await site.pool.emailsTo(rider.email)).toHaveLength(emails + 1)
  await expect(code).toHaveValue(first)
  await expect(password).toHaveValue('Pegasus-5678')
  await page.clock.runFor(30_000)
  await expect(resend).toHaveText('Resend code')

  await code.fill(await site.pool.latestCodeFor(rider.email))
  await change.click()
  await expect(page).toHaveURL(/signin\.html\?next=/)
  await expect(page.getByRole('status')).toHaveText(
    'Your password is changed. Sign in with the new one.',
  )
  expect(await tokenKeys(page)).toEqual([])
  await expect(page.getByLabel('Email or username')).toHaveValue(rider.email)
  await expect(page.getByLabel('Keep me signed in')).toBeChecked()
  await page.getByLabel('Password', { exact: true }).fill('Pegasus-5678')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expectRidePage(page)
  await expect(page).toHaveURL(`${site.origin}/ride.html?pickup=1#map`)
  expect(await page.evaluate(() => Object.keys(localStorage).sort())).toEqual([
    ...(await tokenKeys(page)).toSorted(),
    'wildrydes.lastUsername',
  ])
})

test('account existence: resetting looks the same for known and unknown addresses, on the page and in the calls', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(rider)
  const unknown = { email: 'nobody@example.com', code: '000000' }
  const records: (readonly unknown[])[] = []
  let calls: string[] = []
  page.on('response', (response) => {
    const target = response.request().headers()['x-amz-target']
    if (target) calls.push(`${target} ${response.status()}`)
  })
  await page.clock.install()
  for (const { email, code } of [{ email: rider.email, code: undefined }, unknown]) {
    const texts: string[] = []
    const recordPage = async () => {
      const text = await page.getByRole('main').innerText()
      texts.push(text.replaceAll(email, '').replace(/ in \d+ s/, ''), await page.title())
    }
    calls = []
    await page.goto('/forgot.html')
    await page.getByLabel('Email').fill(email)
    await page.getByRole('button', { name: 'Send code' }).click()
    await expect(page.getByRole('heading', { name: 'Choose a new password' })).toBeVisible()
    await recordPage()
    const wrongCode = code ?? codeOtherThan(await site.pool.latestCodeFor(email))
    await page.getByLabel('Verification code').fill(wrongCode)
    await page.getByLabel('New password').fill('Pegasus-5678')
    await page.getByRole('button', { name: 'Change password' }).click()
    await expectErrorSummary(page, [codeRefused])
    await recordPage()
    await page.clock.runFor(30_000)
    await page.getByRole('button', { name: 'Resend code' }).click()
    await expect(page.getByRole('status')).toHaveText(/new code is on its way/)
    await recordPage()
    records.push([texts, calls])
    await page.clock.runFor(30_000)
  }
  expect(records[1]).toEqual(records[0])
})

test('reset password: a new code that is refused by a rate limit leaves code and password as typed', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(rider)
  await page.clock.install()
  await page.goto('/forgot.html')
  await page.getByLabel('Email').fill(rider.email)
  await page.getByRole('button', { name: 'Send code' }).click()
  await expect(page.getByRole('heading', { name: 'Choose a new password' })).toBeVisible()
  for (let asked = 0; asked < 4; asked += 1) {
    await site.pool.call('ForgotPassword', {
      ClientId,
      Username: rider.email,
    })
  }
  const code = await site.pool.latestCodeFor(rider.email)
  await page.getByLabel('Verification code').fill(code)
  await page.getByLabel('New password').fill('Pegasus-5678')
  await page.clock.runFor(30_000)
  await page.getByRole('button', { name: 'Resend code' }).click()
  await expectErrorSummary(page, [/Wait an hour at most/])
  await expect(page.getByLabel('Verification code')).toHaveValue(code)
  await expect(page.getByLabel('New password')).toHaveValue('Pegasus-5678')
  await page.getByRole('button', { name: 'Change password' }).click()
  await expect(page).toHaveURL(/signin/)
})

test('password manager: the reset form names the account that the new password belongs to', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(rider)
  await page.goto('/forgot.html')
  await page.getByLabel('Email').fill(rider.email)
  await page.getByRole('button', { name: 'Send code' }).click()
  await expect(page.getByLabel('Account')).toHaveValue(rider.email)
  await expect(page.getByLabel('Account')).toHaveAttribute('autocomplete', 'username')
})

test('reset password: after a reload a rider can use the code they have, or another address', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(rider)
  await page.goto('/forgot.html')
  await page.getByLabel('Email').fill(rider.email)
  await page.getByRole('button', { name: 'Send code' }).click()
  await expect(page.getByRole('heading', { name: 'Choose a new password' })).toBeVisible()
  await page.reload()
  await expect(page.getByLabel('Account')).toHaveValue(rider.email)
  expect(await site.pool.emailsTo(rider.email)).toHaveLength(2)
  await page.getByRole('button', { name: 'Change password' }).click()
  await expectErrorSummary(page, ['Enter the 6-digit code', 'Enter a password'])
  await page.getByRole('button', { name: 'Use another email address' }).click()
  const heading = page.getByRole('heading', { level: 1 })
  await expect(heading).toHaveText('Reset your password')
  await expect(heading).toBeFocused()
  await expect(page).toHaveTitle('Reset your password – Wild Rydes')
  await expect(page.locator('#error-summary')).toBeHidden()

  await page.getByLabel('Email').fill('other@example.com')
  await page.getByRole('button', { name: 'Send code' }).click()
  await expect(page.getByLabel('Account')).toHaveValue('other@example.com')
})

test('reset password: a rider who has a code already types their address once', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(rider)
  await site.pool.call('ForgotPassword', {
    ClientId,
    Username: rider.email,
  })
  await page.goto('/forgot.html')
  await page.getByLabel('Email').fill(rider.email)
  await page.getByRole('button', { name: 'I already have a code' }).click()
  await page.getByLabel('Verification code').fill(await site.pool.latestCodeFor(rider.email))
  await page.getByLabel('New password').fill('Pegasus-5678')
  await page.getByRole('button', { name: 'Change password' }).click()
  await expect(page).toHaveURL(/signin/)
  await expect(page.getByRole('status')).toHaveText(/password is changed/)
  expect(await page.getByLabel('Email or username').inputValue()).toBe(rider.email)
})

/** Opens the reset page for a rider who has a code, and fills it in. */
async function fillReset(page: Page, reset: { email: string; code: string; password: string }) {
  await page.goto('/forgot.html')
  await page.getByLabel('Email').fill(reset.email)
  await page.getByRole('button', { name: 'I already have a code' }).click()
  await page.getByLabel('Verification code').fill(reset.code)
  await page.getByLabel('New password').fill(reset.password)
}

/** Registers a rider and requests a reset code. @returns the code */
async function requestResetCode({ pool }: Site, rider: Rider): Promise<string> {
  await pool.createConfirmedUser(rider)
  await pool.call('ForgotPassword', { ClientId, Username: rider.email })
  return pool.latestCodeFor(rider.email)
}

test('reset password: a code works once', async ({ page, site, rider }) => {
  const code = await requestResetCode(site, rider)
  const change = page.getByRole('button', { name: 'Change password' })
  await fillReset(page, { ...rider, code, password: 'Pegasus-5678' })
  await change.click()
  await expect(page).toHaveURL(/signin/)
  await fillReset(page, { ...rider, code, password: 'Pegasus-9999' })
  await change.click()
  await expectErrorSummary(page, [codeRefused])
  await expectInvalidAndSelected(page.getByLabel('Verification code'), code)
})

test('rate limit: after 15 wrong reset codes the right one is refused too', async ({
  page,
  site,
  rider,
}) => {
  const code = await requestResetCode(site, rider)
  const field = page.getByLabel('Verification code')
  const change = page.getByRole('button', { name: 'Change password' })
  await fillReset(page, { ...rider, code: codeOtherThan(code), password: 'Pegasus-5678' })
  await change.click()
  await expectErrorSummary(page, [codeRefused])
  for (let guess = 2; guess < 15; guess += 1) {
    await site.pool.call('ConfirmForgotPassword', {
      ClientId,
      Username: rider.email,
      ConfirmationCode: codeOtherThan(code),
      Password: 'Pegasus-5678',
    })
  }
  await change.click()
  await expectErrorSummary(page, [codeRefused])
  for (const typed of [codeOtherThan(code), code]) {
    await field.fill(typed)
    await change.click()
    await expectErrorSummary(page, ['Too many tries. Wait an hour at most, then try again.'])
    await expect(field).toHaveValue(typed)
    await expect(page.getByLabel('New password')).toHaveValue('Pegasus-5678')
  }
})

test.describe('in a pool that requires longer passwords than the page knows of', () => {
  test.use({ template: withPool({ Policies: { PasswordPolicy: { MinimumLength: 12 } } }) })

  test('reset password: a new password that only the pool finds too short is selected, and the error says so', async ({
    page,
    site,
    rider,
  }) => {
    const code = await requestResetCode(site, rider)
    await fillReset(page, { ...rider, code, password: 'Pegasus-5' })
    await page.getByRole('button', { name: 'Change password' }).click()
    await expectErrorSummary(page, ['Choose a longer password'])
    await expectInvalidAndSelected(page.getByLabel('New password'), 'Pegasus-5')
    await expect(page.getByLabel('Verification code')).toHaveValue(code)
    await page.getByLabel('New password').fill('Pegasus-5678')
    await page.getByRole('button', { name: 'Change password' }).click()
    await expect(page).toHaveURL(/signin/)
  })
})
