/** Registering: errors, existing accounts, and one sign-up for each submit. */

import { createGate, routeCalls, watchOperations, watchPosts } from '../support/calls.ts'
import { expect, poolApi, test } from '../support/fixtures.ts'
import {
  expectErrorSummary,
  expectRidePage,
  fillRegistration,
  signIn,
} from '../support/rider-actions.ts'

test('error summary: an empty form lists its errors in field order, and nothing is sent', async ({
  page,
}) => {
  await page.goto('/register.html')
  const calls = watchPosts(page)
  await page.getByLabel('Email').press('Enter')
  await expectErrorSummary(page, [
    'Enter your email address',
    'Enter a password',
    'Enter the password again',
  ])
  await expect(page.locator('#error-summary')).toBeFocused()
  for (const [link, field] of [
    ['Enter your email address', 'Email'],
    ['Enter a password', 'Password'],
    ['Enter the password again', 'Confirm password'],
  ] as const) {
    await page.getByRole('link', { name: link }).click()
    const input = page.getByLabel(field, { exact: true })
    await expect(input).toBeFocused()
    await expect(input).toHaveAccessibleDescription(new RegExp(`Error: ${link}`))
    await expect(input).toHaveAttribute('aria-invalid', 'true')
  }
  expect(calls).toEqual([])
})

test('field errors: an error disappears when the value is right, and "Error:" leaves the title with the last one', async ({
  page,
  rider,
}) => {
  await page.goto('/register.html')
  await page.getByLabel('Email').press('Enter')
  await fillRegistration(page, rider)
  await expect(page.getByText('There is a problem')).toBeHidden()
  await expect(page).toHaveTitle(/^Create your account/)
})

test('confirm password: different passwords are reported when the second field loses focus, until they are the same', async ({
  page,
  rider,
}) => {
  await page.goto('/register.html')
  await fillRegistration(page, rider)
  await page.getByLabel('Confirm password').fill('Unicorn-9999')
  await expect(page.getByText("Password and Confirm password don't match")).toBeHidden()
  await page.getByLabel('Confirm password').press('Tab')
  await expect(page.getByText("Password and Confirm password don't match")).toBeVisible()
  await page.getByLabel('Password', { exact: true }).fill('Unicorn-9999')
  await expect(page.getByText("Password and Confirm password don't match")).toBeHidden()
})

test('existing account: the error links to sign-in and to the password reset, each with the address filled in', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(rider)
  for (const [link, field] of [
    ['Sign in', 'Email or username'],
    ['Reset your password', 'Email'],
  ] as const) {
    await page.goto('/register.html')
    await fillRegistration(page, { ...rider, email: rider.email.toUpperCase() })
    await page.getByRole('button', { name: "Let's Ryde" }).click()
    const summary = page.locator('#error-summary')
    await expect(summary).toContainText('already has an account')
    await summary.getByRole('link', { name: link }).click()
    await expect(page.getByLabel(field)).toHaveValue(rider.email.toUpperCase())
  }
})

test('double submit: two presses make one sign-up, and the busy button keeps its width and the focus', async ({
  page,
  site,
  rider,
}) => {
  await page.goto('/register.html')
  const calls = watchOperations(page)
  const gate = createGate()
  await routeCalls(page, 'SignUp', async (route) => {
    await gate.opened
    await route.continue()
  })
  await fillRegistration(page, rider)
  const button = page.getByRole('button', { name: "Let's Ryde" })
  const { width } = (await button.boundingBox()) ?? { width: 0 }
  await button.dblclick()
  const busy = page.getByRole('button', { name: 'Creating your account…' })
  await expect(busy).toBeFocused()
  await expect(busy).toHaveAttribute('aria-disabled', 'true')
  expect((await busy.boundingBox())?.width).toBeGreaterThanOrEqual(width)
  await expect(page.getByRole('status')).toHaveText('Creating your account…')
  await page.keyboard.press('Enter')
  gate.open()
  await expect(page).toHaveURL(/verify/)
  expect(calls).toEqual(['SignUp'])
  expect(await site.pool.emailsTo(rider.email)).toHaveLength(1)
})

