import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { localCloud } from './src/local-cloud/vite-plugin.ts'

const port = Number(process.env.PORT || 5173)

// biome-ignore lint/style/noDefaultExport: Vite takes its settings from the default export.
export default defineConfig({
  appType: 'mpa',
  input: ['index', 'register', 'verify', 'signin', 'forgot', 'ride', 'account'].map(
    (page) => `${page}.html`,
  ),
  resolve: {
    alias: {
      // The client library's clock is the device's; ours is the service's.
      './DateHelper': fileURLToPath(new URL('src/site/auth/date-helper.ts', import.meta.url)),
    },
  },
  plugins: [localCloud()],
  // The client library's `buffer` reads the Node global.
  define: { global: 'globalThis' },
  build: {
    // Every image is a file: the pages' policy allows no data: URLs.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { host: 'localhost', port, strictPort: true },
  preview: { host: 'localhost', port, strictPort: true },
  test: {
    include: ['tests/{unit,contract,repo}/**/*.test.ts'],
    globalSetup: 'tests/support/global-setup.ts',
    // All cores: left to itself, Vitest keeps one free and has a single worker on a machine with two.
    maxWorkers: '100%',
    // A sign-in by the client library is a third of a second of arithmetic, more on a busy machine.
    testTimeout: 30_000,
  },
})
