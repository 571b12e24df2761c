/** Registering: rules, problems, accounts that exist, and doing it once. */

import type { Page } from '@playwright/test'
import { expectSelected, watchCalls } from '../support/account-actions.ts'
import { expect, poolApi, test } from '../support/fixtures.ts'
import {
  expectProblems,
  expectRidePage,
  fillRegistration,
  fillSignIn,
  register,
  signIn,
} from '../support/rider-actions.ts'

const ready = "Let's Ryde"

test('every password rule is readable before typing, and followed while typing', async ({
  page,
}) => {
  await page.goto('/register.html')
  const rules = page.locator('#password-rules').getByRole('listitem')
  await expect(rules).toHaveText([
    /^At least 8 characters\s*$/,
    /^A lowercase letter/,
    /^An uppercase letter/,
    /^A number/,
    /^A symbol/,
  ])
  await page.getByLabel('Password', { exact: true }).fill('unicorn')
  await expect(rules).toHaveText([/not met/, /✓ met/, /not met/, /not met/, /not met/])
  await expect(page.getByText('There is a problem')).toBeHidden()
  await expect(page.locator('#new-password-error')).toBeHidden()
  await page.getByLabel('Password', { exact: true }).fill('Unicorn-1')
  await expect(rules).toHaveText([/✓ met/, /✓ met/, /✓ met/, /✓ met/, /✓ met/])
})

test('an empty form lists its problems in field order, and nothing is sent', async ({ page }) => {
  await page.goto('/register.html')
  const calls: string[] = []
  page.on('request', (request) => {
    if (request.method() === 'POST') calls.push(request.url())
  })
  await page.getByLabel('Email').press('Enter')
  await expectProblems(page, [
    'Enter your email address',
    'Enter a password',
    'Enter the password again',
  ])
  await expect(page.locator('#error-summary')).toBeFocused()
  for (const [link, field] of [
    ['Enter your email address', 'Email'],
    ['Enter a password', 'Password'],
    ['Enter the password again', 'Confirm password'],
  ] as const) {
    await page.getByRole('link', { name: link }).click()
    const input = page.getByLabel(field, { exact: true })
    await expect(input).toBeFocused()
    await expect(input).toHaveAccessibleDescription(new RegExp(`Error: ${link}`))
    await expect(input).toHaveAttribute('aria-invalid', 'true')
  }
  expect(calls).toEqual([])
})

test('an error goes away as soon as the value is right, and the title with the last one', async ({
  page,
  rider,
}) => {
  await page.goto('/register.html')
  await page.getByLabel('Email').press('Enter')
  await fillRegistration(page, rider)
  await expect(page.getByText('There is a problem')).toBeHidden()
  await expect(page).toHaveTitle(/^Create your account/)
})

test('different passwords are told on leaving the second field, and forgiven at once', async ({
  page,
  rider,
}) => {
  await page.goto('/register.html')
  await fillRegistration(page, rider)
  await page.getByLabel('Confirm password').fill('Unicorn-9999')
  await expect(page.getByText('Enter the same password in both fields')).toBeHidden()
  await page.getByLabel('Confirm password').press('Tab')
  await expect(page.getByText('Enter the same password in both fields')).toBeVisible()
  await page.getByLabel('Password', { exact: true }).fill('Unicorn-9999')
  await expect(page.getByText('Enter the same password in both fields')).toBeHidden()
})

test('an error that shows on leaving a field does not move the button from under the pointer', async ({
  page,
  rider,
}) => {
  await page.goto('/register.html')
  await fillRegistration(page, rider)
  await page.getByLabel('Confirm password').fill('Unicorn-9999')
  const box = await page.getByRole('button', { name: ready }).boundingBox()
  if (!box) throw new Error('the button has no box')
  await page.mouse.move(box.x + box.width / 2, box.y + 4)
  await page.mouse.down()
  await page.mouse.up()
  await expectProblems(page, ['Enter the same password in both fields'])
})

test('an address that has an account gets ways on, each with the address filled', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(rider)
  for (const [link, field] of [
    ['Sign in', 'Email or username'],
    ['Reset the password', 'Email'],
  ] as const) {
    await page.goto('/register.html')
    await fillRegistration(page, { ...rider, email: rider.email.toUpperCase() })
    await page.getByRole('button', { name: ready }).click()
    const summary = page.locator('#error-summary')
    await expect(summary).toContainText('already an account')
    await summary.getByRole('link', { name: link }).click()
    await expect(page.getByLabel(field)).toHaveValue(rider.email.toUpperCase())
  }
})

