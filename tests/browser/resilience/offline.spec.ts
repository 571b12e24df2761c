/** Forms and pages without a network, and when it is back. */

import { expectAccountPage } from '../support/account-actions.ts'
import { watchCalls } from '../support/calls.ts'
import { stopClock } from '../support/clocks.ts'
import { expect, test } from '../support/fixtures.ts'
import { entered, forms, networkSettlesMs } from '../support/forms.ts'
import { offline, offlineForm, online } from '../support/messages.ts'
import {
  expectErrorSummary,
  expectRidePage,
  fillSignIn,
  openSignedIn,
} from '../support/rider-actions.ts'

for (const { what, button: name, operation, fill, expectDone } of forms) {
  test(`offline: ${what} says at once that there is no network, and is done once when it is back`, async ({
    page,
    context,
    site,
    rider,
  }) => {
    await page.clock.install()
    await fill(page, site, rider)
    await page.waitForLoadState('networkidle')
    const typed = await entered(page)
    const status = page.getByRole('status')
    await context.setOffline(true)
    await expect(status).toHaveText(offline)
    await page.getByRole('button', { name }).first().click()
    await expect(page.locator('#error-summary')).toContainText(offlineForm, { timeout: 1000 })
    await expectErrorSummary(page, [offlineForm])
    expect(await entered(page)).toEqual(typed)

    await stopClock(page)
    const calls = watchCalls(page, operation)
    await context.setOffline(false)
    await expect(status).toHaveText(online)
    await page.clock.runFor(networkSettlesMs - 100)
    expect(calls).toHaveLength(0)
    await page.clock.runFor(200)
    await expectDone(page)
    await page.clock.runFor(10_000)
    expect(calls).toHaveLength(1)
  })
}

test.describe('a form that waits for the network', () => {
  test.beforeEach(async ({ page, context, site, rider }) => {
    await site.pool.createConfirmedUser(rider)
    await page.clock.install()
    await page.goto('/signin.html')
    await fillSignIn(page, { ...rider, password: 'Unicorn-12345' })
    await page.waitForLoadState('networkidle')
    await context.setOffline(true)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await expectErrorSummary(page, [offlineForm])
    await stopClock(page)
  })

  test('offline: a waiting form is not sent by itself once the rider types again', async ({
    page,
    context,
    rider,
  }) => {
    const calls = watchCalls(page, 'InitiateAuth')
    await context.setOffline(false)
    await expect(page.getByRole('status')).toHaveText(online)
    await page.clock.runFor(networkSettlesMs - 100)
    await page.getByLabel('Password', { exact: true }).fill(rider.password)
    await page.clock.runFor(10_000)
    expect(calls).toHaveLength(0)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await expectRidePage(page)
    expect(calls).toHaveLength(1)
  })

  test('offline: a waiting form is sent once when the rider submits it before it is sent by itself', async ({
    page,
    context,
  }) => {
    const calls = watchCalls(page, 'InitiateAuth')
    await context.setOffline(false)
    await expect(page.getByRole('status')).toHaveText(online)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await expectErrorSummary(page, [/don't match/])
    await page.clock.runFor(10_000)
    await expectErrorSummary(page, [/don't match/])
    expect(calls).toHaveLength(1)
  })

  test('offline: a waiting form goes on waiting when the network is lost again, and is sent once in the end', async ({
    page,
    context,
    site,
  }) => {
    await context.setOffline(false)
    await expect(page.getByRole('status')).toHaveText(online)
    await context.setOffline(true)
    await expect(page.getByRole('status')).toHaveText(offline)
    const failed = page.waitForEvent('requestfailed')
    await page.clock.runFor(networkSettlesMs + 100)
    await failed
    await expectErrorSummary(page, [offlineForm])
    const calls = watchCalls(page, 'InitiateAuth')
    await context.setOffline(false)
    await expect(page.getByRole('status')).toHaveText(online)
    await page.clock.runFor(networkSettlesMs + 100)
    await expectErrorSummary(page, [/don't match/])
    await page.clock.runFor(10_000)
    expect(calls).toHaveLength(1)
    expect(new URL(page.url()).origin).toBe(site.origin)
  })
})

test('offline: every page says when the network is lost and when it is back, and stays as it is', async ({
  page,
  context,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(rider)
  const status = page.getByRole('status')
  const expectAnnounced = async (path: string) => {
    await expect(page).toHaveURL(site.origin + path)
    await context.setOffline(true)
    await expect(status).toHaveText(offline)
    await expect(status).toBeInViewport()
    await context.setOffline(false)
    await expect(status).toHaveText(online)
    await expect(page).toHaveURL(site.origin + path)
  }
  for (const path of ['/', '/register.html', '/verify.html', '/signin.html', '/forgot.html']) {
    await page.goto(path)
    await expectAnnounced(path)
  }
  await openSignedIn(page, site, rider)
  await expectAnnounced('/ride.html')
  await expectRidePage(page)
  await page.goto('/account.html')
  await expectAccountPage(page)
  await expectAnnounced('/account.html')
  await expectAccountPage(page)
})
