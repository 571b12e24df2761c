/**
 * Builds the site once for all browser tests, with the pseudo-locale, beside the `dist` that a test of
 * `npm start` has built anew while others run.
 */

import { build } from 'vite'

export const outDir = 'dist-test'

// biome-ignore lint/style/noDefaultExport: Playwright takes its global set-up from the default export.
export default async function buildSite(): Promise<void> {
  process.env.PSEUDO_LOCALE = '1'
  await build({ logLevel: 'warn', build: { outDir } })
  delete process.env.PSEUDO_LOCALE
}