test('two presses on a slow service make one sign-up, and say so', async ({
  page,
  site,
  rider,
}) => {
  await page.goto('/register.html')
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  let signUps = 0
  await page.route(poolApi, async (route) => {
    signUps += 1
    await held
    await route.continue()
  })
  await fillRegistration(page, rider)
  const button = page.getByRole('button', { name: ready })
  const { width } = (await button.boundingBox()) ?? { width: 0 }
  await button.dblclick()
  const busy = page.getByRole('button', { name: 'Creating your account…' })
  await expect(busy).toBeFocused()
  await expect(busy).toHaveAttribute('aria-disabled', 'true')
  expect((await busy.boundingBox())?.width).toBeGreaterThanOrEqual(width)
  await expect(page.getByRole('status')).toHaveText('Creating your account…')
  await page.keyboard.press('Enter')
  release()
  await expect(page).toHaveURL(/verify/)
  expect(signUps).toBe(1)
  expect(await site.pool.lettersTo(rider.email)).toHaveLength(1)
})

test('a shown password is hidden again when the form is sent', async ({ page, rider }) => {
  await page.goto('/register.html')
  await fillRegistration(page, { ...rider, email: 'not an address' })
  const password = page.getByLabel('Password', { exact: true })
  await page.getByRole('button', { name: 'Show password' }).click()
  await expect(password).toHaveAttribute('type', 'text')
  const hide = page.getByRole('button', { name: 'Hide password' })
  await expect(hide).toBeFocused()
  await hide.click()
  await expect(password).toHaveAttribute('type', 'password')
  await page.getByRole('button', { name: 'Show confirmed password' }).click()
  await page.getByRole('button', { name: ready }).click()
  await expect(page.getByLabel('Confirm password')).toHaveAttribute('type', 'password')
})

test.describe('passwords are sent and kept as typed', () => {
  for (const [what, password, other] of [
    ['64 characters', `Aa1!${'x'.repeat(60)}`, undefined],
    ['256 characters', `Aa1!${'x'.repeat(252)}`, undefined],
    ['an emoji', 'Unicorn-1-🦄🌈', undefined],
    ['quotes and markup', `Aa1"'\`<b>&amp;`, undefined],
    ['an inner space', 'Uni corn 12', undefined],
    ['a composed é, which is not a decomposed one', 'Caf\u00e9-1234', 'Cafe\u0301-1234'],
    ['a decomposed é, which is not a composed one', 'Cafe\u0301-1234', 'Caf\u00e9-1234'],
  ] as const) {
    test(what, async ({ page, site, rider }) => {
      const account = { ...rider, password }
      const calls = watchCalls(page, 'SignUp')
      await register(page, account)
      expect(calls).toMatchObject([{ Password: password }])
      await page.getByLabel('Verification code').fill(await site.pool.latestCodeFor(rider.email))
      await expect(page).toHaveURL(/signin/)
      if (other !== undefined) {
        await fillSignIn(page, { ...rider, password: other })
        await page.getByRole('button', { name: 'Sign in' }).click()
        await expectProblems(page, [/do not match/])
      }
      await signIn(page, account)
    })
  }
})

for (const [what, password, sentence] of [
  ['too long', `Aa1!${'x'.repeat(253)}`, 'at most 256 characters'],
  ['with a space before it', ' Unicorn-1234', 'does not begin or end with a space'],
  ['with a space after it', 'Unicorn-1234 ', 'does not begin or end with a space'],
  ['without number and symbol', 'Unicornunicorn', 'a number and a symbol such as ! or #'],
] as const) {
  test(`a password ${what} is refused before it is sent`, async ({ page, rider }) => {
    await page.goto('/register.html')
    await fillRegistration(page, { ...rider, password })
    const calls = watchCalls(page, 'SignUp')
    await page.getByRole('button', { name: ready }).click()
    await expect(page.locator('#new-password-error')).toContainText(sentence)
    await expect(page.getByLabel('Password', { exact: true })).toHaveValue(password)
    expect(calls).toEqual([])
  })
}

for (const [typed, sent] of [
  ['  rider@example.com ', 'rider@example.com'],
  ['Rider+Tag@Example.com', 'Rider+Tag@Example.com'],
  ["o'hara@example.com", "o'hara@example.com"],
  ['rider@bücher.example', 'rider@xn--bcher-kva.example'],
  [`${'a'.repeat(64)}@${'b'.repeat(51)}.example.com`, undefined],
] as const) {
  test(`the address ${typed} is taken as it is, but for edge spaces`, async ({
    page,
    site,
    rider,
  }) => {
    const email = sent ?? typed
    await page.goto('/register.html')
    await page.getByLabel('Email').evaluate((input, value) => {
      if (input instanceof HTMLInputElement) input.value = value
    }, typed)
    await page.getByLabel('Password', { exact: true }).fill(rider.password)
    await page.getByLabel('Confirm password').fill(rider.password)
    await page.getByRole('button', { name: ready }).click()
    await expect(page).toHaveURL(/verify/)
    await page.getByLabel('Verification code').fill(await site.pool.latestCodeFor(email))
    await expect(page).toHaveURL(/signin/)
    // Also in the letters of another alphabet.
    for (const name of [email.toUpperCase(), typed.trim()]) {
      await signIn(page, { ...rider, email: name })
    }
  })
}

