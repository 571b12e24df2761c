/** Signing in with an authenticator app, setting one up on the way, and challenges that no page answers. */

import type { BrowserContext, Locator, Page } from '@playwright/test'
import { toTotp } from '../../support/totp.ts'
import { watchOperations } from '../support/account-actions.ts'
import { expect, poolApi, type Rider, type Site, test } from '../support/fixtures.ts'
import { withPool } from '../support/pool-templates.ts'
import {
  expectProblems,
  expectRidePage,
  fillSignIn,
  signIn,
  tokenKeys,
} from '../support/rider-actions.ts'

/** An authenticator app whose first code has been used to set it up. */
interface App {
  /**
   * The code of a 30-second step, counted from the one it was set up in. The pool takes the codes of its
   * present step and of the two beside it: code 1 is right for a minute, whatever the machine does meanwhile.
   */
  code(step: number): string
  /** six digits that are no code of any step near */
  readonly wrongCode: string
}

function createApp(secret: string, setUpAtMs: number): App {
  const code = (step: number) => toTotp(secret, setUpAtMs + step * 30_000)
  const near = Array.from({ length: 10 }, (_, index) => code(index - 3))
  const wrongCode = ['000000', '111111', '222222'].find((one) => !near.includes(one)) ?? '333333'
  return { code, wrongCode }
}

/** Gives a confirmed rider an app, as the account page does, from a tab that is closed again. */
async function addApp(context: BrowserContext, site: Site, rider: Rider): Promise<App> {
  const tab = await context.newPage()
  await signIn(tab, rider)
  const AccessToken = await tab.evaluate(() => {
    const key = Object.keys(sessionStorage).find((name) => name.endsWith('.accessToken'))
    return sessionStorage.getItem(key ?? '')
  })
  await tab.close()
  const { body } = await site.pool.call('AssociateSoftwareToken', { AccessToken })
  const secret = String(body.SecretCode)
  const nowMs = Date.now()
  const app = createApp(secret, nowMs)
  for (const [operation, input] of [
    ['VerifySoftwareToken', { UserCode: app.code(0) }],
    ['SetUserMFAPreference', { SoftwareTokenMfaSettings: { Enabled: true, PreferredMfa: true } }],
  ] as const) {
    expect(await site.pool.call(operation, { AccessToken, ...input })).toMatchObject({
      status: 200,
    })
  }
  return app
}

const wanted = '/ride.html?pickup=1#map'

/** Opens a page signed out and gives name and password, with "Keep me signed in" ticked. */
async function givePassword(page: Page, rider: Rider): Promise<void> {
  await page.goto(wanted)
  await expect(page).toHaveURL(/signin\.html\?next=/)
  await fillSignIn(page, rider)
  await page.getByLabel('Keep me signed in').check()
  await page.getByRole('button', { name: 'Sign in' }).click()
}

async function expectStep(page: Page, heading: string): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(heading)
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused()
  await expect(page).toHaveTitle(`${heading} – Wild Rydes`)
}

/** She is in, at the page she wanted, and stays in when the tab is closed. */
async function expectKeptSignedIn(page: Page, site: Site): Promise<void> {
  await expectRidePage(page)
  await expect(page).toHaveURL(site.origin + wanted)
  const inTab = await page.evaluate(() => Object.keys(sessionStorage).join())
  expect(inTab).not.toContain('CognitoIdentityServiceProvider')
  expect(await tokenKeys(page)).toHaveLength(5)
}

function selectedText(field: Locator): Promise<string> {
  return field.evaluate((input) =>
    input instanceof HTMLInputElement
      ? input.value.slice(input.selectionStart ?? 0, input.selectionEnd ?? 0)
      : '',
  )
}

/** What both storages hold, to look for what must not be there. */
function storedText(page: Page): Promise<string> {
  return page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]))
}

