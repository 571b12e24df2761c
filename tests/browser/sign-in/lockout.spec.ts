/** Lockout and rate limits: the page says how long to wait, and not whether an account exists. */

import type { Page } from '@playwright/test'
import { expect, poolApi, test } from '../support/fixtures.ts'
import {
  expectErrorSummary,
  expectRidePage,
  fillSignIn,
  pressSignIn,
  register,
  submitSignIn,
} from '../support/rider-actions.ts'

const ClientId = 'wildrydeswebapplocal000000'

async function tryToSignIn(page: Page, credentials: { email: string; password: string }) {
  await submitSignIn(page, credentials)
  await expect(page.getByText('There is a problem')).toBeVisible()
}

/** The text of the error summary, with its links. */
async function problemText(page: Page): Promise<string> {
  return (await page.locator('#error-summary').innerText()).replace(/\s+/g, ' ')
}

const incorrect = "The email or username and the password don't match."

test('lockout: wrong passwords lead to a wait that the button counts down, is the same for an unknown name, and ends', async ({
  page,
  site,
  rider,
}) => {
  // From the start: a countdown begun by the browser's own timers could not be ended by those of the test's clock.
  await page.clock.install()
  await site.pool.createConfirmedUser(rider)
  const nobody = { ...rider, email: 'nobody@example.com' }
  const messages: Record<string, string[]> = {}
  let passedSeconds = 0
  const button = page.getByRole('button', { name: /^Sign in(?! with)/ })
  for (const { email } of [nobody, rider]) {
    await page.goto('/signin.html?next=%2Fride.html%3Fpickup%3D1')
    // After ten failures the wait is longer than the slowest machine takes for the next try.
    for (let failures = 1; failures <= 10; failures += 1) {
      if (failures > 5) {
        // The wait after each failure is over before the next try.
        const seconds = 2 ** (failures - 6)
        passedSeconds += seconds
        await site.pool.advanceClock(seconds)
        await page.clock.setSystemTime(Date.now() + passedSeconds * 1000)
        await expect(page.getByRole('status')).toHaveText('You can try again now.')
        await expect(button).toHaveText('Sign in')
      }
      await tryToSignIn(page, { email, password: 'Unicorn-wrong-1' })
      messages[email] = [...(messages[email] ?? []), await problemText(page)]
      await expect(page.getByLabel('Password', { exact: true })).toHaveValue('')
      const reset = page
        .locator('#error-summary')
        .getByRole('link', { name: 'Reset your password' })
      if (failures >= 5) await expect(reset).toBeVisible()
    }
    await expect(button).toHaveAttribute('aria-disabled', 'true')
    await expect(button).toHaveText(/^Sign in in (\d|[123]\d) s$/)
    // The right password has to wait too, also after a reload, which knows of no wait before the service says so.
    await page.reload()
    await tryToSignIn(page, { email, password: rider.password })
    messages[email] = [
      ...(messages[email] ?? []),
      (await problemText(page)).replace(/\d+ s/, '… s'),
    ]
  }
  expect(messages[rider.email]).toEqual(messages[nobody.email])
  expect(messages[rider.email]?.slice(0, 4)).toEqual(
    Array(4).fill(`There is a problem ${incorrect} Check both and try again.`),
  )
  for (const [index, wait] of ['1 second', '2 seconds', '4 seconds'].entries()) {
    expect(messages[rider.email]?.[4 + index]).toContain(
      `${incorrect} Wait about ${wait}, then try again.`,
    )
  }
  const waiting = 'Too many tries. Wait about … seconds, then try again.'
  expect(messages[rider.email]?.at(-1)).toContain(waiting)

  // Another tab of this browser says the same.
  const other = await page.context().newPage()
  await other.clock.setSystemTime(Date.now() + passedSeconds * 1000)
  await other.goto('/signin.html')
  await tryToSignIn(other, rider)
  expect((await problemText(other)).replace(/\d+ s/, '… s')).toContain(waiting)
  expect(await other.evaluate(() => JSON.stringify({ ...localStorage }))).not.toContain('rider')
  await other.close()

  await page.getByRole('link', { name: 'Reset your password' }).click()
  await expect(page).toHaveURL(/forgot\.html\?next=/)
  await expect(page.getByLabel('Email')).toHaveValue(rider.email)

  await site.pool.advanceClock(32)
  await page.goBack()
  await page.reload()
  await submitSignIn(page, rider)
  await expectRidePage(page)
  await expect(page).toHaveURL(`${site.origin}/ride.html?pickup=1`)
  expect(await page.evaluate(() => localStorage.length)).toBe(0)
})

