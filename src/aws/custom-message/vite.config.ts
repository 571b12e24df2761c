import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'
import { readEmailLanguages } from '../../build/email-languages.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** Builds one file for Lambda, with the translations of the emails in it, and of nothing else. */
// biome-ignore lint/style/noDefaultExport: Vite takes its settings from the default export.
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  publicDir: false,
  define: { emailLanguages: JSON.stringify(readEmailLanguages(root)) },
  ssr: { noExternal: ['valibot'] },
  build: {
    ssr: 'lambda.ts',
    target: 'node24',
    outDir: fileURLToPath(new URL('../../../dist-custom-message', import.meta.url)),
    emptyOutDir: true,
    rollupOptions: { output: { entryFileNames: 'lambda.mjs' } },
  },
})