test.describe('a rider with an authenticator app', () => {
  let app: App

  test.beforeEach(async ({ context, site, rider }) => {
    await site.pool.createConfirmedUser(rider)
    app = await addApp(context, site, rider)
  })

  test('is asked for its code, pastes it, and is exactly where she wanted to be', async ({
    page,
    site,
    rider,
  }) => {
    await givePassword(page, rider)
    await expectStep(page, 'Enter your code')
    await expect(page.getByLabel('Password', { exact: true })).toHaveValue('')
    await expect(page.getByLabel('Password', { exact: true })).toBeHidden()
    expect(await tokenKeys(page)).toEqual([])
    expect(await storedText(page)).not.toContain(rider.password)

    const field = page.getByLabel('Verification code')
    for (const [name, value] of Object.entries({
      type: 'text',
      inputmode: 'numeric',
      autocomplete: 'one-time-code',
    })) {
      await expect(field).toHaveAttribute(name, value)
    }
    expect(await field.getAttribute('maxlength')).toBeNull()

    // A code that is complete waits for the button: she may be copying it digit by digit.
    const calls = watchOperations(page)
    const button = page.getByRole('button', { name: 'Sign in' })
    await field.pressSequentially(app.code(1))
    expect(await button.getAttribute('aria-disabled')).toBeNull()
    expect(calls).toEqual([])

    await field.fill('')
    await page.evaluate(
      (text) => navigator.clipboard.writeText(text),
      app.code(1).replace(/^(..)(..)(..)$/, ' $1 $2-$3\n'),
    )
    await field.press('ControlOrMeta+v')
    expect(await button.getAttribute('aria-disabled')).toBeNull()
    await button.click()
    await expectKeptSignedIn(page, site)
    expect(calls.filter((operation) => operation === 'RespondToAuthChallenge')).toHaveLength(1)
  })

  test('reads of wrong and used codes in words about her app, and the code stays', async ({
    page,
    rider,
  }) => {
    await page.goto('/signin.html')
    await fillSignIn(page, rider)
    await page.getByRole('button', { name: 'Sign in' }).click()
    const field = page.getByLabel('Verification code')
    for (const [code, sentence] of [
      ['', 'Enter the 6-digit code'],
      ['12ab', 'Enter the code as 6 digits'],
      [
        app.wrongCode,
        'This code is not right. Enter the one that your authenticator app shows now.',
      ],
      [
        app.code(0),
        'This code was used already. Wait until your authenticator app shows the next one.',
      ],
    ] as const) {
      await field.fill(code)
      await field.press('Enter')
      await expectProblems(page, [sentence])
      await expect(field).toHaveValue(code)
      await expect(page.getByRole('main')).not.toContainText(/email/i, { useInnerText: true })
      expect(await tokenKeys(page)).toEqual([])
    }
    await expect(field).toBeFocused()
    expect(await selectedText(field)).toBe(app.code(0))

    await field.fill(app.code(1))
    await field.press('Enter')
    await expectRidePage(page)
    expect(await page.evaluate(() => localStorage.length)).toBe(0)
  })

  test('who reloads in the middle begins anew, with all but the password kept', async ({
    page,
    site,
    rider,
  }) => {
    await givePassword(page, rider)
    await expectStep(page, 'Enter your code')
    await page.reload()
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in')
    await expect(page.getByLabel('Email or username')).toHaveValue(rider.email)
    await expect(page.getByLabel('Keep me signed in')).toBeChecked()
    await expect(page.getByLabel('Verification code')).toHaveCount(0)
    expect(await tokenKeys(page)).toEqual([])

    const password = page.getByLabel('Password', { exact: true })
    await expect(password).toHaveValue('')
    await password.fill(rider.password)
    await password.press('Enter')
    await page.getByLabel('Verification code').fill(app.code(1))
    await page.getByRole('button', { name: 'Sign in' }).click()
    await expectKeptSignedIn(page, site)
  })

  test('who took too long is led back to the password, and told why', async ({
    page,
    site,
    rider,
  }) => {
    await givePassword(page, rider)
    const field = page.getByLabel('Verification code')
    await field.fill(app.wrongCode)
    await field.press('Enter')
    await expectProblems(page, [/This code is not right/])
    await site.pool.advanceClock(1000)
    await field.fill(app.code(1))
    await field.press('Enter')
    await expectStep(page, 'Sign in')
    await expect(page.getByRole('status')).toHaveText(
      /^That took too long\. Enter your password again\./,
    )
    await expect(page.getByText('There is a problem')).toBeHidden()
    await expect(page.getByLabel('Verification code')).toHaveCount(0)
    await expect(page.getByLabel('Email or username')).toHaveValue(rider.email)
    await expect(page.getByLabel('Keep me signed in')).toBeChecked()

    const password = page.getByLabel('Password', { exact: true })
    await expect(password).toHaveValue('')
    await password.fill(rider.password)
    await password.press('Enter')
    await expectStep(page, 'Enter your code')
    await expect(field).toHaveValue('')
    await field.fill(app.code(1))
    await field.press('Enter')
    await expectKeptSignedIn(page, site)
  })

  test('who enters wrong codes again and again is told to wait, and gets in after it', async ({
    page,
    site,
    rider,
  }) => {
    await givePassword(page, rider)
    const field = page.getByLabel('Verification code')
    // From the fifth on the pool waits 1, 2, 4 ... seconds: on to a wait that no machine outlasts.
    for (let failures = 1; failures <= 10; failures += 1) {
      if (failures > 5) await site.pool.advanceClock(2 ** (failures - 6))
      await field.fill(app.wrongCode)
      await field.press('Enter')
      await expectProblems(page, [/This code is not right/])
    }
    await field.fill(app.code(1))
    await field.press('Enter')
    await expect(page.locator('#error-summary')).toContainText('There were too many tries. Wait')
    await expect(page.getByRole('link', { name: 'Reset the password' })).toBeVisible()
    await expect(field).toHaveValue(app.code(1))

    await site.pool.advanceClock(32)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await expectKeptSignedIn(page, site)
  })
})

