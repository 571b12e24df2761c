/** The happy path: register, verify, ride; and where its secrets must not appear. */

import type { Request } from '@playwright/test'
import {
  expectAccountPage,
  expectSignInPage,
  signOut,
  storedToken,
} from './support/account-actions.ts'
import { createAuthenticatorApp } from './support/authenticator-app.ts'
import { watchCalls } from './support/calls.ts'
import { expect, test } from './support/fixtures.ts'
import {
  expectRidePage,
  fillRegistration,
  fillSignIn,
  pressSignIn,
  submitSignIn,
  tabTo,
} from './support/rider-actions.ts'
import { openFromMenu, pressSignOut, userMenuButton } from './support/user-menu.ts'

test('happy path: a rider gets from the home page to the ride page by mouse', async ({
  page,
  site,
  rider,
}) => {
  await page.goto('/')
  await expect(page.getByRole('link', { name: 'Sign in' })).toBeVisible()
  await page.getByRole('link', { name: 'Giddy Up!' }).click()
  await expect(page).toHaveTitle(/^Create your account/)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Create your account')
  for (const place of ['banner', 'main'] as const) {
    await expect(page.getByRole(place).getByRole('link', { name: 'Sign in' })).toBeVisible()
  }

  await fillRegistration(page, rider)
  await page.getByRole('button', { name: "Let's Ryde" }).click()
  await expect(page).toHaveURL(`${site.origin}/verify.html`)
  await expect(page.getByText(`We emailed a 6-digit code to ${rider.email}`)).toBeVisible()
  await expect(page.getByText(/spam/)).toBeVisible()
  await expect(page.getByLabel('Email')).toHaveValue(rider.email)

  const tries = watchCalls(page, 'ConfirmSignUp')
  await page
    .getByLabel('Verification code')
    .pressSequentially(await site.pool.latestCodeFor(rider.email))
  await expectRidePage(page)
  await expect(page).toHaveURL(`${site.origin}/ride.html`)
  await expect(page.getByRole('status')).toHaveText(
    "Your email address is verified, and you're signed in.",
  )
  expect(tries).toHaveLength(1)
  await expect(page.getByText(`You are signed in as ${rider.email}`)).toBeVisible()

  await openFromMenu(page, 'Your account')
  await expect(page).toHaveURL(`${site.origin}/account.html`)
  await expect(userMenuButton(page)).toHaveText(rider.email)
  await openFromMenu(page, 'Your ride')
  await expectRidePage(page)
})

test('happy path: a rider gets from the home page to the ride page and signs out by keyboard alone', async ({
  page,
  site,
  rider,
}) => {
  await page.goto('/')
  await tabTo(page, page.getByRole('link', { name: 'Giddy Up!' }))
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/register/)
  await tabTo(page, page.getByLabel('Email'))
  await page.keyboard.type(rider.email)
  await page.keyboard.press('Tab')
  await page.keyboard.type(rider.password)
  await tabTo(page, page.getByLabel('Confirm password'))
  await page.keyboard.type(rider.password)
  await page.keyboard.press('Enter')

  await expect(page).toHaveURL(/verify/)
  await tabTo(page, page.getByLabel('Verification code'))
  await page.keyboard.type(await site.pool.latestCodeFor(rider.email))

  await expectRidePage(page)
  await tabTo(page, userMenuButton(page))
  await page.keyboard.press('Space')
  await tabTo(page, page.getByRole('button', { name: 'Sign out' }))
  await page.keyboard.press('Space')
  await expect(page).toHaveURL(/signin/)
})

test('happy path: a user whom the operator confirms in the console can sign in', async ({
  page,
  site,
  rider,
}) => {
  await page.goto('/register.html')
  await fillRegistration(page, { ...rider, email: 'invented@nowhere.invalid' })
  await page.getByRole('button', { name: "Let's Ryde" }).click()
  await expect(page).toHaveURL(/verify/)

  await page.goto('/console/users')
  await expect(page.getByRole('row', { name: /invented@nowhere\.invalid/ })).toContainText(
    'Unconfirmed',
  )
  await page.getByRole('button', { name: 'Confirm user invented@nowhere.invalid' }).click()
  await expect(page.getByRole('status')).toHaveText('The user is confirmed.')
  expect(await site.pool.statusOf('invented@nowhere.invalid')).toBe('CONFIRMED')

  await page.goto('/signin.html')
  await submitSignIn(page, { ...rider, email: 'invented@nowhere.invalid' })
  await expectRidePage(page)
})

