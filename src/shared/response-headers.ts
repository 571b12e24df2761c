/**
 * The response headers of every page, from one place. `npm start` sends them.
 *
 * @see https://developer.mozilla.org/docs/Web/HTTP/Guides/CSP
 */

export interface HeaderHosts {
  /** origins the pages may call besides their own: the user pool and the ride API, each exact */
  readonly connect: readonly string[]
  /** origins that pictures may come from besides the pages' own: map tiles */
  readonly images: readonly string[]
}

/**
 * Headers sent with every answer, 404s included. They are the same for all paths: which of two patterns
 * wins for one header is nothing that Amplify promises.
 */
export function toSecurityHeaders({
  connect,
  images,
}: HeaderHosts): Readonly<Record<string, string>> {
  return {
    'Content-Security-Policy': [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
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
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'strict-origin-when-cross-origin',
    'X-Frame-Options': 'DENY',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy':
      'accelerometer=(), camera=(), geolocation=(self), gyroscope=(), magnetometer=(), microphone=(), payment=(), usb=()',
  }
}

/** `Cache-Control` for a path: hashed files for ever, a signed-in page never, the rest is asked for anew. */
export function toCacheControl(path: string): string {
  if (path.startsWith('/assets/')) return 'public, max-age=31536000, immutable'
  if (path === '/ride.html' || path === '/account.html') return 'no-store'
  return 'no-cache'
}
