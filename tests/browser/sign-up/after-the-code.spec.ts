/** What comes after the code: the tab that has registered is signed in by it, and nobody else is. */

import type { Page } from '@playwright/test'
import { expectSignInPage } from '../support/account-actions.ts'
import { codeOtherThan } from '../support/authenticator-app.ts'
import { routeCalls, watchCalls, watchOperations } from '../support/calls.ts'
import { advanceClocks } from '../support/clocks.ts'
import { expect, poolApi, test, watchForPageErrors } from '../support/fixtures.ts'
import { ClientId } from '../support/pool-client.ts'
import { useTemplate, withPool } from '../support/pool-templates.ts'
import { expectRemembered } from '../support/protected-page-actions.ts'
import {
  expectErrorSummary,
  expectRidePage,
  fillRegistration,
  openSignedIn,
  otherRider,
  pressSignIn,
  register,
  tokenKeys,
} from '../support/rider-actions.ts'
import { pressSignOut } from '../support/user-menu.ts'

const signedInText = "Your email address is verified, and you're signed in."
const verifiedText = 'Your email address is verified. You can sign in now.'

interface SentSession {
  readonly operation: string | undefined
  readonly session: string
}

/** @returns each `Session` that a response brings from now on, with the operation */
async function watchSessions(page: Page): Promise<readonly SentSession[]> {
  const sessions: SentSession[] = []
  await page.route(poolApi, async (route) => {
    const response = await route.fetch()
    const { Session: session } = await response.json()
    const operation = route.request().headers()['x-amz-target']?.split('.').at(-1)
    if (typeof session === 'string') sessions.push({ operation, session })
    await route.fulfill({ response })
  })
  return sessions
}

function readStorage(page: Page): Promise<string> {
  return page.evaluate(() => JSON.stringify([sessionStorage, localStorage, history.state]))
}

async function enterCode(page: Page, code: string): Promise<void> {
  await page.getByLabel('Verification code').fill(code)
}

/** Sign-in opens as it does for whoever verifies somewhere else. */
async function expectSignInFilled(page: Page, email: string): Promise<void> {
  await expectSignInPage(page, verifiedText)
  await expect(page.getByLabel('Email or username')).toHaveValue(email)
  expect(await tokenKeys(page)).toEqual([])
  expect(await readStorage(page)).not.toContain('signUp')
}

for (const viewport of [
  { width: 360, height: 780 },
  { width: 1280, height: 800 },
]) {
  test.describe(`at ${viewport.width} px`, () => {
    test.use({ viewport })

    test('verification code: it signs the rider in, with no password typed again, and no session of the sign-up stays behind', async ({
      page,
      site,
      rider,
    }) => {
      const sessions = await watchSessions(page)
      await register(page, rider)
      const [signUp] = sessions
      expect(signUp?.operation).toBe('SignUp')
      expect(await readStorage(page)).toContain(signUp?.session)
      const [confirms, signIns] = ['ConfirmSignUp', 'InitiateAuth'].map((operation) =>
        watchCalls(page, operation),
      )
      await enterCode(page, await site.pool.latestCodeFor(rider.email))
      await expectRidePage(page)
      await expect(page.getByRole('status')).toHaveText(signedInText)
      await expect(page.getByText(`You are signed in as ${rider.email}`)).toBeVisible()
      const [, confirmed] = sessions
      expect(confirmed?.operation).toBe('ConfirmSignUp')
      expect(confirms).toMatchObject([{ Session: signUp?.session }])
      expect(signIns).toMatchObject([
        {
          AuthFlow: 'USER_AUTH',
          AuthParameters: { USERNAME: rider.email },
          Session: confirmed?.session,
        },
      ])
      expect(JSON.stringify([confirms, signIns])).not.toContain(rider.password)
      const stored = await readStorage(page)
      for (const { session } of sessions) {
        expect(stored).not.toContain(session)
        expect(page.url()).not.toContain(session)
      }
      expect(stored).not.toContain('signUp')
      // Whoever has seen it cannot use it again.
      const replayed = await site.pool.call('InitiateAuth', {
        ClientId,
        AuthFlow: 'USER_AUTH',
        AuthParameters: { USERNAME: rider.email },
        Session: confirmed?.session,
      })
      expect(replayed).toMatchObject({ status: 400, body: { __type: 'NotAuthorizedException' } })
    })
  })
}

