import { describe, expect, test } from 'vitest'
import { translations } from '../../../src/shared/languages.ts'
import {
  cacheRules,
  type PolicySources,
  toCacheControl,
  toSecurityHeaders,
} from '../../../src/shared/response-headers.ts'

const api = 'https://abc123.execute-api.us-east-1.amazonaws.com'
const tiles = 'https://tiles.example.com'
const none: PolicySources = { connect: [], images: [], scripts: [], styles: [] }
const both: PolicySources = {
  connect: [api],
  images: [tiles],
  scripts: ['sha256-def='],
  styles: ['sha256-abc='],
}

function readDirectives(hosts: PolicySources = none): ReadonlyMap<string, string> {
  const policy = toSecurityHeaders(hosts)['Content-Security-Policy'] ?? ''
  return new Map(
    policy.split('; ').map((directive) => {
      const [name = '', ...values] = directive.split(' ')
      return [name, values.join(' ')]
    }),
  )
}

describe('the content security policy', () => {
  test.each([
    ['default-src', "'none'"],
    ['script-src', "'self'"],
    ['style-src', "'self'"],
    ['img-src', "'self'"],
    ['base-uri', "'none'"],
    ['form-action', "'none'"],
    ['frame-ancestors', "'none'"],
    ['require-trusted-types-for', "'script'"],
    ['trusted-types', "'none'"],
  ])('has %s %s', (name, values) => {
    expect(readDirectives().get(name)).toBe(values)
  })

  test('lets pages call their own origin and the hosts named, and no other', () => {
    expect(readDirectives().get('connect-src')).toBe("'self'")
    expect(readDirectives(both).get('connect-src')).toBe(`'self' ${api}`)
    expect(readDirectives({ ...none, connect: [api, 'http://localhost:9229'] })).toContainEqual([
      'connect-src',
      `'self' ${api} http://localhost:9229`,
    ])
  })

  test('lets pages show their own pictures and those of the tile host, and no other', () => {
    expect(readDirectives(both).get('img-src')).toBe(`'self' ${tiles}`)
    expect(readDirectives({ ...none, connect: [api] }).get('img-src')).toBe("'self'")
  })

  test('lets in the styles that stand in the pages, by their hashes', () => {
    expect(readDirectives(both).get('style-src')).toBe("'self' 'sha256-abc='")
  })

  test('lets in the scripts that stand in the pages, by their hashes', () => {
    expect(readDirectives(both).get('script-src')).toBe("'self' 'sha256-def='")
  })

  test('names a host where it is needed and nowhere else', () => {
    const naming = (host: string) =>
      [...readDirectives(both)].filter(([, values]) => values.includes(host)).map(([name]) => name)

    expect(naming(api)).toEqual(['connect-src'])
    expect(naming(tiles)).toEqual(['img-src'])
  })

  test('allows nothing else inline, evaluated, wild or as a data URL', () => {
    const policy = toSecurityHeaders(both)['Content-Security-Policy']

    expect(policy).not.toMatch(/unsafe|\*|data:|blob:|nonce|http:/)
  })

  test('names each directive once and stays on one line', () => {
    const policy = toSecurityHeaders(both)['Content-Security-Policy'] ?? ''

    expect(readDirectives(both).size).toBe(policy.split(';').length)
    expect(policy).not.toMatch(/[\r\n]/)
  })
})

test.each([
  ['Strict-Transport-Security', 'max-age=63072000'],
  ['X-Content-Type-Options', 'nosniff'],
  ['X-Frame-Options', 'DENY'],
  ['Referrer-Policy', 'strict-origin-when-cross-origin'],
  ['Cross-Origin-Opener-Policy', 'same-origin'],
  ['Cross-Origin-Resource-Policy', 'same-origin'],
])('every answer has %s: %s', (name, value) => {
  expect(toSecurityHeaders(none)[name]).toBe(value)
})

test('the permissions policy leaves only the place of the rider and their passkeys, and to our own pages', () => {
  const permissions = toSecurityHeaders(none)['Permissions-Policy']?.split(', ') ?? []

  expect(permissions.filter((permission) => !permission.endsWith('=()'))).toEqual([
    'geolocation=(self)',
    'publickey-credentials-create=(self)',
    'publickey-credentials-get=(self)',
  ])
})

test.each([
  ['/assets/index-Dk3jf8aP.js', 'public, max-age=31536000, immutable'],
  ['/ride.html', 'no-store'],
  ['/account.html', 'no-store'],
  ['/ride', 'no-store'],
  ['/account', 'no-store'],
  ['/signin', 'no-cache'],
  ['/', 'no-cache'],
  ['/signin.html', 'no-cache'],
  ['/js/config.js', 'no-cache'],
  ['/images/unicorn.svg', 'public, max-age=3600, stale-while-revalidate=604800'],
])('%s is cached by the rule %s', (path, rule) => {
  expect(toCacheControl(path)).toBe(rule)
})

test.each(['/no/such/page', '/assets', '/js', '/de', '/xx/signin.html', ''])(
  '%j is nothing of the site’s and has no rule',
  (path) => {
    expect(toCacheControl(path)).toBeUndefined()
  },
)

test('pages are cached by the same rules in every language', () => {
  for (const { lang } of translations) {
    expect(toCacheControl(`/${lang}/`)).toBe('no-cache')
    expect(toCacheControl(`/${lang}/signin.html`)).toBe('no-cache')
    expect(toCacheControl(`/${lang}/register`)).toBe('no-cache')
    expect(toCacheControl(`/${lang}/ride.html`)).toBe('no-store')
    expect(toCacheControl(`/${lang}/account`)).toBe('no-store')
  }
})

test('no path is cached by two rules', () => {
  for (const { pattern } of cacheRules) {
    const path = pattern.replace(/\*$/, 'anything')
    const matching = cacheRules.filter(({ pattern: other }) =>
      other.endsWith('*') ? path.startsWith(other.slice(0, -1)) : path === other,
    )
    expect(matching.map((rule) => rule.pattern)).toEqual([pattern])
  }
})
