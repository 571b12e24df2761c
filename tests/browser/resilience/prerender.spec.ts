/** Pages that the browser makes before the rider goes there: they have no effect until they are seen, and then they tell the truth. */

import type { Page } from '@playwright/test'
import { watchPosts } from '../support/calls.ts'
import { expect, pagePaths, test } from '../support/fixtures.ts'
import { storeSession } from '../support/rider-actions.ts'

/** What a page must not do before it is seen; read in the page as `effects`. */
async function prerenderFromNowOn(page: Page): Promise<void> {
  await page.addInitScript(() => {
    let isPrerendering = true
    const effects: string[] = []
    const note = (effect: string) => {
      if (isPrerendering) effects.push(effect)
    }
    Object.defineProperty(Document.prototype, 'prerendering', { get: () => isPrerendering })
    Object.assign(window, {
      effects,
      activate() {
        isPrerendering = false
        document.dispatchEvent(new Event('prerenderingchange'))
      },
    })
    const watch = (owner: object, names: readonly string[]) => {
      for (const name of names) {
        const original: unknown = Reflect.get(owner, name)
        if (typeof original !== 'function') throw new Error(`no ${name}`)
        Object.defineProperty(owner, name, {
          value(this: unknown, ...given: unknown[]) {
            const [first] = given
            const isOfDevice = ['wildrydes.theme', 'wildrydes.language'].includes(String(first))
            if (!isOfDevice) note(`${name} ${String(first)}`)
            return Reflect.apply(original, this, given)
          },
        })
      }
    }
    watch(Storage.prototype, ['getItem', 'setItem', 'removeItem'])
    watch(History.prototype, ['pushState', 'replaceState', 'go', 'back'])
    watch(BroadcastChannel.prototype, ['postMessage'])
    watch(LockManager.prototype, ['request', 'query'])
    watch(CredentialsContainer.prototype, ['get', 'create'])
    watch(HTMLElement.prototype, ['focus'])
    watch(window, ['fetch'])
    document.addEventListener('DOMContentLoaded', () => {
      const [title, region] = [document.querySelector('title'), document.querySelector('#status')]
      for (const element of [title, region]) {
        if (!element) continue
        new MutationObserver(() => note(`${element.nodeName} ${element.textContent}`)).observe(
          element,
          { childList: true, characterData: true, subtree: true },
        )
      }
    })
  })
}

function activate(page: Page): Promise<void> {
  return page.evaluate(() => Reflect.get(window, 'activate')())
}

for (const path of [...pagePaths, '/no/such/page'] as const) {
  test(`prerender: ${path} has no effect before it is seen, and works then`, async ({
    page,
    site,
    rider,
  }) => {
    await site.pool.createConfirmedUser(rider)
    await storeSession(page, site, rider)
    await page.goto('/licenses.txt')
    await page.evaluate(() => {
      sessionStorage.setItem('wildrydes.flashText', 'What the page before says.')
      sessionStorage.setItem('wildrydes.email', 'typed@example.com')
      localStorage.setItem('wildrydes.lastUsername', 'last@example.com')
    })
    await prerenderFromNowOn(page)
    const posts = watchPosts(page)
    const address = `${path}?next=%2Faccount.html#code=123456&email=linked%40example.com`
    await page.goto(address)
    await page.locator('html[data-started]').waitFor({ state: 'attached' })
    await page.waitForLoadState('networkidle')
    expect(await page.evaluate(() => Reflect.get(window, 'effects'))).toEqual([])
    expect(posts).toEqual([])
    await expect(page).toHaveURL(address)
    await expect(page.getByText(/rider@example|typed@example|last@example/)).toHaveCount(0)

    await activate(page)
    await expect(page.locator('[data-auth=signed-in], #user-menu').first()).toBeVisible()
    expect(await page.evaluate(() => Reflect.get(window, 'effects'))).toEqual([])
  })
}

test('prerender: a page is for who is signed in, and in the theme that is chosen, when it is seen', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(rider)
  await storeSession(page, site, rider)
  await prerenderFromNowOn(page)
  await page.goto('/ride.html')
  await page.waitForLoadState('networkidle')
  // Meanwhile, in another tab.
  await page.evaluate(() => {
    localStorage.clear()
    sessionStorage.clear()
    localStorage.setItem('wildrydes.theme', 'dark')
  })
  await activate(page)
  await expect(page).toHaveURL(/\/signin\.html/)
  await activate(page)
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await expect(page.getByLabel('Email or username')).toHaveValue('')
})

/** The clock is the browser's: two seconds of reading do not pass in a test. */
async function readFor2s(page: Page): Promise<void> {
  await page.clock.fastForward(2000)
}