test('verification code: it leads to the page that the rider wanted, and "Keep me signed in" holds', async ({
  page,
  site,
  rider,
}) => {
  await page.goto('/ride.html?pickup=1#map')
  await expect(page).toHaveURL(/signin\.html\?next=/)
  await page.getByLabel('Keep me signed in').check()
  await page.getByRole('main').getByRole('link', { name: 'Register' }).click()
  await expect(page).toHaveURL(/register/)
  await fillRegistration(page, rider)
  await page.getByRole('button', { name: "Let's Ryde" }).click()
  await expect(page).toHaveURL(/verify/)
  await enterCode(page, await site.pool.latestCodeFor(rider.email))
  await expectRemembered(page, site)
})

test('Back: from the ride page it leads to the register page, which holds no password and says who is signed in', async ({
  page,
  site,
  rider,
}) => {
  await register(page, rider)
  await enterCode(page, await site.pool.latestCodeFor(rider.email))
  await expectRidePage(page)
  await page.goBack()
  await expect(page).toHaveURL(/register\.html/)
  await expect(page.getByLabel('Password', { exact: true })).toHaveValue('')
  await page.reload()
  await expect(page.getByRole('main').getByText(`Signed in as ${rider.email}`)).toBeVisible()
})

test('another browser: sign-in opens with the address filled in and says that it is verified', async ({
  page,
  browser,
  site,
  rider,
}) => {
  await register(page, rider)
  const code = await site.pool.latestCodeFor(rider.email)
  const context = await browser.newContext({ baseURL: site.origin })
  const other = await context.newPage()
  const errors = watchForPageErrors(other)
  await other.goto(`/verify.html#code=${code}&email=${encodeURIComponent(rider.email)}`)
  await other.getByRole('button', { name: 'Verify' }).click()
  await expectSignInFilled(other, rider.email)
  expect(errors).toEqual([])
  await context.close()
})

test('another tab: whoever verifies there signs in there, and the tab that registered forgets its session', async ({
  page,
  context,
  site,
  rider,
}) => {
  await register(page, rider)
  const other = await context.newPage()
  await other.goto(`${site.origin}/verify.html#code=${await site.pool.latestCodeFor(rider.email)}`)
  await other.getByRole('button', { name: 'Verify' }).click()
  await expectSignInFilled(other, rider.email)
  await expectSignInFilled(page, rider.email)
})

test('session of the sign-up: one that the pool calls too old is left out, and the code still signs in', async ({
  page,
  site,
  rider,
}) => {
  await register(page, rider)
  const code = await site.pool.latestCodeFor(rider.email)
  await routeCalls(page, 'ConfirmSignUp', (route) =>
    route.request().postDataJSON().Session
      ? route.fulfill({
          status: 400,
          json: {
            __type: 'NotAuthorizedException',
            message: 'Invalid session for the user, session is expired.',
          },
        })
      : route.fallback(),
  )
  const calls = watchOperations(page)
  await enterCode(page, code)
  await expectRidePage(page)
  expect(calls.slice(0, 3)).toEqual(['ConfirmSignUp', 'ConfirmSignUp', 'InitiateAuth'])
})

test('session of the sign-up: one that has expired when it is to sign in leads to sign-in', async ({
  page,
  site,
  rider,
}) => {
  await register(page, rider)
  await routeCalls(page, 'InitiateAuth', async (route) => {
    await site.pool.advanceClock(16 * 60)
    await route.fallback()
  })
  await enterCode(page, await site.pool.latestCodeFor(rider.email))
  await expectSignInFilled(page, rider.email)
})

test('session of the sign-up: after a day it is not used any more', async ({
  page,
  site,
  rider,
}) => {
  await register(page, rider)
  await advanceClocks(page, site, 24 * 3600 + 1)
  await page.reload()
  await page.getByRole('button', { name: 'Resend code' }).click()
  await expect(page.getByRole('status')).toHaveText(/code is on its way/)
  const calls = watchCalls(page, 'InitiateAuth')
  await enterCode(page, await site.pool.latestCodeFor(rider.email))
  await expectSignInFilled(page, rider.email)
  expect(calls).toEqual([])
})

test('session of the sign-up: signing out forgets it', async ({ page, site, rider }) => {
  await site.pool.createConfirmedUser(otherRider)
  await register(page, rider)
  await openSignedIn(page, site, otherRider)
  await pressSignOut(page)
  await expect(page).toHaveURL(/signin/)
  expect(await readStorage(page)).not.toContain('signUp')
  await page.goto('/verify.html')
  await page.getByLabel('Email').fill(rider.email)
  await enterCode(page, await site.pool.latestCodeFor(rider.email))
  await expectSignInFilled(page, rider.email)
})