/** @param length characters in all */
function toAddressOf(length: number): string {
  const domain = '@example.com'
  return 'a'.repeat(length - domain.length) + domain
}

test('addresses that cannot be one are refused with what was expected', async ({ page, rider }) => {
  await page.goto('/register.html')
  for (const [email, sentence] of [
    ['rider', 'like name@example.com'],
    ['rider@', 'like name@example.com'],
    ['ri der@example.com', 'like name@example.com'],
    // 128 is Cognito's limit for user names; an address itself may have 254.
    [toAddressOf(129), 'at most 128 characters'],
    [toAddressOf(254), 'at most 128 characters'],
  ] as const) {
    await fillRegistration(page, { ...rider, email })
    await page.getByRole('button', { name: ready }).click()
    await expect(page.locator('#email-error')).toContainText(sentence)
    await expect(page.getByLabel('Email')).toHaveValue(email)
  }
})

for (const [broken, sentence] of [
  ['not long enough', 'Choose a longer password'],
  ['must have lowercase characters', 'Choose a password with a lowercase letter'],
  ['must have uppercase characters', 'Choose a password with an uppercase letter'],
  ['must have numeric characters', 'Choose a password with a number'],
  ['must have symbol characters', 'Choose a password with a symbol such as ! or #'],
] as const) {
  test(`a password that only the pool finds ${broken} is refused in words, ready to be typed over`, async ({
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
    await page.getByRole('button', { name: ready }).click()
    await expectProblems(page, [sentence])
    const password = page.getByLabel('Password', { exact: true })
    await expectSelected(password, rider.password)
    await expect(password).toHaveAccessibleDescription(new RegExp(`Error: ${sentence}$`))
  })
}

test('reloading while a slow sign-up is on its way is no dead end', async ({
  page,
  site,
  rider,
}) => {
  await page.goto('/register.html')
  await fillRegistration(page, rider)
  await page.route(poolApi, async (route) => {
    await route.fetch()
    await page.reload()
    await page.unroute(poolApi)
  })
  await page.getByRole('button', { name: ready }).click()
  await expect(page.getByLabel('Email')).toHaveValue(rider.email)
  await expect.poll(() => site.pool.lettersTo(rider.email)).toHaveLength(1)
  await fillRegistration(page, rider)
  await page.getByRole('button', { name: ready }).click()
  await page.getByRole('link', { name: 'Verify the email address' }).click()
  await page.getByLabel('Verification code').fill(await site.pool.latestCodeFor(rider.email))
  await expect(page).toHaveURL(/signin/)
  await signIn(page, rider)
  await expectRidePage(page)
})

test.describe('a slip in the domain of an address', () => {
  /** Waits until whatever leaving a field has set off has shown. */
  async function settle(page: Page): Promise<void> {
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))))
  }

  const suggestion = (page: Page) => page.getByRole('button', { name: /^Did you mean/ })

  test('is offered as a button that corrects it, and only then is its spelling fetched', async ({
    page,
    site,
    rider,
  }) => {
    const fetched: string[] = []
    await page.goto('/register.html')
    await page.waitForLoadState('networkidle')
    page.on('request', (request) => {
      if (request.url().includes('/assets/email-slips-')) fetched.push(request.url())
    })
    const email = page.getByLabel('Email')
    await email.fill('rider@gmial.com')
    await settle(page)
    expect(fetched).toEqual([])
    await expect(suggestion(page)).toHaveCount(0)
    await email.press('Tab')
    await expect(suggestion(page)).toHaveText('Did you mean gmail.com?')
    expect(fetched).toHaveLength(1)
    await expect(page.getByRole('status')).toHaveText('Did you mean gmail.com?')
    await expect(page.getByText('There is a problem')).toBeHidden()

    await suggestion(page).click()
    await expect(email).toHaveValue('rider@gmail.com')
    await expect(email).toBeFocused()
    await expect(suggestion(page)).toHaveCount(0)
    await page.getByLabel('Password', { exact: true }).fill(rider.password)
    await page.getByLabel('Confirm password').fill(rider.password)
    await page.getByRole('button', { name: ready }).click()
    await expect(page).toHaveURL(/verify/)
    expect(await site.pool.lettersTo('rider@gmail.com')).toHaveLength(1)
  })

  test('may be none: an address that is ignored the offer is registered as it is', async ({
    page,
    site,
    rider,
  }) => {
    const slip = { ...rider, email: 'rider@gmial.com' }
    await page.goto('/register.html')
    await fillRegistration(page, slip)
    await expect(suggestion(page)).toBeVisible()
    await page.getByRole('button', { name: ready }).click()
    await expect(page).toHaveURL(/verify/)
    expect(await site.pool.lettersTo(slip.email)).toHaveLength(1)
  })

  test('is offered for no right domain', async ({ page }) => {
    await page.goto('/register.html')
    const email = page.getByLabel('Email')
    await email.fill('rider@gmial.com')
    await email.press('Tab')
    await expect(suggestion(page)).toBeVisible()
    const offered: string[] = []
    for (const domain of [
      ...['gmail.com', 'googlemail.com', 'mail.com', 'gmx.de', 'gmx.net', 'web.de', 'example.com'],
      ...['yahoo.co.uk', 'yahoo.fr', 'hotmail.co.uk', 'hotmail.fr', 'live.com', 'outlook.de'],
      ...['icloud.com', 'me.com', 'aol.com', 'proton.me', 'protonmail.com', 'ymail.com'],
    ]) {
      await email.fill(`rider@${domain}`)
      await email.press('Tab')
      await settle(page)
      if ((await suggestion(page).count()) > 0) offered.push(domain)
    }
    expect(offered).toEqual([])
  })

  test('is offered for no right domain of another country', async ({ page }) => {
    await page.goto('/register.html')
    const email = page.getByLabel('Email')
    await email.fill('rider@gmial.com')
    await email.press('Tab')
    await expect(suggestion(page)).toBeVisible()
    const offered: string[] = []
    for (const domain of [
      ...['yahoo.ca', 'yahoo.com.br', 'yahoo.co.in', 'yahoo.co.jp', 'yahoo.com.au', 'hotmail.ch'],
      ...['hotmail.com.br', 'outlook.com.br', 'email.cz'],
    ]) {
      await email.fill(`rider@${domain}`)
      await email.press('Tab')
      await settle(page)
      if ((await suggestion(page).count()) > 0) offered.push(domain)
    }
    expect(offered).toEqual([])
  })

  test('does no harm when its spelling cannot be fetched', async ({ page, site, rider }) => {
    const slip = { ...rider, email: 'rider@gmial.com' }
    await page.goto('/register.html')
    await page.waitForLoadState('networkidle')
    let refused = 0
    await page.route('**/assets/email-slips-*.js', (route) => {
      refused += 1
      return route.abort()
    })
    await fillRegistration(page, slip)
    await expect.poll(() => refused).toBeGreaterThan(0)
    await settle(page)
    await expect(suggestion(page)).toHaveCount(0)
    await page.unroute('**/assets/email-slips-*.js')
    await page.getByRole('button', { name: ready }).click()
    await expect(page).toHaveURL(/verify/)
    expect(await site.pool.lettersTo(slip.email)).toHaveLength(1)
  })
})

