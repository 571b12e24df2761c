/** What is done ahead of the rider: the challenge when she turns to the password, and the next page. */

import type { Page } from '@playwright/test'
import { localPool } from '../../../src/local-cloud/user-pool/local-pool.ts'
import { watchCalls } from '../support/account-actions.ts'
import { expect, poolApi, test } from '../support/fixtures.ts'
import { openFront, openPool } from '../support/proxy.ts'
import { expectProblems, expectRidePage, fillAsManager } from '../support/rider-actions.ts'

test.beforeEach(async ({ site, rider }) => {
  await site.pool.createConfirmedUser(rider)
})

function watchSignIn(page: Page) {
  const asked = watchCalls(page, 'InitiateAuth')
  const answered = watchCalls(page, 'RespondToAuthChallenge')
  return { asked, answered }
}

/** Types the name and turns to the password. */
async function turnToPassword(page: Page, email: string): Promise<void> {
  await page.goto('/signin.html')
  await page.getByLabel('Email or username').fill(email)
  await page.getByLabel('Password', { exact: true }).focus()
}

async function send(page: Page, password: string): Promise<void> {
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.keyboard.press('Enter')
}

test('the challenge is there before the password is, and is asked for once', async ({
  page,
  rider,
}) => {
  const { asked, answered } = watchSignIn(page)
  await turnToPassword(page, rider.email)
  await expect.poll(() => asked.length).toBe(1)
  await page.keyboard.press('Shift+Tab')
  await page.keyboard.press('Tab')
  expect(answered).toHaveLength(0)
  await send(page, rider.password)
  await expectRidePage(page)
  expect(asked).toHaveLength(1)
  expect(answered).toHaveLength(1)
})

test('a pool of another origin is asked once whether it may be called', async ({
  browser,
  site,
  rider,
}) => {
  const pool = await openPool(site)
  const front = await openFront(site, {
    settings: { cognito: { ...localPool, endpoint: pool.origin } },
    allowed: { 'connect-src': pool.origin },
  })
  const page = await browser.newPage({ baseURL: front.origin })
  await turnToPassword(page, rider.email)
  await send(page, rider.password)
  await expectRidePage(page)
  await expect.poll(() => pool.asked).toContain('GetUser')
  expect(pool.asked).toEqual(['OPTIONS', 'InitiateAuth', 'RespondToAuthChallenge', 'GetUser'])
  await page.close()
  for (const server of [front, pool]) server.close()
})

test('without a name nothing is asked', async ({ page, rider }) => {
  const { asked } = watchSignIn(page)
  await page.goto('/signin.html')
  await page.getByLabel('Password', { exact: true }).fill(rider.password)
  await page.getByLabel('Email or username').fill(rider.email)
  expect(asked).toHaveLength(0)
  await page.keyboard.press('Enter')
  await expectRidePage(page)
  expect(asked).toHaveLength(1)
})

test('a password manager that fills both fields asks when the form is sent', async ({
  page,
  rider,
}) => {
  const { asked } = watchSignIn(page)
  await page.goto('/signin.html')
  await fillAsManager(page, rider)
  await page.waitForLoadState('networkidle')
  expect(asked).toHaveLength(0)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expectRidePage(page)
  expect(asked).toHaveLength(1)
})

test('a name that was corrected meanwhile is the one that signs in', async ({ page, rider }) => {
  const { asked } = watchSignIn(page)
  await turnToPassword(page, 'somebody@example.com')
  await expect.poll(() => asked.length).toBe(1)
  await page.getByLabel('Email or username').fill(rider.email)
  await send(page, rider.password)
  await expectRidePage(page)
  expect(asked).toHaveLength(2)
})

test('a challenge that has grown old is asked for anew', async ({ page, rider }) => {
  await page.clock.install()
  const { asked } = watchSignIn(page)
  await turnToPassword(page, rider.email)
  await expect.poll(() => asked.length).toBe(1)
  await page.clock.fastForward('05:00')
  await send(page, rider.password)
  await expectRidePage(page)
  expect(asked).toHaveLength(2)
})

