/**
 * What each page weighs: everything that it fetches by itself at 360 px until it is idle, compressed by brotli as
 * hosts do. A page that is too heavy says which files it is made of.
 */

import { brotliCompressSync } from 'node:zlib'
import type { Page, Request } from '@playwright/test'
import { expect, test } from '../support/fixtures.ts'
import { storeSession } from '../support/rider-actions.ts'

test.use({ viewport: { width: 360, height: 780 } })

/** bytes; each document alone stays in the first packets of a connection */
const documentBudget = 14_000

const signedOut = [
  { path: '/', budget: 16_500 },
  { path: '/register.html', budget: 21_000 },
  { path: '/verify.html', budget: 21_000 },
  { path: '/signin.html', budget: 25_000 },
  { path: '/forgot.html', budget: 21_000 },
  { path: '/404.html', budget: 11_500 },
]

const signedIn = [
  { path: '/ride.html', budget: 29_000 },
  { path: '/account.html', budget: 29_000 },
]

for (const { path, budget } of signedOut) {
  test(`${path}, signed out, weighs at most ${budget} bytes`, async ({ page }) => {
    await expectWeight(page, path, budget)
  })
}

for (const { path, budget } of signedIn) {
  test(`${path}, signed in, weighs at most ${budget} bytes`, async ({ page, site, rider }) => {
    await site.pool.createConfirmedUser(rider)
    // Not by the form: after it a passkey is offered, once in this browser, by a script of its own.
    await storeSession(page, site, rider)
    await expectWeight(page, path, budget)
  })
}

async function expectWeight(page: Page, path: string, budget: number): Promise<void> {
  const files = await weigh(page, path)
  const list = files.map(({ url, bytes }) => `${bytes} ${url}`).join('\n  ')
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0)
  test.info().annotations.push({ type: 'bytes', description: `${total}\n  ${list}` })
  const document = files.find(({ url }) => url === path)
  expect(document?.bytes, `${path} itself`).toBeLessThanOrEqual(documentBudget)
  expect(total, `${total} bytes of ${path}:\n  ${list}\n`).toBeLessThanOrEqual(budget)
}

interface FileWeight {
  /** from the site's root */
  readonly url: string
  /** brotli */
  readonly bytes: number
}

/** Opens a page and waits until it fetches nothing more. Calls to the user pool are no part of its weight. */
async function weigh(page: Page, path: string): Promise<readonly FileWeight[]> {
  // A route keeps the browser's cache out: every file comes with its body.
  await page.route(/^/, (route) => route.fallback())
  const requests: Request[] = []
  const open = new Set<Request>()
  page.on('request', (request) => {
    requests.push(request)
    open.add(request)
  })
  page.on('requestfinished', (request) => open.delete(request))
  page.on('requestfailed', (request) => open.delete(request))

  await page.goto(path)
  let seen = 0
  while (seen < requests.length) {
    seen = requests.length
    await expect.poll(() => open.size).toBe(0)
    // Pages fetch what comes next when the browser is idle, at the latest a second later.
    await page.evaluate(
      () => new Promise((resolve) => requestIdleCallback(resolve, { timeout: 2000 })),
    )
    await page.waitForLoadState('networkidle')
  }

  const files = new Map(
    requests
      .map((request) => [new URL(request.url()).pathname, request] as const)
      .filter(([url]) => !url.startsWith('/cognito-idp/')),
  )
  return Promise.all(
    [...files].map(async ([url, request]) => {
      const response = await request.response()
      if (!response?.ok()) throw new Error(`${url} failed`)
      return { url, bytes: brotliCompressSync(await response.body()).length }
    }),
  )
}
