/** Signing in with a passkey: by its button, in the autofill of the name, and from what the browser has saved. */

import type { Page } from '@playwright/test'
import { expectAccountPage } from '../support/account-actions.ts'
import {
  createGate,
  holdResponses,
  routeCalls,
  waitForResponseOf,
  watchCalls,
  watchOperations,
} from '../support/calls.ts'
import { stopClock } from '../support/clocks.ts'
import { expect, type Rider, test } from '../support/fixtures.ts'
import { addPasskeys } from '../support/passkey-actions.ts'
import { ClientId } from '../support/pool-client.ts'
import { useTemplate } from '../support/pool-templates.ts'
import { expectRemembered } from '../support/protected-page-actions.ts'
import { useSettings } from '../support/ride-actions.ts'
import {
  expectErrorSummary,
  expectRidePage,
  pressSignIn,
  submitSignIn,
  tabTo,
  tokenKeys,
} from '../support/rider-actions.ts'
import { scripts } from '../support/scripts.ts'
import {
  addVirtualAuthenticator,
  holdPasskeyRequests,
  registerPasskey,
  type VirtualAuthenticator,
} from '../support/virtual-authenticator.ts'

const noPasskey =
  'There is no passkey for this account on this device. Sign in another way; you can add one afterwards.'
const notUsed =
  'No passkey was used. If there is no passkey for this account on this device, sign in another way; you can add one afterwards.'

let authenticator: VirtualAuthenticator

test.beforeEach(async ({ page, site, rider }) => {
  authenticator = await addVirtualAuthenticator(page)
  await site.pool.createConfirmedUser(rider)
})

const passkeyButton = (page: Page) => page.getByRole('button', { name: 'Sign in with a passkey' })

async function pressPasskey(page: Page, username: string): Promise<void> {
  await page.getByLabel('Email or username').fill(username)
  await passkeyButton(page).click()
}

/** Signs in with a passkey and out again, so that this browser has used one. */
async function usePasskeyOnce(page: Page, username: string): Promise<void> {
  await page.goto('/signin.html')
  await pressPasskey(page, username)
  await expectRidePage(page)
  await page.evaluate(() => {
    sessionStorage.clear()
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith('Cognito')) localStorage.removeItem(key)
    }
  })
}

for (const viewport of [
  { width: 360, height: 780 },
  { width: 1280, height: 800 },
]) {
  test.describe(`at ${viewport.width} px`, () => {
    test.use({ viewport })

    test('passkey: a rider presses the button and is in, with no password typed, at the page they wanted', async ({
      page,
      site,
      rider,
    }) => {
      await registerPasskey(page, site, rider)
      await page.goto('/ride.html?pickup=1#map')
      await expect(page).toHaveURL(/signin\.html\?next=/)
      await page.getByLabel('Keep me signed in').check()
      const calls = watchOperations(page)
      const responses = watchCalls(page, 'RespondToAuthChallenge')
      await pressPasskey(page, rider.email)
      await expectRemembered(page, site)
      expect(calls.slice(0, 2)).toEqual(['InitiateAuth', 'RespondToAuthChallenge'])
      // Nothing of the proof stays behind.
      const [{ ChallengeResponses, Session }] = JSON.parse(JSON.stringify(responses))
      const { response } = JSON.parse(ChallengeResponses.CREDENTIAL)
      const stored = await page.evaluate(() =>
        JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href]),
      )
      for (const secret of [response.signature, response.clientDataJSON, Session]) {
        expect(stored).not.toContain(secret)
      }
    })

    test('passkey: by keyboard, Tab leads from the name to the button, and Enter signs in', async ({
      page,
      site,
      rider,
    }) => {
      await registerPasskey(page, site, rider)
      await page.goto('/signin.html')
      await page.getByLabel('Email or username').focus()
      await page.keyboard.type(rider.email)
      await tabTo(page, passkeyButton(page))
      await page.keyboard.press('Enter')
      await expectRidePage(page)
      expect(await page.evaluate(() => Object.keys(localStorage).join())).not.toContain('Cognito')
    })
  })
}

