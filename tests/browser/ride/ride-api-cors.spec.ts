/** A ride API of another origin: CORS and the site's own Content-Security-Policy. */

import type { Browser, Page } from '@playwright/test'
import { expectSignInPage } from '../support/account-actions.ts'
import { expect, type Rider, type Site, test } from '../support/fixtures.ts'
import { sessionEnded } from '../support/messages.ts'
import { openProxy, type Server, serve } from '../support/proxy.ts'
import {
  letUnicornArrive,
  requestUnicorn,
  routeRides,
  sampleRide,
  sampleRideUpdates,
  updates,
  watchRides,
} from '../support/ride-actions.ts'
import {
  expectRideError,
  openRideFormWithPickup,
  pickupKept,
  rideTrouble,
  rideUnreachable,
} from '../support/ride-errors.ts'
import { tokenKeys } from '../support/rider-actions.ts'

test.use({ rideApi: true, contextOptions: { reducedMotion: 'reduce' } })

const blockedByCors = `The ride service doesn't accept requests from this site. Ask the operator of this site. ${pickupKept}`

test.describe('a ride API of another origin', () => {
  /** @param allows whether its CORS settings name the page's origin */
  async function startApi({ allows }: { readonly allows: boolean }) {
    const methods: string[] = []
    const server = await serve((request, response) => {
      methods.push(request.method ?? '')
      if (allows) {
        response.setHeader('Access-Control-Allow-Origin', request.headers.origin ?? '')
        response.setHeader('Access-Control-Allow-Headers', 'authorization, content-type')
      }
      const status = { OPTIONS: 204, POST: 201 }[request.method ?? ''] ?? 404
      response.writeHead(status, { 'Content-Type': 'application/json' })
      request.resume().once('end', () => response.end(JSON.stringify(sampleRide)))
    })
    return { ...server, methods }
  }

  interface Visit {
    readonly page: Page
    readonly proxy: Server
    /** console warnings of the page */
    readonly warnings: readonly string[]
    end(): Promise<void>
  }

  /** Opens the ride page of a site whose settings name this API. */
  async function visit(
    { browser, site, rider }: { browser: Browser; site: Site; rider: Rider },
    { invokeUrl, allowed }: { invokeUrl: string; allowed: string },
  ): Promise<Visit> {
    const proxy = await openProxy(site, {
      settings: { api: { invokeUrl } },
      allowed: allowed ? { 'connect-src': allowed } : {},
    })
    const context = await browser.newContext({ baseURL: proxy.origin, reducedMotion: 'reduce' })
    const page = await context.newPage()
    const errors: Error[] = []
    const warnings: string[] = []
    page.on('pageerror', (error) => errors.push(error))
    page.on('console', (message) => {
      if (message.type() === 'warning') warnings.push(message.text())
    })
    await openRideFormWithPickup(page, site, rider)
    return {
      page,
      proxy,
      warnings,
      async end() {
        expect(errors).toEqual([])
        await context.close()
        proxy.close()
      },
    }
  }

  test('CORS: a ride API of another origin works when its CORS settings allow this site', async ({
    browser,
    site,
    rider,
  }) => {
    const api = await startApi({ allows: true })
    // With a stage and a trailing slash.
    const invokeUrl = `${api.origin}/prod/`
    const { page, warnings, end } = await visit(
      { browser, site, rider },
      { invokeUrl, allowed: api.origin },
    )
    const rides = watchRides(page)
    await requestUnicorn(page)
    await letUnicornArrive(page)
    await expect(updates(page)).toHaveText(sampleRideUpdates)
    expect(rides.map(({ url }) => url)).toEqual([`${api.origin}/prod/ride`])
    expect(api.methods).toEqual(['OPTIONS', 'POST'])
    expect(warnings).toEqual([])
    await end()
    api.close()
  })

  test('CORS: a ride API that does not allow this site gives a sentence, and a console warning with what is missing', async ({
    browser,
    site,
    rider,
  }) => {
    const api = await startApi({ allows: false })
    const { page, proxy, warnings, end } = await visit(
      { browser, site, rider },
      { invokeUrl: api.origin, allowed: api.origin },
    )
    await requestUnicorn(page)
    await expectRideError(page, blockedByCors)
    expect(warnings).toHaveLength(1)
    for (const word of [api.origin, proxy.origin, 'CORS', 'POST', 'Authorization']) {
      expect(warnings[0]).toContain(word)
    }
    expect(api.methods).not.toContain('POST')
    expect(await tokenKeys(page)).toHaveLength(5)
    await end()
    api.close()
  })

  test('CORS: a ride API of another origin that is down is a network error', async ({
    browser,
    site,
    rider,
  }) => {
    const api = await startApi({ allows: true })
    api.close()
    const { page, end } = await visit(
      { browser, site, rider },
      { invokeUrl: api.origin, allowed: api.origin },
    )
    await requestUnicorn(page)
    await expectRideError(page, rideUnreachable)
    await end()
  })

  test('CSP: a ride API that connect-src does not list gives a sentence, and a console warning with the header', async ({
    browser,
    site,
    rider,
  }) => {
    const api = await startApi({ allows: true })
    const { page, warnings, end } = await visit(
      { browser, site, rider },
      { invokeUrl: api.origin, allowed: '' },
    )
    await requestUnicorn(page)
    await expectRideError(
      page,
      `This site's security headers don't list ${api.origin}. Ask its operator to add it. ${pickupKept}`,
    )
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toContain(api.origin)
    expect(warnings[0]).toContain('connect-src')
    expect(api.methods).toEqual([])
    await end()
    api.close()
  })

  test('CORS: a rejected token, a site that is not allowed and a failing ride API are told apart', async ({
    browser,
    site,
    rider,
  }) => {
    const api = await startApi({ allows: false })
    const { page, end } = await visit(
      { browser, site, rider },
      { invokeUrl: api.origin, allowed: api.origin },
    )
    await requestUnicorn(page)
    await expect(updates(page)).toHaveCount(2)
    await routeRides(page, (route) => route.fulfill({ status: 500, body: '' }))
    await requestUnicorn(page)
    await expect(updates(page)).toHaveCount(4)
    const [, blocked, , failed] = await updates(page).allTextContents()
    await routeRides(page, (route) => route.fulfill({ status: 401, body: '' }))
    await requestUnicorn(page)
    await expectSignInPage(page, sessionEnded)
    expect(blocked).toBe(blockedByCors)
    expect(failed).toBe(rideTrouble)
    await end()
    api.close()
  })
})
