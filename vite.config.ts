import { defineConfig } from 'vite'
import { buildManifest } from './src/aws/hosting/build-manifest.ts'
import { output } from './src/build/chunks.ts'
import { clientLibraryShims } from './src/build/client-library.ts'
import { inlineHashes, inlineStyles } from './src/build/inline.ts'
import { leafletWithoutHtml } from './src/build/leaflet.ts'
import { licenses, licensesFile } from './src/build/licenses.ts'
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
  plugins: [
    localCloud(inlineHashes),
    pages(),
    inlineStyles(),
    leafletWithoutHtml(),
    licenses(),
    buildManifest(),
  ],
  optimizeDeps: {
    // In dev, neither the plugin nor the shims would reach these if they were bundled ahead.
    exclude: ['leaflet', 'amazon-cognito-identity-js'],
    include: ['js-cookie', 'isomorphic-unfetch'].map(
      (name) => `amazon-cognito-identity-js > ${name}`,
    ),
  },
  build: {
    // Every image is a file: the pages' policy allows no data: URLs.
    assetsInlineLimit: 0,
    modulePreload: {
      polyfill: false,
      // What a fetched script imports is there already, nearly always. Lists of it weigh 0.1 kB for each such script.
      resolveDependencies: (_, files, { hostType }) =>
        hostType === 'html' ? files : files.filter((file) => file.endsWith('.css')),
    },
    license: { fileName: licensesFile },
    rolldownOptions: {
      output,
      treeshake: {
        moduleSideEffects: [
          // Loading them has no effects: what nobody uses of them is left out. Saves 1.5 kB (brotli) of the library, and
          // lets a page that imports `auth/index.ts` fetch only what it uses of it.
          { test: /\/amazon-cognito-identity-js\/|\/src\/site\/auth\//, sideEffects: false },
          { test: /./, sideEffects: true },
        ],
      },
    },
  },
  server: { host: 'localhost', port, strictPort: true },
  preview: { host: 'localhost', port, strictPort: true },
})
