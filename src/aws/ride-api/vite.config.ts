import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

/** One file for Lambda: everything but the AWS SDK, which its runtime brings. */
// biome-ignore lint/style/noDefaultExport: Vite takes its settings from the default export.
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  publicDir: false,
  ssr: { noExternal: ['valibot'] },
  build: {
    ssr: 'lambda.ts',
    target: 'node24',
    outDir: fileURLToPath(new URL('../../../dist-ride-api', import.meta.url)),
    emptyOutDir: true,
    rollupOptions: { output: { entryFileNames: 'lambda.mjs' } },
  },
})
