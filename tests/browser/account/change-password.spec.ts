/** Changing the password on the account page, and the URL that password managers open for it. */

import {
  accountField,
  expectInvalidAndSelected,
  fillPasswordChange,
  newPassword,
  openAccountSignedIn,
  signOut,
} from '../support/account-actions.ts'
import { createGate, routeCalls, watchCalls } from '../support/calls.ts'
import { expect, test } from '../support/fixtures.ts'
import { expectErrorSummary, signIn, submitSignIn } from '../support/rider-actions.ts'

test.beforeEach(async ({ site, rider }) => {
  await site.pool.createConfirmedUser(rider)
})

test('change-password URL: /.well-known/change-password redirects to the form, and an unknown /.well-known path is a 404', async ({
  site,
}) => {
  const redirect = await fetch(`${site.origin}/.well-known/change-password`, { redirect: 'manual' })
  expect(redirect.status).toBe(302)
  expect(redirect.headers.get('Location')).toBe('/account.html#change-password')
  const path = 'resource-that-should-not-exist-whose-status-code-should-not-be-200'
  const missing = await fetch(`${site.origin}/.well-known/${path}`, { redirect: 'manual' })
  expect(missing.status).toBe(404)
  const page = await fetch(`${site.origin}/account.html`)
  expect(page.status).toBe(200)
  for (const name of ['Content-Security-Policy', 'X-Content-Type-Options', 'X-Frame-Options']) {
    expect(page.headers.get(name), name).not.toBeNull()
    expect(missing.headers.get(name), name).toBe(page.headers.get(name))
    expect(redirect.headers.get(name), name).toBe(page.headers.get(name))
  }
})