test('passkey: without a name, the field says what is missing, and nothing is sent', async ({
  page,
}) => {
  const calls = watchOperations(page)
  await page.goto('/signin.html')
  await passkeyButton(page).click()
  await expectErrorSummary(page, ['Enter your email or username'])
  expect(calls).toEqual([])
})

test('passkey: a rider without one and names that nobody has read the same, and go on with the password', async ({
  page,
  site,
  rider,
}) => {
  await page.goto('/signin.html')
  // Every second unknown name is given a simulated passkey, which no device has.
  const unknown = await findUnknown(site, 'SELECT_CHALLENGE')
  for (const username of [rider.email, unknown]) {
    await pressPasskey(page, username)
    await expect(page.getByRole('status')).toHaveText(noPasskey)
    await expect(page.getByLabel('Password', { exact: true })).toBeFocused()
    await expect(page.locator('#error-summary')).toBeHidden()
    expect(await tokenKeys(page)).toEqual([])
    await page.reload()
  }
  await submitSignIn(page, rider)
  await expectRidePage(page)
})

test('passkey: one that was added elsewhere meanwhile is asked for at the next press', async ({
  page,
  site,
  rider,
}) => {
  await page.goto('/signin.html')
  await pressPasskey(page, rider.email)
  await expect(page.getByRole('status')).toHaveText(noPasskey)
  const { accessToken } = await site.pool.signIn(rider)
  await addPasskeys(site, accessToken, [{}])
  await passkeyButton(page).click()
  await expect(page.getByRole('status')).toHaveText(notUsed)
})

test('passkey: turning to the field of the name while the challenge is on its way ends no request', async ({
  page,
  site,
  rider,
}) => {
  await registerPasskey(page, site, rider)
  await usePasskeyOnce(page, rider.email)
  await authenticator.setPresent(false)
  const held = await holdResponses(page, 'InitiateAuth')
  await page.addInitScript(() => {
    const { get } = CredentialsContainer.prototype
    CredentialsContainer.prototype.get = function (options = {}) {
      const marks = document.documentElement.dataset
      if (!options.mediation) {
        marks.asked = ''
        options.signal?.addEventListener('abort', () => {
          marks.ended = ''
        })
      }
      return get.call(this, options)
    }
  })
  await page.goto('/signin.html')
  // The autofill's.
  await expect.poll(held.isHeld).toBe(true)
  await passkeyButton(page).click()
  await page.getByLabel('Password', { exact: true }).focus()
  await page.getByLabel('Email or username').focus()
  held.release()
  await expect(page.locator('html')).toHaveAttribute('data-asked')
  await page.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve)))
  await expect(page.locator('html')).not.toHaveAttribute('data-ended')
  await expect(page.getByRole('button', { name: 'Use your passkey…' })).toBeVisible()
})

test('passkey: a simulated one, one of another device, and a canceled request get one sentence', async ({
  page,
  site,
  rider,
}) => {
  await registerPasskey(page, site, rider)
  await authenticator.setUserVerified(false)
  await page.goto('/signin.html')
  await pressPasskey(page, rider.email)
  await expect(page.getByRole('status')).toHaveText(notUsed)
  await expect(passkeyButton(page)).toBeFocused()
  await expect(page.locator('#error-summary')).toBeHidden()
  await authenticator.setUserVerified(true)
  await passkeyButton(page).click()
  await expectRidePage(page)

  // Before the page is opened: it offers the passkey in the field, and the device is there to choose it.
  await authenticator.clear()
  await page.goto('/signin.html')
  for (const username of [rider.email, await findUnknown(site, 'WEB_AUTHN')]) {
    await page.reload()
    await pressPasskey(page, username)
    await expect(page.getByRole('status')).toHaveText(notUsed)
  }
})

