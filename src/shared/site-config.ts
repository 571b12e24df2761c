/**
 * The settings of `/js/config.js`, checked once and for all who read them: the pages, the local cloud and the
 * commands that write them. Nothing in them is secret.
 */

import type { Expectation } from './expectations.ts'
import { parseUrl } from './url.ts'

export interface CognitoConfig {
  readonly userPoolId: string
  readonly userPoolClientId: string
  readonly region: string
  /** URL of the user pool's API, absolute or a path of this site */
  readonly endpoint: string
}

/** Raster tiles in place of the drawn city. */
export interface MapTiles {
  /** URL with `{z}`, `{x}` and `{y}` */
  readonly tileUrl: string
  /** what the tiles' makers ask to be shown, as text */
  readonly attribution: string
}

export interface ConfiguredSite {
  readonly kind: 'configured'
  readonly cognito: CognitoConfig
  /** `invokeUrl` of the ride API, `undefined` while there is none */
  readonly api: { readonly invokeUrl: string | undefined }
  readonly map: MapTiles | undefined
}

export type Config =
  | ConfiguredSite
  | (Omit<ConfiguredSite, 'kind' | 'cognito'> & { readonly kind: 'not-configured' })
  | { readonly kind: 'invalid'; readonly problems: readonly ConfigProblem[] }

export interface ConfigProblem {
  /** path of the setting, such as `cognito.userPoolId` */
  readonly setting: string
  readonly expected: Expectation
}

/** Every setting, by its section. */
const known = {
  cognito: ['userPoolId', 'userPoolClientId', 'region', 'endpoint'],
  api: ['invokeUrl'],
  map: ['tileUrl', 'attribution'],
} as const

/** Checks every setting at once. An empty pool is a state of a site that is still being set up. */
export function readConfig(value: unknown): Config {
  const problems: ConfigProblem[] = []
  const root = readSection(value, { path: 'window._config', known: Object.keys(known), problems })
  const read = <Name extends string>(section: keyof typeof known, names: readonly Name[]) =>
    readTexts(root[section], { path: section, names, problems })
  const { endpoint, ...pool } = read('cognito', known.cognito)
  const { invokeUrl } = read('api', known.api)
  const tiles = read('map', known.map)

  const isEmpty = pool.userPoolId === '' && pool.userPoolClientId === ''
  const found = [
    ...(isEmpty ? [] : findPoolProblems(pool)),
    ...findUrlProblems({ 'cognito.endpoint': endpoint, 'api.invokeUrl': invokeUrl }),
    ...findTileProblems(tiles),
  ]
  // A setting of the wrong type was named already.
  problems.push(...found.filter(({ setting }) => !problems.some((one) => one.setting === setting)))
  if (problems.length > 0) return { kind: 'invalid', problems }
  const others = {
    api: { invokeUrl: invokeUrl || undefined },
    map: tiles.tileUrl ? tiles : undefined,
  }
  if (isEmpty) return { kind: 'not-configured', ...others }
  return {
    kind: 'configured',
    cognito: {
      ...pool,
      endpoint: endpoint || `https://cognito-idp.${pool.region}.amazonaws.com/`,
    },
    ...others,
  }
}

function findPoolProblems(pool: Omit<CognitoConfig, 'endpoint'>): readonly ConfigProblem[] {
  const problems: ConfigProblem[] = []
  const [, poolRegion] =
    /^([a-z]{2}(?:-[a-z]+)+-\d+)_[0-9A-Za-z]{1,40}$/.exec(pool.userPoolId) ?? []
  if (poolRegion === undefined) {
    problems.push({ setting: 'cognito.userPoolId', expected: 'pool-id' })
  } else if (poolRegion !== pool.region) {
    problems.push({ setting: 'cognito.region', expected: 'pool-region' })
  }
  if (!/^[\w+]{1,128}$/.test(pool.userPoolClientId)) {
    problems.push({ setting: 'cognito.userPoolClientId', expected: 'client-id' })
  }
  return problems
}

function findUrlProblems(urls: Readonly<Record<string, string>>): readonly ConfigProblem[] {
  return Object.entries(urls)
    .filter(([, url]) => url !== '' && !isSafeUrl(url))
    .map(([setting]) => ({ setting, expected: 'https-url' }))
}

function findTileProblems({ tileUrl, attribution }: MapTiles): readonly ConfigProblem[] {
  if (tileUrl === '') return []
  const problems: ConfigProblem[] = []
  const places = ['{z}', '{x}', '{y}']
  const url = places.reduce((text, place) => text.replace(place, '0'), tileUrl)
  const isTileUrl = places.every((place) => tileUrl.includes(place)) && !/[{}]/.test(url)
  // The policy names one exact host, so that tiles spread over several cannot be had.
  const hasOneHost = /^(https?:\/\/[^/?#\\{}]+)?[/?]/i.test(tileUrl)
  if (!isTileUrl || !hasOneHost || !isSafeUrl(url)) {
    problems.push({ setting: 'map.tileUrl', expected: 'tile-url' })
  }
  if (attribution.trim() === '') {
    problems.push({ setting: 'map.attribution', expected: 'attribution' })
  }
  return problems
}

function readSection(
  value: unknown,
  section: { path: string; known: readonly string[]; problems: ConfigProblem[] },
): Readonly<Record<string, unknown>> {
  const { path, known, problems } = section
  if (value === undefined || value === null) return {}
  if (typeof value !== 'object' || Array.isArray(value)) {
    problems.push({ setting: path, expected: 'object' })
    return {}
  }
  for (const name of Object.keys(value)) {
    if (!known.includes(name)) problems.push({ setting: `${path}.${name}`, expected: 'known-name' })
  }
  return Object.fromEntries(Object.entries(value))
}

/** @returns a text for each name, empty for one that is missing or no text */
function readTexts<Name extends string>(
  value: unknown,
  { path, names, problems }: { path: string; names: readonly Name[]; problems: ConfigProblem[] },
): Readonly<Record<Name, string>> {
  const section = readSection(value, { path, known: names, problems })
  const texts = names.map((name) => {
    const text = section[name] ?? ''
    if (typeof text === 'string') return [name, text]
    problems.push({ setting: `${path}.${name}`, expected: 'text' })
    return [name, '']
  })
  // Each name has its text, which TypeScript cannot follow through entries.
  return Object.fromEntries(texts) as Record<Name, string>
}

/** A path of this site, or https; plain http only to this machine, where nobody listens in between. */
function isSafeUrl(text: string): boolean {
  if (/^\/(?![/\\])/.test(text)) return true
  const url = parseUrl(text)
  if (!url) return false
  const { protocol, hostname } = url
  return (
    protocol === 'https:' ||
    (protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname))
  )
}