test('change-password URL: the form opens with its heading focused, after signing in or at once when signed in', async ({
  page,
  rider,
}) => {
  const expectForm = async () => {
    await expect(page).toHaveURL(/\/account\.html#change-password$/)
    await expect(page.getByRole('heading', { name: 'Password', exact: true })).toBeFocused()
    await expect(page.getByRole('heading', { name: 'Password', exact: true })).toBeInViewport()
    await expect(page.getByLabel('Current password', { exact: true })).toBeVisible()
    await expect(page.getByLabel('New password', { exact: true })).toBeVisible()
  }
  await page.goto('/.well-known/change-password')
  await expect(page).toHaveURL(/\/signin\.html\?next=/)
  await submitSignIn(page, rider)
  await expectForm()
  await page.goto('/')
  await page.goto('/.well-known/change-password')
  await expectForm()
})

test('change password: the current password must be right and the new one must follow the rules; then only the new one signs in', async ({
  page,
  site,
  rider,
}) => {
  await openAccountSignedIn(page, site, rider)
  const current = page.getByLabel('Current password', { exact: true })
  const proposed = page.getByLabel('New password', { exact: true })
  const change = page.getByRole('button', { name: 'Change password' })
  const form = page.locator('form', { has: change })
  await expect(accountField(page)).toHaveValue(rider.email)
  await expect(accountField(page)).toHaveAttribute('autocomplete', 'username')
  await expect(current).toHaveAttribute('autocomplete', 'current-password')
  await expect(proposed).toHaveAttribute('autocomplete', 'new-password')

  await proposed.pressSequentially('Unicorn')
  const rules = form.getByRole('listitem')
  const met = rules.filter({ hasText: / met$/, hasNotText: 'not met' })
  await expect(met).toHaveText([/^Lowercase/, /^Uppercase/])
  await expect(rules.filter({ hasText: / not met$/ })).toHaveText([
    /8 characters/,
    /^Number/,
    /^Symbol/,
  ])
  await change.click()
  await expectErrorSummary(page, [
    'Enter your current password',
    'Choose a password with at least 8 characters, a number, and a symbol such as ! or #',
  ])

  await fillPasswordChange(page, 'wrong', newPassword)
  await expect(met).toHaveCount(5)
  await change.click()
  await expectErrorSummary(page, ["That isn't your current password. Enter it again."])
  await expect(current).toHaveValue('')
  await expect(current).toBeFocused()
  await expect(proposed).toHaveValue(newPassword)

  await current.fill(rider.password)
  await change.click()
  await expect(page.getByRole('status')).toHaveText(/^Your password is changed\./)
  await expect(page.getByRole('alert')).toBeHidden()
  await expect(current).toHaveValue('')
  await expect(proposed).toHaveValue('')

  await signOut(page)
  await submitSignIn(page, rider)
  await expectErrorSummary(page, [/don't match/])
  await signIn(page, { ...rider, password: newPassword })
})

test('change password: a double click sends one call, and a password that only the service refuses stays selected with its error', async ({
  page,
  site,
  rider,
}) => {
  await openAccountSignedIn(page, site, rider)
  const calls = watchCalls(page, 'ChangePassword')
  const gate = createGate()
  await routeCalls(page, 'ChangePassword', async (route) => {
    await gate.opened
    await route.fulfill({
      status: 400,
      json: { __type: 'PasswordHistoryPolicyViolationException', message: 'Used before' },
    })
  })
  await fillPasswordChange(page, rider.password, newPassword)
  await page.getByRole('button', { name: 'Change password' }).dblclick()
  const busy = page.getByRole('button', { name: 'Changing your password…' })
  await expect(busy).toBeFocused()
  await expect(busy).toHaveAttribute('aria-disabled', 'true')
  gate.open()
  await expectErrorSummary(page, ["The service didn't accept this password. Choose another one."])
  await expectInvalidAndSelected(page.getByLabel('New password', { exact: true }), newPassword)
  await expect(page.getByLabel('Current password', { exact: true })).toHaveValue(rider.password)
  expect(calls).toHaveLength(1)
})

test('change password: the current password again is named as the same, in either form of its accents, and nothing is sent', async ({
  page,
  site,
}) => {
  const account = { email: 'zoe@example.com', password: 'Zo\u00eb-unicorn-1' }
  await site.pool.createConfirmedUser(account)
  await openAccountSignedIn(page, site, account)
  const calls = watchCalls(page, 'ChangePassword')
  for (const proposed of [account.password, account.password.normalize('NFD')]) {
    await fillPasswordChange(page, account.password, proposed)
    await page.getByRole('button', { name: 'Change password' }).click()
    await expectErrorSummary(page, [
      'This is the same as your current password. Choose another one',
    ])
  }
  expect(calls).toEqual([])

  await page.getByLabel('New password', { exact: true }).fill('Zoe\u0308-pegasus-2')
  await page.getByRole('button', { name: 'Change password' }).click()
  await expect(page.getByRole('status')).toHaveText(/^Your password is changed\./)
  expect(calls).toMatchObject([{ ProposedPassword: 'Zo\u00eb-pegasus-2' }])
})

test('change password: a current password that was refused goes out in its NFC form at the next press', async ({
  page,
  site,
}) => {
  const account = { email: 'zoe@example.com', password: 'Zo\u00eb-unicorn-1' }
  await site.pool.createConfirmedUser(account)
  await openAccountSignedIn(page, site, account)
  const calls = watchCalls(page, 'ChangePassword')
  const typed = account.password.normalize('NFD')
  await fillPasswordChange(page, typed, newPassword)
  await page.getByRole('button', { name: 'Change password' }).click()
  await expectErrorSummary(page, ["That isn't your current password. Enter it again."])
  expect(calls).toMatchObject([{ PreviousPassword: typed }])
  await page.getByLabel('Current password', { exact: true }).fill(typed)
  await page.getByRole('button', { name: 'Change password' }).click()
  await expect(page.getByRole('status')).toHaveText(/^Your password is changed\./)
  expect(calls).toMatchObject([{ PreviousPassword: typed }, { PreviousPassword: account.password }])
})

test('error summary: on a page with several forms it lists the errors of the form that was sent last, and no other field stays marked', async ({
  page,
  site,
  rider,
}) => {
  await openAccountSignedIn(page, site, rider)
  await page.getByRole('button', { name: 'Change email' }).click()
  await expectErrorSummary(page, ['Enter your email address'])
  await page.getByRole('button', { name: 'Delete account' }).click()
  await expectErrorSummary(page, ['Check the box to delete your account'])
  await expect(page.locator('[aria-invalid]')).toHaveCount(1)
  await expect(page.locator('#new-email-error')).toBeHidden()

  await fillPasswordChange(page, 'wrong', newPassword)
  await page.getByRole('button', { name: 'Change password' }).click()
  await expectErrorSummary(page, ["That isn't your current password. Enter it again."])
  await expect(page.locator('[aria-invalid]')).toHaveCount(1)
  await expect(page.locator('#delete-confirmed-error')).toBeHidden()

  await page.getByRole('button', { name: 'Set up an authenticator app' }).click()
  await expect(page.getByRole('heading', { name: 'Set up your app' })).toBeFocused()
  await expect(page.getByText('There is a problem')).toBeHidden()
  await expect(page.locator('[aria-invalid]')).toHaveCount(0)
})
