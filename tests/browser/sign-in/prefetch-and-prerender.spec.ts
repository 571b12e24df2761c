/** Prefetching the challenge when the rider moves to the password, and prerendering the next page. */

import type { Page } from '@playwright/test'
import { localPool } from '../../../src/local-cloud/user-pool/local-pool.ts'
import { watchCalls } from '../support/calls.ts'
import { expect, poolApi, test } from '../support/fixtures.ts'
import { openPoolProxy, openProxy } from '../support/proxy.ts'
import { autofillSignIn, expectErrorSummary, expectRidePage } from '../support/rider-actions.ts'

test.beforeEach(async ({ site, rider }) => {
  await site.pool.createConfirmedUser(rider)
})

function watchSignIn(page: Page) {
  const initiated = watchCalls(page, 'InitiateAuth')
  const responded = watchCalls(page, 'RespondToAuthChallenge')
  return { initiated, responded }
}

/** Types the user name and moves the focus to the password. */
async function moveToPassword(page: Page, email: string): Promise<void> {
  await page.goto('/signin.html')
  await page.getByLabel('Email or username').fill(email)
  await page.getByLabel('Password', { exact: true }).focus()
}

async function send(page: Page, password: string): Promise<void> {
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.keyboard.press('Enter')
}

test('prefetch: the challenge is fetched once, when the rider moves to the password', async ({
  page,
  rider,
}) => {
  const { initiated, responded } = watchSignIn(page)
  await moveToPassword(page, rider.email)
  await expect.poll(() => initiated.length).toBe(1)
  await page.keyboard.press('Shift+Tab')
  await page.keyboard.press('Tab')
  expect(responded).toHaveLength(0)
  await send(page, rider.password)
  await expectRidePage(page)
  expect(initiated).toHaveLength(1)
  expect(responded).toHaveLength(1)
})

test('CORS: a user pool of another origin gets one preflight request', async ({
  browser,
  site,
  rider,
}) => {
  const pool = await openPoolProxy(site)
  const proxy = await openProxy(site, {
    settings: { cognito: { ...localPool, endpoint: pool.origin } },
    allowed: { 'connect-src': pool.origin },
  })
  const page = await browser.newPage({ baseURL: proxy.origin })
  await moveToPassword(page, rider.email)
  await send(page, rider.password)
  await expectRidePage(page)
  await expect.poll(() => pool.calls).toContain('GetUser')
  expect(pool.calls).toEqual(['OPTIONS', 'InitiateAuth', 'RespondToAuthChallenge', 'GetUser'])
  await page.close()
  for (const server of [proxy, pool]) server.close()
})

test('prefetch: without a user name nothing is fetched', async ({ page, rider }) => {
  const { initiated } = watchSignIn(page)
  await page.goto('/signin.html')
  await page.getByLabel('Password', { exact: true }).fill(rider.password)
  await page.getByLabel('Email or username').fill(rider.email)
  expect(initiated).toHaveLength(0)
  await page.keyboard.press('Enter')
  await expectRidePage(page)
  expect(initiated).toHaveLength(1)
})

test('prefetch: autofill by a password manager fetches nothing before the form is submitted', async ({
  page,
  rider,
}) => {
  const { initiated } = watchSignIn(page)
  await page.goto('/signin.html')
  await autofillSignIn(page, rider)
  await page.waitForLoadState('networkidle')
  expect(initiated).toHaveLength(0)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expectRidePage(page)
  expect(initiated).toHaveLength(1)
})

test('prefetch: a user name that is corrected afterwards is the one that signs in', async ({
  page,
  rider,
}) => {
  const { initiated } = watchSignIn(page)
  await moveToPassword(page, 'somebody@example.com')
  await expect.poll(() => initiated.length).toBe(1)
  await page.getByLabel('Email or username').fill(rider.email)
  await send(page, rider.password)
  await expectRidePage(page)
  expect(initiated).toHaveLength(2)
})

test('prefetch: a challenge older than five minutes is fetched again', async ({ page, rider }) => {
  await page.clock.install()
  const { initiated } = watchSignIn(page)
  await moveToPassword(page, rider.email)
  await expect.poll(() => initiated.length).toBe(1)
  await page.clock.fastForward('05:00')
  await send(page, rider.password)
  await expectRidePage(page)
  expect(initiated).toHaveLength(2)
})

test('prefetch: a challenge that the service has forgotten is fetched again once', async ({
  page,
  rider,
}) => {
  const { initiated, responded } = watchSignIn(page)
  let refusals = 0
  await page.route(poolApi, (route) => {
    const isAnswer = route.request().headers()['x-amz-target']?.endsWith('RespondToAuthChallenge')
    if (!isAnswer) return route.continue()
    refusals += 1
    return route.fulfill({
      status: 400,
      json: { __type: 'NotAuthorizedException', message: 'Invalid session for the user.' },
    })
  })
  await moveToPassword(page, rider.email)
  await expect.poll(() => initiated.length).toBe(1)
  await send(page, rider.password)
  await expectErrorSummary(page, ['Your session has ended. Sign in again.'])
  expect(refusals).toBe(2)
  await page.unroute(poolApi)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expectRidePage(page)
  expect(initiated).toHaveLength(3)
  expect(responded).toHaveLength(3)
})

test('prefetch: an error is not shown, and the call is repeated when the form is submitted', async ({
  page,
  rider,
}) => {
  const { initiated } = watchSignIn(page)
  await page.route(poolApi, (route) => route.abort())
  await moveToPassword(page, rider.email)
  await expect.poll(() => initiated.length).toBe(1)
  await expect(page.locator('#error-summary')).toBeHidden()
  await page.unroute(poolApi)
  await send(page, rider.password)
  await expectRidePage(page)
  expect(initiated).toHaveLength(2)
})

test('prefetch: after a wrong password nothing is fetched ahead, because it counts against the pool’s limits', async ({
  page,
  rider,
}) => {
  const { initiated } = watchSignIn(page)
  await moveToPassword(page, rider.email)
  await send(page, 'Unicorn-wrong-1')
  await expectErrorSummary(page, [/don't match/])
  const password = page.getByLabel('Password', { exact: true })
  await expect(password).toBeFocused()
  await password.fill(rider.password)
  expect(initiated).toHaveLength(1)
  await page.keyboard.press('Enter')
  await expectRidePage(page)
  expect(initiated).toHaveLength(2)
})

test('prerender: the browser is offered the page that the rider wants', async ({ page, rider }) => {
  for (const [query, wanted] of [
    ['', 'ride.html'],
    ['?next=%2Faccount.html%23delete', '/account.html#delete'],
  ] as const) {
    await page.goto(`/signin.html${query}`)
    await page.getByLabel('Email or username').fill(rider.email)
    const prerenderLink = page.locator('.next-page')
    expect(await prerenderLink.count()).toBe(0)
    await page.getByLabel('Password', { exact: true }).focus()
    await expect(prerenderLink).toHaveAttribute('href', wanted)
    // It cannot be reached by keyboard or screen reader.
    await page.keyboard.press('Shift+Tab')
    await expect(page.getByRole('link', { name: wanted })).toHaveCount(0)
  }
})
