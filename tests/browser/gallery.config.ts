/** Takes pictures of every state on the way, and lays them out on a page. */

import { defineConfig } from '@playwright/test'
import config from './playwright.config.ts'

// The tests run in processes that inherit it.
process.env.GALLERY = '1'

// biome-ignore lint/style/noDefaultExport: Playwright takes its settings from the default export.
export default defineConfig(config, {
  testMatch: 'gallery.spec.ts',
  reporter: [['list'], ['./support/gallery-page.ts']],
})
