/**
 * The response headers of every page, from one place: `npm start` sends them, and `customHttp.yml` has
 * Amplify send them.
 *
 * @see https://developer.mozilla.org/docs/Web/HTTP/Guides/CSP
 */

import { translations } from './languages.ts'
import { pageNames, protectedPageNames } from './page-names.ts'

/** Hashes of what stands in the pages themselves, as a policy names them: `sha256-…`. */
export interface InlineHashes {
  readonly scripts: readonly string[]
  readonly styles: readonly string[]
}

/** What the policy lets in besides the site's own files. */
export interface PolicySources extends InlineHashes {
  /** origins the pages may call: the user pool and the ride API, each exact */
  readonly connect: readonly string[]
  /** origins that pictures may come from: map tiles */
  readonly images: readonly string[]
}

/**
 * Headers sent with every answer, 404s included. They are the same for all paths: which of two patterns
 * wins for one header is nothing that Amplify promises.
 */
export function toSecurityHeaders({
  connect,
  images,
  scripts,
  styles,
}: PolicySources): Readonly<Record<string, string>> {
  return {
    'Content-Security-Policy': [
      "default-src 'none'",
      ['script-src', "'self'", ...scripts.map((hash) => `'${hash}'`)].join(' '),
      ['style-src', "'self'", ...styles.map((hash) => `'${hash}'`)].join(' '),
      ['img-src', "'self'", ...images].join(' '),
      "font-src 'self'",
      "manifest-src 'self'",
      ['connect-src', "'self'", ...connect].join(' '),
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
      "trusted-types 'none'",
    ].join('; '),
    'Strict-Transport-Security': 'max-age=63072000',
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'strict-origin-when-cross-origin',
    'X-Frame-Options': 'DENY',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    // The site itself may ask where a rider is, and make and use passkeys; no frame of another may.
    'Permissions-Policy':
      'accelerometer=(), camera=(), geolocation=(self), gyroscope=(), magnetometer=(), microphone=(), payment=(), publickey-credentials-create=(self), publickey-credentials-get=(self), usb=()',
  }
}

/** Where the pages of each language are, English first. */
const pageFolders = ['/', ...translations.map(({ lang }) => `/${lang}/`)]
const toPaths = (pages: readonly string[]) =>
  pageFolders.flatMap((folder) => pages.map((page) => `${folder}${page}`))
/** Hosts send a page at its name without `.html` too. */
const toPagePaths = (names: readonly string[]) => toPaths(names.map((name) => `${name}*`))

/** How long browsers keep what. `*` at the end stands for the rest of the path; no path matches two. */
export const cacheRules: readonly { readonly pattern: string; readonly cacheControl: string }[] = [
  // Their names change with their content.
  { pattern: '/assets/*', cacheControl: 'public, max-age=31536000, immutable' },
  // Nothing of a signed-in page stays behind.
  ...toPagePaths(protectedPageNames).map((pattern) => ({
    pattern,
    cacheControl: 'no-store',
  })),
  // Their names stay: for a week, a visit shows those of the one before, and asks for new ones meanwhile.
  { pattern: '/images/*', cacheControl: 'public, max-age=3600, stale-while-revalidate=604800' },
  // The rest is asked for anew, and answered with "not modified".
  ...[
    ...toPaths(['']),
    ...toPagePaths(pageNames.filter((name) => !protectedPageNames.some((other) => other === name))),
    '/js/*',
    '/robots.txt',
    '/build.json',
    '/licenses.txt',
  ].map((pattern) => ({ pattern, cacheControl: 'no-cache' })),
]

/** @returns `undefined` for a path that is nothing of the site's */
export function toCacheControl(path: string): string | undefined {
  return cacheRules.find(({ pattern }) =>
    pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : path === pattern,
  )?.cacheControl
}
