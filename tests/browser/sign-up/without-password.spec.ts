/** Registering without a password: the emailed code signs in, a passkey is made at once, and signs in from then on. */

import type { Page } from '@playwright/test'
import { expectAccountPage, expectSignInPage } from '../support/account-actions.ts'
import { routeCalls, watchCalls, watchPosts } from '../support/calls.ts'
import { expect, type Rider, type Site, test } from '../support/fixtures.ts'
import { useTemplate, withPool } from '../support/pool-templates.ts'
import { useSettings } from '../support/ride-actions.ts'
import {
  expectErrorSummary,
  expectRidePage,
  openSignedIn,
  otherRider,
  tabTo,
} from '../support/rider-actions.ts'
import { pressSignOut } from '../support/user-menu.ts'
import {
  addVirtualAuthenticator,
  type VirtualAuthenticator,
} from '../support/virtual-authenticator.ts'

const passkeyMade = "You're signed in. From now on you sign in with your passkey."
const noPasskeyMade =
  "You're signed in, but no passkey was made. Add one here, or sign in with a code by email next time."

const registerButton = (page: Page) =>
  page.getByRole('button', { name: 'Use a passkey, no password' })

async function registerWithoutPassword(page: Page, { email }: Rider): Promise<void> {
  await page.goto('/register.html')
  await page.getByLabel('Email').fill(email)
  await registerButton(page).click()
  await expect(page).toHaveURL(/verify/)
}

async function enterCode(page: Page, { pool }: Site, { email }: Rider): Promise<void> {
  await page.getByLabel('Verification code').fill(await pool.latestCodeFor(email))
}

async function signOut(page: Page): Promise<void> {
  await pressSignOut(page)
  await expectSignInPage(page, 'You are signed out.')
}

test.describe('with a device that makes passkeys', () => {
  let authenticator: VirtualAuthenticator

  test.beforeEach(async ({ page }) => {
    authenticator = await addVirtualAuthenticator(page)
  })

  for (const viewport of [
    { width: 360, height: 780 },
    { width: 1280, height: 800 },
  ]) {
    test.describe(`at ${viewport.width} px`, () => {
      test.use({ viewport })

      test('no password: a rider registers with an address, a code and a passkey, and signs in by it, with no password typed', async ({
        page,
        site,
        rider,
      }) => {
        const signUps = watchCalls(page, 'SignUp')
        await registerWithoutPassword(page, rider)
        expect(signUps).toHaveLength(1)
        expect(JSON.stringify(signUps)).not.toMatch(/password/i)
        await expect(page.getByText(`We emailed a 6-digit code to ${rider.email}`)).toBeVisible()
        await enterCode(page, site, rider)
        await expectRidePage(page)
        await expect(page.getByRole('status')).toHaveText(passkeyMade)
        expect(await authenticator.listPasskeys()).toHaveLength(1)
        expect(await page.evaluate(() => JSON.stringify(sessionStorage))).not.toContain('signUp')

        // Else the browser offers it in the field at once, and the device is there to choose it.
        await page.evaluate(() => localStorage.removeItem('wildrydes.hasUsedPasskey'))
        await signOut(page)
        await expect(page.getByLabel('Email or username')).toHaveValue(rider.email)
        await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
        await expectRidePage(page)
        await expect(page.getByText(`You are signed in as ${rider.email}`)).toBeVisible()
      })
    })
  }

  test('no password: by keyboard alone, on the way to a page that the rider wanted', async ({
    page,
    site,
    rider,
  }) => {
    await page.goto('/register.html?next=%2Fride.html%3Fpickup%3D1')
    await tabTo(page, page.getByLabel('Email'))
    await page.keyboard.type(rider.email)
    await tabTo(page, registerButton(page))
    await page.keyboard.press('Enter')
    await expect(page).toHaveURL(/verify/)
    await tabTo(page, page.getByLabel('Verification code'))
    await page.keyboard.type(await site.pool.latestCodeFor(rider.email))
    await expectRidePage(page)
    await expect(page).toHaveURL(`${site.origin}/ride.html?pickup=1`)
    await expect(page.getByRole('status')).toHaveText(passkeyMade)
  })

  test('no password: the browser offers the new passkey in the field of the next sign-in', async ({
    page,
    site,
    rider,
  }) => {
    await registerWithoutPassword(page, rider)
    await enterCode(page, site, rider)
    await expectRidePage(page)
    await pressSignOut(page)
    // The device is there to choose it.
    await expectRidePage(page)
    await expect(page.getByText(`You are signed in as ${rider.email}`)).toBeVisible()
  })

  test('no password: a passkey that is canceled leaves the rider in, and an emailed code signs in the next time', async ({
    page,
    site,
    rider,
  }) => {
    await authenticator.setUserVerified(false)
    await registerWithoutPassword(page, rider)
    await enterCode(page, site, rider)
    await expectAccountPage(page)
    await expect(page.getByRole('status')).toHaveText(noPasskeyMade)
    expect(await authenticator.listPasskeys()).toEqual([])

    await signOut(page)
    await page.getByLabel('Email or username').fill(rider.email)
    await page.getByRole('button', { name: 'Email me a code' }).click()
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Enter your code')
    await page.getByLabel('Verification code').fill(await site.pool.latestCodeFor(rider.email))
    await expectRidePage(page)
  })

  for (const operation of ['StartWebAuthnRegistration', 'CompleteWebAuthnRegistration']) {
    test(`no password: when ${operation} fails the rider is in, and told that there is no passkey`, async ({
      page,
      site,
      rider,
    }) => {
      await routeCalls(page, operation, (route) => route.abort())
      await registerWithoutPassword(page, rider)
      await enterCode(page, site, rider)
      await expectAccountPage(page)
      await expect(page.getByRole('status')).toHaveText(noPasskeyMade)
    })
  }

  test('no password: over another rider who is signed in nobody is signed in, and no passkey is made', async ({
    page,
    site,
    rider,
  }) => {
    await site.pool.createConfirmedUser(otherRider)
    await openSignedIn(page, site, otherRider)
    await registerWithoutPassword(page, rider)
    await enterCode(page, site, rider)
    await expectSignInPage(page, 'Your email address is verified. You can sign in now.')
    expect(await authenticator.listPasskeys()).toEqual([])
  })
})

