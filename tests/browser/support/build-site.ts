/**
 * Builds the site once for all browser tests, in English and in the language of tests, beside the `dist` that a
 * test of `npm start` has built anew while others run.
 */

import { build } from 'vite'

/** The folder of each build, by its language. */
export const builds = { en: 'dist-en', pseudo: 'dist-pseudo' } as const

export type Language = keyof typeof builds

// biome-ignore lint/style/noDefaultExport: Playwright takes its global set-up from the default export.
export default async function buildSite(): Promise<void> {
  const { LOCALE } = process.env
  for (const [language, outDir] of Object.entries(builds)) {
    process.env.LOCALE = language
    await build({ logLevel: 'warn', build: { outDir } })
  }
  if (LOCALE === undefined) delete process.env.LOCALE
  else process.env.LOCALE = LOCALE
}