test('Caps Lock is told beside every password, in text, until the field is left', async ({
  page,
}) => {
  for (const [path, ...labels] of [
    ['/signin.html', 'Password'],
    ['/register.html', 'Password', 'Confirm password'],
  ] as const) {
    await page.goto(path)
    await expect(page.locator('button[type=submit]')).toBeEnabled()
    for (const label of labels) {
      const field = page.getByLabel(label, { exact: true })
      const hint = page.getByText('Caps Lock is on.').filter({ visible: true })
      const pressWith = (modifierCapsLock: boolean) =>
        field.evaluate((input, init) => input.dispatchEvent(new KeyboardEvent('keydown', init)), {
          key: 'A',
          bubbles: true,
          modifierCapsLock,
        })
      await field.focus()
      await pressWith(false)
      await expect(hint).toHaveCount(0)
      await pressWith(true)
      await expect(hint).toHaveCount(1)
      const [fieldBox, hintBox] = [await field.boundingBox(), await hint.boundingBox()]
      expect(Math.abs((fieldBox?.y ?? 0) - (hintBox?.y ?? 1000))).toBeLessThan(100)
      await expect(page.getByRole('alert').filter({ visible: true })).toHaveCount(0)
      await pressWith(false)
      await expect(hint).toHaveCount(0)
      await pressWith(true)
      await field.blur()
      await expect(hint).toHaveCount(0)
    }
  }
})
