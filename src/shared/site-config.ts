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
  /** how riders can sign in; the password always, and alone where nothing is set */
  readonly signIn: readonly SignInMethod[]
}

export type SignInMethod = 'password' | 'passkey' | 'email-code'

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

type Texts<Name extends string> = Readonly<Record<Name, string>>

/** What a setting must be, and whether its text is that, beside the other settings of its section. */
type Rule<Name extends string> = readonly [
  Expectation,
  (text: string, section: Texts<Name>) => boolean,
]

type Rules<Name extends string> = Readonly<Record<Name, Rule<Name>>>

const poolRules: Rules<'userPoolId' | 'userPoolClientId' | 'region' | 'endpoint' | 'signIn'> = {
  userPoolId: ['pool-id', (id, pool) => isEmpty(pool) || findRegion(id) !== undefined],
  userPoolClientId: ['client-id', (id, pool) => isEmpty(pool) || /^[\w+]{1,128}$/.test(id)],
  region: [
    'pool-region',
    (region, pool) => [undefined, region].includes(findRegion(pool.userPoolId)),
  ],
  endpoint: ['https-url', isUrlOrEmpty],
  signIn: ['sign-in', (list) => /^(password(,(passkey|email-code))*)?$/.test(list)],
}

const apiRules: Rules<'invokeUrl'> = { invokeUrl: ['https-url', isUrlOrEmpty] }

const mapRules: Rules<'tileUrl' | 'attribution'> = {
  tileUrl: ['tile-url', (url) => url === '' || isTileUrl(url)],
  attribution: ['attribution', (text, { tileUrl }) => tileUrl === '' || text.trim() !== ''],
}

/** Checks every setting at once. An empty pool is a state of a site that is still being set up. */
export function readConfig(value: unknown): Config {
  const problems: ConfigProblem[] = []
  const sections = readSection(value, 'window._config', ['cognito', 'api', 'map'])
  const { endpoint, signIn, ...pool } = readTexts('cognito', poolRules)
  const { invokeUrl } = readTexts('api', apiRules)
  const tiles = readTexts('map', mapRules)

  if (problems.length > 0) return { kind: 'invalid', problems }
  const others = {
    api: { invokeUrl: invokeUrl || undefined },
    map: tiles.tileUrl ? tiles : undefined,
  }
  if (isEmpty(pool)) return { kind: 'not-configured', ...others }
  return {
    kind: 'configured',
    cognito: {
      ...pool,
      endpoint: endpoint || `https://cognito-idp.${pool.region}.amazonaws.com/`,
      // The rule lets no other words in.
      signIn: (signIn || 'password').split(',') as SignInMethod[],
    },
    ...others,
  }

  /** @returns what an object holds, nothing for anything else */
  function readSection(
    section: unknown,
    path: string,
    known: readonly string[],
  ): Readonly<Record<string, unknown>> {
    if (section === undefined || section === null) return {}
    if (typeof section !== 'object' || Array.isArray(section)) {
      problems.push({ setting: path, expected: 'object' })
      return {}
    }
    for (const name of Object.keys(section)) {
      if (!known.includes(name)) {
        problems.push({ setting: `${path}.${name}`, expected: 'known-name' })
      }
    }
    return { ...section }
  }

  /** @returns a text for each name, empty for one that is missing or no text */
  function readTexts<Name extends string>(path: string, rules: Rules<Name>): Texts<Name> {
    const names = Object.keys(rules) as Name[]
    const section = readSection(sections[path], path, names)
    // The only list is read as its text, with commas.
    const read = (name: Name) => {
      const value = section[name] ?? ''
      return name === 'signIn' ? String(value) : value
    }
    const isText = (name: Name) => typeof read(name) === 'string'
    const entries = names.map((name) => [name, isText(name) ? read(name) : ''])
    // Each name has its text, which TypeScript cannot follow through entries.
    const texts = Object.fromEntries(entries) as Texts<Name>
    for (const name of names) {
      const [expected, isMet] = rules[name]
      const setting = `${path}.${name}`
      if (!isText(name)) problems.push({ setting, expected: 'text' })
      else if (!isMet(texts[name], texts)) problems.push({ setting, expected })
    }
    return texts
  }
}

function isEmpty(pool: Texts<'userPoolId' | 'userPoolClientId'>): boolean {
  return pool.userPoolId + pool.userPoolClientId === ''
}

/** @returns `undefined` for what is no pool's id */
function findRegion(userPoolId: string): string | undefined {
  return /^([a-z]{2}(?:-[a-z]+)+-\d+)_[0-9A-Za-z]{1,40}$/.exec(userPoolId)?.[1]
}

function isTileUrl(text: string): boolean {
  const places = ['{z}', '{x}', '{y}']
  const url = places.reduce((rest, place) => rest.replace(place, '0'), text)
  return (
    places.every((place) => text.includes(place)) &&
    !/[{}]/.test(url) &&
    // The policy names one exact host, so that tiles spread over several cannot be had.
    /^(https?:\/\/[^/?#\\{}]+)?[/?]/i.test(text) &&
    isUrlOrEmpty(url)
  )
}

/**
 * A path of this site, or https; plain http only to this machine, where nobody listens in between. Browsers take tabs and
 * line breaks out of a URL, by which a path could become another host.
 */
function isUrlOrEmpty(text: string): boolean {
  if (/[\s\p{Cc}]/u.test(text)) return false
  if (text === '' || /^\/(?![/\\])/.test(text)) return true
  const url = parseUrl(text)
  if (!url) return false
  const { protocol, hostname } = url
  return (
    protocol === 'https:' ||
    (protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname))
  )
}