test('passkey: when the challenge has ended meanwhile, the page says so, and a second press signs in', async ({
  page,
  site,
  rider,
}) => {
  await registerPasskey(page, site, rider)
  const release = await holdPasskeyRequests(page)
  await page.goto('/signin.html')
  const challenge = waitForResponseOf(page, 'InitiateAuth')
  await pressPasskey(page, rider.email)
  await challenge
  await expect(page.getByRole('button', { name: 'Use your passkey…' })).toBeVisible()
  await site.pool.advanceClock(1000)
  await release()
  await expect(page.getByRole('status')).toHaveText('That took too long. Use your passkey again.')
  await passkeyButton(page).click()
  await expectRidePage(page)
})

test('passkey: while one is waited for, another tab signs in', async ({ page, site, rider }) => {
  await registerPasskey(page, site, rider)
  const release = await holdPasskeyRequests(page)
  await page.goto('/signin.html')
  await pressPasskey(page, rider.email)
  await expect(page.getByRole('button', { name: 'Use your passkey…' })).toBeVisible()
  const other = await page.context().newPage()
  await other.goto('/signin.html')
  await submitSignIn(other, rider)
  await expectRidePage(other)
  await other.close()
  await page.bringToFront()
  await release()
  await expectRidePage(page)
})

test('passkey: offline, the form sends itself when the network is back', async ({
  page,
  site,
  rider,
}) => {
  await registerPasskey(page, site, rider)
  await page.goto('/signin.html')
  await page.getByLabel('Email or username').fill(rider.email)
  // What the button needs is there once the rider has turned to it.
  await page.waitForLoadState('networkidle')
  await page.context().setOffline(true)
  await passkeyButton(page).click()
  await expectErrorSummary(page, [/^You seem to be offline/])
  await page.context().setOffline(false)
  await expectRidePage(page)
})

test.describe('in a pool whose passkeys are for another host', () => {
  test.use({
    template: useTemplate({
      pool: {
        AutoVerifiedAttributes: ['email'],
        UsernameConfiguration: { CaseSensitive: false },
        WebAuthnRelyingPartyID: 'rides.example.com',
        Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'WEB_AUTHN'] } },
      },
      client: {
        ExplicitAuthFlows: ['ALLOW_USER_AUTH', 'ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
        PreventUserExistenceErrors: 'ENABLED',
      },
    }),
  })

  test('passkey: the page names the setting to the operator, and the password signs in', async ({
    page,
    site,
    rider,
  }) => {
    await page.goto('/signin.html')
    await pressPasskey(page, await findUnknown(site, 'WEB_AUTHN'))
    await expectErrorSummary(page, [
      /only its operator can fix it\. cognito\.signIn .*WebAuthnRelyingPartyID/,
    ])
    await submitSignIn(page, rider)
    await expectRidePage(page)
  })
})

test.describe('in a pool without choice-based sign-in', () => {
  test.use({
    template: useTemplate({
      pool: { AutoVerifiedAttributes: ['email'], UsernameConfiguration: { CaseSensitive: false } },
      client: {
        ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
        PreventUserExistenceErrors: 'ENABLED',
      },
    }),
  })

  test('passkey: there are no other ways than the password', async ({ page, rider }) => {
    await page.goto('/signin.html')
    await submitSignIn(page, rider)
    await expectRidePage(page)
    await page.goto('/signin.html')
    await expect(passkeyButton(page)).toBeHidden()
    await expect(page.getByText('or', { exact: true })).toBeHidden()
  })

  test('passkey: a setting that promises more than the pool has is told to the operator', async ({
    page,
    site,
    rider,
  }) => {
    const answer = await fetch(`${site.origin}/js/config.js`)
    const [settings] = /\{.*\}/s.exec(await answer.text()) ?? ['{}']
    const { cognito } = JSON.parse(settings)
    const signIn = ['password', 'passkey', 'email-code']
    await useSettings(page, site, { cognito: { ...cognito, signIn } })
    await page.goto('/signin.html')
    for (const name of ['Sign in with a passkey', 'Email me a code']) {
      await page.getByLabel('Email or username').fill(rider.email)
      await page.getByRole('button', { name }).click()
      await expectErrorSummary(page, [/only its operator can fix it\. cognito\.signIn/])
      await page.reload()
    }
    await submitSignIn(page, rider)
    await expectRidePage(page)
  })
})

