/** Passkeys on the account page: made, listed, used to confirm who it is, deleted; and what goes wrong. */

import type { Page } from '@playwright/test'
import {
  expectAccountPage,
  expectSignInPage,
  openAccount,
  openAccountSignedIn,
  reauthenticateByPassword,
  reauthenticateHeading,
  signOut,
  storedToken,
} from '../support/account-actions.ts'
import { addAuthenticatorApp } from '../support/authenticator-app.ts'
import { routeCalls, waitForResponseOf, watchCalls, watchOperations } from '../support/calls.ts'
import { expireRecentSignIn } from '../support/clocks.ts'
import { expect, test } from '../support/fixtures.ts'
import { sessionEnded, trouble } from '../support/messages.ts'
import {
  addButton,
  addPasskeys,
  countPasskeys,
  openPasskeys,
  storePasswordlessSession,
  withPasskeyPool,
} from '../support/passkey-actions.ts'
import { UserPoolId } from '../support/pool-client.ts'
import { useSettings } from '../support/ride-actions.ts'
import { expectErrorSummary, expectRidePage, returnToTab, tabTo } from '../support/rider-actions.ts'
import {
  addVirtualAuthenticator,
  registerPasskey,
  type VirtualAuthenticator,
} from '../support/virtual-authenticator.ts'

const added = 'Passkey added. Next time, sign in with it.'
const deleted = 'Passkey deleted. It no longer signs you in.'
const notMade = 'No passkey was made. Try again when you are ready.'
const cannotMake =
  "This device can't make a passkey for this site. Try another device, or a security key."
const none = 'You have no passkeys yet.'

let authenticator: VirtualAuthenticator

test.beforeEach(async ({ page }) => {
  authenticator = await addVirtualAuthenticator(page)
})

const status = (page: Page) => page.getByRole('status')
const passkeys = (page: Page) => page.locator('#passkeys').getByRole('listitem')
const deleteButton = (page: Page) => page.getByRole('button', { name: /^Delete: / })
const confirmDeletion = (page: Page) => page.getByRole('button', { name: 'Delete passkey' })
const usePasskey = (page: Page) => page.getByRole('button', { name: 'Use a passkey' })

async function addPasskey(page: Page): Promise<void> {
  await addButton(page).click()
  await expect(status(page)).toHaveText(added)
}

/** Makes the browser refuse to make a passkey with an error of this name. */
async function refuseToCreate(page: Page, name: string): Promise<void> {
  await page.evaluate((error) => {
    navigator.credentials.create = () => Promise.reject(new DOMException('refused', error))
  }, name)
}

test('passkeys: the pool is asked once how the rider signs in, by the page and its card together', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(rider)
  const calls = watchCalls(page, 'GetUserAuthFactors')
  await openAccountSignedIn(page, site, rider)
  await openPasskeys(page)
  await expect(page.getByText(none)).toBeVisible()
  expect(calls).toHaveLength(1)
})

