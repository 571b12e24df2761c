/** Typos in the domain of an email address get a suggestion. */

import type { Page } from '@playwright/test'
import { expect, test } from '../support/fixtures.ts'
import { fillRegistration } from '../support/rider-actions.ts'
import { scripts } from '../support/scripts.ts'

test.describe('typos in the domain of an email address', () => {
  /** Waits until the page has rendered what the blur event started. */
  async function settle(page: Page): Promise<void> {
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))))
  }

  const suggestion = (page: Page) => page.getByRole('button', { name: /^Did you mean/ })

  test('email typo: a button offers the right domain and corrects it, and its script is fetched on blur', async ({
    page,
    site,
    rider,
  }) => {
    const fetched: string[] = []
    await page.goto('/register.html')
    await page.waitForLoadState('networkidle')
    page.on('request', (request) => {
      if (request.url().includes('/assets/email-typos-')) fetched.push(request.url())
    })
    const email = page.getByLabel('Email')
    await email.fill('rider@gmial.com')
    await settle(page)
    expect(fetched).toEqual([])
    await expect(suggestion(page)).toHaveCount(0)
    await email.press('Tab')
    await expect(suggestion(page)).toHaveText('Did you mean gmail.com?')
    expect(fetched).toHaveLength(1)
    await expect(page.getByRole('status')).toHaveText('Did you mean gmail.com?')
    await expect(page.getByText('There is a problem')).toBeHidden()

    await suggestion(page).click()
    await expect(email).toHaveValue('rider@gmail.com')
    await expect(email).toBeFocused()
    await expect(suggestion(page)).toHaveCount(0)
    await page.getByLabel('Password', { exact: true }).fill(rider.password)
    await page.getByLabel('Confirm password').fill(rider.password)
    await page.getByRole('button', { name: "Let's Ryde" }).click()
    await expect(page).toHaveURL(/verify/)
    expect(await site.pool.emailsTo('rider@gmail.com')).toHaveLength(1)
  })

  test('email typo: a suggestion may be ignored, and the address is registered as typed', async ({
    page,
    site,
    rider,
  }) => {
    const slip = { ...rider, email: 'rider@gmial.com' }
    await page.goto('/register.html')
    await fillRegistration(page, slip)
    await expect(suggestion(page)).toBeVisible()
    await page.getByRole('button', { name: "Let's Ryde" }).click()
    await expect(page).toHaveURL(/verify/)
    expect(await site.pool.emailsTo(slip.email)).toHaveLength(1)
  })

  test('email typo: common domains get no suggestion', async ({ page }) => {
    await page.goto('/register.html')
    const email = page.getByLabel('Email')
    await email.fill('rider@gmial.com')
    await email.press('Tab')
    await expect(suggestion(page)).toBeVisible()
    const offered: string[] = []
    for (const domain of [
      ...['gmail.com', 'googlemail.com', 'mail.com', 'gmx.de', 'gmx.net', 'web.de', 'example.com'],
      ...['yahoo.co.uk', 'yahoo.fr', 'hotmail.co.uk', 'hotmail.fr', 'live.com', 'outlook.de'],
      ...['icloud.com', 'me.com', 'aol.com', 'proton.me', 'protonmail.com', 'ymail.com'],
    ]) {
      await email.fill(`rider@${domain}`)
      await email.press('Tab')
      await settle(page)
      if ((await suggestion(page).count()) > 0) offered.push(domain)
    }
    expect(offered).toEqual([])
  })

  test('email typo: common domains of other countries get no suggestion', async ({ page }) => {
    await page.goto('/register.html')
    const email = page.getByLabel('Email')
    await email.fill('rider@gmial.com')
    await email.press('Tab')
    await expect(suggestion(page)).toBeVisible()
    const offered: string[] = []
    for (const domain of [
      ...['yahoo.ca', 'yahoo.com.br', 'yahoo.co.in', 'yahoo.co.jp', 'yahoo.com.au', 'hotmail.ch'],
      ...['hotmail.com.br', 'outlook.com.br', 'email.cz'],
    ]) {
      await email.fill(`rider@${domain}`)
      await email.press('Tab')
      await settle(page)
      if ((await suggestion(page).count()) > 0) offered.push(domain)
    }
    expect(offered).toEqual([])
  })

  test('email typo: when the script cannot be fetched, the form works without suggestions', async ({
    page,
    site,
    rider,
  }) => {
    const slip = { ...rider, email: 'rider@gmial.com' }
    await page.goto('/register.html')
    await page.waitForLoadState('networkidle')
    let refused = 0
    await page.route(scripts.emailTypos, (route) => {
      refused += 1
      return route.abort()
    })
    await fillRegistration(page, slip)
    await expect.poll(() => refused).toBeGreaterThan(0)
    await settle(page)
    await expect(suggestion(page)).toHaveCount(0)
    await page.unroute(scripts.emailTypos)
    await page.getByRole('button', { name: "Let's Ryde" }).click()
    await expect(page).toHaveURL(/verify/)
    expect(await site.pool.emailsTo(slip.email)).toHaveLength(1)
  })
})