test('a challenge that the service has forgotten is asked for anew, once', async ({
  page,
  rider,
}) => {
  const { asked, answered } = watchSignIn(page)
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
  await turnToPassword(page, rider.email)
  await expect.poll(() => asked.length).toBe(1)
  await send(page, rider.password)
  await expectProblems(page, ['Your session has ended. Sign in again.'])
  expect(refusals).toBe(2)
  await page.unroute(poolApi)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expectRidePage(page)
  expect(asked).toHaveLength(3)
  expect(answered).toHaveLength(3)
})

test('what fails ahead is not told, and done again when the form is sent', async ({
  page,
  rider,
}) => {
  const { asked } = watchSignIn(page)
  await page.route(poolApi, (route) => route.abort())
  await turnToPassword(page, rider.email)
  await expect.poll(() => asked.length).toBe(1)
  await expect(page.locator('#error-summary')).toBeHidden()
  await page.unroute(poolApi)
  await send(page, rider.password)
  await expectRidePage(page)
  expect(asked).toHaveLength(2)
})

test('after a refusal nothing is asked ahead: it would count against the pool’s limits', async ({
  page,
  rider,
}) => {
  const { asked } = watchSignIn(page)
  await turnToPassword(page, rider.email)
  await send(page, 'Unicorn-wrong-1')
  await expectProblems(page, [/do not match/])
  const password = page.getByLabel('Password', { exact: true })
  await expect(password).toBeFocused()
  await password.fill(rider.password)
  expect(asked).toHaveLength(1)
  await page.keyboard.press('Enter')
  await expectRidePage(page)
  expect(asked).toHaveLength(2)
})

test('the browser is offered the page that the rider wants, to make it ahead', async ({
  page,
  rider,
}) => {
  for (const [query, wanted] of [
    ['', '/ride.html'],
    ['?next=%2Faccount.html%23delete', '/account.html#delete'],
  ] as const) {
    await page.goto(`/signin.html${query}`)
    await page.getByLabel('Email or username').fill(rider.email)
    const offered = page.locator('.next-page')
    expect(await offered.count()).toBe(0)
    await page.getByLabel('Password', { exact: true }).focus()
    await expect(offered).toHaveAttribute('href', wanted)
    // Nobody comes upon it.
    await page.keyboard.press('Shift+Tab')
    await expect(page.getByRole('link', { name: wanted })).toHaveCount(0)
  }
})

for (const path of ['/ride.html', '/account.html']) {
  test(`${path}, made ahead, reads no session and calls nobody before it is seen`, async ({
    page,
    rider,
  }) => {
    await page.goto('/signin.html')
    await page.getByLabel('Email or username').fill(rider.email)
    await send(page, rider.password)
    await expectRidePage(page)

    await page.addInitScript(() => {
      let isAhead = true
      Object.defineProperty(Document.prototype, 'prerendering', { get: () => isAhead })
      Object.assign(window, {
        beSeen() {
          isAhead = false
          document.dispatchEvent(new Event('prerenderingchange'))
        },
      })
      const { getItem } = Storage.prototype
      Storage.prototype.getItem = function (key) {
        if (isAhead && key.startsWith('Cognito')) document.documentElement.dataset.read = key
        return getItem.call(this, key)
      }
    })
    const calls = watchCalls(page, 'GetUser')
    await page.goto(path)
    await page.waitForLoadState('networkidle')
    await expect(page.locator('h1')).toBeVisible()
    await expect(page.locator('#content')).toBeHidden()
    await expect(page.locator('html')).not.toHaveAttribute('data-read')
    expect(calls).toHaveLength(0)

    await page.evaluate(() => Reflect.get(window, 'beSeen')())
    await expect(page.locator('#content')).toBeVisible()
    await expect(page.locator('#user-name')).toHaveText(rider.email)
    expect(calls).toHaveLength(1)
  })
}