test('show password: a shown password is hidden again when the form is submitted', async ({
  page,
  rider,
}) => {
  await page.goto('/register.html')
  await fillRegistration(page, { ...rider, email: 'not an address' })
  const password = page.getByLabel('Password', { exact: true })
  await page.getByRole('button', { name: 'Show password' }).click()
  await expect(password).toHaveAttribute('type', 'text')
  const hide = page.getByRole('button', { name: 'Hide password' })
  await expect(hide).toBeFocused()
  await hide.click()
  await expect(password).toHaveAttribute('type', 'password')
  await page.getByRole('button', { name: 'Show confirmed password' }).click()
  await page.getByRole('button', { name: "Let's Ryde" }).click()
  await expect(page.getByLabel('Confirm password')).toHaveAttribute('type', 'password')
})

for (const [typed, sent] of [
  ['  rider@example.com ', 'rider@example.com'],
  ['Rider+Tag@Example.com', 'Rider+Tag@Example.com'],
  ["o'hara@example.com", "o'hara@example.com"],
  ['rider@bücher.example', 'rider@xn--bcher-kva.example'],
  [`${'a'.repeat(64)}@${'b'.repeat(51)}.example.com`, undefined],
] as const) {
  test(`email address: ${JSON.stringify(typed)} is registered as ${sent ?? 'it is'}, and signs in`, async ({
    page,
    site,
    rider,
  }) => {
    const email = sent ?? typed
    await page.goto('/register.html')
    await page.getByLabel('Email').evaluate((input, value) => {
      if (input instanceof HTMLInputElement) input.value = value
    }, typed)
    await page.getByLabel('Password', { exact: true }).fill(rider.password)
    await page.getByLabel('Confirm password').fill(rider.password)
    await page.getByRole('button', { name: "Let's Ryde" }).click()
    await expect(page).toHaveURL(/verify/)
    await page.getByLabel('Verification code').fill(await site.pool.latestCodeFor(email))
    await expectRidePage(page)
    // The domain may be typed in its Unicode form.
    for (const name of [email.toUpperCase(), typed.trim()]) {
      await signIn(page, { ...rider, email: name })
    }
  })
}

/** @param length of the whole address, characters */
function toAddressOf(length: number): string {
  const domain = '@example.com'
  return 'a'.repeat(length - domain.length) + domain
}

test('email address: malformed and too long ones are rejected with what was expected', async ({
  page,
  rider,
}) => {
  await page.goto('/register.html')
  for (const [email, sentence] of [
    ['rider', 'like name@example.com'],
    ['rider@', 'like name@example.com'],
    ['ri der@example.com', 'like name@example.com'],
    // 128 is Cognito's limit for user names; an address itself may have 254.
    [toAddressOf(129), '128 characters or fewer'],
    [toAddressOf(254), '128 characters or fewer'],
  ] as const) {
    await fillRegistration(page, { ...rider, email })
    await page.getByRole('button', { name: "Let's Ryde" }).click()
    await expect(page.locator('#email-error')).toContainText(sentence)
    await expect(page.getByLabel('Email')).toHaveValue(email)
  }
})

test('reload: a rider who reloads during a slow sign-up can still verify their address', async ({
  page,
  site,
  rider,
}) => {
  await page.goto('/register.html')
  await fillRegistration(page, rider)
  await page.route(poolApi, async (route) => {
    await route.fetch()
    await page.reload()
    await page.unroute(poolApi)
  })
  await page.getByRole('button', { name: "Let's Ryde" }).click()
  await expect(page.getByLabel('Email')).toHaveValue(rider.email)
  await expect.poll(() => site.pool.emailsTo(rider.email)).toHaveLength(1)
  await fillRegistration(page, rider)
  await page.getByRole('button', { name: "Let's Ryde" }).click()
  await page.getByRole('link', { name: 'Verify your email' }).click()
  await page.getByLabel('Verification code').fill(await site.pool.latestCodeFor(rider.email))
  await expect(page).toHaveURL(/signin/)
  await signIn(page, rider)
  await expectRidePage(page)
})