test('passkey: a browser that cannot write them as JSON is offered none', async ({
  page,
  rider,
}) => {
  await page.addInitScript(() =>
    Reflect.deleteProperty(PublicKeyCredential, 'parseCreationOptionsFromJSON'),
  )
  await page.goto('/signin.html')
  await expect(page.getByRole('button', { name: 'Email me a code' })).toBeVisible()
  await expect(passkeyButton(page)).toBeHidden()
  await submitSignIn(page, rider)
  await expectRidePage(page)
})

test('passkey: the challenge is prefetched once, when the rider turns to the button with a name', async ({
  page,
  site,
  rider,
}) => {
  await registerPasskey(page, site, rider)
  const initiated = watchCalls(page, 'InitiateAuth')
  const script = createGate()
  await page.route(scripts.passkeySignIn, async (route) => {
    await script.opened
    await route.fallback()
  })
  const fetched = page.waitForResponse(scripts.passkeySignIn)
  await page.goto('/signin.html')
  await passkeyButton(page).hover()
  // Typed before the script is there.
  await page.getByLabel('Email or username').fill(rider.email)
  await page.mouse.move(0, 0)
  script.open()
  await (await fetched).finished()
  await page.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve)))
  expect(initiated).toHaveLength(0)
  await passkeyButton(page).hover()
  await expect.poll(() => initiated.length).toBe(1)
  await page.mouse.move(0, 0)
  await passkeyButton(page).hover()
  await passkeyButton(page).click()
  await expectRidePage(page)
  expect(initiated).toHaveLength(1)
})

test.describe('autofill', () => {
  test('autofill: the remembered rider chooses their passkey in the field of the name, and is in', async ({
    page,
    site,
    rider,
  }) => {
    await registerPasskey(page, site, rider)
    await usePasskeyOnce(page, rider.email)
    await page.goto('/signin.html?next=%2Faccount.html')
    // The virtual authenticator chooses at once.
    await expect(page).toHaveURL(/\/account\.html$/)
    await expectAccountPage(page)
  })

  test('autofill: in a browser that has used no passkey, or forgot the rider, nothing is asked for', async ({
    page,
    site,
    rider,
  }) => {
    await registerPasskey(page, site, rider)
    const initiated = watchPasskeyChallenges(page)
    await page.goto('/signin.html')
    await page.waitForLoadState('networkidle')
    expect(initiated()).toHaveLength(0)
    await usePasskeyOnce(page, rider.email)
    await page.evaluate(() => localStorage.removeItem('wildrydes.lastUsername'))
    await page.goto('/signin.html')
    await page.waitForLoadState('networkidle')
    expect(initiated()).toHaveLength(1)
  })

  test('autofill: where it is ignored, the password signs in, and nothing is shown', async ({
    page,
    site,
    rider,
  }) => {
    await registerPasskey(page, site, rider)
    await usePasskeyOnce(page, rider.email)
    await authenticator.setPresent(false)
    const initiated = watchPasskeyChallenges(page)
    await page.goto('/signin.html')
    await expect.poll(() => initiated().length).toBe(1)
    await submitSignIn(page, { ...rider, password: 'wrong' })
    await expectErrorSummary(page, [/don't match/])
    await submitSignIn(page, rider)
    await expectRidePage(page)
  })

  test('autofill: the challenge is renewed before it ends, five times at most, and anew when the field gets the focus', async ({
    page,
    site,
    rider,
  }) => {
    await registerPasskey(page, site, rider)
    await usePasskeyOnce(page, rider.email)
    await authenticator.setPresent(false)
    const initiated = watchPasskeyChallenges(page)
    await countArmings(page)
    await page.clock.install()
    await page.goto('/signin.html')
    await page.clock.runFor(2000)
    await expect(page.locator('html')).toHaveAttribute('data-armed', '1')
    await stopClock(page)
    for (let count = 2; count <= 6; count += 1) {
      await page.clock.runFor(151_000)
      await expect(page.locator('html')).toHaveAttribute('data-armed', String(count))
    }
    for (let spans = 0; spans < 3; spans += 1) await page.clock.runFor(151_000)
    expect(initiated()).toHaveLength(6)
    await page.getByLabel('Password', { exact: true }).focus()
    await page.getByLabel('Email or username').focus()
    await expect.poll(() => initiated().length).toBe(7)
  })

  test('autofill: after a refusal it asks again only when the field gets the focus', async ({
    page,
    site,
    rider,
  }) => {
    await registerPasskey(page, site, rider)
    await usePasskeyOnce(page, rider.email)
    const initiated = watchPasskeyChallenges(page)
    await routeCalls(page, 'InitiateAuth', (route) =>
      route.fulfill({ status: 400, json: { __type: 'TooManyRequestsException', message: '' } }),
    )
    await page.goto('/signin.html')
    await expect.poll(() => initiated().length).toBe(1)
    await page.waitForLoadState('networkidle')
    expect(initiated()).toHaveLength(1)
    await expect(page.locator('#error-summary')).toBeHidden()
    await page.unrouteAll()
    await page.getByLabel('Email or username').focus()
    await expectRidePage(page)
  })

  test('bfcache: the page with an armed autofill goes into it, and is armed again when it comes back', async ({
    site,
    rider,
    bfcacheBrowser,
  }) => {
    const page = await bfcacheBrowser.newPage({ baseURL: site.origin })
    const device = await addVirtualAuthenticator(page)
    await registerPasskey(page, site, rider)
    await usePasskeyOnce(page, rider.email)
    await device.setPresent(false)
    const initiated = watchPasskeyChallenges(page)
    await page.goto('/signin.html')
    await expect.poll(() => initiated().length).toBe(1)
    await page.evaluate(() => {
      addEventListener('pageshow', ({ persisted }) => {
        sessionStorage.setItem('kept', String(persisted))
      })
    })
    await page.getByRole('link', { name: 'Wild Rydes' }).click()
    await expect(page).toHaveURL(/\/$/)
    await device.setPresent(true)
    await page.evaluate(() => history.back())
    await expectRidePage(page)
    expect(await page.evaluate(() => sessionStorage.getItem('kept'))).toBe('true')
    // The challenge is still good.
    expect(initiated()).toHaveLength(1)
  })
})

/** Counts the requests for autofill in `data-armed` of the pages opened from now on. */
async function countArmings(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const { get } = CredentialsContainer.prototype
    let count = 0
    CredentialsContainer.prototype.get = function (options) {
      if (options?.mediation === 'conditional') count += 1
      document.documentElement.dataset.armed = String(count)
      return get.call(this, options)
    }
  })
}