for (const viewport of [
  { width: 360, height: 780 },
  { width: 1280, height: 800 },
]) {
  test.describe(`at ${viewport.width} px`, () => {
    test.use({ viewport })

    test('passkeys: one is added, signs in, confirms who it is, and is deleted, with no password typed', async ({
      page,
      site,
      rider,
    }) => {
      await site.pool.createConfirmedUser(rider)
      await openAccountSignedIn(page, site, rider)
      const challenges = watchCalls(page, 'RespondToAuthChallenge')
      const card = await openPasskeys(page)
      await expect(card).toContainText(none)
      await addPasskey(page)
      await expect(page.getByRole('heading', { name: 'Passkeys' })).toBeFocused()
      await expect(passkeys(page)).toHaveCount(1)
      const year = await page.evaluate(() => String(new Date().getFullYear()))
      await expect(passkeys(page)).toContainText(/This device\s*Made on \w+ \d+, /)
      await expect(passkeys(page)).toContainText(year)
      await expect(card).not.toContainText(none)
      const [id = ''] = await authenticator.listPasskeys()

      await signOut(page)
      await page.getByLabel('Email or username').fill(rider.email)
      await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
      await expectRidePage(page)

      await openAccount(page)
      await openPasskeys(page)
      await expireRecentSignIn(page)
      await deleteButton(page).click()
      await confirmDeletion(page).click()
      await expect(reauthenticateHeading(page)).toBeFocused()
      await usePasskey(page).click()
      await expect(status(page)).toHaveText(deleted)
      await expect(page.getByRole('heading', { name: 'Passkeys' })).toBeFocused()
      await expect(passkeys(page)).toHaveCount(0)
      await expect(card).toContainText(none)
      expect(await countPasskeys(site, await storedToken(page, 'accessToken'))).toBe(0)

      // The provider was told, and offers it no more.
      await expect.poll(() => authenticator.toldGone).toEqual([id])
      expect(await authenticator.listPasskeys()).toEqual([])
      await signOut(page)
      await page.getByLabel('Email or username').fill(rider.email)
      await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
      await expect(status(page)).toHaveText(/^There is no passkey/)
      expect(challenges).toEqual([
        expect.objectContaining({ ChallengeName: 'WEB_AUTHN' }),
        expect.objectContaining({ ChallengeName: 'WEB_AUTHN' }),
      ])
    })
  })
}

test('passkeys: by keyboard, one is added and, after a question, deleted', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(rider)
  await openAccountSignedIn(page, site, rider)
  await page.getByRole('link', { name: 'Passkeys' }).focus()
  await page.keyboard.press('Enter')
  await openPasskeys(page)
  await tabTo(page, addButton(page))
  await page.keyboard.press('Enter')
  await expect(status(page)).toHaveText(added)
  await tabTo(page, deleteButton(page))
  await page.keyboard.press('Enter')
  const question = page.getByText('Delete this passkey? It will no longer sign you in.')
  await expect(question).toBeFocused()
  await tabTo(page, page.getByRole('button', { name: 'Keep passkey' }))
  await page.keyboard.press('Enter')
  await expect(question).toHaveCount(0)
  await expect(deleteButton(page)).toBeFocused()
  await page.keyboard.press('Enter')
  await page.keyboard.press('Tab')
  await expect(confirmDeletion(page)).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(status(page)).toHaveText(deleted)
  await expect(page.getByRole('heading', { name: 'Passkeys' })).toBeFocused()
})

test('passkeys: each has a name by what it is on, and when it was made', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(rider)
  await openAccountSignedIn(page, site, rider)
  await addPasskeys(site, await storedToken(page, 'accessToken'), [
    { attachment: 'platform', transports: ['internal'] },
    { attachment: 'cross-platform', transports: ['usb', 'nfc'] },
    { attachment: 'cross-platform', transports: ['internal', 'hybrid'] },
    { attachment: 'other', transports: [] },
  ])
  await openPasskeys(page)
  await expect(passkeys(page).locator('strong')).toHaveText([
    'Phone or computer',
    'Security key',
    'Phone or tablet',
    'Passkey',
  ])
  await addPasskey(page)
  await expect(passkeys(page).locator('strong').last()).toHaveText('This device')
  await expect(deleteButton(page).nth(1)).toHaveAccessibleName(
    /^Delete: Security key\. Made on \w+ \d+, \d{4}, \d+:\d\d/,
  )
})

test('passkeys: canceled, timed out and none are one sentence, and one may try again', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(rider)
  await openAccountSignedIn(page, site, rider)
  await openPasskeys(page)
  await authenticator.setUserVerified(false)
  await addButton(page).click()
  await expect(status(page)).toHaveText(notMade)
  await expect(page.locator('#error-summary')).toBeHidden()
  await expect(passkeys(page)).toHaveCount(0)
  await authenticator.setUserVerified(true)
  await addPasskey(page)
})

