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
    'Enter your password',
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