test('prerender: links to other pages are offered when the page has been read for two seconds, and those of submits when they are near', async ({
  page,
}) => {
  await page.clock.install()
  const offered = () =>
    page
      .locator('.next-page')
      .evaluateAll((links) =>
        [...new Set(links.map((link) => link.getAttribute('href')))].toSorted(),
      )
  await page.goto('/signin.html?next=%2Faccount.html')
  await page.locator('html[data-started]').waitFor({ state: 'attached' })
  expect(await offered()).toEqual([])
  await readFor2s(page)
  await expect
    .poll(offered)
    .toEqual(
      expect.arrayContaining([
        '/register.html?next=%2Faccount.html',
        '/forgot.html?next=%2Faccount.html',
      ]),
    )
  expect(await offered()).not.toContain('/signin.html?next=%2Faccount.html')
  expect((await offered()).join()).not.toMatch(/de\/|licenses/)
  // With other pages prepared the next one would be shown later.
  await page.locator('#username').fill('rider@example.com')
  await page.locator('#current-password').focus()
  await expect.poll(offered).toEqual(['/account.html'])

  await page.goto('/signin.html')
  await page.locator('#username').fill('rider@example.com')
  await page.locator('#current-password').focus()
  await expect.poll(offered).toEqual(['ride.html'])
  await readFor2s(page)
  await page.getByRole('link', { name: 'Forgot password?' }).hover()
  await expect.poll(offered).toEqual(['forgot.html', 'ride.html'])

  await page.goto('/de/register.html')
  await page.locator('#new-password').focus()
  await expect.poll(offered).toEqual(['verify.html'])
  expect(
    await page.locator('.next-page').evaluate((link: HTMLAnchorElement) => link.pathname),
  ).toBe('/de/verify.html')
})

for (const [reason, connection] of [
  ['who saves data', { saveData: true }],
  ['on a 2g line', { effectiveType: '2g' }],
] as const) {
  test(`prerender: nothing is offered to a rider ${reason}`, async ({ page }) => {
    await page.clock.install()
    await page.addInitScript((fake) => {
      Object.defineProperty(navigator, 'connection', { value: fake })
    }, connection)
    await page.goto('/')
    await page.locator('html[data-started]').waitFor({ state: 'attached' })
    const isFetched = page.waitForResponse(/assets\/prerender/)
    await readFor2s(page)
    await isFetched
    await page.getByRole('link', { name: 'Sign in' }).focus()
    await page.getByRole('link', { name: 'Sign in' }).hover()
    expect(await page.locator('.next-page').count()).toBe(0)
  })
}

test('prefetch: without speculation rules the scripts of a page are fetched once, when its link is turned to; a lost network is no matter', async ({
  page,
}) => {
  await page.clock.install()
  await page.addInitScript(() => {
    HTMLScriptElement.supports = () => false
  })
  const asked: string[] = []
  page.on('request', (request) => {
    const { pathname } = new URL(request.url())
    if (/signin|forgot/.test(pathname)) asked.push(pathname.replace(/-[\w-]{8}\.js/, '.js'))
  })
  await page.goto('/register.html')
  await page.locator('html[data-started]').waitFor({ state: 'attached' })
  const isFetched = page.waitForResponse(/assets\/prerender/)
  await readFor2s(page)
  await isFetched
  expect(asked).toEqual([])
  const [inHeader, inFoot] = [
    page.getByRole('navigation').getByRole('link', { name: 'Sign in' }),
    page.getByRole('main').getByRole('link', { name: 'Sign in' }),
  ]
  await page.route('**/signin.html', (route) => route.abort())
  await inHeader.focus()
  await page.clock.fastForward(100)
  await expect.poll(() => asked).toEqual(['/signin.html'])
  await page.unroute('**/signin.html')
  await inFoot.focus()
  await page.clock.fastForward(100)
  await expect.poll(() => asked).toContain('/assets/pages/signin.js')
  await inHeader.hover()
  await page.clock.fastForward(100)
  await inHeader.click()
  await expect(page).toHaveURL(/signin/)
  // Once in vain, once ahead, once to open it.
  expect(asked.filter((path) => path === '/signin.html')).toHaveLength(3)
})

test('prefetch: without speculation rules a link that is pressed at once is not prefetched beside that', async ({
  page,
}) => {
  await page.clock.install()
  await page.addInitScript(() => {
    HTMLScriptElement.supports = () => false
  })
  await page.goto('/register.html')
  await page.locator('html[data-started]').waitFor({ state: 'attached' })
  const isFetched = page.waitForResponse(/assets\/prerender/)
  await readFor2s(page)
  await isFetched
  const asked: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  // The page stays, so that what a timer asks for is seen.
  await page.evaluate(() => addEventListener('click', (event) => event.preventDefault()))
  await page.getByRole('navigation').getByRole('link', { name: 'Sign in' }).click()
  await page.clock.fastForward(1000)
  await page.evaluate(() => new Promise(requestAnimationFrame))
  expect(asked).toEqual([])
})

test('bfcache: Back and Forward restore pages that have offered others', async ({
  site,
  bfcacheBrowser,
}) => {
  const page = await bfcacheBrowser.newPage({ baseURL: site.origin })
  await page.goto('/register.html')
  await page.locator('.next-page').first().waitFor({ state: 'attached' })
  await page.evaluate(() => {
    addEventListener('pageshow', ({ persisted }) => {
      document.documentElement.dataset.persisted = String(persisted)
    })
  })
  await page.goto('/forgot.html')
  await page.evaluate(() => history.back())
  await page.locator('html[data-persisted=true]').waitFor({ state: 'attached' })
  await expect(page).toHaveURL(/register/)
})