for (const [name, sentence] of [
  ['NotAllowedError', notMade],
  ['UnknownError', notMade],
  ['NotSupportedError', cannotMake],
  ['ConstraintError', cannotMake],
] as const) {
  test(`passkeys: the browser's ${name} has words of its own`, async ({ page, site, rider }) => {
    await site.pool.createConfirmedUser(rider)
    await openAccountSignedIn(page, site, rider)
    await openPasskeys(page)
    await refuseToCreate(page, name)
    await addButton(page).click()
    await expect(status(page)).toHaveText(sentence)
    await expect(addButton(page)).toBeFocused()
  })
}

test('passkeys: a second one on this device is refused in words of its own', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(rider)
  await openAccountSignedIn(page, site, rider)
  await openPasskeys(page)
  await addPasskey(page)
  await addButton(page).click()
  await expect(status(page)).toHaveText('This device already has a passkey for your account.')
  await expect(passkeys(page)).toHaveCount(1)
})

test('passkeys: one that the service cannot use, and one that took too long, are told and not listed', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(rider)
  await openAccountSignedIn(page, site, rider)
  await openPasskeys(page)
  let type = 'WebAuthnCredentialNotSupportedException'
  await routeCalls(page, 'CompleteWebAuthnRegistration', (route) =>
    route.fulfill({ status: 400, json: { __type: type, message: '' } }),
  )
  await addButton(page).click()
  await expectErrorSummary(page, [cannotMake])
  type = 'WebAuthnChallengeNotFoundException'
  await addButton(page).click()
  await expectErrorSummary(page, ['This is taking too long. Try again.'])
  await expect(passkeys(page)).toHaveCount(0)
})

test('passkeys: twenty are the most', async ({ page, site, rider }) => {
  await site.pool.createConfirmedUser(rider)
  await openAccountSignedIn(page, site, rider)
  const token = await storedToken(page, 'accessToken')
  await addPasskeys(site, token, Array(19).fill({}))
  const card = await openPasskeys(page)
  await expect(passkeys(page)).toHaveCount(19)
  // The twentieth comes from another device.
  await addPasskeys(site, token, [{}])
  await addButton(page).click()
  await expectErrorSummary(page, ['Twenty passkeys are the most. Delete one to add another.'])
  await returnToTab(page)
  await expect(passkeys(page)).toHaveCount(20)
  await expect(card).toContainText('Twenty passkeys are the most. Delete one to add another.')
  await expect(addButton(page)).toBeHidden()
  await deleteButton(page).first().click()
  await confirmDeletion(page).click()
  await expect(passkeys(page)).toHaveCount(19)
  await expect(addButton(page)).toBeVisible()
})

test('passkeys: a browser that cannot use them lists and deletes them', async ({
  page,
  site,
  rider,
}) => {
  await page.addInitScript(() =>
    Reflect.deleteProperty(PublicKeyCredential, 'parseCreationOptionsFromJSON'),
  )
  await site.pool.createConfirmedUser(rider)
  await openAccountSignedIn(page, site, rider)
  await addPasskeys(site, await storedToken(page, 'accessToken'), [{}])
  const card = await openPasskeys(page)
  await expect(card).toContainText("This browser can't use passkeys. You can delete yours here.")
  await expect(addButton(page)).toBeHidden()
  await expireRecentSignIn(page)
  await deleteButton(page).click()
  await confirmDeletion(page).click()
  await expect(reauthenticateHeading(page)).toBeFocused()
  await expect(usePasskey(page)).toBeHidden()
  await reauthenticateByPassword(page, rider.password)
  await expect(status(page)).toHaveText(deleted)
})

