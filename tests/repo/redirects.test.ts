/** Redirects: docs/deploy.md tells operators exactly what the local server does. */

import { expect, test } from 'vitest'
import { translations } from '../../src/shared/languages.ts'
import { findNotFoundPage, redirects } from '../../src/shared/redirects.ts'
import { readSource } from './source-files.ts'

test('docs/deploy.md has the redirects as Amplify takes them', () => {
  const [, json = ''] = /```json\n(\[.*?)```/s.exec(readSource('docs/deploy.md')) ?? []
  expect(JSON.parse(json)).toEqual(redirects)
})

test('unknown paths are answered with 404: in a folder by the page of its language, elsewhere by the last rule', () => {
  const catching = redirects.filter(({ source }) => /[*<]/.test(source))
  expect(catching.map(({ source, target, status }) => [source, target, status])).toEqual([
    ...translations.map(({ lang }) => [`/${lang}/<*>`, `/${lang}/404.html`, '404']),
    ['/<*>', '/404.html', '404'],
  ])
  // The first rule that fits counts.
  expect(redirects.slice(-catching.length)).toEqual(catching)
})

test('the local server sends the page for unknown paths in the language of their folder', () => {
  expect(findNotFoundPage('/no/such/page')).toBe('/404.html')
  expect(findNotFoundPage('/xx/signin.html')).toBe('/404.html')
  for (const { lang } of translations) {
    expect(findNotFoundPage(`/${lang}/no/such/page`)).toBe(`/${lang}/404.html`)
    expect(findNotFoundPage(`/${lang}x/page`)).toBe('/404.html')
  }
})

test('each leads to a page and a part of it that exist', () => {
  for (const { target } of redirects) {
    const folders = translations.map(({ lang }) => lang).join('|')
    const [, page = '', part] =
      new RegExp(`^/(?:(?:${folders})/)?([\\w.]*)(?:#(.+))?$`).exec(target) ?? []
    expect(readSource(page || 'index.html')).toContain(part ? `id="${part}"` : '<h1')
  }
})