test('session of the sign-up: registering another account takes its place', async ({
  page,
  site,
  rider,
}) => {
  await register(page, rider)
  await register(page, otherRider)
  await page.getByLabel('Email').fill(rider.email)
  await enterCode(page, await site.pool.latestCodeFor(rider.email))
  await expectSignInPage(page, verifiedText)
  await page.goto('/verify.html')
  await page.getByLabel('Email').fill(otherRider.email)
  await enterCode(page, await site.pool.latestCodeFor(otherRider.email))
  await expectRidePage(page)
  await expect(page.getByText(`You are signed in as ${otherRider.email}`)).toBeVisible()
})

test('network: an address that is verified is not verified again when the sign-in got no answer', async ({
  page,
  context,
  site,
  rider,
}) => {
  await register(page, rider)
  const code = await site.pool.latestCodeFor(rider.email)
  await page.waitForLoadState('networkidle')
  let isCut = true
  await routeCalls(page, 'InitiateAuth', (route) => (isCut ? route.abort() : route.fallback()))
  const calls = watchOperations(page)
  await enterCode(page, codeOtherThan(code))
  await expectErrorSummary(page, [/That code isn't right/])
  await context.setOffline(true)
  await enterCode(page, code)
  await page.getByRole('button', { name: 'Verify' }).click()
  await expectErrorSummary(page, [/You seem to be offline/])
  await context.setOffline(false)
  // The form is sent by itself.
  await expectErrorSummary(page, [/We couldn't reach the service/])
  isCut = false
  await page.getByRole('button', { name: 'Verify' }).click()
  await expectRidePage(page)
  const sent = calls.filter((call) => call === 'ConfirmSignUp' || call === 'InitiateAuth')
  // Wrong; offline, which is sent nowhere; right; then the sign-in alone.
  expect(sent).toEqual([
    'ConfirmSignUp',
    'ConfirmSignUp',
    'ConfirmSignUp',
    'InitiateAuth',
    'InitiateAuth',
  ])
})

for (const rememberMe of [true, false]) {
  test(`another rider: one who is signed in in ${rememberMe ? 'this browser' : 'another tab'} stays so, and the new one is told`, async ({
    page,
    context,
    site,
    rider,
  }) => {
    await site.pool.createConfirmedUser(otherRider)
    const theirs = await context.newPage()
    await openSignedIn(theirs, site, otherRider, { rememberMe })
    await register(page, rider)
    const calls = watchCalls(page, 'InitiateAuth')
    await enterCode(page, await site.pool.latestCodeFor(rider.email))
    await expectSignInPage(page, verifiedText)
    await expect(page.getByRole('main').getByText(`Signed in as ${otherRider.email}`)).toBeVisible()
    expect(calls).toEqual([])
    await theirs.reload()
    await expect(theirs.getByText(`You are signed in as ${otherRider.email}`)).toBeVisible()
  })
}

test.describe('in a pool without choice-based sign-in', () => {
  test.use({ template: withPool({}) })

  test('pool without USER_AUTH: sign-in opens with the address filled in, and the password leads to the ride page', async ({
    page,
    site,
    rider,
  }) => {
    await register(page, rider)
    expect(await readStorage(page)).not.toContain('signUp')
    const calls = watchOperations(page)
    await enterCode(page, await site.pool.latestCodeFor(rider.email))
    await expectSignInFilled(page, rider.email)
    expect(calls[0]).toBe('ConfirmSignUp')
    expect(calls).not.toContain('InitiateAuth')
    await page.getByLabel('Password', { exact: true }).fill(rider.password)
    await pressSignIn(page)
    await expectRidePage(page)
  })
})

test.describe('in a pool that requires an authenticator app', () => {
  test.use({
    template: useTemplate({
      pool: {
        AutoVerifiedAttributes: ['email'],
        UsernameConfiguration: { CaseSensitive: false },
        MfaConfiguration: 'ON',
        EnabledMfas: ['SOFTWARE_TOKEN_MFA'],
      },
      client: {
        ExplicitAuthFlows: ['ALLOW_USER_AUTH', 'ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
        PreventUserExistenceErrors: 'ENABLED',
      },
    }),
  })

  test('MFA_SETUP: the rider signs in and sets the app up', async ({ page, site, rider }) => {
    await register(page, rider)
    await enterCode(page, await site.pool.latestCodeFor(rider.email))
    await expectSignInFilled(page, rider.email)
    await page.getByLabel('Password', { exact: true }).fill(rider.password)
    await pressSignIn(page)
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(
      'Set up your authenticator app',
    )
  })
})
