/** The offer of a passkey on the ride page, after a sign-in with a password. */

import type { Page } from '@playwright/test'
import { signOut } from '../support/account-actions.ts'
import { addAuthenticatorApp } from '../support/authenticator-app.ts'
import { routeCalls, watchOperations } from '../support/calls.ts'
import { stopClock } from '../support/clocks.ts'
import { expect, test } from '../support/fixtures.ts'
import { addPasskeys, withPasskeyPool } from '../support/passkey-actions.ts'
import {
  expectRidePage,
  openSignedIn,
  otherRider,
  pressSignIn,
  signIn,
  submitSignIn,
  tabTo,
} from '../support/rider-actions.ts'
import {
  addVirtualAuthenticator,
  registerPasskey,
  type VirtualAuthenticator,
} from '../support/virtual-authenticator.ts'

const made = 'You have a passkey now. Next time, press “Sign in with a passkey”.'

let authenticator: VirtualAuthenticator

test.beforeEach(async ({ page, site, rider }) => {
  authenticator = await addVirtualAuthenticator(page)
  await site.pool.createConfirmedUser(rider)
})

const offer = (page: Page) => page.getByRole('region', { name: 'Sign in faster next time' })
const addButton = (page: Page) => page.getByRole('button', { name: 'Add a passkey' })
const notNow = (page: Page) => page.getByRole('button', { name: 'Not now' })

/** Whether the browser can make a passkey without a question. */
async function setConditionalCreate(page: Page, canCreate: boolean): Promise<void> {
  await page.addInitScript((conditionalCreate) => {
    const capabilities = PublicKeyCredential.getClientCapabilities.bind(PublicKeyCredential)
    PublicKeyCredential.getClientCapabilities = async () => ({
      ...(await capabilities()),
      conditionalCreate,
    })
  }, canCreate)
}

/**
 * Stands in for a browser that makes a passkey without a question, or takes its time for that. It writes down how it was asked,
 * and whether that was aborted.
 */
async function stubConditionalCreate(page: Page, { isHeld = false } = {}): Promise<void> {
  await setConditionalCreate(page, true)
  await page.addInitScript((held) => {
    const create = navigator.credentials.create.bind(navigator.credentials)
    navigator.credentials.create = (options) => {
      const { mediation, ...modal } = Object(options)
      const { dataset } = document.documentElement
      dataset.asked = `${dataset.asked ?? ''}${mediation ?? 'modal'} `
      if (mediation !== 'conditional') return create(options)
      if (!held) return create(modal)
      return new Promise((_, reject) => {
        modal.signal.addEventListener('abort', () => {
          dataset.aborted = 'true'
          reject(modal.signal.reason)
        })
      })
    }
  }, isHeld)
}

for (const viewport of [
  { width: 360, height: 780 },
  { width: 1280, height: 800 },
]) {
  test.describe(`at ${viewport.width} px`, () => {
    test.use({ viewport })

    test('passkey offer: after a password sign-in it is shown with the page; the passkey made signs in next time', async ({
      page,
      rider,
    }) => {
      await setConditionalCreate(page, false)
      await page.addInitScript(() => {
        let shift = 0
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) shift += Number(Reflect.get(entry, 'value'))
          document.documentElement.dataset.shift = String(shift)
        }).observe({ type: 'layout-shift', buffered: true })
      })
      await signIn(page, rider)
      await expect(offer(page)).toBeVisible()
      await expect(addButton(page)).toBeEnabled()
      expect(Number(await page.locator('html').getAttribute('data-shift'))).toBeLessThan(0.01)
      await addButton(page).click()
      await expect(offer(page)).toContainText(made)
      await expect(page.getByRole('button', { name: 'Close' })).toBeFocused()
      expect(await authenticator.listPasskeys()).toHaveLength(1)
      await page.getByRole('button', { name: 'Close' }).click()
      await expect(offer(page)).toBeHidden()
      await expect(page.locator('main')).toBeFocused()

      await signOut(page)
      await page.getByLabel('Email or username').fill(rider.email)
      await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
      await expectRidePage(page)
      await expect(offer(page)).toBeHidden()
    })
  })
}

test('passkey offer: "Not now" is remembered for good, for this rider alone', async ({
  page,
  site,
  rider,
}) => {
  await setConditionalCreate(page, false)
  await site.pool.createConfirmedUser(otherRider)
  await signIn(page, rider)
  await tabTo(page, notNow(page))
  await page.keyboard.press('Enter')
  await expect(offer(page)).toBeHidden()
  await signOut(page)
  await submitSignIn(page, rider)
  await expectRidePage(page)
  await expect(offer(page)).toBeHidden()
  await signOut(page)
  await submitSignIn(page, otherRider)
  await expectRidePage(page)
  await expect(offer(page)).toBeVisible()
  // Once: not when the page is opened again.
  await page.reload()
  await expectRidePage(page)
  await expect(offer(page)).toBeHidden()
})

test('passkey offer: a rider who has one elsewhere is told, and is not offered another', async ({
  page,
  site,
  rider,
}) => {
  const { accessToken } = await site.pool.signIn(rider)
  await addPasskeys(site, accessToken, [{}])
  await stubConditionalCreate(page)
  await signIn(page, rider)
  await expect(offer(page)).toContainText(
    'You have a passkey. Next time, press “Sign in with a passkey”.',
  )
  await expect(addButton(page)).toBeHidden()
  await expect(page.locator('html')).not.toHaveAttribute('data-asked')
})

