/** Builds the site once for all browser tests, as `npm start` does. */

import { build } from 'vite'

// biome-ignore lint/style/noDefaultExport: Playwright takes its global set-up from the default export.
export default async function buildSite(): Promise<void> {
  await build({ logLevel: 'warn' })
}
