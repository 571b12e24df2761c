/** The long versions of the reliability tests: `npm run test:long`, half an hour and more. */

import { defineConfig } from 'vitest/config'

// biome-ignore lint/style/noDefaultExport: Vitest takes its settings from the default export.
export default defineConfig({
  test: {
    include: ['tests/long/*.test.ts'],
    globalSetup: 'tests/support/global-setup.ts',
    // One at a time: some of them measure.
    fileParallelism: false,
    testTimeout: 3_600_000,
    hookTimeout: 60_000,
  },
})
