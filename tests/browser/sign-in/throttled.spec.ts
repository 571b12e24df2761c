/**
 * TooManyRequestsException at a sign-in: the form waits, counts down, and sends InitiateAuth once more by itself, unless the
 * rider stops it. A proof is never sent again without a press.
 */

import type { Page } from '@playwright/test'
import { routeCalls, watchOperations } from '../support/calls.ts'
import { stopClock } from '../support/clocks.ts'
import { expect, type Rider, test } from '../support/fixtures.ts'
import { autofillSignIn, expectErrorSummary, expectRidePage } from '../support/rider-actions.ts'

const going = [
  'Many riders are signing in right now.',
  /^We try once more when the countdown ends\. Stop$/,
]
const stopped = ['Many riders are signing in right now.', 'Stopped. Press “Sign in” to try again.']
const tooMany = ['Too many requests right now. Wait a moment, then try again.']

const signInButton = (page: Page) => page.getByRole('button', { name: /^Sign in(?! with)/ })
const stopButton = (page: Page) => page.getByRole('button', { name: 'Stop' })
const password = (page: Page) => page.getByLabel('Password', { exact: true })

/** Opens the form with everything typed. The clock stands still, and chance is the middle: the first wait is 8 seconds. */
async function openFilled(page: Page, rider: Rider): Promise<void> {
  await page.addInitScript(() => {
    Math.random = () => 0.5
  })
  await page.clock.install()
  await page.goto('/signin.html')
  await stopClock(page)
  // Not the focus, which asks for a challenge ahead.
  await autofillSignIn(page, rider)
  await page.getByLabel('Keep me signed in').check()
}

async function refuse(page: Page, operation: string, times: number, status = 400): Promise<void> {
  let left = times
  await routeCalls(page, operation, (route) => {
    left -= 1
    if (left < 0) return route.fallback()
    const json = { __type: 'TooManyRequestsException', message: 'Rate exceeded' }
    return route.fulfill({ status, json })
  })
}

async function expectTyped(page: Page, rider: Rider): Promise<void> {
  await expect(page.getByLabel('Email or username')).toHaveValue(rider.email)
  await expect(password(page)).toHaveValue(rider.password)
  await expect(page.getByLabel('Keep me signed in')).toBeChecked()
}

test.beforeEach(async ({ site, rider }) => {
  await site.pool.createConfirmedUser(rider)
})

for (const status of [400, 429]) {
  test(`rate limit: after TooManyRequestsException with status ${status} the form says so, counts down, and goes on by itself once`, async ({
    page,
    rider,
  }) => {
    await openFilled(page, rider)
    await refuse(page, 'InitiateAuth', 1, status)
    const operations = watchOperations(page)
    await signInButton(page).click()
    await expectErrorSummary(page, going)
    const button = signInButton(page)
    await expect(button).toHaveText('Sign in in 8 s')
    await expect(button).toHaveAttribute('aria-disabled', 'true')
    await expectTyped(page, rider)

    await page.clock.runFor(3000)
    await expect(button).toHaveText('Sign in in 5 s')
    await password(page).press('Enter')
    await button.click({ force: true })
    await page.clock.runFor(4500)
    await expect(button).toHaveText('Sign in in 1 s')
    expect(operations).toEqual(['InitiateAuth'])
    await page.clock.runFor(1000)
    await page.clock.resume()
    await expectRidePage(page)
    expect(operations.slice(0, 3)).toEqual([
      'InitiateAuth',
      'InitiateAuth',
      'RespondToAuthChallenge',
    ])
  })
}