test('lockout: the page names no wait longer than fifteen minutes, tells until when, and what it knows of one name is not said of another', async ({
  page,
  rider,
}) => {
  const failWith = async (message: string) => {
    await page.unroute(poolApi)
    await page.route(poolApi, (route) =>
      route.fulfill({ status: 400, json: { __type: 'NotAuthorizedException', message } }),
    )
  }
  const timeIn = (minutes: number) =>
    page.evaluate(
      (ms) => new Intl.DateTimeFormat('en', { timeStyle: 'short' }).format(Date.now() + ms),
      minutes * 60_000,
    )
  await page.clock.install()
  await page.goto('/signin.html')
  // The clock stands still, at a full minute, so that the named waits do not depend on the machine's speed.
  await page.clock.pauseAt(Math.ceil(Date.now() / 60_000) * 60_000 + 3_600_000)
  await failWith('Password attempts exceeded')
  await tryToSignIn(page, rider)
  expect(await problemText(page)).toContain(
    `Too many tries. Wait a few minutes, 15 at most: until ${await timeIn(15)}. Then try again.`,
  )
  const button = page.getByRole('button', { name: /^Sign in(?! with)/ })
  await expect(button).not.toHaveAttribute('aria-disabled')

  await failWith('Incorrect username or password.')
  for (const wait of [
    ...['', '', '', '', '1 second', '2 seconds', '4 seconds', '8 seconds', '16 seconds'],
    ...['32 seconds', '64 seconds', '3 minutes', '5 minutes', '9 minutes', '15 minutes'],
    ...['15 minutes', '15 minutes'],
  ]) {
    await page.reload()
    await tryToSignIn(page, { ...rider, email: wait ? rider.email.toUpperCase() : rider.email })
    expect(await problemText(page)).toContain(
      wait ? `Wait about ${wait}, ` : 'Check both and try again.',
    )
  }
  await expect(button).toHaveText('Sign in in 15 min')
  await page.reload()
  await failWith('Password attempts exceeded')
  await tryToSignIn(page, rider)
  expect(await problemText(page)).toContain(
    `Too many tries. Wait about 15 minutes, until ${await timeIn(15)}, then try again.`,
  )
  await page.clock.runFor(14 * 60_000)
  await expect(button).toHaveText('Sign in in 60 s')
  await page.reload()
  await tryToSignIn(page, rider)
  expect(await problemText(page)).toContain('Wait about 60 seconds, until')

  // The waits are counted for each user name: another one can be signed in at once.
  await expect(button).toHaveText('Sign in in 60 s')
  await failWith('Incorrect username or password.')
  await fillSignIn(page, { ...rider, email: 'other@example.com' })
  await page.clock.runFor(300)
  await expect(button).toHaveText('Sign in')
  await pressSignIn(page)
  await expect(page.locator('#error-summary')).toContainText('Check both and try again.')
  expect(await problemText(page)).not.toContain('wait')
})

test('lockout: when its words cannot be fetched, a wrong password is still told', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(rider)
  await page.route('**/assets/lockout-*.js', (route) => route.abort())
  await page.goto('/signin.html')
  await tryToSignIn(page, { ...rider, password: 'Unicorn-wrong-1' })
  expect(await problemText(page)).toContain(`${incorrect} Check both and try again.`)
})

test('rate limit: codes requested too often are refused for up to an hour, for known and unknown addresses', async ({
  page,
  site,
  rider,
}) => {
  await page.clock.install()
  await register(page, rider)
  const upToAnHour = 'Too many tries. Wait an hour at most, then try again.'
  const requestOften = async (operation: string, Username: string) => {
    for (let asked = 0; asked < 5; asked += 1)
      await site.pool.call(operation, { ClientId, Username })
  }
  await requestOften('ResendConfirmationCode', rider.email)
  const emails = (await site.pool.emailsTo(rider.email)).length
  const resend = page.getByRole('button', { name: 'Resend code' })
  await page.clock.runFor(30_000)
  await resend.click()
  await expectErrorSummary(page, [upToAnHour])
  await expect(resend).toHaveText('Resend code')
  await expect(resend).not.toHaveAttribute('aria-disabled')
  await expect(page.getByRole('status')).not.toHaveText(/on its way/)

  await page.getByLabel('Verification code').fill(await site.pool.latestCodeFor(rider.email))
  await expectRidePage(page)
  for (const email of [rider.email, 'nobody@example.com']) {
    await requestOften('ForgotPassword', email)
    await page.goto('/forgot.html')
    await page.getByLabel('Email').fill(email)
    await page.getByRole('button', { name: 'Send code' }).click()
    await expectErrorSummary(page, [upToAnHour])
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Reset your password')
    await expect(page.getByLabel('Email')).toHaveValue(email)
  }
  expect(await site.pool.emailsTo(rider.email)).toHaveLength(emails + 5)

  await site.pool.advanceClock(3600)
  await page.getByLabel('Email').fill(rider.email)
  await page.getByRole('button', { name: 'Send code' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Choose a new password')
})
