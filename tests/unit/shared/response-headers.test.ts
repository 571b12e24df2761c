import { describe, expect, test } from 'vitest'
import { toCacheControl, toSecurityHeaders } from '../../../src/shared/response-headers.ts'

const api = 'https://abc123.execute-api.us-east-1.amazonaws.com'

function readDirectives(connect: readonly string[] = []): ReadonlyMap<string, string> {
  const policy = toSecurityHeaders({ connect })['Content-Security-Policy'] ?? ''
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
    expect(readDirectives([api]).get('connect-src')).toBe(`'self' ${api}`)
  })

  test('allows nothing inline, evaluated, wild or as a data URL', () => {
    const policy = toSecurityHeaders({ connect: [api] })['Content-Security-Policy']

    expect(policy).not.toMatch(/unsafe|\*|data:|blob:|nonce|http:/)
  })

  test('names each directive once and stays on one line', () => {
    const policy = toSecurityHeaders({ connect: [api] })['Content-Security-Policy'] ?? ''

    expect(readDirectives([api]).size).toBe(policy.split(';').length)
    expect(policy).not.toMatch(/[\r\n]/)
  })
})

test.each([
  ['X-Content-Type-Options', 'nosniff'],
  ['X-Frame-Options', 'DENY'],
  ['Referrer-Policy', 'strict-origin-when-cross-origin'],
  ['Cross-Origin-Opener-Policy', 'same-origin'],
  ['Cross-Origin-Resource-Policy', 'same-origin'],
])('every answer has %s: %s', (name, value) => {
  expect(toSecurityHeaders({ connect: [] })[name]).toBe(value)
})

test('the permissions policy leaves only the place of the rider, and to our own pages', () => {
  const permissions = toSecurityHeaders({ connect: [] })['Permissions-Policy']?.split(', ') ?? []

  expect(permissions).toContain('geolocation=(self)')
  expect(permissions.filter((permission) => !permission.endsWith('=()'))).toHaveLength(1)
})

test.each([
  ['/assets/index-Dk3jf8aP.js', 'public, max-age=31536000, immutable'],
  ['/ride.html', 'no-store'],
  ['/', 'no-cache'],
  ['/signin.html', 'no-cache'],
  ['/js/config.js', 'no-cache'],
  ['/no/such/page', 'no-cache'],
])('%s is cached by the rule %s', (path, rule) => {
  expect(toCacheControl(path)).toBe(rule)
})
