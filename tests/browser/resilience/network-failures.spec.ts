/** Networks that fail, stall and break off: the same for every form, and nothing is sent twice. */

import type { ServerResponse } from 'node:http'
import type { Page, Route } from '@playwright/test'
import { holdResponses, routeCalls, watchCalls } from '../support/calls.ts'
import { watchForBfcacheRestore } from '../support/chromium.ts'
import { stopClock } from '../support/clocks.ts'
import { expect, type Rider, test, watchForPageErrors } from '../support/fixtures.ts'
import { entered, forms } from '../support/forms.ts'
import { tooLong, trouble, unreachable } from '../support/messages.ts'
import { brokenResponses, openProxy } from '../support/proxy.ts'
import {
  autofillSignIn,
  expectErrorSummary,
  expectRidePage,
  fillRegistration,
  fillSignIn,
  tokenKeys,
} from '../support/rider-actions.ts'

/** How a call fails, and what the form says then. */
const failures: readonly (readonly [string, string, (route: Route) => Promise<void>])[] = [
  ['a connection reset', unreachable, (route) => route.abort('connectionreset')],
  ['a name that is not resolved', unreachable, (route) => route.abort('namenotresolved')],
  ['a refused connection', unreachable, (route) => route.abort('connectionrefused')],
  [
    'a bad gateway',
    trouble,
    (route) =>
      route.fulfill({ status: 502, contentType: 'text/html', body: '<h1>Bad gateway</h1>' }),
  ],
  [
    'an internal error',
    trouble,
    (route) =>
      route.fulfill({ status: 500, json: { __type: 'InternalErrorException', message: 'x' } }),
  ],
]

for (const { what, button: name, busy, operation, fill } of forms) {
  test(`timeout: ${what} makes one call for two clicks and a held key, is given up after ten seconds, and ignores a later response`, async ({
    page,
    site,
    rider,
  }) => {
    await page.clock.install()
    await fill(page, site, rider)
    await page.waitForLoadState('networkidle')
    const typed = await entered(page)
    const held: Route[] = []
    await routeCalls(page, operation, (route) => void held.push(route))
    const { pathname } = new URL(page.url())

    await stopClock(page)
    await page.getByRole('button', { name }).first().dblclick()
    const busyButton = page.getByRole('button', { name: busy })
    await expect(busyButton).toBeFocused()
    await page.keyboard.down('Enter')
    await page.keyboard.down('Enter')
    await page.keyboard.up('Enter')
    await expect.poll(() => held.length).toBe(1)
    await page.clock.runFor(9900)
    await expect(busyButton).toBeVisible()
    const aborted = page.waitForEvent('requestfailed')
    await page.clock.runFor(200)
    await expectErrorSummary(page, [tooLong])
    expect((await aborted).failure()?.errorText).toBe('net::ERR_ABORTED')
    await held[0]?.fulfill({ json: {} }).catch(() => undefined)
    await page.clock.runFor(10_000)
    await expectErrorSummary(page, [tooLong])
    expect(held).toHaveLength(1)
    expect(await entered(page)).toEqual(typed)
    expect(new URL(page.url()).pathname).toBe(pathname)
  })

  test(`network failures: ${what} says in one sentence that a call has failed, makes one call for each click, and keeps what was typed`, async ({
    page,
    site,
    rider,
  }) => {
    await fill(page, site, rider)
    await page.waitForLoadState('networkidle')
    const calls = watchCalls(page, operation)
    const typed = await entered(page)
    const button = page.getByRole('button', { name }).first()
    let fail: (route: Route) => Promise<void> | void = () => {}
    await routeCalls(page, operation, (route) => fail(route))
    for (const [index, [failure, sentence, handler]] of failures.entries()) {
      await test.step(failure, async () => {
        fail = handler
        await button.click()
        await expectErrorSummary(page, [sentence])
        await expect(button).not.toHaveAttribute('aria-disabled', 'true')
        expect(calls).toHaveLength(index + 1)
        expect(await entered(page)).toEqual(typed)
      })
    }
  })

  test(`navigation: ${what} shows nothing of a call that was made before the page was left, there or after Back`, async ({
    page,
    site,
    rider,
  }) => {
    await fill(page, site, rider)
    await page.waitForLoadState('networkidle')
    const held: Route[] = []
    await routeCalls(page, operation, (route) => void held.push(route))
    const { pathname } = new URL(page.url())
    await page.getByRole('button', { name }).first().click()
    await expect(page.getByRole('button', { name: busy })).toBeVisible()
    await expect.poll(() => held.length).toBe(1)
    await page.getByRole('link', { name: 'Wild Rydes' }).click()
    await expect(page).toHaveURL(`${site.origin}/`)
    await held[0]?.fulfill({ json: {} }).catch(() => undefined)
    await expect(page.getByRole('status')).toHaveText('')
    await page.goBack()
    await expect(page.locator('button[type=submit]:visible').first()).toBeEnabled()
    await expect(page.locator('#error-summary')).toBeHidden()
    await expect(page.getByRole('status')).toHaveText('')
    expect(new URL(page.url()).pathname).toBe(pathname)
  })
}