test.describe('where nobody signs in without an authenticator app', () => {
  test.use({ template: withPool({ MfaConfiguration: 'ON' }) })

  test('a rider without one is given a key, must keep it, and is in with its first code', async ({
    page,
    site,
    rider,
  }) => {
    await site.pool.createConfirmedUser(rider)
    await givePassword(page, rider)
    await expectStep(page, 'Set up your authenticator app')
    await expect(page.getByRole('img', { name: /^QR code/ })).toBeVisible()
    const key = page.getByText(/^[A-Z2-7]{4}( [A-Z2-7]{4})+$/)
    const shown = (await key.textContent()) ?? ''
    const secret = shown.replaceAll(' ', '')
    const link = await page
      .getByRole('link', { name: 'open it on this phone' })
      .getAttribute('href')
    expect(link).toBe(
      `otpauth://totp/Wild%20Rydes:${encodeURIComponent(rider.email)}?secret=${secret}&issuer=Wild%20Rydes`,
    )

    await page.getByRole('button', { name: 'Turn on' }).click()
    await expectProblems(page, ['Confirm that you have kept the key', 'Enter the 6-digit code'])
    const app = createApp(secret, Date.now())
    const field = page.getByLabel('Verification code from the app')
    await field.fill(app.code(0))
    await field.press('Enter')
    await expectProblems(page, ['Confirm that you have kept the key'])
    await page.getByLabel('I have kept this key').check()
    await field.fill(app.wrongCode)
    await field.press('Enter')
    await expectProblems(page, [/This code is not right.* authenticator app/])
    await expect(key).toHaveText(shown)
    await expect(field).toBeFocused()
    expect(await selectedText(field)).toBe(app.wrongCode)
    expect(await tokenKeys(page)).toEqual([])

    await field.fill(app.code(0))
    await field.press('Enter')
    await expectKeptSignedIn(page, site)
  })

  test('a rider made by the operator chooses a password, then sets up an app, and is in', async ({
    page,
    site,
    rider,
  }) => {
    await site.pool.inviteUser(rider)
    await givePassword(page, rider)
    await expectStep(page, 'Choose a new password')
    await page.getByLabel('New password').fill('Pegasus-5678')
    await page.getByLabel('New password').press('Enter')
    await expectStep(page, 'Set up your authenticator app')
    expect(await tokenKeys(page)).toEqual([])
    await page.getByLabel('I have kept this key').check()
    await enterFirstCode(page)
    await expectKeptSignedIn(page, site)
  })

  async function enterFirstCode(page: Page): Promise<void> {
    const key = await page.getByText(/^[A-Z2-7]{4}( [A-Z2-7]{4})+$/).textContent()
    const field = page.getByLabel('Verification code from the app')
    await field.fill(toTotp((key ?? '').replaceAll(' ', ''), Date.now()))
    await field.press('Enter')
  }
})

for (const [when, operation] of [
  ['after the password', 'RespondToAuthChallenge'],
  ['in place of it', 'InitiateAuth'],
] as const) {
  test(`challenges ${when} that no page answers get one sentence, and leave no session`, async ({
    page,
    site,
    rider,
  }) => {
    await site.pool.createConfirmedUser(rider)
    let challenge: Readonly<Record<string, unknown>> | undefined
    let given = 0
    await page.route(poolApi, async (route) => {
      const target = route.request().headers()['x-amz-target'] ?? ''
      if (!challenge || !target.endsWith(operation)) return route.continue()
      given += 1
      return route.fulfill({ json: { Session: 's'.repeat(40), ...challenge } })
    })
    await page.goto('/signin.html')
    const press = async () => {
      await fillSignIn(page, rider)
      await page.getByRole('button', { name: 'Sign in' }).click()
    }
    const challenges = [
      ...['SMS_MFA', 'EMAIL_OTP', 'SELECT_MFA_TYPE', 'CUSTOM_CHALLENGE', 'DEVICE_SRP_AUTH'],
      ...['WEB_AUTHN', 'SOMETHING_NEW', 'NEW_PASSWORD_REQUIRED'],
    ]
    for (const ChallengeName of challenges) {
      const requiredAttributes = JSON.stringify(['userAttributes.name'])
      challenge = { ChallengeName, ChallengeParameters: { requiredAttributes } }
      await press()
      await expectProblems(page, [
        'This account needs a further step to sign in that this site cannot do yet.',
      ])
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in')
      await expect(page.getByLabel('Email or username')).toHaveValue(rider.email)
      expect(await tokenKeys(page)).toEqual([])
    }
    expect(given).toBe(challenges.length)

    challenge = undefined
    await press()
    await expectRidePage(page)
  })
}
