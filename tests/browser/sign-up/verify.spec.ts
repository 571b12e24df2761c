/** Verifying the address: right, wrong, pasted and expired codes, and new ones. */

import type { Request } from '@playwright/test'
import { expectInvalidAndSelected } from '../support/account-actions.ts'
import { codeOtherThan } from '../support/authenticator-app.ts'
import { watchCalls, watchOperations } from '../support/calls.ts'
import { stopClock } from '../support/clocks.ts'
import { expect, test } from '../support/fixtures.ts'
import { ClientId } from '../support/pool-client.ts'
import {
  expectErrorSummary,
  expectRidePage,
  holdPageScript,
  register,
  submitSignIn,
} from '../support/rider-actions.ts'

test('verification code: a complete code is submitted once by itself, and after a rejection by the button only', async ({
  page,
  site,
  rider,
}) => {
  await register(page, rider)
  const code = await site.pool.latestCodeFor(rider.email)
  const calls = watchOperations(page)
  const field = page.getByLabel('Verification code')
  await field.pressSequentially(codeOtherThan(code))
  await expectErrorSummary(page, [/That code isn't right/])
  await field.fill('')
  await field.pressSequentially(code)
  expect(calls).toEqual(['ConfirmSignUp'])
  await page.getByRole('button', { name: 'Verify' }).click()
  await expectRidePage(page)
  expect(calls.slice(0, 3)).toEqual(['ConfirmSignUp', 'ConfirmSignUp', 'InitiateAuth'])
})

test('verification code: a rejected code stays selected, and no new one is sent by itself', async ({
  page,
  site,
  rider,
}) => {
  await register(page, rider)
  const code = codeOtherThan(await site.pool.latestCodeFor(rider.email))
  const field = page.getByLabel('Verification code')
  await field.fill(code)
  await expectErrorSummary(page, [/That code isn't right/])
  await expectInvalidAndSelected(field, code)
  expect(await site.pool.emailsTo(rider.email)).toHaveLength(1)
  await expect(page.getByRole('button', { name: 'Resend code' })).toHaveText(/in \d+ s/)
})

for (const [what, format] of [
  [
    'with spaces and a dash',
    (code: string) => `${code.slice(0, 2)} ${code.slice(2, 4)}-${code.slice(4)}`,
  ],
  ['with a line break', (code: string) => ` ${code.slice(0, 3)} ${code.slice(3)}\n`],
  [
    'in full-width digits',
    (code: string) => code.replace(/\d/g, (digit) => String.fromCharCode(0xff10 + Number(digit))),
  ],
] as const) {
  test(`verification code: a code pasted ${what} is accepted`, async ({ page, site, rider }) => {
    await register(page, rider)
    await page.evaluate(
      (text) => navigator.clipboard.writeText(text),
      format(await site.pool.latestCodeFor(rider.email)),
    )
    await page.getByLabel('Verification code').press('ControlOrMeta+v')
    await expectRidePage(page)
  })
}

test('validation: what is not six digits is rejected before it is sent', async ({
  page,
  rider,
}) => {
  await register(page, rider)
  await page.getByRole('button', { name: 'Verify' }).click()
  await expectErrorSummary(page, ['Enter the 6-digit code'])
  await page.getByLabel('Verification code').fill('12ab')
  await page.getByRole('button', { name: 'Verify' }).click()
  await expectErrorSummary(page, ['Enter the code as 6 digits'])
})

test('verification code: an expired code gives an error that says so, and a new one works', async ({
  page,
  site,
  rider,
}) => {
  await page.clock.install()
  await register(page, rider)
  const old = await site.pool.latestCodeFor(rider.email)
  await site.pool.advanceClock(24 * 3600 + 1)
  await page.getByLabel('Verification code').fill(old)
  await expectErrorSummary(page, [/This code no longer works/])
  await page.clock.runFor(30_000)
  await page.getByRole('button', { name: 'Resend code' }).click()
  await expect(page.getByRole('status')).toHaveText(/new code is on its way/)
  await page.getByLabel('Verification code').fill(await site.pool.latestCodeFor(rider.email))
  await page.getByRole('button', { name: 'Verify' }).click()
  await expectRidePage(page)
})

test('resend cooldown: one email is sent, the countdown survives a reload, and only its start and end are announced', async ({
  page,
  site,
  rider,
}) => {
  await page.clock.install()
  await register(page, rider)
  await expect(page.getByRole('status')).toHaveText(/Your account is ready/)
  // The code of the registration has a countdown too.
  await page.clock.runFor(30_000)
  await expect(page.getByRole('status')).toHaveText('You can get a new code now.')
  await page.evaluate(() => {
    const status = document.querySelector('[role=status]')
    if (!status) throw new Error('no status region')
    new MutationObserver(() => {
      const told = JSON.parse(sessionStorage.getItem('told') ?? '[]')
      sessionStorage.setItem('told', JSON.stringify([...told, status.textContent]))
    }).observe(status, { childList: true, characterData: true, subtree: true })
  })
  const button = page.getByRole('button', { name: 'Resend code' })
  await button.click()
  await expect(button).toHaveText(/in 30 s/)
  await expect(button).toHaveAttribute('aria-disabled', 'true')
  expect(await site.pool.emailsTo(rider.email)).toHaveLength(2)

  await page.clock.runFor(10_000)
  await expect(button).toHaveText(/in 20 s/)
  await button.click({ force: true })
  expect(await site.pool.emailsTo(rider.email)).toHaveLength(2)
  await page.clock.runFor(20_000)
  await expect(button).toHaveText('Resend code')
  expect(await page.evaluate(() => sessionStorage.getItem('told'))).toBe(
    JSON.stringify([
      'A new code is on its way. You can get another one in 30 seconds.',
      'You can get a new code now.',
    ]),
  )

  await button.click()
  await expect(button).toHaveText(/in 30 s/)
  await page.clock.runFor(12_000)
  await page.reload()
  await expect(button).toHaveText(/in 1\d s/)
  await expect(page.getByRole('status')).toHaveText('')
  await page.clock.runFor(18_000)
  await expect(button).toHaveText('Resend code')
  await expect(page.getByRole('status')).toHaveText('You can get a new code now.')
})

test('resend cooldown: a wrong code sends no email and does not restart the countdown', async ({
  page,
  site,
  rider,
}) => {
  await page.clock.install()
  await register(page, rider)
  await stopClock(page)
  const resend = page.getByRole('button', { name: 'Resend code' })
  await page.clock.runFor(30_000)
  await resend.click()
  await expect(resend).toHaveText('Resend code in 30 s')
  await page.clock.runFor(10_000)
  await expect(resend).toHaveText('Resend code in 20 s')
  await page
    .getByLabel('Verification code')
    .fill(codeOtherThan(await site.pool.latestCodeFor(rider.email)))
  await expectErrorSummary(page, [/That code isn't right/])
  await expect(resend).toHaveText('Resend code in 20 s')
  await page.clock.runFor(19_000)
  await expect(resend).toHaveText('Resend code in 1 s')
  await page.clock.runFor(1000)
  await expect(resend).toHaveText('Resend code')
  expect(await site.pool.emailsTo(rider.email)).toHaveLength(2)
})

test('verify page: "Change it" leads to the register page with the address filled in and no password', async ({
  page,
  rider,
}) => {
  await register(page, rider)
  await page.getByRole('link', { name: 'Change it' }).click()
  await expect(page).toHaveURL(/register/)
  await expect(page.getByLabel('Email')).toHaveValue(rider.email)
  await expect(page.getByLabel('Password', { exact: true })).toHaveValue('')
  await expect(page.getByLabel('Confirm password')).toHaveValue('')
})

test('verify page: for an address that is verified already it offers sign-in, and keeps the code', async ({
  page,
  site,
  rider,
}) => {
  await register(page, rider)
  const code = await site.pool.latestCodeFor(rider.email)
  await site.pool.call('ConfirmSignUp', {
    ClientId: 'wildrydeswebapplocal000000',
    Username: rider.email,
    ConfirmationCode: code,
  })
  await page.getByLabel('Verification code').fill(code)
  await expect(page.getByText('This email address is already verified.')).toBeVisible()
  await expect(page.getByLabel('Verification code')).toHaveValue(code)
  await expect(page.getByText('We emailed a 6-digit code to')).toBeHidden()
  await page.getByRole('main').getByRole('link', { name: 'Sign in' }).click()
  await expect(page).toHaveURL(/signin/)
  await expect(page.getByLabel('Email or username')).toHaveValue(rider.email)
})

test('UserNotConfirmedException: signing in leads to the verify page with a new code, and then to the page the rider wanted', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.registerUser(rider)
  await page.goto('/ride.html?pickup=1')
  await submitSignIn(page, rider)
  await expect(page).toHaveURL(/verify\.html/)
  await expect(page.getByLabel('Email')).toHaveValue(rider.email)
  await expect.poll(() => site.pool.emailsTo(rider.email)).toHaveLength(2)
  await expect(page.getByRole('status')).toHaveText(/new code is on its way/)
  await page.reload()
  await expect(page.getByRole('button', { name: 'Resend code' })).toHaveText(/in \d+ s/)
  expect(await site.pool.emailsTo(rider.email)).toHaveLength(2)

  await page.getByLabel('Verification code').fill(await site.pool.latestCodeFor(rider.email))
  await expect(page).toHaveURL(/signin\.html/)
  await expect(page.getByLabel('Email or username')).toHaveValue(rider.email)
  await page.getByLabel('Password', { exact: true }).fill(rider.password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expectRidePage(page)
  await expect(page).toHaveURL(`${site.origin}/ride.html?pickup=1`)
})

test('verify page: it mentions no email when none was sent', async ({ page, rider }) => {
  await page.goto('/signin.html')
  await submitSignIn(page, rider)
  await expectErrorSummary(page, [/don't match/])
  await page.goto('/verify.html')
  await expect(page.getByLabel('Email')).toHaveValue(rider.email)
  await expect(page.getByText('We emailed')).toBeHidden()
})

test('early submit: a code typed before the script has loaded is submitted when it has', async ({
  page,
  context,
  site,
  rider,
}) => {
  await register(page, rider)
  const late = await context.newPage()
  await late.addInitScript((email) => sessionStorage.setItem('wildrydes.email', email), rider.email)
  const release = await holdPageScript(late)
  await late.goto(`${site.origin}/verify.html`, { waitUntil: 'commit' })
  await late.getByLabel('Verification code').fill(await site.pool.latestCodeFor(rider.email))
  release()
  await expect(late).toHaveURL(/signin/)
})

test.describe('the link in a verification email', () => {
  let code = ''

  test.beforeEach(async ({ site, rider }) => {
    await site.pool.registerUser(rider)
    code = await site.pool.latestCodeFor(rider.email)
  })

  test('email link: it fills the form in, which the rider sends; it keeps next, and leaves no code in the address bar or the history', async ({
    page,
    site,
    rider,
  }) => {
    const calls = watchCalls(page, 'ConfirmSignUp')
    const requests: Request[] = []
    page.on('request', (request) => requests.push(request))
    const next = new URLSearchParams({ next: '/ride.html?pickup=1#map' })
    const formatted = `${code.slice(0, 2)}%20${code.slice(2, 4)}-${code.slice(4)}`
    await page.goto(
      `/verify.html?${next}&email=${encodeURIComponent(rider.email)}#code=${formatted}`,
    )
    await expect(page).toHaveURL(`${site.origin}/verify.html?${next}`)
    await page.getByRole('button', { name: 'Verify' }).click()
    await expect(page).toHaveURL(`${site.origin}/signin.html?${next}`)
    await expect(page.getByRole('status')).toHaveText(/is verified/)
    await expect(page.getByLabel('Email or username')).toHaveValue(rider.email)
    expect(calls).toHaveLength(1)
    expect(await page.evaluate(() => document.referrer)).not.toContain('rider')

    await page.goBack()
    await expect(page).toHaveURL(`${site.origin}/verify.html?${next}`)
    await expect(page.getByRole('button', { name: 'Verify' })).toBeEnabled()
    await page.goForward()
    await page.getByLabel('Password', { exact: true }).fill(rider.password)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await expectRidePage(page)
    await expect(page).toHaveURL(`${site.origin}/ride.html?pickup=1#map`)
    expect(calls).toHaveLength(1)
    // The first request is the link itself.
    const [, ...others] = requests
    const told = others.map((request) => request.url()).join('\n')
    for (const part of [rider.email, encodeURIComponent(rider.email), code, formatted]) {
      expect(told).not.toContain(part)
    }
  })

  test('email link: no Referer header holds the address', async ({ page, rider }) => {
    const requests: Request[] = []
    page.on('request', (request) => requests.push(request))
    await page.goto(`/verify.html?email=${encodeURIComponent(rider.email)}#code=${code}`)
    await page.getByRole('button', { name: 'Verify' }).click()
    await expect(page).toHaveURL(/signin/)
    const referrers = await Promise.all(requests.map((request) => request.headerValue('referer')))
    expect(referrers.filter((referrer) => referrer?.includes('rider'))).toEqual([])
  })

  test('email link: a rejected code stays in the field and is not tried again by itself', async ({
    page,
    site,
    rider,
  }) => {
    const calls = watchCalls(page, 'ConfirmSignUp')
    await page.goto(
      `/verify.html?email=${encodeURIComponent(rider.email)}#code=${codeOtherThan(code)}`,
    )
    await page.getByRole('button', { name: 'Verify' }).click()
    await expectErrorSummary(page, [/That code isn't right/])
    await expect(page).toHaveURL(`${site.origin}/verify.html`)
    const field = page.getByLabel('Verification code')
    await expect(field).toHaveValue(codeOtherThan(code))
    await expect(field).toBeFocused()
    await expect(page.getByLabel('Email')).toHaveValue(rider.email)

    // A browser may restore the code after a reload, before the script has loaded.
    const release = await holdPageScript(page)
    await page.reload({ waitUntil: 'commit' })
    await field.fill(codeOtherThan(code))
    release()
    await expect(page.getByRole('button', { name: 'Verify' })).toBeEnabled()
    await expect(page.getByLabel('Email')).toHaveValue(rider.email)
    await expect(field).toHaveValue(codeOtherThan(code))
    await expect(page.getByText('There is a problem')).toBeHidden()
    await field.fill('')
    expect(calls).toHaveLength(1)
    expect(await site.pool.emailsTo(rider.email)).toHaveLength(1)
    await field.fill(code)
    await expect(page).toHaveURL(/signin/)
    expect(calls).toHaveLength(2)
  })

  test('email link: a missing code or address can be typed', async ({ page, site, rider }) => {
    const calls = watchCalls(page, 'ConfirmSignUp')
    await page.goto(`/verify.html?email=${encodeURIComponent(rider.email)}`)
    await expect(page).toHaveURL(`${site.origin}/verify.html`)
    await expect(page.getByLabel('Email')).toHaveValue(rider.email)
    await expect(page.getByLabel('Verification code')).toHaveValue('')
    await page.evaluate(() => sessionStorage.clear())

    // Another page first: a new fragment alone would not load the page again.
    await page.goto('/')
    await page.goto(`/verify.html#code=${code}`)
    await expect(page).toHaveURL(`${site.origin}/verify.html`)
    await expect(page.getByLabel('Verification code')).toHaveValue(code)
    await page.getByRole('button', { name: 'Verify' }).click()
    await expectErrorSummary(page, ['Enter your email address'])
    expect(calls).toHaveLength(0)
    await page.getByLabel('Email').fill(rider.email)
    await page.getByLabel('Email').press('Enter')
    await expect(page).toHaveURL(/signin/)
    await expect(page.getByLabel('Email or username')).toHaveValue(rider.email)
    expect(calls).toHaveLength(1)
  })

  test('email link: hostile and very long text is shown as text', async ({ page, site }) => {
    const markup = '"><img src=x onerror=window.__pwned=1><script>window.__pwned=1</script>'
    const calls = watchCalls(page, 'ConfirmSignUp')
    let expectedCalls = 0
    for (const [email, linkedCode] of [
      [markup, markup],
      ['x'.repeat(2000), '1'.repeat(2000)],
      [markup, '123456'],
      [`${'x'.repeat(2000)}@example.com`, '123456'],
      ['javascript:window.__pwned=1', '{{window.__pwned=1}}'],
    ] as const) {
      const isSent = linkedCode === '123456'
      const search = `?email=${encodeURIComponent(email)}`
      await page.goto(`/verify.html${search}#${new URLSearchParams({ code: linkedCode })}`)
      await expect(page).toHaveURL(`${site.origin}/verify.html`)
      await expect(page.getByLabel('Email')).toHaveValue(email)
      await expect(page.getByLabel('Verification code')).toHaveValue(linkedCode)
      await page.getByRole('button', { name: 'Verify' }).click()
      await expect(page.getByText('There is a problem')).toBeVisible()
      expectedCalls += isSent ? 1 : 0
      expect(calls).toHaveLength(expectedCalls)
      expect(await page.evaluate(() => Reflect.get(window, '__pwned'))).toBeUndefined()
      await expect(page.getByRole('main').getByRole('img')).toHaveCount(0)
    }
  })
})

test('rate limit: after 15 wrong verification codes the right one is refused too, for an hour', async ({
  page,
  site,
  rider,
}) => {
  await register(page, rider)
  const code = await site.pool.latestCodeFor(rider.email)
  const field = page.getByLabel('Verification code')
  const verify = page.getByRole('button', { name: 'Verify' })
  await field.fill(codeOtherThan(code))
  await expectErrorSummary(page, [/That code isn't right/])
  for (let guess = 2; guess < 15; guess += 1) {
    await site.pool.call('ConfirmSignUp', {
      ClientId,
      Username: rider.email,
      ConfirmationCode: codeOtherThan(code),
    })
  }
  await verify.click()
  await expectErrorSummary(page, [/That code isn't right/])
  const wait = 'Too many tries. Wait an hour at most, then try again.'
  for (const typed of [codeOtherThan(code), code]) {
    await field.fill(typed)
    await verify.click()
    await expectErrorSummary(page, [wait])
    await expect(field).toHaveValue(typed)
  }
  await site.pool.advanceClock(3600)
  await verify.click()
  await expectRidePage(page)
})