test.describe('quick sign-in', () => {
  test('quick sign-in: with both fields empty and nothing saved, the fields say what is missing', async ({
    page,
  }) => {
    const asked = await watchImmediate(page, 'real')
    await page.goto('/signin.html')
    await pressSignIn(page)
    await expectErrorSummary(page, ['Enter your email or username', 'Enter your password'])
    expect(await asked()).toEqual([{ uiMode: 'immediate', password: true, hasPasskeys: false }])
    await pressSignIn(page)
    await expectErrorSummary(page, ['Enter your email or username', 'Enter your password'])
    expect(await asked()).toHaveLength(1)
  })

  test('quick sign-in: a field that is filled in asks the browser for nothing', async ({
    page,
    rider,
  }) => {
    const asked = await watchImmediate(page, 'real')
    await page.goto('/signin.html')
    await page.getByLabel('Email or username').fill(rider.email)
    await pressSignIn(page)
    await expectErrorSummary(page, ['Enter your password'])
    expect(await asked()).toEqual([])
  })

  test('quick sign-in: on a slow line, what is typed meanwhile is neither sent by itself nor covered by a dialog', async ({
    page,
    site,
    rider,
  }) => {
    await registerPasskey(page, site, rider)
    await usePasskeyOnce(page, rider.email)
    await authenticator.setPresent(false)
    const asked = await watchImmediate(page, 'real')
    const held = await holdResponses(page, 'InitiateAuth')
    await page.goto('/signin.html')
    await expect(page.getByLabel('Email or username')).toHaveValue(rider.email)
    await expect.poll(held.isHeld).toBe(true)
    await pressSignIn(page)
    const proofs = watchCalls(page, 'RespondToAuthChallenge')
    const [start, end] = [rider.password.slice(0, 4), rider.password.slice(4)]
    await page.getByLabel('Password', { exact: true }).pressSequentially(start)
    const answered = waitForResponseOf(page, 'InitiateAuth')
    held.release()
    await (await answered).finished()
    await page.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve)))
    expect(await asked()).toEqual([])
    expect(proofs).toEqual([])
    await expect(page.locator('#error-summary')).toBeHidden()
    await page.keyboard.type(end)
    await pressSignIn(page)
    await expectRidePage(page)
  })

  test('quick sign-in: the saved password that the rider chooses signs them in', async ({
    page,
    rider,
  }) => {
    await watchImmediate(page, rider)
    await page.goto('/signin.html')
    await pressSignIn(page)
    await expectRidePage(page)
  })

  test('quick sign-in: the passkey that the remembered rider chooses signs them in', async ({
    page,
    site,
    rider,
  }) => {
    await registerPasskey(page, site, rider)
    await usePasskeyOnce(page, rider.email)
    await authenticator.setPresent(false)
    await countArmings(page)
    const asked = await watchImmediate(page, 'passkey')
    await page.goto('/signin.html')
    await expect(page.getByLabel('Email or username')).toHaveValue(rider.email)
    await expect(page.locator('html')).toHaveAttribute('data-armed', '1')
    await authenticator.setPresent(true)
    await pressSignIn(page)
    await expectRidePage(page)
    expect(await asked()).toEqual([{ uiMode: 'immediate', password: true, hasPasskeys: true }])
  })
})

