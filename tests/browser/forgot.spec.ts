/** Resetting a forgotten password. */

import { expect, test } from './fixtures.ts'
import { expectProblems, signIn } from './rider-acts.ts'

test('a forgotten password is replaced by a new one', async ({ page, site, rider }) => {
  await site.pool.createConfirmedUser(rider)
  await page.goto('/signin.html')
  await page.getByLabel('Email or username').fill(rider.email)
  await page.getByRole('link', { name: 'Forgot password?' }).click()
  await page.getByLabel('Email').fill(rider.email)
  await page.getByRole('button', { name: 'Send code' }).click()
  await expect(page.getByRole('heading', { name: 'Choose a new password' })).toBeFocused()

  const code = await site.pool.latestCodeFor(rider.email)
  await page.getByLabel('New password').fill('Pegasus-5678')
  await page.getByLabel('Verification code').fill(code === '000000' ? '111111' : '000000')
  await page.getByRole('button', { name: 'Change password' }).click()
  await expectProblems(page, [/This code is not right/])
  await expect(page.getByLabel('New password')).toHaveValue('Pegasus-5678')

  await page.getByLabel('Verification code').fill(code)
  await page.getByRole('button', { name: 'Change password' }).click()
  await expect(page).toHaveURL(/signin/)
  await expect(page.getByRole('status')).toHaveText(/password is changed/)
  await expect(page.getByLabel('Email or username')).toHaveValue(rider.email)
  await signIn(page, { ...rider, password: 'Pegasus-5678' })
})

test('known and unknown addresses look the same', async ({ page, site, rider }) => {
  await site.pool.createConfirmedUser(rider)
  const texts: string[] = []
  for (const email of [rider.email, 'nobody@example.com']) {
    await page.goto('/forgot.html')
    await page.getByLabel('Email').fill(email)
    await page.getByRole('button', { name: 'Send code' }).click()
    await expect(page.getByRole('heading', { name: 'Choose a new password' })).toBeVisible()
    texts.push(((await page.locator('main').textContent()) ?? '').replaceAll(email, ''))
  }
  expect(texts[0]).toBe(texts[1])
})

test('a password manager sees whose password it is', async ({ page, site, rider }) => {
  await site.pool.createConfirmedUser(rider)
  await page.goto('/forgot.html')
  await page.getByLabel('Email').fill(rider.email)
  await page.getByRole('button', { name: 'Send code' }).click()
  await expect(page.getByLabel('Account')).toHaveValue(rider.email)
  await expect(page.getByLabel('Account')).toHaveAttribute('autocomplete', 'username')
})

test('a rider who comes back with her code need not ask for another', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(rider)
  await page.goto('/forgot.html')
  await page.getByLabel('Email').fill(rider.email)
  await page.getByRole('button', { name: 'Send code' }).click()
  await expect(page.getByRole('heading', { name: 'Choose a new password' })).toBeVisible()
  await page.reload()
  await page.getByRole('button', { name: 'I already have a code' }).click()
  await expect(page.getByLabel('Account')).toHaveValue(rider.email)
  expect(await site.pool.lettersTo(rider.email)).toHaveLength(2)
  await page.getByRole('button', { name: 'Change password' }).click()
  await expectProblems(page, ['Enter the 6-digit code', 'Enter a password'])
  await page.getByRole('button', { name: 'Ask for a new code' }).click()
  await expect(page.getByRole('heading', { name: 'Ask for a code' })).toBeFocused()
  await expect(page.locator('#problems')).toBeHidden()
})