test('rate limit: "Stop" ends it: nothing is sent, everything typed stays, and a press signs in', async ({
  page,
  rider,
}) => {
  await openFilled(page, rider)
  await refuse(page, 'InitiateAuth', 1)
  const operations = watchOperations(page)
  await signInButton(page).click()
  await expectErrorSummary(page, going)
  await page.clock.runFor(2000)
  await stopButton(page).press('Enter')
  await expectErrorSummary(page, stopped)
  await expect(page.locator('#error-summary')).toBeFocused()
  await expect(signInButton(page)).toHaveText('Sign in in 6 s')
  await page.clock.runFor(7000)
  await expect(signInButton(page)).toHaveText('Sign in')
  await expect(page.getByRole('status')).toHaveText('You can try again now.')
  await page.clock.runFor(600_000)
  expect(operations).toEqual(['InitiateAuth'])
  await expectTyped(page, rider)
  await page.clock.resume()
  await signInButton(page).click()
  await expectRidePage(page)
})

for (const [what, change] of [
  ['something else is typed', (page: Page) => password(page).press('x')],
  [
    'the tab is out of sight',
    (page: Page) =>
      page.evaluate(() =>
        Object.defineProperty(document, 'visibilityState', { get: () => 'hidden' }),
      ),
  ],
] as const) {
  test(`rate limit: nothing is sent by itself when ${what}`, async ({ page, rider }) => {
    await openFilled(page, rider)
    await refuse(page, 'InitiateAuth', 1)
    const operations = watchOperations(page)
    await signInButton(page).click()
    await expectErrorSummary(page, going)
    await change(page)
    await page.clock.runFor(60_000)
    await expectErrorSummary(page, stopped)
    await expect(signInButton(page)).not.toHaveAttribute('aria-disabled')
    expect(operations).toEqual(['InitiateAuth'])
  })
}

test('rate limit: a service that refuses for ever gets two requests for a press, and waits grow', async ({
  page,
  rider,
}) => {
  await openFilled(page, rider)
  await refuse(page, 'InitiateAuth', Number.POSITIVE_INFINITY)
  const operations = watchOperations(page)
  await signInButton(page).click()
  await expect(signInButton(page)).toHaveText('Sign in in 8 s')
  await page.clock.runFor(8250)
  await expectErrorSummary(page, tooMany)
  await expect(stopButton(page)).toHaveCount(0)
  await expect(signInButton(page)).toHaveText('Sign in in 13 s')
  await page.clock.runFor(3_600_000)
  expect(operations).toEqual(['InitiateAuth', 'InitiateAuth'])
  await expectTyped(page, rider)

  await signInButton(page).click()
  await expectErrorSummary(page, going)
  await page.clock.runFor(8250)
  await expectErrorSummary(page, tooMany)
  await page.clock.runFor(3_600_000)
  expect(operations).toHaveLength(4)
  await expectTyped(page, rider)
})

test('rate limit: a proof that is refused is not sent again without a press', async ({
  page,
  rider,
}) => {
  await openFilled(page, rider)
  await refuse(page, 'RespondToAuthChallenge', 1)
  const operations = watchOperations(page)
  await signInButton(page).click()
  await expectErrorSummary(page, tooMany)
  await expect(stopButton(page)).toHaveCount(0)
  await page.clock.runFor(3_600_000)
  expect(operations).toEqual(['InitiateAuth', 'RespondToAuthChallenge'])
  await expectTyped(page, rider)
  await page.clock.resume()
  await signInButton(page).click()
  await expectRidePage(page)
})

test('rate limit: a code that is refused stays in its field and is not sent again by itself', async ({
  page,
  site,
}) => {
  await page.clock.install()
  await page.goto('/verify.html')
  await stopClock(page)
  await refuse(page, 'ConfirmSignUp', 1)
  const operations = watchOperations(page)
  await page.getByLabel('Email').fill('other@example.com')
  await page.getByLabel('Verification code').fill('123456')
  await expectErrorSummary(page, tooMany)
  await page.clock.runFor(3_600_000)
  await expect(page.getByLabel('Verification code')).toHaveValue('123456')
  expect(operations).toEqual(['ConfirmSignUp'])
  expect(await site.pool.emailsTo('other@example.com')).toHaveLength(0)
})