test('passkeys: another tab has deleted it: the list is up to date when shown again, and deleting it twice tells the provider', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(rider)
  await registerPasskey(page, site, rider)
  await openAccountSignedIn(page, site, rider)
  const card = await openPasskeys(page)
  await expect(passkeys(page)).toHaveCount(1)
  const AccessToken = await storedToken(page, 'accessToken')
  const { body } = await site.pool.call('ListWebAuthnCredentials', { AccessToken })
  const [{ CredentialId }] = JSON.parse(JSON.stringify(body.Credentials))
  await deleteButton(page).click()
  await site.pool.call('DeleteWebAuthnCredential', { AccessToken, CredentialId })
  expect(authenticator.toldGone).toEqual([])
  await confirmDeletion(page).click()
  await expect(status(page)).toHaveText(deleted)
  await expect(card).toContainText(none)
  await expect.poll(() => authenticator.toldGone.length).toBe(1)

  await addPasskeys(site, AccessToken, [{}, {}])
  await returnToTab(page)
  await expect(passkeys(page)).toHaveCount(2)
})

test('passkeys: a session that ends in the middle leads to sign-in, and back to the card', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(rider)
  await openAccountSignedIn(page, site, rider)
  await openPasskeys(page)
  await site.pool.call('AdminUserGlobalSignOut', { UserPoolId, Username: rider.email })
  await addButton(page).click()
  await expectSignInPage(page, sessionEnded)
  await expect(page).toHaveURL(/next=%2Faccount\.html/)
  expect(await authenticator.listPasskeys()).toEqual([])
})

test('passkeys: offline, nothing is made, and nothing is sent later', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(rider)
  await openAccountSignedIn(page, site, rider)
  await openPasskeys(page)
  // What the button needs is there once the card is seen.
  await page.waitForLoadState('networkidle')
  await page.context().setOffline(true)
  await addButton(page).click()
  await expectErrorSummary(page, ['You seem to be offline. Try again when you have a connection.'])
  await page.context().setOffline(false)
  await waitForResponseOf(page, 'GetUser')
  await expectAccountPage(page)
  expect(await authenticator.listPasskeys()).toEqual([])
  await addPasskey(page)
})

test('passkeys: a list that cannot be had says why, and comes when the tab is shown again', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(rider)
  await routeCalls(page, 'ListWebAuthnCredentials', (route) =>
    route.fulfill({ status: 500, body: '' }),
  )
  await openAccountSignedIn(page, site, rider)
  const card = await openPasskeys(page)
  await expect(card).toContainText(trouble)
  await page.unrouteAll()
  await returnToTab(page)
  await expect(card).toContainText(none)
})

test.describe('in a pool whose passkeys are for another host', () => {
  test.use({ template: withPasskeyPool({ WebAuthnRelyingPartyID: 'rides.example.com' }) })

  test('passkeys: the page names the setting to the operator', async ({ page, site, rider }) => {
    await site.pool.createConfirmedUser(rider)
    await openAccountSignedIn(page, site, rider)
    await openPasskeys(page)
    await addButton(page).click()
    await expectErrorSummary(page, [
      /only its operator can fix it\. cognito\.signIn .*WebAuthnRelyingPartyID/,
    ])
    await expect(passkeys(page)).toHaveCount(0)
  })
})

test.describe('in a pool without passkeys', () => {
  test.use({
    template: withPasskeyPool({
      Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP'] } },
    }),
  })

  test('passkeys: there is no card, and no link to it', async ({ page, site, rider }) => {
    await site.pool.createConfirmedUser(rider)
    const operations = watchOperations(page)
    await openAccountSignedIn(page, site, rider)
    await expect(page.getByRole('heading', { name: 'Authenticator app' })).toBeVisible()
    await expect(page.getByText('Passkeys')).toHaveCount(0)
    expect(operations).not.toContain('ListWebAuthnCredentials')
  })

  test('passkeys: a setting that promises them is told to the operator', async ({
    page,
    site,
    rider,
  }) => {
    await site.pool.createConfirmedUser(rider)
    const answer = await fetch(`${site.origin}/js/config.js`)
    const [settings] = /\{.*\}/s.exec(await answer.text()) ?? ['{}']
    const { cognito } = JSON.parse(settings)
    await useSettings(page, site, { cognito: { ...cognito, signIn: ['password', 'passkey'] } })
    await openAccountSignedIn(page, site, rider)
    await openPasskeys(page)
    await addButton(page).click()
    await expectErrorSummary(page, [/only its operator can fix it\. cognito\.signIn/])
  })
})