test('no password: without an address nothing is sent, and the error is about the address alone', async ({
  page,
}) => {
  await page.goto('/register.html')
  const calls = watchPosts(page)
  await registerButton(page).click()
  await expectErrorSummary(page, ['Enter your email address'])
  expect(calls).toEqual([])
  await page.getByLabel('Email').fill('rider@example.com')
  await expect(page.getByText('There is a problem')).toBeHidden()
})

test('no password: an address that has an account gets the same ways on', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(rider)
  await page.goto('/register.html')
  await page.getByLabel('Email').fill(rider.email)
  await registerButton(page).click()
  const summary = page.locator('#error-summary')
  await expect(summary).toContainText('already has an account')
  await summary.getByRole('link', { name: 'Sign in' }).click()
  await expect(page.getByLabel('Email or username')).toHaveValue(rider.email)
})

test('no password: a browser without passkeys is not offered it', async ({ page }) => {
  await page.addInitScript(() => Reflect.deleteProperty(window, 'PublicKeyCredential'))
  await page.goto('/register.html')
  await expect(page.getByRole('button', { name: "Let's Ryde" })).toBeEnabled()
  await page.locator('#themes').waitFor()
  await expect(registerButton(page)).toBeHidden()
  await expect(page.getByText('or', { exact: true })).toBeHidden()
})

const choice = ['ALLOW_USER_AUTH', 'ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH']

for (const [what, factor] of [
  ['emailed codes', 'WEB_AUTHN'],
  ['passkeys', 'EMAIL_OTP'],
] as const) {
  test.describe(`in a pool without ${what}`, () => {
    test.use({
      template: useTemplate({
        pool: {
          AutoVerifiedAttributes: ['email'],
          UsernameConfiguration: { CaseSensitive: false },
          WebAuthnRelyingPartyID: 'localhost',
          Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', factor] } },
        },
        client: { ExplicitAuthFlows: choice, PreventUserExistenceErrors: 'ENABLED' },
      }),
    })

    test(`no password: it is not offered where there are no ${what}`, async ({ page }) => {
      await page.goto('/register.html')
      await page.locator('#themes').waitFor()
      await expect(registerButton(page)).toBeHidden()
    })
  })
}

test.describe('in a pool whose config.js promises too much', () => {
  test.use({ template: withPool({}) })

  test('no password: the setting is told to the operator, and a password registers', async ({
    page,
    site,
    rider,
  }) => {
    const signIn = ['password', 'passkey', 'email-code']
    const text = await (await fetch(`${site.origin}/js/config.js`)).text()
    const { cognito } = JSON.parse(/\{.*\}/s.exec(text)?.[0] ?? '')
    await useSettings(page, site, { cognito: { ...cognito, signIn } })
    await page.goto('/register.html')
    await page.getByLabel('Email').fill(rider.email)
    await registerButton(page).click()
    await expectErrorSummary(page, [/only its operator can fix it\. cognito\.signIn .*EMAIL_OTP/])
    for (const field of ['Password', 'Confirm password']) {
      await page.getByLabel(field, { exact: true }).fill(rider.password)
    }
    await page.getByRole('button', { name: "Let's Ryde" }).click()
    await expect(page).toHaveURL(/verify/)
  })
})
