/** The pages in each language: the main road stays in it, and a choice of another one is followed. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { build, createLogger, preview } from 'vite'
import { inlineHashes } from '../../../src/build/inline.ts'
import { localCloud } from '../../../src/local-cloud/vite-plugin.ts'
import { translations } from '../../../src/shared/languages.ts'
import { expect, type Rider, test } from '../support/fixtures.ts'
import { createTranslator } from '../support/translator.ts'

const newPassword = 'Pegasus-5678'

function readLanguage(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => [document.documentElement.lang, document.documentElement.dir])
}

async function submit(page: Page, form: string, values: Readonly<Record<string, string>>) {
  for (const [id, value] of Object.entries(values)) await page.locator(`#${id}`).fill(value)
  await page.locator(`${form} [type=submit]`).first().click()
}

function chooseLanguage(page: Page, lang: string): Promise<void> {
  return page
    .locator('#languages summary')
    .click()
    .then(() => page.locator(`#languages [hreflang=${lang}]`).click())
}

for (const { lang, dir } of translations) {
  test(`main road in ${lang}: home, an error, register, verify, ride, sign out and reset stay in the language`, async ({
    page,
    site,
    rider,
  }) => {
    const t = createTranslator(lang)
    const expectPage = async (name: string) => {
      await expect(page).toHaveURL(new RegExp(`^${site.origin}/${lang}/${name}([?#]|$)`))
      expect(await readLanguage(page)).toEqual([lang, dir])
    }
    await page.goto(`/${lang}`)
    await expectPage('')
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(t('Ride a unicorn today'))
    await page.locator('.hero a').first().click()
    await expectPage('register.html')

    // An error of the page itself, and one whose sentence is fetched.
    await submit(page, '#register', {})
    await expect(page.locator('#error-summary')).toContainText(t('Enter your email address'))
    await expect(page).toHaveTitle(new RegExp(`^${t('Error: ')}`))
    await submit(page, '#register', {
      email: rider.email,
      'new-password': rider.password,
      'confirm-password': rider.password,
    })
    await expectPage('verify.html')
    await expect(page.getByRole('status')).toHaveText(
      t('Your account is ready. Now verify your email address.'),
    )
    await page.locator('#code').fill(await site.pool.latestCodeFor(rider.email))
    await expectPage('ride.html')
    await expect(page.getByRole('status')).toHaveText(
      t("Your email address is verified, and you're signed in."),
    )
    await page.locator('#menu-button').click()
    await page.locator('#sign-out').click()
    await expectPage('signin.html')
    await expect(page.getByRole('status')).toHaveText(t('You are signed out.'))
    await submit(page, '#signin', { username: rider.email, 'current-password': 'wrong' })
    await expect(page.locator('#error-summary')).toContainText(
      t("The email or username and the password don't match. Check both and try again."),
    )

    await page.locator('.field-with-link a').click()
    await expectPage('forgot.html')
    await submit(page, '#request', {})
    await page.locator('#code').waitFor()
    await submit(page, '#reset', {
      code: await site.pool.latestCodeFor(rider.email),
      'new-password': newPassword,
    })
    await expectPage('signin.html')
    await expect(page.getByRole('status')).toHaveText(
      t('Your password is changed. Sign in with the new one.'),
    )
  })
}

test('the language menu leads to the page in each language, works without script, and is in each language', async ({
  browser,
  site,
}) => {
  const context = await browser.newContext({ javaScriptEnabled: false })
  const page = await context.newPage()
  await page.goto(`${site.origin}/signin.html`)
  await page.locator('#languages summary').click()
  for (const { lang, name } of translations) {
    const link = page.getByRole('contentinfo').getByRole('link', { name, exact: true })
    await expect(link).toHaveAttribute('lang', lang)
    await expect(link).toHaveAttribute('hreflang', lang)
  }
  await page.getByRole('link', { name: 'Deutsch' }).click()
  await expect(page).toHaveURL(`${site.origin}/de/signin.html`)
  await page.locator('#languages summary').click()
  await page.getByRole('link', { name: 'English' }).click()
  await expect(page).toHaveURL(`${site.origin}/signin.html`)
  await context.close()
})

test('the language menu keeps where the rider wanted to go, and the code of the link in an email', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(rider)
  await page.goto('/account.html#passkeys')
  await expect(page).toHaveURL(/\/signin\.html\?next=/)
  await chooseLanguage(page, 'ja')
  await expect(page).toHaveURL(/\/ja\/signin\.html\?next=/)
  await submit(page, '#signin', { username: rider.email, 'current-password': rider.password })
  await expect(page).toHaveURL(`${site.origin}/ja/account.html#passkeys`)

  await page.goto('/verify.html#code=123456&email=some%2Bbody@example.com')
  await expect(page.locator('#code')).toHaveValue('123456')
  await chooseLanguage(page, 'de')
  await expect(page).toHaveURL(/\/de\/verify\.html/)
  await expect(page.locator('#code')).toHaveValue('123456')
  await expect(page.locator('#email')).toHaveValue('some+body@example.com')
  await expect(page).toHaveURL(`${site.origin}/de/verify.html`)
})

test('a choice of the menu is followed on the next visit, without trapping Back, until English is chosen', async ({
  page,
  site,
  context,
}) => {
  await page.goto('/')
  await chooseLanguage(page, 'ar')
  await expect(page).toHaveURL(`${site.origin}/ar/`)

  const visit = await context.newPage()
  await visit.goto('about:blank')
  await visit.goto(`${site.origin}/signin.html?next=ride.html#x`)
  await expect(visit).toHaveURL(`${site.origin}/ar/signin.html?next=ride.html#x`)
  await visit.goBack()
  await expect(visit).toHaveURL('about:blank')
  // A language that was asked for, and one that is none.
  await visit.goto(`${site.origin}/de/`)
  await expect(visit.locator('html')).toHaveAttribute('lang', 'de')
  await chooseLanguage(visit, 'en')
  await expect(visit).toHaveURL(`${site.origin}/`)
  await visit.goto(`${site.origin}/register.html`)
  await expect(visit).toHaveURL(`${site.origin}/register.html`)
  await visit.evaluate(() => localStorage.setItem('wildrydes.language', 'xx'))
  await visit.goto('about:blank')
  await visit.goto(`${site.origin}/register.html`)
  await expect(visit.getByRole('heading', { level: 1 })).toHaveText('Create your account')
})

test.describe('a browser that prefers German', () => {
  test.use({ locale: 'de-AT' })

  test('language offer: one line in German leads to the page in German, once, and nothing moves', async ({
    page,
    site,
  }) => {
    await page.setViewportSize({ width: 360, height: 780 })
    await page.addInitScript(() => {
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) {
          const { dataset } = document.documentElement
          dataset.shift = String(Number(dataset.shift ?? 0) + Number(Reflect.get(entry, 'value')))
        }
      }).observe({ type: 'layout-shift', buffered: true })
    })
    await page.goto('/signin.html?next=account.html')
    const offer = page.getByRole('link', { name: 'Diese Seite gibt es auf Deutsch' })
    await expect(offer).toHaveAttribute('lang', 'de')
    await expect(offer).toBeInViewport()
    await expect(page.locator('html')).not.toHaveAttribute('data-shift', /./)
    await offer.click()
    await expect(page).toHaveURL(`${site.origin}/de/signin.html?next=account.html`)
    await expect(page.getByRole('link', { name: 'Diese Seite' })).toHaveCount(0)
    await page.goto('about:blank')
    await page.goto('/')
    await expect(page).toHaveURL(`${site.origin}/de/`)
  })

  test('language offer: closed or only seen, it does not come again, and nobody is moved', async ({
    page,
    site,
  }) => {
    await page.goto('/')
    const close = page.getByRole('button', { name: 'Schließen' })
    await expect(close).toHaveAttribute('lang', 'de')
    await close.click()
    await expect(page.getByRole('link', { name: 'Diese Seite' })).toHaveCount(0)
    const offerScript = page.waitForResponse(/language-offer-.*\.js/)
    await page.reload()
    await offerScript
    await page.locator('#themes').waitFor()
    await expect(page).toHaveURL(`${site.origin}/`)
    await expect(page.getByRole('link', { name: 'Diese Seite' })).toHaveCount(0)
  })

  test('language offer: where storage is blocked, there is the menu alone', async ({ page }) => {
    await page.addInitScript(() => {
      Object.defineProperty(window, 'localStorage', {
        get() {
          throw new DOMException('blocked', 'SecurityError')
        },
      })
    })
    const offerScript = page.waitForResponse(/language-offer-.*\.js/)
    await page.goto('/')
    await offerScript
    await chooseLanguage(page, 'de')
    await expect(page).toHaveURL(/\/de\/$/)
    await expect(page.getByRole('link', { name: 'Diese Seite' })).toHaveCount(0)
  })
})

test('English fetches no texts and no offer', async ({ page }) => {
  const requests: string[] = []
  page.on('request', (request) => requests.push(new URL(request.url()).pathname))
  await page.goto('/signin.html')
  await page.locator('#username').focus()
  await page.waitForLoadState('networkidle')
  expect(requests.filter((path) => /\.json$|language|assets\/[a-z]{2}-/.test(path))).toEqual([])
})

test('404: an unknown address has the page of its folder’s language, whose links lead on from any depth', async ({
  page,
  site,
}) => {
  const response = await page.goto('/de/no/such/page.html')
  expect(response?.status()).toBe(404)
  expect(await readLanguage(page)).toEqual(['de', 'ltr'])
  await expect(page.locator('#themes')).toBeVisible()
  await page.locator('main a.button').first().click()
  await expect(page).toHaveURL(`${site.origin}/de/`)

  const unknown = await page.goto('/xx/signin.html')
  expect(unknown?.status()).toBe(404)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText("This page doesn't exist")
  await chooseLanguage(page, 'ja')
  await expect(page).toHaveURL(`${site.origin}/ja/`)
})

test('the site works under a sub-path, in English and in another language', async ({
  page,
  dataFolder,
  rider,
}) => {
  const outDir = mkdtempSync(join(tmpdir(), 'wild-rydes-sub-'))
  await build({ base: '/sub/path/', logLevel: 'silent', build: { outDir, emptyOutDir: true } })
  const server = await preview({
    configFile: false,
    appType: 'mpa',
    customLogger: { ...createLogger('silent'), info: () => {} },
    build: { outDir },
    plugins: [
      {
        name: 'serve-under-sub-path',
        configurePreviewServer: ({ middlewares }) =>
          void middlewares.use((incoming, outgoing, next) => {
            const { url = '' } = incoming
            const isPool = url.startsWith('/cognito-idp/')
            // What is not under the path is another site's.
            if (!isPool && !url.startsWith('/sub/path/')) {
              return void outgoing.writeHead(410).end()
            }
            incoming.url = url.replace('/sub/path/', '/')
            next()
          }),
      },
      localCloud(inlineHashes, { LOCAL_CLOUD_DATA: dataFolder, LOCAL_CLOUD_TEST_CLOCK: '1' }, []),
    ],
    preview: { host: 'localhost', port: 0, cors: false },
  })
  const address = server.httpServer.address()
  const root = `http://localhost:${typeof address === 'object' ? address?.port : ''}/sub/path/`
  const gone: string[] = []
  page.on('response', (response) => {
    if (response.status() === 410) gone.push(response.url())
  })
  try {
    await walkUnderPath(page, root, rider)
  } finally {
    // A page that still fetches would read files that are gone.
    await page.goto('about:blank')
    await server.close()
    rmSync(outDir, { recursive: true })
  }
  expect(gone).toEqual([])
})

async function walkUnderPath(page: Page, root: string, rider: Rider): Promise<void> {
  await page.goto(root)
  await page.locator('.hero a').first().click()
  await expect(page).toHaveURL(`${root}register.html`)
  await chooseLanguage(page, 'he')
  await expect(page).toHaveURL(`${root}he/register.html`)
  await submit(page, '#register', {
    email: rider.email,
    'new-password': rider.password,
    'confirm-password': rider.password,
  })
  await expect(page).toHaveURL(`${root}he/verify.html`)
  await page.goto(`${root}he/ride.html?pickup=1`)
  await expect(page).toHaveURL(/\/sub\/path\/he\/signin\.html\?next=/)
  await page.goto(`${root}he/no/such/page`)
  await page.locator('main a.button').first().click()
  await expect(page).toHaveURL(`${root}he/`)
}