/**
 * Watches what the pages opened from now on ask the browser for in immediate mode.
 *
 * @param choice `real`: the browser itself answers; `passkey`: its dialog, for it shows no chooser to a test; or a
 *   password that the rider has saved and chooses
 * @returns what was asked for
 */
async function watchImmediate(page: Page, choice: 'real' | 'passkey' | Rider) {
  await page.addInitScript((chosen) => {
    const { get } = CredentialsContainer.prototype
    CredentialsContainer.prototype.get = async function (options = {}) {
      const uiMode: unknown = Reflect.get(options, 'uiMode')
      if (uiMode !== 'immediate') return get.call(this, options)
      const { publicKey } = options
      const asked = JSON.parse(sessionStorage.getItem('asked') ?? '[]')
      const password: unknown = Reflect.get(options, 'password')
      asked.push({ uiMode, password, hasPasskeys: publicKey !== undefined })
      sessionStorage.setItem('asked', JSON.stringify(asked))
      if (publicKey?.allowCredentials?.length) throw new TypeError('no list in immediate mode')
      if (chosen === 'real') return get.call(this, options)
      if (chosen === 'passkey') return get.call(this, publicKey ? { publicKey } : {})
      return { id: chosen.email, type: 'password', password: chosen.password }
    }
  }, choice)
  return (): Promise<unknown[]> =>
    page.evaluate(() => JSON.parse(sessionStorage.getItem('asked') ?? '[]'))
}

/** @returns the requests for a passkey's challenge from now on: turning to the password prefetches another one */
function watchPasskeyChallenges(page: Page): () => readonly unknown[] {
  const initiated = watchCalls(page, 'InitiateAuth')
  return () => initiated.filter((body) => JSON.stringify(body).includes('WEB_AUTHN'))
}

/** @returns a name that nobody has, for which the pool answers with this challenge */
async function findUnknown(
  { pool }: Parameters<typeof registerPasskey>[1],
  challenge: string,
): Promise<string> {
  for (let number = 1; number < 50; number += 1) {
    const username = `nobody${number}@example.com`
    const { body } = await pool.call('InitiateAuth', {
      ClientId,
      AuthFlow: 'USER_AUTH',
      AuthParameters: { USERNAME: username, PREFERRED_CHALLENGE: 'WEB_AUTHN' },
    })
    if (body.ChallengeName === challenge) return username
  }
  throw new Error(`no unknown name gets ${challenge}`)
}