test('passkey offer: there is none before the rider is in, without a password, or after a passkey', async ({
  page,
  site,
  rider,
}) => {
  await stubConditionalCreate(page)
  const operations = watchOperations(page)
  await page.goto('/signin.html')
  await submitSignIn(page, { ...rider, password: 'wrong' })
  await expect(page.getByRole('alert')).toBeVisible()
  await expect(page.locator('html')).not.toHaveAttribute('data-asked')
  await openSignedIn(page, site, rider)
  await expect(offer(page)).toBeHidden()
  expect(operations).not.toContain('ListWebAuthnCredentials')
  await page.evaluate(() => sessionStorage.clear())
  await registerPasskey(page, site, rider)
  await page.goto('/signin.html')
  await page.getByLabel('Email or username').fill(rider.email)
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await expectRidePage(page)
  await expect(offer(page)).toBeHidden()
  expect(operations).not.toContain('ListWebAuthnCredentials')
})

test('passkey offer: there is none after a code of an authenticator app, beside which it would not sign in', async ({
  page,
  site,
  rider,
}) => {
  const app = await addAuthenticatorApp(site, rider)
  await page.goto('/signin.html')
  await submitSignIn(page, rider)
  await page.getByLabel('Verification code').fill(app.code(1))
  await pressSignIn(page)
  await expectRidePage(page)
  await expect(offer(page)).toBeHidden()
  expect(await page.evaluate(() => sessionStorage.getItem('wildrydes.user.passkeyOfferDue'))).toBe(
    null,
  )
})

test('passkey offer: where the browser can, a passkey is made without a question, and told', async ({
  page,
  rider,
}) => {
  await stubConditionalCreate(page)
  await signIn(page, rider)
  await expect(offer(page)).toContainText(made)
  await expect(page.getByRole('status')).toHaveText(made)
  await expect(addButton(page)).toBeHidden()
  await expect(page.locator('html')).toHaveAttribute('data-asked', 'conditional ')
  expect(await authenticator.listPasskeys()).toHaveLength(1)
})

test('passkey offer: an attempt without a question ends after five seconds, and nothing is said', async ({
  page,
  rider,
}) => {
  await page.clock.install()
  await stubConditionalCreate(page, { isHeld: true })
  await signIn(page, rider)
  await expect(page.locator('html')).toHaveAttribute('data-asked', 'conditional ')
  await stopClock(page)
  await expect(page.locator('html')).not.toHaveAttribute('data-aborted')
  await page.clock.runFor(5000)
  await expect(page.locator('html')).toHaveAttribute('data-aborted')
  await expect(page.getByRole('status')).toBeEmpty()
  await expect(addButton(page)).toBeEnabled()
})

test('passkey offer: pressing the button ends an attempt without a question, and asks', async ({
  page,
  rider,
}) => {
  await stubConditionalCreate(page, { isHeld: true })
  await signIn(page, rider)
  await expect(page.locator('html')).toHaveAttribute('data-asked', 'conditional ')
  await addButton(page).click()
  await expect(offer(page)).toContainText(made)
  await expect(page.locator('html')).toHaveAttribute('data-asked', 'conditional modal ')
  expect(await authenticator.listPasskeys()).toHaveLength(1)
})

test('passkey offer: a canceled one can be tried again, and an error is told in its place', async ({
  page,
  rider,
}) => {
  await setConditionalCreate(page, false)
  await signIn(page, rider)
  await authenticator.setUserVerified(false)
  await addButton(page).click()
  await expect(offer(page)).toContainText(
    'No passkey was made. Try again, or add one later on your account page.',
  )
  await authenticator.setUserVerified(true)
  await routeCalls(page, 'StartWebAuthnRegistration', (route) => route.abort())
  await addButton(page).click()
  await expect(offer(page)).toContainText("We couldn't reach the service.")
  await page.unrouteAll()
  await addButton(page).click()
  await expect(offer(page)).toContainText(made)
})

test('passkey offer: five minutes after the sign-in, the account page is the place for it', async ({
  page,
  rider,
}) => {
  await setConditionalCreate(page, false)
  await signIn(page, rider)
  await expect(addButton(page)).toBeEnabled()
  await page.clock.setSystemTime(Date.now() + 6 * 60_000)
  await addButton(page).click()
  await expect(offer(page)).toContainText(
    'You signed in a while ago. Add a passkey on your account page.',
  )
  expect(await authenticator.listPasskeys()).toEqual([])
})

test('passkey offer: a browser that cannot use passkeys is offered none', async ({
  page,
  rider,
}) => {
  await page.addInitScript(() =>
    Reflect.deleteProperty(PublicKeyCredential, 'parseCreationOptionsFromJSON'),
  )
  await signIn(page, rider)
  await expect(offer(page)).toBeHidden()
})

test.describe('in a pool without passkeys', () => {
  test.use({
    template: withPasskeyPool({
      Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP'] } },
    }),
  })

  test('passkey offer: there is none', async ({ page, rider }) => {
    await signIn(page, rider)
    await expect(offer(page)).toBeHidden()
  })
})
