/** Browsers without JavaScript, without features that the site needs, and with extensions that edit pages. */

import type { Page } from '@playwright/test'
import { expectAccountPage } from '../support/account-actions.ts'
import { codeOtherThan } from '../support/authenticator-app.ts'
import { watchPosts } from '../support/calls.ts'
import { advanceClocks } from '../support/clocks.ts'
import { expect, pagePaths, test, watchForPageErrors } from '../support/fixtures.ts'
import {
  expectErrorSummary,
  expectRidePage,
  fillRegistration,
  fillSignIn,
  openSignedIn,
  pressSignIn,
  submitSignIn,
  tokenKeys,
} from '../support/rider-actions.ts'
import { openFromMenu, pressSignOut } from '../support/user-menu.ts'

test.describe('without script', () => {
  test.use({ javaScriptEnabled: false })

  test('without JavaScript: every page can be read, says what is missing, and no form can be sent', async ({
    page,
    site,
  }) => {
    for (const path of ['/register.html', '/verify.html', '/signin.html', '/forgot.html']) {
      await page.goto(path)
      await expect(page.locator('noscript p')).toBeVisible()
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
      for (const button of await page.locator('button[type=submit]:visible').all()) {
        await expect(button).toBeDisabled()
      }
      for (const field of await page.locator('form input:visible').all()) {
        await field.press('Enter')
        expect(page.url()).toBe(site.origin + path)
      }
    }
    for (const path of ['/ride.html', '/account.html']) {
      await page.goto(path)
      await expect(page.locator('noscript p')).toBeVisible()
      await expect(page.locator('#content')).toBeHidden()
    }
  })
})

/** Features that the site works without. */
const conveniences = {
  BroadcastChannel: () => {
    Reflect.deleteProperty(window, 'BroadcastChannel')
  },
  'Web Locks': () => {
    Reflect.deleteProperty(Navigator.prototype, 'locks')
  },
}

for (const [what, remove] of Object.entries(conveniences)) {
  test(`missing browser feature: without ${what} a rider signs in, tokens are refreshed, and signing out reaches every tab`, async ({
    page,
    context,
    site,
    rider,
  }) => {
    await site.pool.createConfirmedUser(rider)
    await context.addInitScript(remove)
    await page.goto('/ride.html?pickup=1')
    await fillSignIn(page, rider)
    await page.getByLabel('Keep me signed in').check()
    await pressSignIn(page)
    await expectRidePage(page)
    const other = await context.newPage()
    const pageErrors = watchForPageErrors(other)
    await other.goto('/account.html')
    await expectAccountPage(other)
    await advanceClocks(page, site, 2 * 3600)
    await page.reload()
    await expectRidePage(page)
    await expect(page.locator('#time-left')).toHaveText(/5\d min/)
    await pressSignOut(page)
    await expect(page).toHaveURL(/signin/)
    await expect(other).toHaveURL(/signin/, { timeout: 1000 })
    for (const tab of [page, other]) expect(await tokenKeys(tab)).toEqual([])
    expect(pageErrors).toEqual([])
  })
}

test('missing browser feature: without URL.canParse a rider signs in and gets to the page they wanted', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(rider)
  await page.addInitScript(() => Reflect.deleteProperty(URL, 'canParse'))
  await page.goto('/ride.html?pickup=1')
  await fillSignIn(page, rider)
  await expect(page.getByRole('button', { name: 'Sign in', exact: true })).toBeEnabled()
  await pressSignIn(page)
  await expectRidePage(page)
  await expect(page).toHaveURL(/ride\.html\?pickup=1$/)
})

async function expectOutOfUse(page: Page, path: string, heading: string): Promise<void> {
  await expect(page.getByRole('region', { name: heading })).toBeVisible()
  for (const button of await page.locator('button[type=submit]').all()) {
    await expect(button).toBeDisabled()
  }
  await expect(page.locator('#content:not([hidden])')).toHaveCount(0)
  expect(new URL(page.url()).pathname).toBe(path)
}

for (const [what, remove] of [
  ['fetch', () => Reflect.deleteProperty(window, 'fetch')],
  ['AbortController', () => Reflect.deleteProperty(window, 'AbortController')],
  ['crypto.getRandomValues', () => Reflect.deleteProperty(Crypto.prototype, 'getRandomValues')],
  ['crypto', () => Object.defineProperty(window, 'crypto', { value: undefined })],
] as const) {
  test(`unsupported browser: without ${what} every page says that the browser is too old, and no form can be sent`, async ({
    page,
  }) => {
    await page.addInitScript(remove)
    for (const path of pagePaths) {
      await page.goto(path)
      await expectOutOfUse(page, path, 'This browser is too old')
    }
  })
}