test('secrets: from registering to signing out no password, code or token gets into a URL, a referrer, the console or the page', async ({
  page,
  site,
  rider,
}) => {
  const requests: Request[] = []
  page.on('request', (request) => requests.push(request))
  const consoleLines: string[] = []
  page.on('console', (message) => consoleLines.push(message.text()))
  /** what each page has shown and stored, at the end of each step */
  const pages: { text: string; stored: string; address: string }[] = []
  const recordPage = async () => {
    pages.push(
      await page.evaluate(() => ({
        text: [
          document.title,
          document.documentElement.textContent,
          ...[...document.querySelectorAll('*')].flatMap((element) =>
            [...element.attributes].map(({ value }) => value),
          ),
        ].join('\n'),
        stored: JSON.stringify([sessionStorage, localStorage, document.cookie, history.state]),
        address: `${location.href} ${document.referrer}`,
      })),
    )
  }
  const next = 'Pegasus-5678'
  const codes: string[] = []
  const tokens = new Set<string>()
  const noteTokens = async () => {
    for (const name of ['accessToken', 'refreshToken'] as const) {
      tokens.add(await storedToken(page, name))
    }
  }

  await page.goto('/register.html')
  await fillRegistration(page, rider)
  await recordPage()
  await page.getByRole('button', { name: "Let's Ryde" }).click()
  await expect(page).toHaveURL(/verify/)
  codes.push(await site.pool.latestCodeFor(rider.email))
  await recordPage()
  await page.getByLabel('Verification code').fill(codes[0] ?? '')
  await expectRidePage(page)
  await noteTokens()
  await recordPage()

  await openFromMenu(page, 'Your account')
  await expectAccountPage(page)
  await page.getByLabel('Current password', { exact: true }).fill(rider.password)
  await page.getByLabel('New password', { exact: true }).fill(next)
  await recordPage()
  await page.getByRole('button', { name: 'Change password' }).click()
  await expect(page.getByRole('status')).toHaveText(/^Your password is changed/)
  await recordPage()
  await page.getByRole('button', { name: 'Set up an authenticator app' }).click()
  const key = ((await page.locator('#app-key').textContent()) ?? '').replaceAll(' ', '')
  const app = createAuthenticatorApp(key)
  codes.push(app.code(0))
  await page.getByLabel("I've saved the setup key").check()
  await page.getByLabel('Verification code from the app').fill(codes[1] ?? '')
  await page.getByRole('button', { name: 'Turn on' }).click()
  await expect(page.getByRole('status')).toHaveText(/^Authenticator app turned on/)
  await recordPage()
  await signOut(page)
  await recordPage()

  await fillSignIn(page, { ...rider, password: next })
  await page.getByLabel('Keep me signed in').check()
  await recordPage()
  await pressSignIn(page)
  codes.push(app.code(1))
  await page.getByLabel('Verification code').fill(codes[2] ?? '')
  await recordPage()
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expectRidePage(page)
  await noteTokens()
  await pressSignOut(page)
  await expectSignInPage(page, 'You are signed out.')
  await recordPage()

  const isIn = (secret: string) => {
    const words = /^\d+$/.test(secret) ? new RegExp(`\\b${secret}\\b`) : undefined
    return (text: string) => (words ? words.test(text) : text.includes(secret))
  }
  const inUrl = (secret: string) => [secret, encodeURIComponent(secret), btoa(secret).slice(0, 12)]
  const urls = requests.map((request) => request.url())
  // The headers as the requests began: those of a prerendered page, which is canceled under automation, never end.
  const referrers = requests.map((request) => request.headers().referer)
  expect(referrers.join()).toContain(site.origin)
  expect(tokens.size).toBe(4)
  expect(codes.every((code) => /^\d{6}$/.test(code))).toBe(true)
  expect(key).toMatch(/^[A-Z2-7]{32,}$/)
  for (const secret of [rider.password, next, ...codes, ...tokens, key]) {
    for (const form of inUrl(secret)) {
      expect(urls.filter(isIn(form))).toEqual([])
      expect(referrers.filter((referrer) => isIn(form)(referrer ?? ''))).toEqual([])
      expect(pages.filter(({ address }) => isIn(form)(address))).toEqual([])
    }
    expect(consoleLines.filter(isIn(secret))).toEqual([])
    expect(pages.filter(({ text }) => isIn(secret)(text))).toEqual([])
  }
  for (const secret of [rider.password, next, ...codes, key]) {
    expect(pages.filter(({ stored }) => isIn(secret)(stored))).toEqual([])
  }

  // No other origin gets a request, and the service gets no secret that it does not need.
  expect(urls.filter((url) => new URL(url).origin !== site.origin)).toEqual([])
  const bodies = requests.map((request) => ({
    operation: request.headers()['x-amz-target']?.split('.').at(-1),
    body: request.postData() ?? '',
  }))
  const operationsWith = (secret: string) =>
    bodies.filter(({ body }) => body.includes(secret)).map(({ operation }) => operation)
  expect(operationsWith(rider.password)).toEqual(['SignUp', 'ChangePassword'])
  expect(operationsWith(next)).toEqual(['ChangePassword'])
  expect(operationsWith(key)).toEqual([])
})
