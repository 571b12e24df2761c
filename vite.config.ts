import { defineConfig } from 'vite'
import { buildManifest } from './src/aws/hosting/build-manifest.ts'
import { output } from './src/build/chunks.ts'
import { clientLibraryShims } from './src/build/client-library.ts'
import { inlineHashes } from './src/build/inline.ts'
import { leafletWithoutHtml } from './src/build/leaflet.ts'
import { pages } from './src/build/pages.ts'
import { localCloud } from './src/local-cloud/vite-plugin.ts'

const port = Number(process.env.PORT || 5173)

// biome-ignore lint/style/noDefaultExport: Vite takes its settings from the default export.
export default defineConfig({
  appType: 'mpa',
  resolve: {
    alias: [
      ...clientLibraryShims,
      // What the package names is for `require`, and cannot be shaken.
      { find: /^leaflet$/, replacement: 'leaflet/dist/leaflet-src.esm.js' },
    ],
  },
  plugins: [localCloud(inlineHashes), pages(), leafletWithoutHtml(), buildManifest()],
  // Bundled ahead for dev, it would pass that plugin by.
  optimizeDeps: { exclude: ['leaflet'] },
  build: {
    // Every image is a file: the pages' policy allows no data: URLs.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output,
      treeshake: {
        moduleSideEffects: [
          // Neither does anything when it is loaded: what nobody imports is left out.
          { test: /\/amazon-cognito-identity-js\/|\/src\/site\/auth\//, sideEffects: false },
          { test: /./, sideEffects: true },
        ],
      },
    },
  },
  server: { host: 'localhost', port, strictPort: true },
  preview: { host: 'localhost', port, strictPort: true },
})
