/** Reads the site's `/js/config.js` as a browser would, and writes the one for the local pool. */

import { runInNewContext } from 'node:vm'
import * as v from 'valibot'
import type { HeaderHosts } from '../shared/response-headers.ts'
import { apiPath } from './local-cloud.ts'
import { localPool } from './user-pool/settings.ts'

const text = v.nullish(v.string(), '')

const siteConfig = v.strictObject({
  cognito: v.nullish(
    v.strictObject({
      userPoolId: text,
      userPoolClientId: text,
      region: text,
      endpoint: text,
    }),
    {},
  ),
  api: v.nullish(v.strictObject({ invokeUrl: text }), {}),
  map: v.nullish(v.strictObject({ tileUrl: text, attribution: text }), {}),
})

export interface SiteConfig {
  /**
   * `names-pool`: the local pool stays out of the way. `empty`: it takes the place. `broken`: the site is
   * left to tell its operator.
   */
  readonly kind: 'names-pool' | 'empty' | 'broken'
  /** what the pages' policy must let through */
  readonly hosts: HeaderHosts
  readonly invokeUrl: string
  readonly map: { readonly tileUrl: string; readonly attribution: string }
}

/** @param script text of `/js/config.js`, empty when there is no such file */
export function readSiteConfig(script: string): SiteConfig {
  const parsed = v.safeParse(siteConfig, runScript(script) ?? {})
  if (!parsed.success) return broken
  const { cognito, api, map } = parsed.output
  const isEmpty = cognito.userPoolId === '' && cognito.userPoolClientId === ''
  const endpoint = cognito.endpoint || `https://cognito-idp.${cognito.region}.amazonaws.com/`
  const urls = [...(isEmpty ? [] : [endpoint]), api.invokeUrl]
  return {
    kind: isEmpty ? 'empty' : 'names-pool',
    hosts: { connect: urls.flatMap(toOrigin), images: toOrigin(map.tileUrl) },
    invokeUrl: api.invokeUrl,
    map,
  }
}

const broken: SiteConfig = {
  kind: 'broken',
  hosts: { connect: [], images: [] },
  invokeUrl: '',
  map: { tileUrl: '', attribution: '' },
}

/** The text of `/js/config.js` that points the site at the local pool. */
export function toLocalConfigScript({
  invokeUrl,
  map,
}: Pick<SiteConfig, 'invokeUrl' | 'map'>): string {
  const config = { cognito: { ...localPool, endpoint: apiPath }, api: { invokeUrl }, map }
  return `window._config = ${JSON.stringify(config, null, 2)}\n`
}

/** What the script sets, or the error it ends with, which is no configuration either. */
function runScript(script: string): unknown {
  const window: { _config?: unknown } = {}
  try {
    runInNewContext(script, { window }, { timeout: 1000 })
  } catch (error) {
    return String(error)
  }
  return window._config
}

function toOrigin(url: string): readonly string[] {
  const origin = URL.canParse(url) ? new URL(url).origin : ''
  return /^https?:/.test(origin) ? [origin] : []
}
