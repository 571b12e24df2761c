/** Trying too often: how long to wait is said in words, nothing tells who has an account, and it ends. */

import type { Page } from '@playwright/test'
import { expect, poolApi, test } from '../support/fixtures.ts'
import {
  expectProblems,
  expectRidePage,
  fillAsManager,
  fillSignIn,
  register,
} from '../support/rider-actions.ts'

const ClientId = 'wildrydeswebapplocal000000'

async function tryToSignIn(page: Page, credentials: { email: string; password: string }) {
  await fillSignIn(page, credentials)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByText('There is a problem')).toBeVisible()
}

/** What the summary says, with the links in it. */
async function problemText(page: Page): Promise<string> {
  return (await page.locator('#error-summary').innerText()).replace(/\s+/g, ' ')
}

const incorrect = 'The email or username and the password do not match.'

test('wrong passwords end in a wait that is told, the same for an unknown name, and then over', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(rider)
  const nobody = { ...rider, email: 'nobody@example.com' }
  const told: Record<string, string[]> = {}
  for (const { email } of [nobody, rider]) {
    await page.goto('/signin.html?next=%2Fride.html%3Fpickup%3D1')
    // From the tenth on the wait is one that no machine outlasts.
    for (let failures = 1; failures <= 10; failures += 1) {
      // Each wait has passed before the next try.
      if (failures > 5) await site.pool.advanceClock(2 ** (failures - 6))
      await tryToSignIn(page, { email, password: 'Unicorn-wrong-1' })
      told[email] = [...(told[email] ?? []), await problemText(page)]
      await expect(page.getByLabel('Password', { exact: true })).toHaveValue('')
      const reset = page.locator('#error-summary').getByRole('link', { name: 'Reset the password' })
      if (failures > 5) await expect(reset).toBeVisible()
    }
    // Even the right password has to wait.
    await tryToSignIn(page, { email, password: rider.password })
    told[email] = [...(told[email] ?? []), (await problemText(page)).replace(/\d+ s/, '… s')]
  }
  expect(told[rider.email]).toEqual(told[nobody.email])
  expect(told[rider.email]?.slice(0, 4)).toEqual(
    Array(4).fill(`There is a problem ${incorrect} Enter them again.`),
  )
  for (const [index, wait] of ['1 second', '2 seconds', '4 seconds'].entries()) {
    expect(told[rider.email]?.[4 + index]).toContain(
      `${incorrect} After so many tries, wait about ${wait} before the next one.`,
    )
  }

  expect(told[rider.email]?.at(-1)).toContain(
    'There were too many tries. Wait about … seconds, then try again.',
  )
  await page.getByRole('link', { name: 'Reset the password' }).click()
  await expect(page).toHaveURL(/forgot\.html\?next=/)
  await expect(page.getByLabel('Email')).toHaveValue(rider.email)

  await site.pool.advanceClock(32)
  await page.goBack()
  await fillSignIn(page, rider)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expectRidePage(page)
  await expect(page).toHaveURL(`${site.origin}/ride.html?pickup=1`)
})

test('no wait is told to be longer than fifteen minutes, and none where none is known', async ({
  page,
  rider,
}) => {
  const refuse = async (message: string) => {
    await page.unroute(poolApi)
    await page.route(poolApi, (route) =>
      route.fulfill({ status: 400, json: { __type: 'NotAuthorizedException', message } }),
    )
  }
  await page.clock.install()
  await page.goto('/signin.html')
  // The time stands still: what is told depends on no machine.
  await page.clock.pauseAt(Date.now() + 3_600_000)
  await refuse('Password attempts exceeded')
  await tryToSignIn(page, rider)
  expect(await problemText(page)).toContain('Wait a few minutes, a quarter of an hour at most')

  await refuse('Incorrect username or password.')
  for (const wait of [
    ...['', '', '', '', '1 second', '2 seconds', '4 seconds', '8 seconds', '16 seconds'],
    ...['32 seconds', '64 seconds', '3 minutes', '5 minutes', '9 minutes', '15 minutes'],
    ...['15 minutes', '15 minutes'],
  ]) {
    await tryToSignIn(page, { ...rider, email: wait ? rider.email.toUpperCase() : rider.email })
    expect(await problemText(page)).toContain(
      wait ? `wait about ${wait} before` : 'Enter them again.',
    )
  }
  await refuse('Password attempts exceeded')
  await tryToSignIn(page, rider)
  expect(await problemText(page)).toContain('Wait about 15 minutes, then try again.')
  await page.clock.runFor(14 * 60_000)
  await tryToSignIn(page, rider)
  expect(await problemText(page)).toContain('Wait about 60 seconds, then try again.')
  // Another name has not failed here.
  await refuse('Incorrect username or password.')
  await tryToSignIn(page, { ...rider, email: 'other@example.com' })
  expect(await problemText(page)).not.toContain('wait')
})

