import { defineConfig } from '@playwright/test'
import { browserArguments, requireHeadlessShell } from './support/chromium.ts'

// biome-ignore lint/style/noDefaultExport: Playwright takes its settings from the default export.
export default defineConfig({
  testDir: '.',
  outputDir: '../../test-results',
  globalSetup: './support/build-site.ts',
  fullyParallel: true,
  workers: 2,
  forbidOnly: Boolean(process.env.CI),
  // A shared machine can stall a browser. Tests that pass the second time are listed as flaky.
  retries: process.env.CI ? 1 : 0,
  reporter: [['list']],
  timeout: 60_000,
  use: {
    launchOptions: {
      executablePath: requireHeadlessShell(),
      args: [...browserArguments],
    },
    viewport: { width: 1280, height: 800 },
    permissions: ['clipboard-read', 'clipboard-write'],
  },
})