test.describe('an account without a password', () => {
  test('passkeys: the last one is deleted only after the page says what is left; an emailed code confirms who it is', async ({
    page,
    site,
    rider,
  }) => {
    await storePasswordlessSession(page, site, rider)
    await openAccount(page)
    const card = await openPasskeys(page)
    await expect(card).toContainText(
      'You have no passkey and no password: you sign in with a code that we email to you.',
    )
    await addPasskey(page)
    await expireRecentSignIn(page)
    await deleteButton(page).click()
    await expect(card).toContainText(
      `Delete your last passkey? You have no password: from then on you sign in with a code that we email to ${rider.email}.`,
    )
    await confirmDeletion(page).click()
    await expect(reauthenticateHeading(page)).toBeFocused()
    await expect(page.getByLabel('Password', { exact: true })).toHaveCount(0)
    await page.getByRole('button', { name: 'Email me a code' }).click()
    const code = page.getByLabel('Verification code from the email')
    await expect(code).toBeFocused()
    await expect(page.getByText(/^We emailed a code to /)).toBeVisible()
    const right = await site.pool.latestCodeFor(rider.email)
    await code.fill(right.replace(/^./, (first) => String((Number(first) + 1) % 10)))
    await page.getByRole('button', { name: 'Confirm' }).click()
    await expectErrorSummary(page, ["That code isn't right. Enter the one from our latest email."])
    await code.fill(right)
    await page.getByRole('button', { name: 'Confirm' }).click()
    await expect(status(page)).toHaveText(deleted)
    await expect(passkeys(page)).toHaveCount(0)
  })

  test('passkeys: the only way in is not deleted', async ({ page, site, rider }) => {
    const answer = await fetch(`${site.origin}/js/config.js`)
    const [settings] = /\{.*\}/s.exec(await answer.text()) ?? ['{}']
    const { cognito } = JSON.parse(settings)
    await useSettings(page, site, { cognito: { ...cognito, signIn: ['password', 'passkey'] } })
    await storePasswordlessSession(page, site, rider)
    await openAccount(page)
    const card = await openPasskeys(page)
    await addPasskey(page)
    await deleteButton(page).click()
    await expect(card).toContainText(
      "This is the only way into your account, so it can't be deleted. Add another passkey first.",
    )
    await expect(confirmDeletion(page)).toBeHidden()
    await page.getByRole('button', { name: 'Keep passkey' }).click()
    await expect(passkeys(page)).toHaveCount(1)
  })

  test('passkeys: one that has become the last meanwhile is asked about again', async ({
    page,
    site,
    rider,
  }) => {
    await storePasswordlessSession(page, site, rider)
    await openAccount(page)
    await addPasskeys(site, await storedToken(page, 'accessToken'), [{}])
    const card = await openPasskeys(page)
    await addPasskey(page)
    await deleteButton(page).last().click()
    await expect(card).toContainText('Delete this passkey? It will no longer sign you in.')
    const AccessToken = await storedToken(page, 'accessToken')
    const { body } = await site.pool.call('ListWebAuthnCredentials', { AccessToken })
    const [{ CredentialId }] = JSON.parse(JSON.stringify(body.Credentials))
    await site.pool.call('DeleteWebAuthnCredential', { AccessToken, CredentialId })
    await confirmDeletion(page).click()
    await expect(card).toContainText('Delete your last passkey?')
    expect(await countPasskeys(site, AccessToken)).toBe(1)
    await confirmDeletion(page).click()
    await expect(status(page)).toHaveText(deleted)
    expect(await countPasskeys(site, AccessToken)).toBe(0)
  })
})

