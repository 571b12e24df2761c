import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

/** Builds one file for Lambda, without the AWS SDK, which is part of Lambda's runtime. */
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
