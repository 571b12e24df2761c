/** The main road: register, verify, sign in, ride. */

import type { Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'
import { expectRidePage, fillRegistration, fillSignIn } from './rider-acts.ts'

test('a rider goes from home to the ride page by mouse', async ({ page, site, rider }) => {
  await page.goto('/')
  await expect(page.getByRole('link', { name: 'Sign in' })).toBeVisible()
  await page.getByRole('link', { name: 'Giddy Up!' }).click()
  await expect(page).toHaveTitle(/^Create your account/)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Create your account')
  await expect(page.getByRole('link', { name: 'Sign in' })).toBeVisible()

  await fillRegistration(page, rider)
  await page.getByRole('button', { name: "Let's Ryde" }).click()
  await expect(page).toHaveURL(`${site.origin}/verify.html`)
  await expect(page.getByText(`We emailed a 6-digit code to ${rider.email}`)).toBeVisible()
  await expect(page.getByText(/spam/)).toBeVisible()
  await expect(page.getByLabel('Email')).toHaveValue(rider.email)

  await page
    .getByLabel('Verification code')
    .pressSequentially(await site.pool.latestCodeFor(rider.email))
  await expect(page).toHaveURL(`${site.origin}/signin.html`)
  await expect(page.getByRole('status')).toHaveText(/verified/)
  await expect(page.getByLabel('Email or username')).toHaveValue(rider.email)

  await page.getByLabel('Password', { exact: true }).fill(rider.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expectRidePage(page)
  await expect(page.getByText(`You are signed in as ${rider.email}`)).toBeVisible()
})

test('a rider goes the whole road by keyboard alone', async ({ page, site, rider }) => {
  await page.goto('/')
  await tabTo(page, 'Giddy Up!')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/register/)
  await tabTo(page, 'Email')
  await page.keyboard.type(rider.email)
  await page.keyboard.press('Tab')
  await page.keyboard.type(rider.password)
  await tabTo(page, 'Confirm password')
  await page.keyboard.type(rider.password)
  await page.keyboard.press('Enter')

  await expect(page).toHaveURL(/verify/)
  await tabTo(page, 'Verification code')
  await page.keyboard.type(await site.pool.latestCodeFor(rider.email))

  await expect(page).toHaveURL(/signin/)
  await tabTo(page, 'Password')
  await page.keyboard.type(rider.password)
  await page.keyboard.press('Enter')
  await expectRidePage(page)
  await tabTo(page, 'Sign out')
  await page.keyboard.press('Space')
  await expect(page).toHaveURL(/signin/)
})

test('a user whom the operator confirms by hand can sign in', async ({ page, site, rider }) => {
  await page.goto('/register.html')
  await fillRegistration(page, { ...rider, email: 'invented@nowhere.invalid' })
  await page.getByRole('button', { name: "Let's Ryde" }).click()
  await expect(page).toHaveURL(/verify/)

  await page.goto('/console/users')
  await expect(page.getByRole('row', { name: /invented@nowhere\.invalid/ })).toContainText(
    'UNCONFIRMED',
  )
  await page.getByRole('button', { name: 'Confirm user invented@nowhere.invalid' }).click()
  await expect(page.getByRole('status')).toHaveText('The user is confirmed.')
  expect(await site.pool.statusOf('invented@nowhere.invalid')).toBe('CONFIRMED')

  await page.goto('/signin.html')
  await fillSignIn(page, { ...rider, email: 'invented@nowhere.invalid' })
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expectRidePage(page)
})

/** Presses Tab until the element with this accessible name has the focus. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 20; presses += 1) {
    await page.keyboard.press('Tab')
    const focused = page.locator(':focus')
    const label = await focused.evaluate((element) =>
      element instanceof HTMLInputElement
        ? (element.labels?.[0]?.textContent ?? '')
        : (element.textContent ?? ''),
    )
    if (label.trim().startsWith(name)) return
  }
  throw new Error(`Tab does not reach "${name}" on ${page.url()}`)
}
