/** TOTP at sign-in, MFA_SETUP, and challenges that the site does not support. */

import type { Page } from '@playwright/test'
import { toTotp } from '../../support/totp.ts'
import { expectCodeField, expectInvalidAndSelected } from '../support/account-actions.ts'
import {
  type AuthenticatorApp,
  addAuthenticatorApp,
  createAuthenticatorApp,
} from '../support/authenticator-app.ts'
import { watchOperations } from '../support/calls.ts'
import { expect, poolApi, test } from '../support/fixtures.ts'
import { UserPoolId } from '../support/pool-client.ts'
import { withPool } from '../support/pool-templates.ts'
import { expectRemembered, signInOnTheWay } from '../support/protected-page-actions.ts'
import {
  expectErrorSummary,
  expectRidePage,
  pressSignIn,
  submitSignIn,
  tokenKeys,
} from '../support/rider-actions.ts'

async function expectChallengeStep(page: Page, heading: string): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(heading)
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused()
  await expect(page).toHaveTitle(`${heading} – Wild Rydes`)
}

/** What both storages hold, as text. */
function storedText(page: Page): Promise<string> {
  return page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]))
}

test.describe('a rider with an authenticator app', () => {
  let app: AuthenticatorApp

  test.beforeEach(async ({ site, rider }) => {
    await site.pool.createConfirmedUser(rider)
    app = await addAuthenticatorApp(site, rider)
  })

  test('"Keep me signed in": unticked after the password, before the code, nothing stays in the browser', async ({
    page,
    rider,
  }) => {
    await page.goto('/signin.html')
    await page.getByLabel('Keep me signed in').check()
    await submitSignIn(page, rider)
    await expectChallengeStep(page, 'Enter your code')
    await page.goBack()
    await page.getByLabel('Keep me signed in').uncheck()
    await page.goForward()
    await expectChallengeStep(page, 'Enter your code')
    await page.getByLabel('Verification code').fill(app.code(1))
    await pressSignIn(page)
    await expectRidePage(page)
    expect(await page.evaluate(() => Object.keys(localStorage).join())).not.toContain('Cognito')
  })

  test('TOTP: a rider pastes the code of their app and gets to the page they wanted, and stays signed in', async ({
    page,
    site,
    rider,
  }) => {
    await signInOnTheWay(page, rider)
    await expectChallengeStep(page, 'Enter your code')
    await expect(page.getByLabel('Password', { exact: true })).toHaveValue('')
    await expect(page.getByLabel('Password', { exact: true })).toBeHidden()
    expect(await tokenKeys(page)).toEqual([])
    expect(await storedText(page)).not.toContain(rider.password)

    const field = page.getByLabel('Verification code')
    await expectCodeField(field)

    // A complete code waits for the button: the rider may be copying it digit by digit.
    const calls = watchOperations(page)
    const button = page.getByRole('button', { name: 'Sign in', exact: true })
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
    await expectRemembered(page, site)
    expect(calls.filter((operation) => operation === 'RespondToAuthChallenge')).toHaveLength(1)
  })

  test('TOTP: wrong and used codes give errors that speak of the app, and stay in the field', async ({
    page,
    rider,
  }) => {
    await page.goto('/signin.html')
    await submitSignIn(page, rider)
    const field = page.getByLabel('Verification code')
    for (const [code, sentence] of [
      ['', 'Enter the 6-digit code'],
      ['12ab', 'Enter the code as 6 digits'],
      [app.wrongCode, "That code isn't right. Enter the one your authenticator app shows now."],
      [
        app.code(0),
        'That code was already used. Wait for the next one in your authenticator app, then enter it.',
      ],
    ] as const) {
      await field.fill(code)
      await field.press('Enter')
      await expectErrorSummary(page, [sentence])
      await expect(field).toHaveValue(code)
      await expect(page.getByRole('main')).not.toContainText(/email/i, { useInnerText: true })
      expect(await tokenKeys(page)).toEqual([])
    }
    await expectInvalidAndSelected(field, app.code(0))

    await field.fill(app.code(1))
    await field.press('Enter')
    await expectRidePage(page)
    expect(await page.evaluate(() => localStorage.length)).toBe(0)
  })

  test('TOTP: from the second refusal on, the page asks for the clock of the phone and tells the time of the service', async ({
    page,
    rider,
  }) => {
    // The device is as wrong as the app on it.
    await page.clock.setSystemTime(Date.now() + 47 * 60_000)
    await page.goto('/signin.html')
    await submitSignIn(page, rider)
    const field = page.getByLabel('Verification code')
    await field.fill(app.code(20))
    await field.press('Enter')
    await expectErrorSummary(page, [
      "That code isn't right. Enter the one your authenticator app shows now.",
    ])
    const timeAt = (epochMs: number) =>
      new Intl.DateTimeFormat('en', { timeStyle: 'short' }).format(epochMs)
    for (const step of [21, 22]) {
      await field.fill(app.code(step))
      const before = timeAt(Date.now() - 1000)
      await field.press('Enter')
      await expectErrorSummary(page, [/if your phone shows another time/])
      const [, time] = /It's (.*) now:/.exec(
        (await page.locator('#error-summary').textContent()) ?? '',
      ) ?? ['']
      expect([before, timeAt(Date.now() + 1000)]).toContain(time)
      await expectInvalidAndSelected(field, app.code(step))
    }
    await field.fill(app.code(1))
    await field.press('Enter')
    await expectRidePage(page)
  })

  test('TOTP: a reload returns to the password, with the user name and "Keep me signed in" kept', async ({
    page,
    site,
    rider,
  }) => {
    await signInOnTheWay(page, rider)
    await expectChallengeStep(page, 'Enter your code')
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
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await expectRemembered(page, site)
  })

  test('TOTP: an expired session returns to the password and says why', async ({
    page,
    site,
    rider,
  }) => {
    await signInOnTheWay(page, rider)
    const field = page.getByLabel('Verification code')
    await field.fill(app.wrongCode)
    await field.press('Enter')
    await expectErrorSummary(page, [/That code isn't right/])
    await site.pool.advanceClock(1000)
    await field.fill(app.code(1))
    await field.press('Enter')
    await expectChallengeStep(page, 'Sign in')
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
    await expectChallengeStep(page, 'Enter your code')
    await expect(field).toHaveValue('')
    await field.fill(app.code(1))
    await field.press('Enter')
    await expectRemembered(page, site)
  })

  test('TOTP: after ten wrong codes the right one has to wait', async ({ page, site, rider }) => {
    await signInOnTheWay(page, rider)
    const field = page.getByLabel('Verification code')
    // After the fifth failure the waits are 1, 2, 4 ... seconds: on to one that is longer than any machine takes.
    for (let failures = 1; failures <= 10; failures += 1) {
      if (failures > 5) await site.pool.advanceClock(2 ** (failures - 6))
      await field.fill(app.wrongCode)
      await field.press('Enter')
      await expectErrorSummary(page, [/That code isn't right/])
    }
    await field.fill(app.code(1))
    await field.press('Enter')
    await expect(page.locator('#error-summary')).toContainText('Too many tries. Wait')
    await expect(page.getByRole('link', { name: 'Reset your password' })).toBeVisible()
    await expect(field).toHaveValue(app.code(1))

    await site.pool.advanceClock(32)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await expectRemembered(page, site)
  })
})

test.describe('in a pool with two kinds of second factors', () => {
  test.use({
    template: withPool({
      EmailConfiguration: { EmailSendingAccount: 'DEVELOPER' },
      EnabledMfas: ['SOFTWARE_TOKEN_MFA', 'EMAIL_OTP'],
    }),
  })

  test('SELECT_MFA_TYPE: a rider with both chooses where the code comes from', async ({
    page,
    site,
    rider,
  }) => {
    await site.pool.createConfirmedUser(rider)
    const app = await addAuthenticatorApp(site, rider)
    await site.pool.call('AdminSetUserMFAPreference', {
      UserPoolId,
      Username: rider.email,
      EmailMfaSettings: { Enabled: true, PreferredMfa: false },
      SoftwareTokenMfaSettings: { Enabled: true, PreferredMfa: false },
    })
    await signInOnTheWay(page, rider)
    await expectChallengeStep(page, "Confirm it's you")
    await page.getByRole('button', { name: 'Email me a code' }).click()
    await expectChallengeStep(page, 'Enter your code')
    await page.getByLabel('Verification code').fill(await site.pool.latestCodeFor(rider.email))
    await expectRemembered(page, site)

    await page.evaluate(() => localStorage.clear())
    await page.goto('/')
    await signInOnTheWay(page, rider)
    await page.getByRole('button', { name: 'Use your authenticator app' }).click()
    await page.getByLabel('Verification code').fill(app.code(1))
    await pressSignIn(page)
    await expectRemembered(page, site)
  })
})

test.describe('in a pool that requires MFA', () => {
  test.use({ template: withPool({ MfaConfiguration: 'ON' }) })

  test('MFA_SETUP: a rider without an app gets a key, must confirm that they kept it, and signs in with its first code', async ({
    page,
    site,
    rider,
  }) => {
    await site.pool.createConfirmedUser(rider)
    await signInOnTheWay(page, rider)
    await expectChallengeStep(page, 'Set up your authenticator app')
    await expect(page.getByRole('img', { name: /^QR code/ })).toBeVisible()
    const key = page.getByText(/^[A-Z2-7]{4}( [A-Z2-7]{4})+$/)
    const shown = (await key.textContent()) ?? ''
    const secret = shown.replaceAll(' ', '')
    const link = await page.getByRole('link', { name: 'Open the app' }).getAttribute('href')
    expect(link).toBe(
      `otpauth://totp/Wild%20Rydes:${encodeURIComponent(rider.email)}?secret=${secret}&issuer=Wild%20Rydes`,
    )

    await page.getByRole('button', { name: 'Turn on' }).click()
    await expectErrorSummary(page, [
      "Confirm that you've saved the setup key",
      'Enter the 6-digit code',
    ])
    const app = createAuthenticatorApp(secret)
    const field = page.getByLabel('Verification code from the app')
    await field.fill(app.code(0))
    await field.press('Enter')
    await expectErrorSummary(page, ["Confirm that you've saved the setup key"])
    await page.getByLabel("I've saved the setup key").check()
    await field.fill(app.wrongCode)
    await field.press('Enter')
    await expectErrorSummary(page, [/That code isn't right.* authenticator app/])
    await expect(key).toHaveText(shown)
    await expectInvalidAndSelected(field, app.wrongCode)
    expect(await tokenKeys(page)).toEqual([])

    await field.fill(app.code(0))
    await field.press('Enter')
    await expectRemembered(page, site)
  })

  test('MFA_SETUP: an invited rider chooses a password, sets up an app and is signed in', async ({
    page,
    site,
    rider,
  }) => {
    await site.pool.createInvitedUser(rider)
    await signInOnTheWay(page, rider)
    await expectChallengeStep(page, 'Choose a new password')
    await page.getByLabel('New password').fill('Pegasus-5678')
    await page.getByLabel('New password').press('Enter')
    await expectChallengeStep(page, 'Set up your authenticator app')
    expect(await tokenKeys(page)).toEqual([])
    await page.getByLabel("I've saved the setup key").check()
    await enterFirstCode(page)
    await expectRemembered(page, site)
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
  ['in place of the password', 'InitiateAuth'],
] as const) {
  test(`unsupported challenges: ${when} they give one sentence and store no session`, async ({
    page,
    site,
    rider,
  }) => {
    await site.pool.createConfirmedUser(rider)
    let challenge: Readonly<Record<string, unknown>> | undefined
    let challengesSent = 0
    await page.route(poolApi, async (route) => {
      const target = route.request().headers()['x-amz-target'] ?? ''
      if (!challenge || !target.endsWith(operation)) return route.continue()
      challengesSent += 1
      return route.fulfill({ json: { Session: 's'.repeat(40), ...challenge } })
    })
    await page.goto('/signin.html')
    const press = async () => {
      await submitSignIn(page, rider)
    }
    const challenges = [
      ...['SMS_MFA', 'SELECT_MFA_TYPE', 'CUSTOM_CHALLENGE', 'DEVICE_SRP_AUTH', 'WEB_AUTHN'],
      ...['SELECT_CHALLENGE', 'SOMETHING_NEW', 'NEW_PASSWORD_REQUIRED'],
    ]
    for (const ChallengeName of challenges) {
      const requiredAttributes = JSON.stringify(['userAttributes.name'])
      const MFAS_CAN_CHOOSE = JSON.stringify(['SMS_MFA'])
      challenge = { ChallengeName, ChallengeParameters: { requiredAttributes, MFAS_CAN_CHOOSE } }
      await press()
      await expectErrorSummary(page, [
        "This account needs a sign-in step that this site doesn't have. Contact its operator.",
      ])
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in')
      await expect(page.getByLabel('Email or username')).toHaveValue(rider.email)
      expect(await tokenKeys(page)).toEqual([])
    }
    expect(challengesSent).toBe(challenges.length)

    challenge = undefined
    await press()
    await expectRidePage(page)
  })
}
