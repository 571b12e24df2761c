/** `/js/config.js` as a script: read as a browser would, and written. */

import { runInNewContext } from 'node:vm'
import type { InlineHashes, PolicySources } from '../../shared/response-headers.ts'
import {
  type CognitoConfig,
  type Config,
  type ConfiguredSite,
  readConfig,
} from '../../shared/site-config.ts'

/** @param script text of the file, empty when there is none */
export function readConfigScript(script: string): Config {
  return readConfig(runScript(script))
}

/** What the pages' policy must let in: what stands in them, and the hosts of settings that can be used. */
export function toPolicySources(config: Config, inline: InlineHashes): PolicySources {
  if (config.kind === 'invalid') return { ...inline, connect: [], images: [] }
  const endpoint = config.kind === 'configured' ? config.cognito.endpoint : undefined
  return {
    ...inline,
    connect: [...new Set([endpoint, config.api.invokeUrl].flatMap(toOrigin))],
    images: toOrigin(config.map?.tileUrl),
  }
}

/** Settings to be written: the endpoint only where it is not the one in AWS, ways to sign in where there are several. */
export interface WrittenSettings {
  readonly cognito: Omit<CognitoConfig, 'endpoint' | 'signIn'> &
    Partial<Pick<CognitoConfig, 'endpoint' | 'signIn'>>
  readonly api: ConfiguredSite['api']
  readonly map: ConfiguredSite['map']
}

/** The text of a `/js/config.js` with these settings. */
export function toConfigScript({ cognito, api, map }: WrittenSettings): string {
  const { signIn = [], ...pool } = cognito
  const settings = {
    cognito: signIn.length > 1 ? cognito : pool,
    api: { invokeUrl: api.invokeUrl ?? '' },
    ...(map && { map }),
  }
  return `window._config = ${JSON.stringify(settings, null, 2)}\n`
}

/** What the script sets, or the error it ends with, which is no configuration either. */
function runScript(script: string): unknown {
  const window: { _config?: unknown } = {}
  try {
    runInNewContext(script, { window }, { timeout: 1000 })
  } catch (error) {
    return String(error)
  }
  return window._config ?? undefined
}

/** @returns nothing for a path of the site's own */
function toOrigin(url: string | undefined): readonly string[] {
  const origin = url !== undefined && URL.canParse(url) ? new URL(url).origin : ''
  return /^https?:/.test(origin) ? [origin] : []
}
