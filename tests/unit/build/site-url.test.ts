import { describe, expect, test } from 'vitest'
import { readSiteUrl } from '../../../src/build/site-url.ts'

describe('SITE_URL', () => {
  test.each([
    ['https://rides.example', 'https://rides.example/'],
    ['https://rides.example/', 'https://rides.example/'],
    ['https://rides.example/a/b', 'https://rides.example/a/b/'],
    ['http://localhost:5173', 'http://localhost:5173/'],
  ])('%s is where the site is', (text, url) => {
    expect(readSiteUrl({ SITE_URL: text })).toBe(url)
  })

  test('may be left out', () => {
    expect(readSiteUrl({})).toBeUndefined()
    expect(readSiteUrl({ SITE_URL: '' })).toBeUndefined()
  })

  test.each([
    'rides.example',
    '/de/',
    'javascript:alert(1)',
    'https://rides.example/?a',
    'https://a@rides.example/',
    'https://rides.example/#x',
  ])('%s stops the build, with what was expected', (text) => {
    expect(() => readSiteUrl({ SITE_URL: text })).toThrow(/SITE_URL.*the address of the site/s)
  })
})