test('slow network: the button is busy within 100 ms, and a double click makes one sign-in', async ({
  page,
  context,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(rider)
  const session = await context.newCDPSession(page)
  await session.send('Network.enable')
  await session.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 400,
    downloadThroughput: 50_000,
    uploadThroughput: 50_000,
  })
  const calls = watchCalls(page, 'InitiateAuth')
  await page.goto('/signin.html')
  await fillSignIn(page, rider)
  await page.evaluate(() => {
    const button = document.querySelector('button[type=submit]')
    if (!button) throw new Error('no button')
    let pressedAt = 0
    button.addEventListener('click', () => {
      pressedAt ||= performance.now()
    })
    new MutationObserver((_, observer) => {
      observer.disconnect()
      sessionStorage.setItem('busyAfterMs', String(performance.now() - pressedAt))
    }).observe(button, { childList: true })
  })
  await page.getByRole('button', { name: 'Sign in', exact: true }).dblclick()
  await expectRidePage(page)
  const busyAfterMs = await page.evaluate(() => Number(sessionStorage.getItem('busyAfterMs')))
  expect(busyAfterMs).toBeGreaterThan(0)
  expect(busyAfterMs).toBeLessThan(100)
  expect(calls).toHaveLength(1)
})

test('timeout: tokens that arrive after ten seconds are not stored, and the next submit signs in', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(rider)
  await page.clock.install()
  const responses = await holdResponses(page, 'RespondToAuthChallenge')
  await page.goto('/signin.html')
  await fillSignIn(page, rider)
  await stopClock(page)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect.poll(responses.isHeld).toBe(true)
  await page.clock.runFor(10_100)
  await expectErrorSummary(page, [tooLong])
  responses.release()
  await page.unrouteAll({ behavior: 'wait' })
  await page.clock.runFor(10_000)
  await expectErrorSummary(page, [tooLong])
  expect(await tokenKeys(page)).toEqual([])
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expectRidePage(page)
})

for (const [what, path, fill, name, answer] of [
  [
    'an error',
    '/signin.html',
    fillSignIn,
    'Sign in',
    { status: 500, body: '{"__type":"InternalErrorException"}' },
  ],
  [
    'a response that leads to the next page',
    '/register.html',
    fillRegistration,
    "Let's Ryde",
    { status: 200, body: '{"UserConfirmed":false,"UserSub":"x"}' },
  ],
  [
    'the response of "Resend code"',
    '/verify.html',
    (page: Page, { email }: Rider) => page.getByLabel('Email').fill(email),
    'Resend code',
    { status: 200, body: '{"CodeDeliveryDetails":{"DeliveryMedium":"EMAIL"}}' },
  ],
] as const) {
  test(`bfcache: ${what} that arrives after Back has restored the page is ignored`, async ({
    site,
    rider,
    bfcacheBrowser,
  }) => {
    const waiting: ServerResponse[] = []
    const proxy = await openProxy(site, {
      respondToCall: (response) => void waiting.push(response),
    })
    const page = await bfcacheBrowser.newPage({ baseURL: proxy.origin })
    const pageErrors = watchForPageErrors(page)
    await page.goto(path)
    const waitForRestore = await watchForBfcacheRestore(page)
    await page.evaluate(() => {
      const { dataset } = document.documentElement
      const { fetch } = window
      window.fetch = async (...request) => {
        const response = await fetch(...request)
        const text = await response.clone().text()
        // After the page's own handlers.
        setTimeout(() => {
          dataset.answered = text
        })
        return response
      }
    })
    const title = await page.title()
    const button = page.getByRole('button', { name }).first()
    await fill(page, rider)
    await button.click()
    await expect.poll(() => waiting.length).toBe(1)
    await page.getByRole('link', { name: 'Wild Rydes' }).click()
    await expect(page).toHaveURL(/\/$/)
    await page.evaluate(() => history.back())
    await waitForRestore()
    await expect(button).not.toHaveAttribute('aria-disabled')
    waiting[0]?.writeHead(answer.status).end(answer.body)
    await expect.poll(() => page.locator('html').getAttribute('data-answered')).toBe(answer.body)
    expect(new URL(page.url()).pathname).toBe(path)
    await expect(page.locator('#error-summary')).toBeHidden()
    await expect(page).toHaveTitle(title)
    await expect(page.getByRole('status')).toHaveText('')
    // The next page does not mention it either.
    await page.reload()
    await expect(button).toBeEnabled()
    await expect(page.getByRole('status')).toHaveText('')
    expect(pageErrors).toEqual([])
    proxy.close()
  })
}

test('network failures: a response that breaks off is a network error, reported once for each submit', async ({
  page,
  site,
  rider,
}) => {
  let posts = 0
  let respond: (response: ServerResponse) => void = () => {}
  const proxy = await openProxy(site, {
    respondToCall(response) {
      posts += 1
      respond(response)
    },
  })
  await page.goto(`${proxy.origin}/signin.html`)
  await autofillSignIn(page, rider)
  const typed = await entered(page)
  for (const [index, [what, breakOff]] of brokenResponses.entries()) {
    await test.step(`a response that breaks off ${what}`, async () => {
      respond = breakOff
      await page.getByRole('button', { name: 'Sign in', exact: true }).click()
      await expect.poll(() => posts).toBe(index + 1)
      await expectErrorSummary(page, [unreachable])
      expect(posts).toBe(index + 1)
      expect(await entered(page)).toEqual(typed)
    })
  }
  proxy.close()
})
