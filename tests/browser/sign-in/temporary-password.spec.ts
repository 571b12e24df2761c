/** Passwords that the operator has a hand in: temporary ones, and those that must be reset. */

import type { Page } from '@playwright/test'
import { expectSelected } from '../support/account-actions.ts'
import { expect, poolApi, type Rider, type Site, test } from '../support/fixtures.ts'
import { withPool } from '../support/pool-templates.ts'
import {
  expectProblems,
  expectRidePage,
  fillSignIn,
  signIn,
  tokenKeys,
} from '../support/rider-actions.ts'

const wanted = '/ride.html?pickup=1#map'

/** Opens a page signed out and gives name and password, with "Keep me signed in" ticked. */
async function givePassword(page: Page, rider: Rider): Promise<void> {
  await page.goto(wanted)
  await expect(page).toHaveURL(/signin\.html\?next=/)
  await fillSignIn(page, rider)
  await page.getByLabel('Keep me signed in').check()
  await page.getByRole('button', { name: 'Sign in' }).click()
}

/** She is in, at the page she wanted, and stays in when the tab is closed. */
async function expectKeptSignedIn(page: Page, site: Site): Promise<void> {
  await expectRidePage(page)
  await expect(page).toHaveURL(site.origin + wanted)
  const inTab = await page.evaluate(() => Object.keys(sessionStorage).join())
  expect(inTab).not.toContain('CognitoIdentityServiceProvider')
  expect(await tokenKeys(page)).toHaveLength(5)
}

test.describe('a rider made by the operator', () => {
  test.beforeEach(({ site, rider }) => site.pool.inviteUser(rider))

  test('chooses a password under the same rules, and is exactly where she wanted to be', async ({
    page,
    site,
    rider,
  }) => {
    await givePassword(page, rider)
    const heading = page.getByRole('heading', { level: 1 })
    await expect(heading).toHaveText('Choose a new password')
    await expect(heading).toBeFocused()
    await expect(page).toHaveTitle('Choose a new password – Wild Rydes')
    expect(await tokenKeys(page)).toEqual([])

    // One form tells a password manager whose password this is.
    const form = page.locator('form').filter({ has: page.getByLabel('New password') })
    const account = form.getByLabel('Account')
    await expect(account).toBeVisible()
    await expect(account).toHaveValue(rider.email)
    await expect(account).toHaveAttribute('autocomplete', 'username')
    await expect(account).toHaveAttribute('readonly', '')
    const password = form.getByLabel('New password')
    await expect(password).toHaveAttribute('autocomplete', 'new-password')

    const rules = form.getByRole('list').getByRole('listitem')
    await expect(rules).toHaveText([/^At least 8/, /lowercase/, /uppercase/, /number/, /symbol/])
    await password.fill('pegasus')
    await expect(rules).toHaveText([/not met/, /✓ met/, /not met/, /not met/, /not met/])
    await password.press('Enter')
    await expectProblems(page, [/^Choose a password with at least 8 characters, .* and a symbol/])
    await expect(password).toHaveValue('pegasus')

    await password.fill('Pegasus-5678')
    await expect(page.getByText('There is a problem')).toBeHidden()
    await expect(rules).toHaveText([/✓ met/, /✓ met/, /✓ met/, /✓ met/, /✓ met/])
    await password.press('Enter')
    await expectKeptSignedIn(page, site)
    expect(await site.pool.statusOf(rider.email)).toBe('CONFIRMED')
  })

  test('who reloads or takes too long gives the temporary password again', async ({
    page,
    site,
    rider,
  }) => {
    await givePassword(page, rider)
    await expect(page.getByLabel('New password')).toBeVisible()
    await page.reload()
    await expect(page.getByLabel('New password')).toHaveCount(0)
    await expect(page.getByLabel('Email or username')).toHaveValue(rider.email)
    const temporary = page.getByLabel('Password', { exact: true })
    await temporary.fill(rider.password)
    await temporary.press('Enter')

    const password = page.getByLabel('New password')
    await password.fill('Pegasus-5678')
    await site.pool.advanceClock(1000)
    await password.press('Enter')
    await expect(page.getByRole('heading', { name: 'Sign in' })).toBeFocused()
    await expect(page.getByRole('status')).toHaveText(
      /^That took too long\. Enter your password again\./,
    )
    await temporary.fill(rider.password)
    await temporary.press('Enter')
    await expect(password).toHaveValue('')
    await password.fill('Pegasus-5678')
    await password.press('Enter')
    await expectKeptSignedIn(page, site)
  })

  test('reads which rule a password broke that only the pool refuses, and can type over it', async ({
    page,
    rider,
  }) => {
    await page.goto('/signin.html')
    await fillSignIn(page, rider)
    await page.getByRole('button', { name: 'Sign in' }).click()
    const password = page.getByLabel('New password')
    await password.fill('Pegasus-5678')
    await page.route(poolApi, (route) =>
      route.fulfill({
        status: 400,
        json: {
          __type: 'InvalidPasswordException',
          message: 'Password does not conform to policy: Password must have symbol characters',
        },
      }),
    )
    await password.press('Enter')
    await expectProblems(page, ['Choose a password with a symbol such as ! or #'])
    await expectSelected(password, 'Pegasus-5678')
    await expect(password).toHaveAccessibleDescription(/Error: Choose a password with a symbol/)
    await page.unroute(poolApi)
    await password.press('Enter')
    await expectRidePage(page)
  })

  test('is refused in plain words when her temporary password is too old', async ({
    page,
    site,
    rider,
  }) => {
    await site.pool.advanceClock(8 * 86_400)
    await givePassword(page, rider)
    const problems = page.locator('#error-summary')
    await expect(problems).toBeVisible()
    expect(await problems.innerText()).not.toContain('Something went wrong')
    await expect(page.getByLabel('Email or username')).toHaveValue(rider.email)
    expect(await tokenKeys(page)).toEqual([])
  })
})

