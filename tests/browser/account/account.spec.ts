/** The account page: changing the password, leaving for good or everywhere, and what happens elsewhere. */

import type { Page } from '@playwright/test'
import {
  accountField,
  ClientId,
  changeEmail,
  expectAccountPage,
  expectSelected,
  expectSignInPage,
  meetCalls,
  openAccount,
  signInToAccount,
  signOut,
  storedToken,
  UserPoolId,
  watchCalls,
} from '../support/account-actions.ts'
import { launchWithBackForwardCache } from '../support/chromium.ts'
import {
  expect,
  poolApi,
  type Rider,
  type Site,
  test,
  watchForTrouble,
} from '../support/fixtures.ts'
import { expectProblems, fillSignIn, signIn, tokenKeys } from '../support/rider-actions.ts'

const other: Rider = { email: 'other@example.com', password: 'Pegasus-5678' }
const newPassword = 'Pegasus-5678'
const sessionEnded = 'Your session has ended. Sign in again.'

test.beforeEach(async ({ site, rider }) => {
  await site.pool.createConfirmedUser(rider)
})

async function fillPasswordChange(page: Page, current: string, proposed: string): Promise<void> {
  await page.getByLabel('Current password', { exact: true }).fill(current)
  await page.getByLabel('New password', { exact: true }).fill(proposed)
}

/** Whether the pool has a user of this name. */
async function exists({ pool }: Site, Username: string): Promise<boolean> {
  return (await pool.call('AdminGetUser', { UserPoolId, Username })).status === 200
}

function refresh({ pool }: Site, RefreshToken: string) {
  return pool.call('GetTokensFromRefreshToken', { ClientId, RefreshToken })
}

