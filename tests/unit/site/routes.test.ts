import { describe, expect, test } from 'vitest'
import { readNext, withNext } from '../../../src/site/routes.ts'

const address = 'https://rides.example/signin.html?next=x'

function next(value: string): string | undefined {
  return readNext(new URLSearchParams({ next: value }).toString(), address)
}

describe('the parameter next', () => {
  test.each([
    ['./ride.html', '/ride.html'],
    ['ride.html', '/ride.html'],
    ['/ride.html?pickup=1#map', '/ride.html?pickup=1#map'],
    ['/account#passkeys', '/account#passkeys'],
    ['https://rides.example/ride.html', '/ride.html'],
    ['/a/../ride.html', '/ride.html'],
    ['/', '/'],
    ['/console/?a=1', '/console/?a=1'],
  ])('%s is a path of this site', (value, path) => {
    expect(next(value)).toBe(path)
  })

  test.each([
    'https://evil.example/',
    'http://rides.example/',
    'https://rides.example.evil.example/',
    'https://rides.example@evil.example/',
    '//evil.example/',
    '/\\evil.example/',
    '/\t/evil.example/',
    '\n//evil.example/',
    '/.//evil.example/',
    'javascript:alert(1)',
    'data:text/html,x',
    'blob:https://evil.example/1',
    'https://',
  ])('open redirect: %j is ignored', (value) => {
    expect(next(value)).toBeUndefined()
  })

  test.each([
    '/signin',
    '/forgot?x=1',
    '/signin.html',
    '/register.html?x=1',
    '/verify.html',
    '/forgot.html#x',
  ])('%s is an auth page, where nobody goes after signing in', (value) => {
    expect(next(value)).toBeUndefined()
  })

  test.each(['/de/signin.html', '/sub/de/signin', '/signin.html'])(
    'leads from %s to the ride and the account page in its own language',
    (path) => {
      const here = `https://rides.example${path}`
      for (const value of [
        '/ride.html?a=1',
        '/de/ride.html?a=1',
        '/fr/ride.html?a=1',
        './ride.html?a=1',
      ]) {
        const found = readNext(new URLSearchParams({ next: value }).toString(), here) ?? ''
        expect(new URL(found, here).href).toBe(new URL('ride.html?a=1', here).href)
      }
    },
  )

  test('open redirect: a path that looks like another scheme stays a path', () => {
    expect(next('/de/javascript:alert(1)/ride.html')).toBe('/ride.html')
    expect(next('/javascript:alert(1)')).toBe('/javascript:alert(1)')
  })

  test('is preserved from page to page', () => {
    const path = withNext('register.html', '/ride.html?a=1&b=2')
    expect(readNext(new URL(path, address).search, address)).toBe('/ride.html?a=1&b=2')
    expect(withNext('register.html', undefined)).toBe('register.html')
  })
})