test('plain HTTP: every page says that the connection is not safe, sends nothing and shows nothing personal', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(rider)
  await openSignedIn(page, site, rider, { rememberMe: true })
  const kept = await page.evaluate(() => Object.entries(localStorage))
  const calls = watchPosts(page)
  await page.route('http://wildrydes.test/**', async (route) => {
    const { pathname } = new URL(route.request().url())
    return route.fulfill({ response: await route.fetch({ url: site.origin + pathname }) })
  })
  await page.goto('http://wildrydes.test/')
  await page.evaluate((entries) => {
    for (const [key, value] of entries) localStorage.setItem(key, value)
  }, kept)
  for (const path of pagePaths) {
    await page.goto(`http://wildrydes.test${path}`)
    await expectOutOfUse(page, path, "This connection isn't secure")
    await expect(page.locator('body')).not.toContainText(rider.email)
  }
  expect(calls).toEqual([])
})

/** Edits a page as translators and other extensions do: replaces text nodes, and adds, moves and removes elements. */
function editDocument(): void {
  const wrap = (root: Node) => {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
    const texts: Node[] = []
    while (walker.nextNode()) texts.push(walker.currentNode)
    for (const text of texts) {
      const { parentElement, textContent } = text
      if (!parentElement || !textContent?.trim() || parentElement.closest('font, script')) continue
      const font = document.createElement('font')
      font.append(document.createElement('font'))
      font.firstElementChild?.append(textContent)
      text.parentNode?.replaceChild(font, text)
    }
  }
  addEventListener('load', () => {
    for (const span of document.querySelectorAll('span.visually-hidden, .countdown')) span.remove()
    for (const line of document.querySelectorAll('p')) {
      if (line.childNodes.length > 1 && line.lastChild) line.prepend(line.lastChild)
    }
    for (const input of document.querySelectorAll('input')) {
      input.after(Object.assign(document.createElement('span'), { className: 'extension' }))
      input.setAttribute('data-extension', 'x')
    }
    document.body.prepend(document.createElement('div'))
    wrap(document.body)
    new MutationObserver(() => wrap(document.body)).observe(document.body, {
      childList: true,
      subtree: true,
      characterData: true,
    })
  })
}

test('browser extensions: pages whose DOM a translator has changed still work from registering to the account page', async ({
  page,
  site,
  rider,
}) => {
  await page.addInitScript(editDocument)
  for (const path of ['/', '/forgot.html', '/ride.html', '/account.html']) {
    await page.goto(path)
    await expect(page.locator('font font').first()).toBeAttached()
  }
  await page.goto('/register.html')
  await page.getByRole('button', { name: "Let's Ryde" }).click()
  await expectErrorSummary(page, [/email address$/, /Enter a password$/, /the password again$/])
  await fillRegistration(page, rider)
  await page.getByRole('button', { name: 'Show password' }).click()
  await page.getByRole('button', { name: "Let's Ryde" }).click()
  await expect(page).toHaveURL(/verify/)
  await expect(page.locator('.extension').first()).toBeAttached()
  const code = await site.pool.latestCodeFor(rider.email)
  await page.getByLabel('Verification code').fill(codeOtherThan(code))
  await expectErrorSummary(page, [/That code isn't right/])
  await page.clock.setSystemTime(Date.now() + 31_000)
  await page.getByRole('button', { name: 'Resend code' }).click()
  await expect(page.getByRole('status')).toHaveText(/new code is on its way/)
  await page.getByLabel('Verification code').fill(await site.pool.latestCodeFor(rider.email))
  await page.getByRole('button', { name: 'Verify' }).click()
  await expectRidePage(page)
  await pressSignOut(page)
  await expect(page).toHaveURL(/signin/)
  await expect(page.locator('.extension').first()).toBeAttached()
  await submitSignIn(page, { ...rider, password: 'wrong' })
  await expectErrorSummary(page, [/don't match/])
  await submitSignIn(page, rider)
  await expectRidePage(page)
  await page.getByRole('button', { name: 'Copy token' }).click()
  await expect(page.getByRole('status')).toHaveText('Token copied.')

  await openFromMenu(page, 'Your account')
  await expectAccountPage(page)
  await expect(page.locator('.extension').first()).toBeAttached()
  await page.getByLabel('Current password', { exact: true }).fill(rider.password)
  await page.getByLabel('New password', { exact: true }).fill('Pegasus-5678')
  await page.getByRole('button', { name: 'Change password' }).click()
  await expect(page.getByRole('status')).toHaveText(/^Your password is changed/)
  await page.getByRole('button', { name: 'Set up an authenticator app' }).click()
  await expect(page.getByRole('heading', { name: 'Set up your app' })).toBeFocused()
  await page.getByRole('button', { name: 'Not now' }).click()
  await pressSignOut(page)
  await expect(page).toHaveURL(/signin/)
})