test('/.well-known/change-password leads password managers to the form, and no other path does', async ({
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

test('it asks to sign in first, then shows the form with the focus near it; signed in, at once', async ({
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
  await fillSignIn(page, rider)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expectForm()
  await page.goto('/')
  await page.goto('/.well-known/change-password')
  await expectForm()
})

test('the password is changed by whoever knows it, to one that keeps the rules', async ({
  page,
  rider,
}) => {
  await signInToAccount(page, rider)
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
  await expect(rules.filter({ hasText: '✓ met' })).toHaveText([/lowercase/, /uppercase/])
  await expect(rules.filter({ hasText: '○ not met' })).toHaveText([
    /8 characters/,
    /number/,
    /symbol/,
  ])
  await change.click()
  await expectProblems(page, [
    'Enter your password',
    'Choose a password with at least 8 characters, a number, and a symbol such as ! or #',
  ])

  await fillPasswordChange(page, 'wrong', newPassword)
  await expect(rules.filter({ hasText: '✓ met' })).toHaveCount(5)
  await change.click()
  await expectProblems(page, ['This is not your current password. Enter it again.'])
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
  await fillSignIn(page, rider)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expectProblems(page, [/do not match/])
  await signIn(page, { ...rider, password: newPassword })
})

test('a new password that only the service refuses is named; pressed twice, it is sent once', async ({
  page,
  rider,
}) => {
  await signInToAccount(page, rider)
  const calls = watchCalls(page, 'ChangePassword')
  let answer = () => {}
  const mayAnswer = new Promise<void>((resolve) => {
    answer = resolve
  })
  await meetCalls(page, 'ChangePassword', async (route) => {
    await mayAnswer
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
  answer()
  await expectProblems(page, ['The service did not accept this password. Choose another one.'])
  await expectSelected(page.getByLabel('New password', { exact: true }), newPassword)
  await expect(page.getByLabel('Current password', { exact: true })).toHaveValue(rider.password)
  expect(calls).toHaveLength(1)
})

test('"Sign out everywhere" ends the sessions of other browsers, which say so at their next step', async ({
  page,
  browser,
  site,
  rider,
}) => {
  const steps = [(device: Page) => device.reload(), (device: Page) => device.goto('/account.html')]
  const devices = await Promise.all(
    steps.map(async (nextStep) => {
      const context = await browser.newContext({ baseURL: site.origin })
      const device = await context.newPage()
      return { context, device, nextStep, trouble: watchForTrouble(device) }
    }),
  )
  for (const { device } of devices) await signIn(device, rider)
  await signInToAccount(page, rider)
  await page.getByRole('button', { name: 'Sign out everywhere' }).click()
  await expectSignInPage(page, 'You are signed out, here and on all other devices.')
  expect(await tokenKeys(page)).toEqual([])

  for (const { context, device, nextStep, trouble } of devices) {
    const refreshToken = await storedToken(device, 'refreshToken')
    expect((await refresh(site, refreshToken)).status).toBe(400)
    await nextStep(device)
    await expectSignInPage(device, sessionEnded)
    expect(await tokenKeys(device)).toEqual([])
    expect(trouble).toEqual([])
    await context.close()
  }
})

test('without a network "Sign out everywhere" does what it can here, and says what it cannot', async ({
  page,
  rider,
}) => {
  await signInToAccount(page, rider, { lasting: true })
  await meetCalls(page, 'GlobalSignOut', (route) => route.abort())
  await page.getByRole('button', { name: 'Sign out everywhere' }).click()
  await expectSignInPage(
    page,
    'You are signed out here. Other devices could not be reached: sign in and try it once more.',
  )
  expect(await tokenKeys(page)).toEqual([])
})

test('an account is deleted when that is confirmed, and other browsers are told', async ({
  page,
  browser,
  site,
  rider,
}) => {
  const context = await browser.newContext({ baseURL: site.origin })
  const elsewhere = await context.newPage()
  await signInToAccount(elsewhere, rider)
  await signInToAccount(page, rider, { lasting: true })
  const calls = watchCalls(page, 'DeleteUser')
  const deletion = page.getByRole('button', { name: 'Delete account' })
  const box = page.getByLabel(/^Delete my account/)

  await deletion.click()
  await expectProblems(page, ['Confirm that your account shall be deleted'])
  expect(calls).toEqual([])

  await meetCalls(page, 'DeleteUser', (route) =>
    route.fulfill({ status: 500, json: { __type: 'InternalErrorException', message: 'x' } }),
  )
  await box.check()
  await deletion.click()
  await expectProblems(page, [/^The service has trouble at the moment/])
  await expect(box).toBeChecked()
  expect(await exists(site, rider.email)).toBe(true)
  expect(await tokenKeys(page)).toHaveLength(5)

  await page.unrouteAll()
  await deletion.click()
  await expectSignInPage(page, 'Your account is deleted.')
  expect(await tokenKeys(page)).toEqual([])
  expect(await exists(site, rider.email)).toBe(false)
  await fillSignIn(page, rider)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expectProblems(page, [/do not match/])

  await elsewhere.reload()
  await expectSignInPage(elsewhere, sessionEnded)
  expect(await tokenKeys(elsewhere)).toEqual([])
  await context.close()
})

test('a deletion asked for offline is neither done later by itself nor said to be', async ({
  page,
  context,
  rider,
}) => {
  await signInToAccount(page, rider)
  await page.clock.install()
  const calls = watchCalls(page, 'DeleteUser')
  await page.getByLabel(/^Delete my account/).check()
  await context.setOffline(true)
  await page.getByRole('button', { name: 'Delete account' }).click()
  await expectProblems(page, [/^You seem to be offline/])
  expect(calls).toHaveLength(1)
  await context.setOffline(false)
  await expect(page.getByRole('status')).toHaveText('You are online again.')
  // Other forms are sent two seconds after this.
  await page.clock.runFor(5000)
  expect(calls).toHaveLength(1)
  await expectAccountPage(page)
  await expect(page.getByText('There is a problem')).toBeVisible()
  await expect(page.getByText('is sent when you are online again')).toHaveCount(0)
})

test('signing out in one of three tabs shows in the others, untouched', async ({
  page,
  context,
  rider,
}) => {
  await signIn(page, rider, { lasting: true })
  const account = await context.newPage()
  const home = await context.newPage()
  const trouble = [watchForTrouble(account), watchForTrouble(home)]
  const accountLink = home.getByRole('link', { name: 'Your account', exact: true })
  await openAccount(account)
  await home.goto('/')
  await expect(accountLink).toBeVisible()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await Promise.all([
    expect(account).toHaveURL(/\/signin\.html/, { timeout: 1000 }),
    expect(home.getByRole('link', { name: 'Sign in' })).toBeVisible({ timeout: 1000 }),
  ])
  await expect(accountLink).toBeHidden()
  await expectSignInPage(account, sessionEnded)
  for (const tab of [page, account, home]) expect(await tokenKeys(tab)).toEqual([])
  expect(trouble).toEqual([[], []])
})

test('the page becomes the rider’s who signs in in another tab, and nothing of the first stays', async ({
  page,
  context,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(other)
  await signInToAccount(page, rider, { lasting: true })
  await changeEmail(page, 'new@example.com')
  await expect(page.getByText('new@example.com', { exact: true })).toBeVisible()
  await page.getByLabel('New email').fill('secret@example.com')
  await page.getByLabel('Current password', { exact: true }).fill(rider.password)

  const tab = await context.newPage()
  await signIn(tab, other, { lasting: true })
  await expect(page.getByRole('status')).toHaveText(
    'Someone else has signed in on this browser. This page is theirs now.',
  )
  await expect(page.getByText('You are signed in as')).toHaveText(
    `You are signed in as ${other.email}.`,
  )
  await expect(accountField(page)).toHaveValue(other.email)
  await expect(page.getByLabel('New email')).toHaveValue('')
  await expect(page.getByLabel('Current password', { exact: true })).toHaveValue('')
  const left = await page.evaluate(() => document.documentElement.textContent)
  for (const words of [rider.email, 'new@example.com']) expect(left).not.toContain(words)
})

test.describe('in a tab that sleeps while another rider signs in in another', () => {
  test.beforeEach(async ({ page, site, rider }) => {
    await site.pool.createConfirmedUser(other)
    await page.addInitScript(() => {
      addEventListener('storage', (event) => event.stopImmediatePropagation(), { capture: true })
    })
    await signInToAccount(page, rider, { lasting: true })
  })

  test('what the first one begins after that is done to neither', async ({
    page,
    context,
    site,
    rider,
  }) => {
    await signIn(await context.newPage(), other, { lasting: true })
    const calls = watchCalls(page, 'DeleteUser')
    await page.getByLabel(/^Delete my account/).check()
    await page.getByRole('button', { name: 'Delete account' }).click()
    await expect(page.getByRole('status')).toHaveText(/^Someone else has signed in/)
    await expect(page.getByText('You are signed in as')).toContainText(other.email)
    expect(calls).toEqual([])
    expect(await exists(site, rider.email)).toBe(true)
    expect(await exists(site, other.email)).toBe(true)
  })

  test('what the first one began before is not done to the second', async ({
    page,
    context,
    site,
    rider,
  }) => {
    const refreshToken = await storedToken(page, 'refreshToken')
    // The other sign-in ends this rider's session, so the call on its way is refused.
    let isFirst = true
    await meetCalls(page, 'DeleteUser', async (route) => {
      if (!isFirst) return route.continue()
      isFirst = false
      await signIn(await context.newPage(), other, { lasting: true })
      await expect.poll(async () => (await refresh(site, refreshToken)).status).toBe(400)
      return route.continue()
    })
    await page.getByLabel(/^Delete my account/).check()
    await page.getByRole('button', { name: 'Delete account' }).click()
    await expect(page.getByText(rider.email).first()).toBeHidden({ timeout: 20_000 })
    expect(await exists(site, rider.email)).toBe(true)
    expect(await exists(site, other.email)).toBe(true)
  })
})

test('Back brings up nothing of a rider who is not signed in any more', async ({
  site,
  rider,
  launchOptions,
}) => {
  const browser = await launchWithBackForwardCache(launchOptions)
  try {
    const page = await browser.newPage({ baseURL: site.origin })
    await signInToAccount(page, rider)
    await page.evaluate(() => {
      addEventListener('pageshow', ({ persisted }) => {
        const note = (text: string) =>
          sessionStorage.setItem('seen', JSON.stringify([persisted, text]))
        // What the next frame shows is the first that she could see, if the page is not left before.
        note('')
        requestAnimationFrame(() => note(document.body.innerText))
      })
    })
    await page.getByRole('link', { name: 'Wild Rydes' }).click()
    await expect(page).toHaveURL(/\/$/)
    // As by "Clear site data": a word to other tabs would throw the kept page away.
    await page.evaluate(() => {
      sessionStorage.clear()
      history.back()
    })
    await expect(page).toHaveURL(/\/signin\.html/)
    const seen = await page.evaluate(() => sessionStorage.getItem('seen'))
    const [isKeptPage, text] = JSON.parse(seen ?? '[]')
    expect(isKeptPage).toBe(true)
    expect(text).not.toContain(rider.email)
  } finally {
    await browser.close()
  }
})

test('an account that the operator has switched off leads to sign-in at the next act', async ({
  page,
  site,
  rider,
}) => {
  await signInToAccount(page, rider)
  await site.pool.call('AdminDisableUser', { UserPoolId, Username: rider.email })
  await page.getByRole('button', { name: 'Set up an authenticator app' }).click()
  await expectSignInPage(page, sessionEnded)
  expect(await tokenKeys(page)).toEqual([])
})

test('a lost network is told and ends nothing; the page opens when asked again', async ({
  page,
  rider,
}) => {
  await signInToAccount(page, rider)
  await page.route(poolApi, (route) => route.abort())
  await fillPasswordChange(page, rider.password, newPassword)
  await page.getByRole('button', { name: 'Change password' }).click()
  await expectProblems(page, [
    'The service could not be reached. Check your connection and try again.',
  ])
  await expect(page.getByLabel('New password', { exact: true })).toHaveValue(newPassword)
  expect(await tokenKeys(page)).toHaveLength(5)

  await page.reload()
  await expect(page.getByRole('alert')).toHaveText(/^The service could not be reached/)
  await expect(page.getByText('You are signed in as')).toBeHidden()
  expect(await tokenKeys(page)).toHaveLength(5)
  await page.unrouteAll()
  await page.getByRole('button', { name: 'Try again' }).click()
  await expectAccountPage(page)
  await expect(page.getByRole('alert')).toBeHidden()
})
