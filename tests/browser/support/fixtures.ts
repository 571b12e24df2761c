/** A site of its own for every test: the built pages beside a local cloud with an empty pool. */

import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test as base, expect, type Page } from '@playwright/test'
import { createLogger, type Plugin, preview } from 'vite'
import { inlineHashes } from '../../../src/build/inline.ts'
import { openLocalCloud } from '../../../src/local-cloud/local-cloud.ts'
import { localCloud } from '../../../src/local-cloud/vite-plugin.ts'
import { pseudoLocale } from '../../../src/site/i18n/pseudo-locale.ts'
import { outDir } from './build-site.ts'
import { createPoolClient, type PoolClient } from './pool-client.ts'

export interface Site {
  /** without a slash at the end */
  readonly origin: string
  /** what the server has printed so far */
  readonly printed: readonly string[]
  /** the pool behind the pages, called as any client would */
  readonly pool: PoolClient
}

export type Language = 'en' | 'pseudo'

export interface TestOptions {
  /** of the pages at the root of the site */
  readonly language: Language
  /** path of the template that the pool takes its settings from; else the site's own */
  readonly template: string | undefined
  /** whether the local cloud has a ride API, as `npm start -- --ride-api` starts it */
  readonly rideApi: boolean
}

interface TestFixtures {
  /** of a pool that is this test's own: it has its keys and no users */
  readonly dataFolder: string
  readonly site: Site
  /** a rider nobody has registered yet */
  readonly rider: Rider
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
    // A pool of other settings makes keys of its own.
    if (!template) cpSync(emptyPool, folder, { recursive: true })
    await use(folder)
    rmSync(folder, { recursive: true })
  },

  site: async ({ dataFolder, language, template, rideApi }, use) => {
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
          rideApi ? ['--ride-api'] : [],
        ),
        ...(language === 'pseudo' ? [servePseudoPages] : []),
      ],
      preview: { host: 'localhost', port: 0, cors: false },
    })
    const address = server.httpServer.address()
    if (typeof address !== 'object' || !address) throw new Error('the preview server has no port')
    const origin = `http://localhost:${address.port}`
    await use({ origin, printed, pool: createPoolClient(origin) })
    await server.close()
  },

  // Every path in a test is one of its own site.
  baseURL: async ({ site }, use) => use(site.origin),

  // biome-ignore lint/correctness/noEmptyPattern: as above.
  rider: async ({}, use) => {
    await use({ email: 'rider@example.com', password: 'Unicorn-1234' })
  },

  /** Whatever a test is about, no page may throw, break its policy or set a cookie. */
  page: async ({ page }, use) => {
    const trouble = watchForTrouble(page)
    await use(page)
    expect(trouble, 'uncaught errors and policy violations').toEqual([])
    expect(await page.context().cookies(), 'cookies').toEqual([])
  },
})

export { expect }

/** Where the site's pages call the user pool, as routes name it. */
export const poolApi = '**/cognito-idp/'

/** Collects what must never happen on a page; tests with pages of their own call it too. */
export function watchForTrouble(page: Page): readonly string[] {
  const trouble: string[] = []
  page.on('pageerror', (error) => trouble.push(`uncaught: ${error.message}`))
  page.on('dialog', (dialog) => {
    trouble.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('console', (message) => {
    const text = message.text()
    if (/Content Security Policy|Trusted ?Type/i.test(text)) trouble.push(text)
  })
  return trouble
}

/**
 * Serves the pages of the pseudo-locale at the root, so that tests need no paths of their own for them; its 404 page
 * too, where a site has one for all languages.
 */
const servePseudoPages: Plugin = {
  name: 'serve-pseudo-pages',
  configurePreviewServer: ({ middlewares }) =>
    void middlewares.use((incoming, outgoing, next) => {
      const { lang } = pseudoLocale
      if (incoming.url === '/no/such/page') {
        const page = readFileSync(join(outDir, lang, '404.html'))
        return void outgoing.writeHead(404, { 'Content-Type': 'text/html' }).end(page)
      }
      incoming.url = incoming.url?.replace(/^\/(?:[\w-]+\.html)?(?=$|\?)/, `/${lang}$&`)
      next()
    }),
}

function makeFolder(): string {
  return mkdtempSync(join(tmpdir(), 'wild-rydes-'))
}
