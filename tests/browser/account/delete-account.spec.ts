/** Deleting the account. */

import { join } from 'node:path'
import type { Page, Request, Route } from '@playwright/test'
import Database from 'libsql'
import {
  expectAccountPage,
  expectSignInPage,
  openAccountSignedIn,
  storedToken,
} from '../support/account-actions.ts'
import { routeCalls, watchCalls } from '../support/calls.ts'
import { expect, type Site, test } from '../support/fixtures.ts'
import { online, sessionEnded } from '../support/messages.ts'
import { addButton, openPasskeys } from '../support/passkey-actions.ts'
import { openProxy, serve } from '../support/proxy.ts'
import { expectErrorSummary, submitSignIn, tokenKeys } from '../support/rider-actions.ts'
import { scripts } from '../support/scripts.ts'
import { addVirtualAuthenticator } from '../support/virtual-authenticator.ts'

test.beforeEach(async ({ site, rider }) => {
  await site.pool.createConfirmedUser(rider)
})

test('delete account: it needs the check box, can be tried again after a server error, and ends the sessions of other browsers', async ({
  page,
  browser,
  site,
  rider,
}) => {
  const context = await browser.newContext({ baseURL: site.origin })
  const elsewhere = await context.newPage()
  await openAccountSignedIn(elsewhere, site, rider)
  await openAccountSignedIn(page, site, rider, { rememberMe: true })
  const calls = watchCalls(page, 'DeleteUser')
  const deletion = page.getByRole('button', { name: 'Delete account' })
  const box = page.getByLabel(/^Delete my account/)

  await deletion.click()
  await expectErrorSummary(page, ['Check the box to delete your account'])
  expect(calls).toEqual([])

  await routeCalls(page, 'DeleteUser', (route) =>
    route.fulfill({ status: 500, json: { __type: 'InternalErrorException', message: 'x' } }),
  )
  await box.check()
  await deletion.click()
  await expectErrorSummary(page, [/^The service is having trouble/])
  await expect(box).toBeChecked()
  expect(await site.pool.hasUser(rider.email)).toBe(true)
  expect(await tokenKeys(page)).toHaveLength(5)

  await page.unrouteAll()
  await deletion.click()
  await expectSignInPage(page, 'Your account is deleted.')
  expect(await tokenKeys(page)).toEqual([])
  expect(await site.pool.hasUser(rider.email)).toBe(false)
  await submitSignIn(page, rider)
  await expectErrorSummary(page, [/don't match/])

  await elsewhere.reload()
  await expectSignInPage(elsewhere, sessionEnded)
  expect(await tokenKeys(elsewhere)).toEqual([])
  await context.close()
})

test('delete account: this browser forgets its passkeys, and the passkey provider is told that they are gone', async ({
  page,
  site,
  rider,
}) => {
  const authenticator = await addVirtualAuthenticator(page)
  await openAccountSignedIn(page, site, rider)
  await openPasskeys(page)
  await addButton(page).click()
  await expect(page.getByRole('status')).toHaveText(/^Passkey added/)
  const sub = await site.pool.subOf(rider.email)
  await page.evaluate((id) => localStorage.setItem(`wildrydes.noPasskey.${id}`, 'true'), sub)
  const [passkey] = await authenticator.listPasskeys()
  await confirmDeletion(page)
  await expectSignInPage(page, 'Your account is deleted.')
  expect(await page.evaluate(() => Object.keys(localStorage).join())).not.toMatch(/passkey/i)
  await expect.poll(() => authenticator.toldGone).toEqual([passkey])
  expect(await authenticator.listPasskeys()).toEqual([])
})

test('delete account: when the passkeys cannot be listed, the account is deleted all the same', async ({
  page,
  site,
  rider,
}) => {
  await openAccountSignedIn(page, site, rider)
  await routeCalls(page, 'ListWebAuthnCredentials', (route) => route.abort())
  await confirmDeletion(page)
  await expectSignInPage(page, 'Your account is deleted.')
  expect(await site.pool.hasUser(rider.email)).toBe(false)
})

test('delete account: offline, the request is not sent again by itself when the network is back', async ({
  page,
  context,
  site,
  rider,
}) => {
  await openAccountSignedIn(page, site, rider)
  await page.clock.install()
  const calls = watchCalls(page, 'DeleteUser')
  await page.getByLabel(/^Delete my account/).check()
  await context.setOffline(true)
  await page.getByRole('button', { name: 'Delete account' }).click()
  await expectErrorSummary(page, [/^You seem to be offline/])
  expect(calls).toHaveLength(1)
  await context.setOffline(false)
  await expect(page.getByRole('status')).toHaveText(online)
  // Other forms are sent by themselves after two seconds.
  await page.clock.runFor(5000)
  expect(calls).toHaveLength(1)
  await expectAccountPage(page)
  await expect(page.getByText('There is a problem')).toBeVisible()
  await expect(page.getByText('is sent when you are online again')).toHaveCount(0)
})

const ridesToo = 'Your rides are deleted too.'

async function confirmDeletion(page: Page): Promise<void> {
  await page.getByLabel(/^Delete my account/).check()
  await page.getByRole('button', { name: 'Delete account' }).click()
}

test('delete account: without a ride API nothing is said of rides, and none is called', async ({
  page,
  site,
  rider,
}) => {
  await openAccountSignedIn(page, site, rider)
  await expect(page.getByRole('heading', { name: 'Delete account' })).toBeVisible()
  await expect(page.getByText(ridesToo)).toBeHidden()
  const methods: string[] = []
  page.on('request', (request) => methods.push(request.method()))
  await confirmDeletion(page)
  await expectSignInPage(page, 'Your account is deleted.')
  expect(methods).not.toContain('DELETE')
})

test.describe('with a ride API', () => {
  test.use({ rideApi: true })

  /** Asks for a ride as any client with this token does. */
  async function requestRide(site: Site, idToken: string): Promise<void> {
    const response = await fetch(`${site.origin}/ride-api/ride`, {
      method: 'POST',
      headers: { Authorization: idToken, 'Content-Type': 'application/json' },
      body: '{"PickupLocation":{"Latitude":47.6,"Longitude":-122.3}}',
    })
    expect(response.status).toBe(201)
  }

  function countRides(dataFolder: string): number {
    const database = new Database(join(dataFolder, 'rides.sqlite'))
    try {
      return database.prepare('SELECT * FROM rides').all().length
    } finally {
      database.close()
    }
  }

  function isDeletionOfRides(request: Request): boolean {
    return request.method() === 'DELETE' && request.url().endsWith('/rides')
  }

  async function routeDeletion(page: Page, handler: (route: Route) => Promise<void> | void) {
    await page.route('**/rides', (route) =>
      isDeletionOfRides(route.request()) ? handler(route) : route.fallback(),
    )
  }

  test('delete account: the rides are deleted first, by the ID token, and the page says so before', async ({
    page,
    site,
    rider,
    dataFolder,
  }) => {
    await openAccountSignedIn(page, site, rider)
    await expect(page.getByText(ridesToo)).toBeVisible()
    const idToken = await storedToken(page, 'idToken')
    await requestRide(site, idToken)
    await requestRide(site, idToken)
    expect(countRides(dataFolder)).toBe(2)

    const calls: string[] = []
    page.on('request', (request) => {
      if (isDeletionOfRides(request)) calls.push(request.headers().authorization ?? '')
      if (request.headers()['x-amz-target']?.endsWith('.DeleteUser')) calls.push('DeleteUser')
    })
    await confirmDeletion(page)
    await expectSignInPage(page, 'Your account is deleted.')
    expect(calls).toEqual([idToken, 'DeleteUser'])
    expect(countRides(dataFolder)).toBe(0)
    expect(await site.pool.hasUser(rider.email)).toBe(false)
  })

  const kept = "Your rides couldn't be deleted, so your account is still here."
  const failures: readonly (readonly [string, Parameters<Route['fulfill']>[0], string])[] = [
    ['500', { status: 500, body: 'x' }, 'Try again in a few minutes.'],
    [
      '503',
      { status: 503, json: { message: 'Service Unavailable' } },
      'Try again in a few minutes.',
    ],
    ['401', { status: 401, json: { message: 'Unauthorized' } }, 'Ask the operator of this site.'],
    ['403', { status: 403, json: { message: 'Forbidden' } }, 'Ask the operator of this site.'],
  ]
  for (const [status, answer, advice] of failures) {
    test(`delete account: when the ride API answers ${status}, the account stays, and deleting it can be tried again`, async ({
      page,
      site,
      rider,
      dataFolder,
    }) => {
      await openAccountSignedIn(page, site, rider)
      await requestRide(site, await storedToken(page, 'idToken'))
      const calls = watchCalls(page, 'DeleteUser')
      await routeDeletion(page, (route) => route.fulfill(answer))
      await confirmDeletion(page)
      await expectErrorSummary(page, [`${kept} ${advice}`])
      expect(calls).toEqual([])
      expect(await site.pool.hasUser(rider.email)).toBe(true)
      expect(countRides(dataFolder)).toBe(1)
      await expectAccountPage(page)

      await page.unrouteAll()
      await page.getByRole('button', { name: 'Delete account' }).click()
      await expectSignInPage(page, 'Your account is deleted.')
      expect(countRides(dataFolder)).toBe(0)
    })
  }

  test('delete account: after too many requests it can be tried again when the ride API says', async ({
    page,
    site,
    rider,
  }) => {
    await openAccountSignedIn(page, site, rider)
    await page.clock.install()
    const headers = { 'Retry-After': '25' }
    await routeDeletion(page, (route) => route.fulfill({ status: 429, headers }))
    await confirmDeletion(page)
    await expectErrorSummary(page, [
      `${kept} Too many requests right now. Wait a minute, then try again.`,
    ])
    await page.unrouteAll()
    const deletion = page.getByRole('button', { name: 'Delete account' })
    await expect(deletion).toHaveAttribute('aria-disabled', 'true')
    await page.clock.runFor(24_000)
    await expect(deletion).toHaveAttribute('aria-disabled', 'true')
    await page.clock.runFor(2000)
    await expect(deletion).not.toHaveAttribute('aria-disabled', 'true')
    await deletion.click()
    await expectSignInPage(page, 'Your account is deleted.')
  })

  test('delete account: when the ride API cannot be reached or is silent, the account stays', async ({
    page,
    site,
    rider,
  }) => {
    await openAccountSignedIn(page, site, rider)
    await page.clock.install()
    await routeDeletion(page, (route) => route.abort())
    await confirmDeletion(page)
    await expectErrorSummary(page, [`${kept} Try again in a few minutes.`])

    await page.unrouteAll()
    const asked = page.waitForRequest(isDeletionOfRides)
    await routeDeletion(page, () => {})
    await page.getByRole('button', { name: 'Delete account' }).click()
    await asked
    await expect(page.getByRole('alert').filter({ visible: true })).toHaveCount(0)
    await page.clock.runFor(10_000)
    await expectErrorSummary(page, [`${kept} Try again in a few minutes.`])
    expect(await site.pool.hasUser(rider.email)).toBe(true)
  })

  test('delete account: offline, the account stays and the rides are not deleted later by themselves', async ({
    page,
    context,
    site,
    rider,
  }) => {
    await openAccountSignedIn(page, site, rider)
    await page.clock.install()
    const deletions: Request[] = []
    page.on('request', (request) => {
      if (isDeletionOfRides(request)) deletions.push(request)
    })
    const fetched = Promise.all(
      [scripts.deleteRides, scripts.rides].map((script) => page.waitForResponse(script)),
    )
    await page.locator('#delete-confirmed').check()
    await Promise.all((await fetched).map((response) => response.finished()))
    await context.setOffline(true)
    await confirmDeletion(page)
    await expectErrorSummary(page, [
      `You seem to be offline. ${kept} Try again when you have a connection.`,
    ])
    expect(deletions).toHaveLength(1)
    await context.setOffline(false)
    await expect(page.getByRole('status')).toHaveText(online)
    await page.clock.runFor(5000)
    expect(deletions).toHaveLength(1)
    expect(await site.pool.hasUser(rider.email)).toBe(true)
  })

  for (const status of [404, 405, 501]) {
    test(`delete account: a ride API that cannot delete rides and answers ${status} does not keep the account`, async ({
      page,
      site,
      rider,
    }) => {
      await openAccountSignedIn(page, site, rider)
      const warnings = watchWarnings(page)
      await routeDeletion(page, (route) => route.fulfill({ status, json: { message: 'x' } }))
      await confirmDeletion(page)
      await expectSignInPage(page, 'Your account is deleted.')
      expect(await site.pool.hasUser(rider.email)).toBe(false)
      expect(warnings.join()).toContain('The ride API has no DELETE /rides')
    })
  }

  function watchWarnings(page: Page): readonly string[] {
    const warnings: string[] = []
    page.on('console', (message) => {
      if (message.type() === 'warning') warnings.push(message.text())
    })
    return warnings
  }

  for (const { allows, methods } of [
    { allows: true, methods: ['OPTIONS', 'DELETE'] },
    // The browser asks, and the page asks whether the API is there at all.
    { allows: false, methods: ['OPTIONS', 'GET'] },
  ]) {
    test(`delete account: a ride API of another origin whose CORS settings ${allows ? 'have' : 'lack'} DELETE does not keep the account`, async ({
      browser,
      site,
      rider,
    }) => {
      const seen: string[] = []
      const api = await serve((request, response) => {
        seen.push(request.method ?? '')
        response.setHeader('Access-Control-Allow-Origin', request.headers.origin ?? '')
        response.setHeader('Access-Control-Allow-Headers', 'authorization, content-type')
        response.setHeader('Access-Control-Allow-Methods', allows ? 'POST, DELETE' : 'POST')
        response.writeHead(204).end()
      })
      const proxy = await openProxy(site, {
        settings: { api: { invokeUrl: `${api.origin}/prod/` } },
        allowed: { 'connect-src': api.origin },
      })
      const context = await browser.newContext({ baseURL: proxy.origin })
      const page = await context.newPage()
      const warnings = watchWarnings(page)
      await openAccountSignedIn(page, site, rider)
      await confirmDeletion(page)
      await expectSignInPage(page, 'Your account is deleted.')
      expect(seen).toEqual(methods)
      expect(warnings.filter((text) => text.includes('DELETE /rides'))).toHaveLength(allows ? 0 : 1)
      expect(await site.pool.hasUser(rider.email)).toBe(false)
      await context.close()
      proxy.close()
      api.close()
    })
  }
})
