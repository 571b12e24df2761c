/** Each test has a site of its own: the built pages beside a local cloud with an empty user pool. */

import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, test as base, expect, type Page } from '@playwright/test'
import { createLogger, type Plugin, preview } from 'vite'
import { inlineHashes } from '../../../src/build/inline.ts'
import { openLocalCloud } from '../../../src/local-cloud/local-cloud.ts'
import { localCloud } from '../../../src/local-cloud/vite-plugin.ts'
import { outDir } from './build-site.ts'
import { launchWithBackForwardCache } from './chromium.ts'
import { createPoolClient, type PoolClient } from './pool-client.ts'

export interface Site {
  /** without a slash at the end */
  readonly origin: string
  /** the lines that the server has printed */
  readonly printed: readonly string[]
  /** calls the pool as any other client does */
  readonly pool: PoolClient
}

export interface TestOptions {
  /** tag of the language of the pages at the root of the site */
  readonly language: string
  /** path of the template that the pool takes its settings from; else the site's own */
  readonly template: string | undefined
  /** whether the local cloud has a ride API, as `npm start -- --ride-api` starts it */
  readonly rideApi: boolean
  /** whether the function for emails writes them, as `npm start -- --custom-message` starts it */
  readonly customMessage: boolean
}

interface TestFixtures {
  /** of the test's own pool, which has keys and no users */
  readonly dataFolder: string
  readonly site: Site
  /** a rider who is not registered yet */
  readonly rider: Rider
  /** a browser with a back/forward cache */
  readonly bfcacheBrowser: Browser
}

interface WorkerFixtures {
  /** data folder of a pool that has its keys and no users */
  readonly emptyPool: string
}

export interface Rider {
  readonly email: string
  readonly password: string
}

export const test = base.extend<TestOptions & TestFixtures, WorkerFixtures>({
  language: ['en', { option: true }],
  template: [undefined, { option: true }],
  rideApi: [false, { option: true }],
  customMessage: [false, { option: true }],

  emptyPool: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures asked for from this pattern.
    async ({}, use) => {
      const folder = makeFolder()
      const cloud = await openLocalCloud({ dataFolder: folder, testClock: false, print: () => {} })
      cloud.close()
      await use(folder)
      rmSync(folder, { recursive: true })
    },
    { scope: 'worker' },
  ],

  dataFolder: async ({ emptyPool, template }, use) => {
    const folder = makeFolder()
    // A pool with other settings makes its own keys.
    if (!template) cpSync(emptyPool, folder, { recursive: true })
    await use(folder)
    rmSync(folder, { recursive: true })
  },

  site: async ({ dataFolder, language, template, rideApi, customMessage }, use) => {
    const printed: string[] = []
    const logger = createLogger('info')
    logger.info = (line) => void printed.push(line)
    const server = await preview({
      configFile: false,
      appType: 'mpa',
      customLogger: logger,
      build: { outDir },
      plugins: [
        localCloud(
          inlineHashes,
          {
            LOCAL_CLOUD_DATA: dataFolder,
            LOCAL_CLOUD_TEST_CLOCK: '1',
            LOCAL_CLOUD_TEMPLATE: template,
          },
          [...(rideApi ? ['--ride-api'] : []), ...(customMessage ? ['--custom-message'] : [])],
        ),
        ...(language === 'en' ? [] : [servePagesIn(language)]),
      ],
      preview: { host: 'localhost', port: 0, cors: false },
    })
    const address = server.httpServer.address()
    if (typeof address !== 'object' || !address) throw new Error('the preview server has no port')
    const origin = `http://localhost:${address.port}`
    await use({ origin, printed, pool: createPoolClient(origin) })
    await server.close()
  },

  // Paths in a test are relative to its own site.
  baseURL: async ({ site }, use) => use(site.origin),

  // biome-ignore lint/correctness/noEmptyPattern: as above.
  rider: async ({}, use) => {
    await use({ email: 'rider@example.com', password: 'Unicorn-1234' })
  },

  bfcacheBrowser: async ({ launchOptions }, use) => {
    const browser = await launchWithBackForwardCache(launchOptions)
    await use(browser)
    await browser.close()
  },

  /** In every test: no page may throw, violate its policy, open a dialog or set a cookie. */
  page: async ({ page }, use) => {
    const errors = watchForPageErrors(page)
    await use(page)
    expect(errors, 'uncaught errors and policy violations').toEqual([])
    expect(await page.context().cookies(), 'cookies').toEqual([])
  },
})

export { expect }

/** Every page but the one for unknown addresses. */
export const pagePaths = [
  '/',
  '/register.html',
  '/verify.html',
  '/signin.html',
  '/forgot.html',
  '/ride.html',
  '/account.html',
] as const

/** The pages for everybody. */
export const publicPagePaths = pagePaths.slice(0, 5)

/** The user pool's URL, as `page.route` matches it. */
export const poolApi = '**/cognito-idp/'

/**
 * Collects uncaught errors, dialogs and policy violations of a page. The `page` fixture does so by itself; tests call
 * it for the pages that they open.
 */
export function watchForPageErrors(page: Page): readonly string[] {
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(`uncaught: ${error.message}`))
  page.on('dialog', (dialog) => {
    errors.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('console', (message) => {
    const text = message.text()
    if (/Content Security Policy|Trusted ?Type/i.test(text)) errors.push(text)
  })
  return errors
}

/** Serves the pages of a language at the root, so that tests need no paths of their own for them; its 404 page too. */
const servePagesIn = (lang: string): Plugin => ({
  name: 'serve-pages-in-a-language',
  configurePreviewServer: ({ middlewares }) =>
    void middlewares.use((incoming, outgoing, next) => {
      if (incoming.url === '/no/such/page') {
        const page = readFileSync(join(outDir, lang, '404.html'))
        return void outgoing.writeHead(404, { 'Content-Type': 'text/html' }).end(page)
      }
      incoming.url = incoming.url?.replace(/^\/(?:[\w-]+\.html)?(?=$|\?)/, `/${lang}$&`)
      next()
    }),
})

function makeFolder(): string {
  return mkdtempSync(join(tmpdir(), 'wild-rydes-'))
}
