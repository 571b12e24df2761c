/** Nothing moves while a page opens, or when a form shows errors. */

import type { Page } from '@playwright/test'
import { expect, poolApi, publicPagePaths, test } from '../support/fixtures.ts'
import { online, trouble } from '../support/messages.ts'
import {
  expectErrorSummary,
  fillRegistration,
  fillSignIn,
  openSignedIn,
} from '../support/rider-actions.ts'

test('layout shift: nothing moves while a page opens, signed out or signed in', async ({
  page,
  site,
  rider,
}) => {
  await page.setViewportSize({ width: 360, height: 780 })
  await page.addInitScript(() => {
    let shift = 0
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) shift += Number(Reflect.get(entry, 'value'))
      document.documentElement.dataset.shift = String(shift)
    }).observe({ type: 'layout-shift', buffered: true })
  })
  const shifts: Record<string, number> = {}
  const open = async (path: string, whose: string) => {
    await page.goto(path)
    await expect(page.locator('#themes')).toBeVisible()
    await expect(page.locator('#content, #credentials, form, .hero').first()).toBeVisible()
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))))
    const shift = await page.locator('html').getAttribute('data-shift')
    shifts[`${path} ${whose}`] = Number(shift)
  }

  for (const path of publicPagePaths) await open(path, 'signed out')
  await site.pool.createConfirmedUser(rider)
  await openSignedIn(page, site, rider)
  // The page is painted before it has the response of the service.
  await page.route(poolApi, async (route) => {
    await page.waitForFunction(() => performance.getEntriesByName('first-contentful-paint').length)
    await route.continue()
  })
  for (const path of [...publicPagePaths, '/ride.html', '/account.html'])
    await open(path, 'signed in')
  expect(Object.entries(shifts).filter(([, shift]) => shift > 0.01)).toEqual([])
})

for (const [what, path, fill, show] of [
  [
    'an error of the whole form',
    '/signin.html',
    fillSignIn,
    async (page: Page) => {
      await page.route(poolApi, (route) => route.fulfill({ status: 500, body: '' }))
      await page.locator('button[type=submit]').click()
      await expectErrorSummary(page, [trouble])
    },
  ],
  [
    'a field error',
    '/register.html',
    fillRegistration,
    async (page: Page) => {
      await page.route(poolApi, (route) =>
        route.fulfill({ status: 400, json: { __type: 'InvalidPasswordException', message: '' } }),
      )
      await page.locator('button[type=submit]').click()
      await expect(page.locator('#new-password-error')).toBeVisible()
    },
  ],
  [
    'a status message',
    '/signin.html',
    fillSignIn,
    async (page: Page) => {
      await page.context().setOffline(true)
      await page.context().setOffline(false)
      await expect(page.getByRole('status')).toHaveText(online)
    },
  ],
] as const) {
  test(`layout shift: submitting after ${what} does not move the button`, async ({
    page,
    rider,
  }) => {
    await page.goto(path)
    const title = await page.title()
    await fill(page, rider)
    await show(page)
    const button = page.locator('button[type=submit]')
    await button.scrollIntoViewIfNeeded()
    const before = await button.boundingBox()
    await page.unrouteAll()
    await page.route(poolApi, () => {})
    await button.click()
    await expect(button).toHaveAttribute('aria-disabled', 'true')
    const after = await button.boundingBox()
    expect([after?.x, after?.y]).toEqual([before?.x, before?.y])
    // The errors of the last submit are gone.
    await expect(page.getByText('There is a problem')).toBeHidden()
    await expect(page.locator('[aria-invalid]')).toHaveCount(0)
    await expect(page).toHaveTitle(title)
  })
}

test('layout shift: an error that appears on blur does not move the button from under the pointer', async ({
  page,
  rider,
}) => {
  await page.goto('/register.html')
  await fillRegistration(page, rider)
  await page.getByLabel('Confirm password').fill('Unicorn-9999')
  const box = await page.getByRole('button', { name: "Let's Ryde" }).boundingBox()
  if (!box) throw new Error('the button has no box')
  await page.mouse.move(box.x + box.width / 2, box.y + 4)
  await page.mouse.down()
  await page.mouse.up()
  await expectErrorSummary(page, ["Password and Confirm password don't match"])
})
