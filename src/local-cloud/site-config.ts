/** Reads the site's `/js/config.js` as a browser would, and writes the one for the local pool. */

import { runInNewContext } from 'node:vm'
import * as v from 'valibot'
import { apiPath } from './local-cloud.ts'
import { localPool } from './user-pool/settings.ts'

const siteConfig = v.object({
  cognito: v.optional(
    v.object({
      userPoolId: v.optional(v.string(), ''),
      region: v.optional(v.string(), ''),
      endpoint: v.optional(v.string()),
    }),
    {},
  ),
  api: v.optional(v.object({ invokeUrl: v.optional(v.string(), '') }), {}),
})

export interface SiteConfig {
  /** whether the file names a user pool; if so, the local one stays out of the way */
  readonly namesPool: boolean
  /** origins of the pool and the API, for the pages' `connect-src` */
  readonly hosts: readonly string[]
  readonly invokeUrl: string
}

/** @param script text of `/js/config.js`; one that does not run, or sets nothing of use, names no pool */
export function readSiteConfig(script: string): SiteConfig {
  const parsed = v.safeParse(siteConfig, runScript(script))
  if (!parsed.success) return { namesPool: false, hosts: [], invokeUrl: '' }
  const { cognito, api } = parsed.output
  const namesPool = cognito.userPoolId !== ''
  const endpoint = cognito.endpoint ?? `https://cognito-idp.${cognito.region}.amazonaws.com/`
  const urls = [...(namesPool ? [endpoint] : []), api.invokeUrl]
  return { namesPool, hosts: urls.flatMap(toOrigin), invokeUrl: api.invokeUrl }
}

/** The text of `/js/config.js` that points the site at the local pool. */
export function toLocalConfigScript({ invokeUrl }: Pick<SiteConfig, 'invokeUrl'>): string {
  const config = { cognito: { ...localPool, endpoint: apiPath }, api: { invokeUrl } }
  return `window._config = ${JSON.stringify(config, null, 2)}\n`
}

function runScript(script: string): unknown {
  const window: { _config?: unknown } = {}
  try {
    runInNewContext(script, { window }, { timeout: 1000 })
  } catch {
    // The page meets the same broken file and tells the operator; here it only means "no pool".
    return undefined
  }
  return window._config
}

function toOrigin(url: string): readonly string[] {
  const origin = URL.canParse(url) ? new URL(url).origin : ''
  return /^https?:/.test(origin) ? [origin] : []
}
