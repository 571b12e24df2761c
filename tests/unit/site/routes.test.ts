import { describe, expect, test } from 'vitest'
import { readNext, withNext } from '../../../src/site/routes.ts'

const address = 'https://rides.example/signin.html?next=x'

function next(value: string): string | undefined {
  return readNext(new URLSearchParams({ next: value }).toString(), address)
}

describe('the parameter next', () => {
  test.each([
    ['/ride.html', '/ride.html'],
    ['/ride.html?pickup=1#map', '/ride.html?pickup=1#map'],
    ['ride.html', '/ride.html'],
    ['https://rides.example/ride.html', '/ride.html'],
    ['/a/../ride.html', '/ride.html'],
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

  test('is preserved from page to page', () => {
    const path = withNext('/register.html', '/ride.html?a=1&b=2')
    expect(readNext(new URL(path, address).search, address)).toBe('/ride.html?a=1&b=2')
    expect(withNext('/register.html', undefined)).toBe('/register.html')
  })
})
