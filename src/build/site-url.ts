/** `SITE_URL`: where the site is, for those who build it. */

import { SettingsError } from '../shared/settings-error.ts'
import { parseUrl } from '../shared/url.ts'

/**
 * @returns absolute, with a slash at the end; `undefined` when it is not set: then pages do not say where they are
 * @throws {SettingsError}
 */
export function readSiteUrl(env: NodeJS.ProcessEnv): string | undefined {
  const text = env.SITE_URL ?? ''
  if (text === '') return undefined
  const url = parseUrl(text)
  if (!url || !/^https?:$/.test(url.protocol) || url.search || url.hash || url.username) {
    throw new SettingsError(
      `SITE_URL ${JSON.stringify(text)}`,
      'the address of the site, such as https://rides.example.com',
      'Correct it, or leave it out: then pages do not name their other languages to search engines.',
    )
  }
  return url.href.replace(/\/?$/, '/')
}