test.describe('in a pool that asks for longer passwords than the page knows of', () => {
  test.use({ template: withPool({ Policies: { PasswordPolicy: { MinimumLength: 12 } } }) })

  test('a new password that is too short is refused without a number, ready to be typed over', async ({
    page,
    site,
    rider,
  }) => {
    await site.pool.inviteUser(rider)
    await page.goto('/signin.html')
    await fillSignIn(page, rider)
    await page.getByRole('button', { name: 'Sign in' }).click()
    const password = page.getByLabel('New password')
    await password.fill('Pegasus-5')
    await password.press('Enter')
    await expectProblems(page, ['Choose a longer password'])
    await expectSelected(password, 'Pegasus-5')
    await password.fill('Pegasus-5678')
    await password.press('Enter')
    await expectRidePage(page)
  })
})

test('a rider whose password the operator reset goes the whole road to where she wanted', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(rider)
  const reset = { UserPoolId: 'us-east-1_WildRydes', Username: rider.email }
  expect(await site.pool.call('AdminResetUserPassword', reset)).toMatchObject({ status: 200 })
  await givePassword(page, rider)
  await expect(page).toHaveURL(/forgot\.html\?next=/)
  await expect(page.getByRole('status')).toHaveText(
    'This account needs a new password before you can sign in.',
  )
  await expect(page.getByLabel('Email')).toHaveValue(rider.email)

  // The operator's reset has mailed a code already.
  await page.getByRole('button', { name: 'I already have a code' }).click()
  await page.getByLabel('Verification code').fill(await site.pool.latestCodeFor(rider.email))
  await page.getByLabel('New password').fill('Pegasus-5678')
  await page.getByRole('button', { name: 'Change password' }).click()
  await expect(page).toHaveURL(/signin\.html\?next=/)
  await expect(page.getByRole('status')).toHaveText(/password is changed/)
  await expect(page.getByLabel('Email or username')).toHaveValue(rider.email)
  await expect(page.getByLabel('Keep me signed in')).toBeChecked()
  await page.getByLabel('Password', { exact: true }).fill('Pegasus-5678')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expectKeptSignedIn(page, site)
})

test('a reset that the service asks for leads to the reset page, whenever it asks', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(rider)
  for (const operation of ['InitiateAuth', 'RespondToAuthChallenge']) {
    await page.route(poolApi, async (route) => {
      const target = route.request().headers()['x-amz-target'] ?? ''
      if (!target.endsWith(operation)) return route.continue()
      return route.fulfill({
        status: 400,
        json: {
          __type: 'PasswordResetRequiredException',
          message: 'Password reset required for the user',
        },
      })
    })
    await page.goto('/signin.html')
    await fillSignIn(page, rider)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await expect(page).toHaveURL(/forgot\.html$/)
    await expect(page.getByRole('status')).toHaveText(/needs a new password/)
    await expect(page.getByLabel('Email')).toHaveValue(rider.email)
    await page.unroute(poolApi)
  }
  // What has been said once is not said again.
  await page.reload()
  await expect(page.getByLabel('Email')).toHaveValue(rider.email)
  await expect(page.getByRole('status')).toHaveText('')
  await signIn(page, rider)
})