test.describe('with an authenticator app', () => {
  test('passkeys: they sign in once they may stand for password and code', async ({
    page,
    site,
    rider,
  }) => {
    await site.pool.createConfirmedUser(rider)
    await registerPasskey(page, site, rider)
    await openAccountSignedIn(page, site, rider)
    await addAuthenticatorApp(site, rider)
    await returnToTab(page)
    const card = await openPasskeys(page)
    await expect(card).toContainText(
      "Your authenticator app is on: sign-in asks for your password and a code, and your passkeys don't count yet.",
    )
    await page.getByRole('button', { name: 'Let passkeys sign you in' }).click()
    await expect(status(page)).toHaveText('From now on a passkey alone signs you in.')
    await expect(card).not.toContainText("don't count yet")
    await expect(page.getByRole('button', { name: 'Let passkeys sign you in' })).toBeHidden()
    await signOut(page)
    await page.getByLabel('Email or username').fill(rider.email)
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
    await expectRidePage(page)
  })

  test('passkeys: one that is added does not count yet, and nothing else is promised', async ({
    page,
    site,
    rider,
  }) => {
    await site.pool.createConfirmedUser(rider)
    await openAccountSignedIn(page, site, rider)
    await addAuthenticatorApp(site, rider)
    await returnToTab(page)
    const card = await openPasskeys(page)
    await addButton(page).click()
    await expect(status(page)).toHaveText('Passkey added.')
    await expect(card).toContainText("your passkeys don't count yet")
  })

  test.describe('in a pool in which passkeys are one factor', () => {
    test.use({ template: withPasskeyPool({ WebAuthnFactorConfiguration: 'SINGLE_FACTOR' }) })

    test('passkeys: the page says why they do not sign in', async ({ page, site, rider }) => {
      await site.pool.createConfirmedUser(rider)
      await registerPasskey(page, site, rider)
      await openAccountSignedIn(page, site, rider)
      await addAuthenticatorApp(site, rider)
      await returnToTab(page)
      const card = await openPasskeys(page)
      await page.getByRole('button', { name: 'Let passkeys sign you in' }).click()
      const refused =
        "Your authenticator app is on, and this site doesn't let a passkey take its place. Turn the app off to sign in with a passkey."
      await expect(status(page)).toHaveText(refused)
      await expect(card).toContainText(refused)
      await expect(page.getByRole('button', { name: 'Let passkeys sign you in' })).toBeHidden()
      await page.getByRole('button', { name: 'Turn off' }).click()
      await expect(card).not.toContainText("this site doesn't let")
    })
  })
})

test('passkeys: the provider is told of a changed address', async ({ page, site, rider }) => {
  await site.pool.createConfirmedUser(rider)
  await registerPasskey(page, site, rider)
  await openAccountSignedIn(page, site, rider)
  await page.getByLabel('New email').fill('new@example.com')
  await page.getByRole('button', { name: 'Change email' }).click()
  const code = page.getByLabel('Verification code from the email')
  await expect(code).toBeVisible()
  await code.fill(await site.pool.latestCodeFor('new@example.com'))
  await expect(status(page)).toHaveText('Your email address is now new@example.com.')
  await expect.poll(() => authenticator.toldNames).toEqual(['new@example.com'])
})

test('re-authenticate: a passkey confirms other changes too; a canceled one can be tried again, and Back leads to the cards', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(rider)
  await registerPasskey(page, site, rider)
  await openAccountSignedIn(page, site, rider)
  await expireRecentSignIn(page)
  const start = page.getByRole('button', { name: 'Set up an authenticator app' })
  await start.click()
  await expect(reauthenticateHeading(page)).toBeFocused()
  await expect(page.getByLabel('Password', { exact: true })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Email me a code' })).toBeHidden()
  await authenticator.setUserVerified(false)
  await usePasskey(page).click()
  await expect(status(page)).toHaveText(
    'No passkey was used. Try again, or confirm in another way.',
  )
  await page.goBack()
  await expect(reauthenticateHeading(page)).toHaveCount(0)
  await expectAccountPage(page)
  await authenticator.setUserVerified(true)
  await start.click()
  await usePasskey(page).click()
  await expect(page.getByRole('heading', { name: 'Set up your app' })).toBeFocused()
})
