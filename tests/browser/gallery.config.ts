/** Runs the gallery test and lays out screenshots of every state on one page. */

import { defineConfig } from '@playwright/test'
import config from './playwright.config.ts'

// The workers inherit it.
process.env.GALLERY = '1'

// biome-ignore lint/style/noDefaultExport: Playwright takes its settings from the default export.
export default defineConfig(config, {
  testMatch: 'gallery.spec.ts',
  reporter: [['list'], ['./support/gallery-page.ts']],
})
