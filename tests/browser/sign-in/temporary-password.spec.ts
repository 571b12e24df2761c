/** Temporary passwords, and passwords that the operator has reset. */

import { expectInvalidAndSelected } from '../support/account-actions.ts'
import { expect, poolApi, test } from '../support/fixtures.ts'
import { withPool } from '../support/pool-templates.ts'
import { expectRemembered, signInOnTheWay } from '../support/protected-page-actions.ts'
import {
  expectErrorSummary,
  expectRidePage,
  signIn,
  submitSignIn,
  tokenKeys,
} from '../support/rider-actions.ts'

test.describe('a rider made by the operator', () => {
  test.beforeEach(({ site, rider }) => site.pool.createInvitedUser(rider))

  test('NEW_PASSWORD_REQUIRED: a rider chooses a password that follows the rules and gets to the page they wanted', async ({
    page,
    site,
    rider,
  }) => {
    await signInOnTheWay(page, rider)
    const heading = page.getByRole('heading', { level: 1 })
    await expect(heading).toHaveText('Choose a new password')
    await expect(heading).toBeFocused()
    await expect(page).toHaveTitle('Choose a new password – Wild Rydes')
    expect(await tokenKeys(page)).toEqual([])

    // The form has the user name, for password managers.
    const form = page.locator('form').filter({ has: page.getByLabel('New password') })
    const account = form.getByLabel('Account')
    await expect(account).toBeVisible()
    await expect(account).toHaveValue(rider.email)
    await expect(account).toHaveAttribute('autocomplete', 'username')
    await expect(account).toHaveAttribute('readonly', '')
    const password = form.getByLabel('New password')
    await expect(password).toHaveAttribute('autocomplete', 'new-password')

    const rules = form.getByRole('list').getByRole('listitem')
    await expect(rules).toHaveText([
      /^At least 8/,
      /^Lowercase/,
      /^Uppercase/,
      /^Number/,
      /^Symbol/,
    ])
    await password.fill('pegasus')
    await expect(rules).toHaveText([/ not met$/, /r met$/, / not met$/, / not met$/, / not met$/])
    await password.press('Enter')
    await expectErrorSummary(page, [
      /^Choose a password with at least 8 characters, .* and a symbol/,
    ])
    await expect(password).toHaveValue('pegasus')

    await password.fill(rider.password)
    await password.press('Enter')
    await expectErrorSummary(page, [
      'This is the same as your current password. Choose another one',
    ])

    await password.fill('Pegasus-5678')
    await expect(page.getByText('There is a problem')).toBeHidden()
    await expect(rules).toHaveText([/s met$/, /r met$/, /r met$/, /r met$/, /! met$/])
    await password.press('Enter')
    await expectRemembered(page, site)
    expect(await site.pool.statusOf(rider.email)).toBe('CONFIRMED')
  })

  test('NEW_PASSWORD_REQUIRED: a rider who reloads or takes too long enters the temporary password again', async ({
    page,
    site,
    rider,
  }) => {
    await signInOnTheWay(page, rider)
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
    await expectRemembered(page, site)
  })

  test('NEW_PASSWORD_REQUIRED: a password that only the pool rejects is selected, and the error names the rule', async ({
    page,
    rider,
  }) => {
    await page.goto('/signin.html')
    await submitSignIn(page, rider)
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
    await expectErrorSummary(page, ['Choose a password with a symbol such as ! or #'])
    await expectInvalidAndSelected(password, 'Pegasus-5678')
    await expect(password).toHaveAccessibleDescription(/Error: Choose a password with a symbol/)
    await page.unroute(poolApi)
    await password.press('Enter')
    await expectRidePage(page)
  })

  test('temporary password: an expired one is rejected in plain words', async ({
    page,
    site,
    rider,
  }) => {
    await site.pool.advanceClock(8 * 86_400)
    await signInOnTheWay(page, rider)
    const problems = page.locator('#error-summary')
    await expect(problems).toBeVisible()
    expect(await problems.innerText()).not.toContain('Something went wrong')
    await expect(page.getByLabel('Email or username')).toHaveValue(rider.email)
    expect(await tokenKeys(page)).toEqual([])
  })
})

test.describe('in a pool that asks for longer passwords than the page knows of', () => {
  test.use({ template: withPool({ Policies: { PasswordPolicy: { MinimumLength: 12 } } }) })

  test('NEW_PASSWORD_REQUIRED: a password that only the pool finds too short is selected, and the error names no number', async ({
    page,
    site,
    rider,
  }) => {
    await site.pool.createInvitedUser(rider)
    await page.goto('/signin.html')
    await submitSignIn(page, rider)
    const password = page.getByLabel('New password')
    await password.fill('Pegasus-5')
    await password.press('Enter')
    await expectErrorSummary(page, ['Choose a longer password'])
    await expectInvalidAndSelected(password, 'Pegasus-5')
    await password.fill('Pegasus-5678')
    await password.press('Enter')
    await expectRidePage(page)
  })
})

test('PasswordResetRequiredException: a rider whose password the operator has reset chooses a new one and gets to the page they wanted', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(rider)
  const reset = { UserPoolId: 'us-east-1_WildRydes', Username: rider.email }
  expect(await site.pool.call('AdminResetUserPassword', reset)).toMatchObject({ status: 200 })
  await signInOnTheWay(page, rider)
  await expect(page).toHaveURL(/forgot\.html\?next=/)
  await expect(page.getByRole('status')).toHaveText(
    'This account needs a new password before you can sign in.',
  )
  await expect(page.getByLabel('Email')).toHaveValue(rider.email)

  // The operator's reset has emailed a code already.
  await page.getByRole('button', { name: 'I already have a code' }).click()
  await page.getByLabel('Verification code').fill(await site.pool.latestCodeFor(rider.email))
  await page.getByLabel('New password').fill('Pegasus-5678')
  await page.getByRole('button', { name: 'Change password' }).click()
  await expect(page).toHaveURL(/signin\.html\?next=/)
  await expect(page.getByRole('status')).toHaveText(/password is changed/)
  await expect(page.getByLabel('Email or username')).toHaveValue(rider.email)
  await expect(page.getByLabel('Keep me signed in')).toBeChecked()
  await page.getByLabel('Password', { exact: true }).fill('Pegasus-5678')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expectRemembered(page, site)
})

test('PasswordResetRequiredException: each step of a sign-in leads to the reset page, which says why once', async ({
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
    await submitSignIn(page, rider)
    await expect(page).toHaveURL(/forgot\.html$/)
    await expect(page.getByRole('status')).toHaveText(/needs a new password/)
    await expect(page.getByLabel('Email')).toHaveValue(rider.email)
    await page.unroute(poolApi)
  }
  // The message is shown once.
  await page.reload()
  await expect(page.getByLabel('Email')).toHaveValue(rider.email)
  await expect(page.getByRole('status')).toHaveText('')
  await signIn(page, rider)
})
