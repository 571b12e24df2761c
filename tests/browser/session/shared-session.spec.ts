/** A session without "Keep me signed in": it lives as long as any tab of it, and is the same in all of them. */

import { expectSignInPage, openAccount, storedToken } from '../support/account-actions.ts'
import { watchCalls } from '../support/calls.ts'
import { expect, test, watchForPageErrors } from '../support/fixtures.ts'
import { sessionEnded } from '../support/messages.ts'
import { useTemplate } from '../support/pool-templates.ts'
import {
  expectRidePage,
  openSignedIn,
  type otherRider,
  signIn,
  storeSession,
  tokenKeys,
} from '../support/rider-actions.ts'
import { pressSignOut } from '../support/user-menu.ts'

test.beforeEach(async ({ site, rider }) => {
  await site.pool.createConfirmedUser(rider)
})

test('shared session: a new tab is signed in while another one is, and keeps its tokens to itself', async ({
  page,
  context,
  site,
  rider,
}) => {
  await openSignedIn(page, site, rider)
  const other = await context.newPage()
  const pageErrors = watchForPageErrors(other)
  const signIns = watchCalls(other, 'InitiateAuth')
  await openAccount(other)
  await expect(other.getByText(rider.email).first()).toBeVisible()
  expect(await other.evaluate(() => Object.keys(localStorage))).toEqual([])
  expect(signIns).toEqual([])

  await page.close()
  const third = await context.newPage()
  await third.goto('/ride.html')
  await expectRidePage(third)
  expect(pageErrors).toEqual([])
})

test('shared session: once its last tab is closed, a new tab is signed out', async ({
  page,
  context,
  site,
  rider,
}) => {
  await openSignedIn(page, site, rider)
  const other = await context.newPage()
  await page.close()
  await other.goto('/ride.html')
  await expectSignInPage(other, '')
})

test('shared session: a new tab on another page shows who is signed in', async ({
  page,
  context,
  site,
  rider,
}) => {
  await openSignedIn(page, site, rider)
  const home = await context.newPage()
  await home.goto('/')
  await expect(home.getByRole('link', { name: 'Sign in' })).toBeHidden()
})

test('shared session: without a signed-in tab, a new one asks nobody and waits for nothing', async ({
  page,
  context,
}) => {
  await page.goto('/')
  const other = await context.newPage()
  await page.evaluate(() => {
    const channel = new BroadcastChannel(
      'CognitoIdentityServiceProvider.wildrydeswebapplocal000000.',
    )
    channel.addEventListener('message', ({ data }) => (document.title += ` ${data.kind}`))
  })
  await other.goto('/ride.html')
  await expectSignInPage(other, '')
  await expect(page).not.toHaveTitle(/wanted/)
})

test('shared session: signing out in one tab signs the others out, which say so', async ({
  page,
  context,
  site,
  rider,
}) => {
  await openSignedIn(page, site, rider)
  const account = await context.newPage()
  await openAccount(account)
  await pressSignOut(page)
  await expectSignInPage(page, 'You are signed out.')
  await expectSignInPage(account, 'You are signed out.')
  for (const tab of [page, account]) expect(await tokenKeys(tab)).toEqual([])
})

test('shared session: a tab in the back/forward cache answers nobody', async ({
  page,
  context,
  site,
  rider,
}) => {
  await openSignedIn(page, site, rider)
  await page.goto('about:blank')
  const held = await context.newPage()
  await held.goto('/robots.txt')
  expect(await held.evaluate(async () => (await navigator.locks.query()).held)).toEqual([])
})

test('shared session: the end of a session while nobody was there is told', async ({
  page,
  site,
  rider,
}) => {
  await storeSession(page, site, rider, { rememberMe: true })
  await site.pool.call('RevokeToken', {
    ClientId: 'wildrydeswebapplocal000000',
    Token: await storedToken(page, 'refreshToken'),
  })
  await page.goto('/ride.html')
  await expectSignInPage(page, sessionEnded)
})

test('shared session: an earlier rider whose name the next one’s begins with is signed out whole', async ({
  page,
  site,
}) => {
  const [longer, shorter] = ['ann@x.example.uk', 'ann@x.example'].map((email) => ({
    email,
    password: 'Unicorn-1234',
  })) as [typeof otherRider, typeof otherRider]
  for (const rider of [longer, shorter]) await site.pool.createConfirmedUser(rider)
  await storeSession(page, site, longer)
  const refreshToken = await storedToken(page, 'refreshToken')
  await signIn(page, shorter)
  expect(await tokenKeys(page)).toHaveLength(5)
  await expect.poll(async () => (await site.pool.refresh(refreshToken)).status).toBe(400)
})

test('shared session: a second sign-in in one tab revokes the first, and another tab goes on with the second', async ({
  page,
  context,
  site,
  rider,
}) => {
  await openSignedIn(page, site, rider)
  const account = await context.newPage()
  await openAccount(account)
  const refreshToken = await storedToken(page, 'refreshToken')
  const revocations = watchCalls(page, 'RevokeToken')
  await signIn(page, rider)
  await expect.poll(async () => (await site.pool.refresh(refreshToken)).status).toBe(400)
  expect(revocations).toHaveLength(1)
  expect(await storedToken(account, 'refreshToken')).toBe(await storedToken(page, 'refreshToken'))
  await account.reload()
  await expect(account).toHaveURL(/account/)
  await expect(account.getByText(rider.email).first()).toBeVisible()
})

test('shared session: signing out offline is said in place, and sign-in follows when the network is back', async ({
  page,
  context,
  site,
  rider,
}) => {
  await openSignedIn(page, site, rider)
  await context.setOffline(true)
  await pressSignOut(page)
  await expect(page.getByRole('status')).toHaveText('You are signed out.')
  await expect(page).toHaveURL(/ride/)
  await expect(page.getByText(rider.email)).toHaveCount(0)
  expect(await tokenKeys(page)).toEqual([])
  await context.setOffline(false)
  await expectSignInPage(page, 'You are signed out.')
})

test.describe('with rotating refresh tokens and no grace', () => {
  test.use({
    template: useTemplate({
      pool: { AutoVerifiedAttributes: ['email'] },
      client: {
        ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH'],
        PreventUserExistenceErrors: 'ENABLED',
        RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 0 },
      },
    }),
  })

  for (const rememberMe of [false, true]) {
    test(`shared session: two tabs renew once between them, rememberMe ${rememberMe}`, async ({
      page,
      context,
      site,
      rider,
    }) => {
      await openSignedIn(page, site, rider, { rememberMe })
      const other = await context.newPage()
      await other.goto('/ride.html')
      await expectRidePage(other)
      const renewals = [page, other].map((tab) => watchCalls(tab, 'GetTokensFromRefreshToken'))
      for (let round = 1; round <= 3; round += 1) {
        // An open ride page would start a refresh when the clock moves, and be left before the response.
        await Promise.all([page.goto('/'), other.goto('/')])
        await site.pool.advanceClock(2 * 3600)
        await context.clock.setSystemTime(Date.now() + round * 2 * 3600 * 1000)
        await Promise.all([page.goto('/ride.html'), other.goto('/ride.html')])
        await Promise.all([expectRidePage(page), expectRidePage(other)])
        expect(renewals.flat()).toHaveLength(round)
      }
    })
  }
})