for (const status of [400, 429]) {
  test(`too many requests, told by ${status}, give the form a rest and send nothing by themselves`, async ({
    page,
    site,
    rider,
  }) => {
    await site.pool.createConfirmedUser(rider)
    let calls = 0
    await page.route(poolApi, (route) => {
      calls += 1
      return route.fulfill({
        status,
        json: { __type: 'TooManyRequestsException', message: 'Rate exceeded' },
      })
    })
    await page.clock.install()
    await page.goto('/signin.html')
    await page.clock.pauseAt(Date.now() + 3_600_000)
    await fillAsManager(page, rider)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await expectProblems(page, [
      'There are too many requests at the moment. Wait a moment and try again.',
    ])
    const button = page.getByRole('button', { name: 'Sign in' })
    await expect(button).toHaveText('Sign in in 10 s')
    await expect(button).toHaveAttribute('aria-disabled', 'true')
    const password = page.getByLabel('Password', { exact: true })
    await expect(password).toHaveValue(rider.password)

    await page.clock.runFor(3000)
    await expect(button).toHaveText('Sign in in 7 s')
    await password.press('Enter')
    await button.click({ force: true })
    await page.clock.runFor(6000)
    await expect(button).toHaveText('Sign in in 1 s')
    await password.press('Enter')
    await page.clock.runFor(1000)
    await expect(button).toHaveText('Sign in')
    await expect(button).not.toHaveAttribute('aria-disabled')
    await expect(page.getByRole('status')).toHaveText('You can try again now.')
    await page.clock.runFor(60_000)
    expect(calls).toBe(1)

    await page.unroute(poolApi)
    await password.press('Enter')
    await expectRidePage(page)
  })
}

test('codes asked for too often are refused for up to an hour, whoever asks', async ({
  page,
  site,
  rider,
}) => {
  await register(page, rider)
  const upToAnHour = 'That was tried too often. It can take up to an hour until you can try again.'
  const askOften = async (operation: string, Username: string) => {
    for (let asked = 0; asked < 5; asked += 1)
      await site.pool.call(operation, { ClientId, Username })
  }
  await askOften('ResendConfirmationCode', rider.email)
  const letters = (await site.pool.lettersTo(rider.email)).length
  const resend = page.getByRole('button', { name: 'Resend code' })
  await resend.click()
  await expectProblems(page, [upToAnHour])
  await expect(resend).toHaveText('Resend code')
  await expect(resend).not.toHaveAttribute('aria-disabled')
  await expect(page.getByRole('status')).not.toHaveText(/on its way/)

  await page.getByLabel('Verification code').fill(await site.pool.latestCodeFor(rider.email))
  await expect(page).toHaveURL(/signin/)
  for (const email of [rider.email, 'nobody@example.com']) {
    await askOften('ForgotPassword', email)
    await page.goto('/forgot.html')
    await page.getByLabel('Email').fill(email)
    await page.getByRole('button', { name: 'Send code' }).click()
    await expectProblems(page, [upToAnHour])
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Reset your password')
    await expect(page.getByLabel('Email')).toHaveValue(email)
  }
  expect(await site.pool.lettersTo(rider.email)).toHaveLength(letters + 5)

  await site.pool.advanceClock(3600)
  await page.getByLabel('Email').fill(rider.email)
  await page.getByRole('button', { name: 'Send code' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Choose a new password')
})
