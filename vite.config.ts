import { defineConfig } from 'vitest/config'
import { buildManifest } from './src/aws/hosting/build-manifest.ts'
import {
  pagesFolder,
  preloadPagePart,
  smallPreload,
  toChunkName,
  toPreloads,
} from './src/build/chunks.ts'
import { libraryWithoutUnusedMethods, standIns } from './src/build/client-library.ts'
import { leafletWithoutHtml } from './src/build/leaflet.ts'
import { smallPages } from './src/build/pages.ts'
import { words } from './src/build/words.ts'
import { localCloud } from './src/local-cloud/vite-plugin.ts'

const port = Number(process.env.PORT || 5173)

// biome-ignore lint/style/noDefaultExport: Vite takes its settings from the default export.
export default defineConfig({
  appType: 'mpa',
  input: ['index', 'register', 'verify', 'signin', 'forgot', 'ride', 'account', '404'].map(
    (page) => `${page}.html`,
  ),
  resolve: {
    alias: [
      ...standIns,
      // What the package names is for `require`, and cannot be shaken.
      { find: /^leaflet$/, replacement: 'leaflet/dist/leaflet-src.esm.js' },
    ],
  },
  plugins: [
    localCloud(),
    words(),
    smallPages(),
    smallPreload(),
    preloadPagePart(),
    libraryWithoutUnusedMethods(),
    leafletWithoutHtml(),
    buildManifest(),
  ],
  // Bundled ahead for dev, it would pass that plugin by.
  optimizeDeps: { exclude: ['leaflet'] },
  build: {
    // Every image is a file: the pages' policy allows no data: URLs.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false, resolveDependencies: toPreloads },
    rolldownOptions: {
      output: {
        entryFileNames: `${pagesFolder}[name]-[hash].js`,
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [{ name: toChunkName, debugName: 'by pages' }],
        },
      },
      // The client library does not say so itself: what of it nobody uses has no effect.
      treeshake: {
        moduleSideEffects: [
          { test: /\/amazon-cognito-identity-js\//, sideEffects: false },
          { test: /./, sideEffects: true },
        ],
      },
    },
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
