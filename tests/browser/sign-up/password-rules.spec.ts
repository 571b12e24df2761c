/** The rules for passwords, and passwords that sign up and in exactly as typed. */

import { expectInvalidAndSelected, openAccountSignedIn } from '../support/account-actions.ts'
import { watchCalls } from '../support/calls.ts'
import { expect, poolApi, test } from '../support/fixtures.ts'
import {
  expectErrorSummary,
  expectRidePage,
  fillRegistration,
  register,
  signIn,
  submitSignIn,
} from '../support/rider-actions.ts'

test('password rules: they are listed before typing and checked while typing', async ({ page }) => {
  await page.goto('/register.html')
  const rules = page.locator('#password-rules').getByRole('listitem')
  await expect(rules).toHaveText([
    /^At least 8 characters\s*$/,
    /^Lowercase letter\s*$/,
    /^Uppercase letter\s*$/,
    /^Number\s*$/,
    /^Symbol, like !\s*$/,
  ])
  await page.getByLabel('Password', { exact: true }).fill('unicorn')
  await expect(rules).toHaveText([/ not met$/, /r met$/, / not met$/, / not met$/, / not met$/])
  await expect(page.getByText('There is a problem')).toBeHidden()
  await expect(page.locator('#new-password-error')).toBeHidden()
  await page.getByLabel('Password', { exact: true }).fill('Unicorn-1')
  await expect(rules).toHaveText([/s met$/, /r met$/, /r met$/, /r met$/, /! met$/])
})

test('passwordrules: every field of a new password has them, and no other', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(rider)
  const found: string[] = []
  const collect = async (path: string) => {
    await page.goto(path)
    const fields = page.locator('input[passwordrules]')
    for (const field of await fields.all()) {
      found.push(`${path} ${await field.getAttribute('id')}`)
      await expect(field).toHaveAttribute('autocomplete', 'new-password')
      await expect(field).toHaveAttribute('passwordrules', /^minlength: 8; required: lower; /)
    }
    await expect(page.locator('input[autocomplete=new-password]')).toHaveCount(await fields.count())
  }
  for (const path of ['/register.html', '/signin.html', '/forgot.html']) await collect(path)
  await openAccountSignedIn(page, site, rider)
  await collect('/account.html')
  expect(found).toEqual([
    '/register.html new-password',
    '/register.html confirm-password',
    '/forgot.html new-password',
    '/account.html new-password',
  ])
})

test.describe('passwords are sent and kept as typed', () => {
  for (const [what, password] of [
    ['one of 64 characters', `Aa1!${'x'.repeat(60)}`],
    ['one of 256 characters', `Aa1!${'x'.repeat(252)}`],
    ['one with emoji', 'Unicorn-1-🦄🌈'],
    ['one with quotes and markup', `Aa1"'\`<b>&amp;`],
    ['one with a space inside', 'Uni corn 12'],
    ['one with a composed é', 'Caf\u00e9-1234'],
  ] as const) {
    test(`password: ${what} signs up and in exactly as typed`, async ({ page, site, rider }) => {
      const account = { ...rider, password }
      const calls = watchCalls(page, 'SignUp')
      await register(page, account)
      expect(calls).toMatchObject([{ Password: password }])
      await page.getByLabel('Verification code').fill(await site.pool.latestCodeFor(rider.email))
      await expectRidePage(page)
      await signIn(page, account)
    })
  }
})

test('password: one that is typed with decomposed accents is made NFC at sign-up, and signs in as typed on either device', async ({
  page,
  site,
  rider,
}) => {
  const [composed, decomposed] = [
    'Cr\u00e8me-br\u00fbl\u00e9e-1',
    'Cr\u00e8me-br\u00fbl\u00e9e-1'.normalize('NFD'),
  ]
  const calls = watchCalls(page, 'SignUp')
  await page.goto('/register.html')
  await fillRegistration(page, { ...rider, password: decomposed })
  await page.getByLabel('Confirm password').fill(composed)
  await page.getByRole('button', { name: "Let's Ryde" }).click()
  await expect(page).toHaveURL(/\/verify\.html/)
  expect(calls).toMatchObject([{ Password: composed }])
  await page.getByLabel('Verification code').fill(await site.pool.latestCodeFor(rider.email))
  await expectRidePage(page)

  const tries = watchCalls(page, 'RespondToAuthChallenge')
  await page.goto('/signin.html')
  await submitSignIn(page, { ...rider, password: decomposed })
  await expectErrorSummary(page, [/don't match/])
  // One press is one try.
  expect(tries).toHaveLength(1)
  await submitSignIn(page, { ...rider, password: decomposed })
  await expectRidePage(page)
  expect(tries).toHaveLength(2)
})

for (const [what, password, sentence] of [
  ['whose only symbol is €', 'Unicorn€1234', 'Not counted here: €. Use ^ $ * .'],
  ['of 257 characters', `Aa1!${'x'.repeat(253)}`, '256 characters or fewer'],
  ['that begins with a space', ' Unicorn-1234', "doesn't start or end with a space"],
  ['that ends with a space', 'Unicorn-1234 ', "doesn't start or end with a space"],
  ['without a number and a symbol', 'Unicornunicorn', 'a number and a symbol such as ! or #'],
] as const) {
  test(`password rules: a password ${what} is rejected before it is sent`, async ({
    page,
    rider,
  }) => {
    await page.goto('/register.html')
    await fillRegistration(page, { ...rider, password })
    const calls = watchCalls(page, 'SignUp')
    await page.getByRole('button', { name: "Let's Ryde" }).click()
    await expect(page.locator('#new-password-error')).toContainText(sentence)
    await expect(page.getByLabel('Password', { exact: true })).toHaveValue(password)
    expect(calls).toEqual([])
  })
}

for (const [broken, sentence] of [
  ['not long enough', 'Choose a longer password'],
  ['must have lowercase characters', 'Choose a password with a lowercase letter'],
  ['must have uppercase characters', 'Choose a password with an uppercase letter'],
  ['must have numeric characters', 'Choose a password with a number'],
  ['must have symbol characters', 'Choose a password with a symbol such as ! or #'],
] as const) {
  test(`InvalidPasswordException: "${broken}" gives a sentence about the rule, and the password is selected`, async ({
    page,
    rider,
  }) => {
    await page.route(poolApi, (route) =>
      route.fulfill({
        status: 400,
        json: {
          __type: 'InvalidPasswordException',
          message: `Password did not conform with policy: Password ${broken}`,
        },
      }),
    )
    await page.goto('/register.html')
    await fillRegistration(page, rider)
    await page.getByRole('button', { name: "Let's Ryde" }).click()
    await expectErrorSummary(page, [sentence])
    const password = page.getByLabel('Password', { exact: true })
    await expectInvalidAndSelected(password, rider.password)
    await expect(password).toHaveAccessibleDescription(new RegExp(`Error: ${sentence}$`))
  })
}
