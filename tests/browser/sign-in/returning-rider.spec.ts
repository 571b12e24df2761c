/** Who is signed in already, and who signed in last. */

import { signOut } from '../support/account-actions.ts'
import { expect, test } from '../support/fixtures.ts'
import {
  expectErrorSummary,
  expectRidePage,
  openSignedIn,
  signIn,
  submitSignIn,
} from '../support/rider-actions.ts'

for (const path of ['/signin.html', '/register.html']) {
  test(`signed in: ${path} says who is in, and leads to the ride or out`, async ({
    page,
    site,
    rider,
  }) => {
    await site.pool.createConfirmedUser(rider)
    await openSignedIn(page, site, rider)
    await page.goto(path)
    await expect(page.getByText('Signed in as')).toContainText(rider.email)
    await page.getByRole('link', { name: 'Continue' }).click()
    await expectRidePage(page)
    await page.goto(path)
    await page.getByRole('button', { name: 'Sign out' }).click()
    await expect(page.getByRole('status')).toHaveText('You are signed out.')
    await expect(page.getByText('Signed in as')).toHaveCount(0)
    await page.goto('/ride.html')
    await expect(page).toHaveURL(/signin/)
  })
}

test('signed in: "Giddy Up!" leads to the ride', async ({ page, site, rider }) => {
  await page.goto('/')
  const link = page.getByRole('link', { name: 'Giddy Up!' })
  await expect(link).toHaveAttribute('href', 'register.html')
  await site.pool.createConfirmedUser(rider)
  await openSignedIn(page, site, rider)
  await page.goto('/')
  await page.getByRole('link', { name: 'Giddy Up!' }).click()
  await expectRidePage(page)
})

test('last user name: it is filled in at the next visit if the rider wanted to stay signed in, until they use another account', async ({
  page,
  context,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(rider)
  await signIn(page, rider, { rememberMe: true })
  await signOut(page)
  const next = await context.newPage()
  await page.close()
  await next.goto(`${site.origin}/signin.html`)
  const username = next.getByLabel('Email or username')
  await expect(username).toHaveValue(rider.email)
  await expect(next.getByLabel('Password', { exact: true })).toBeFocused()
  await next.getByRole('button', { name: 'Use another account' }).click()
  await expect(username).toHaveValue('')
  await expect(username).toBeFocused()

  const later = await context.newPage()
  await later.goto(`${site.origin}/signin.html`)
  await expect(later.getByRole('button', { name: 'Sign in', exact: true })).toBeEnabled()
  await expect(later.getByLabel('Email or username')).toHaveValue('')
})

test('last user name: it is not kept without "Keep me signed in"', async ({
  page,
  context,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(rider)
  await signIn(page, rider)
  await signOut(page)
  const next = await context.newPage()
  await next.goto(`${site.origin}/signin.html`)
  await expect(next.getByRole('button', { name: 'Sign in', exact: true })).toBeEnabled()
  await expect(next.getByLabel('Email or username')).toHaveValue('')
})

test('changed address: a refused sign-in says which address may still be the one', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(rider)
  await page.goto('/signin.html')
  await submitSignIn(page, { ...rider, email: 'new@example.com' })
  await expectErrorSummary(page, [/don't match/])
  await expect(
    page.getByText('try an earlier one, such as the one you registered with'),
  ).toBeVisible()
})
