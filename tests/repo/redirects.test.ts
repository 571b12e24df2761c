/** Redirects: docs/deploy.md tells operators exactly what the local server does. */

import { expect, test } from 'vitest'
import { redirects } from '../../src/shared/redirects.ts'
import { readSource } from './source-files.ts'

test('docs/deploy.md has the redirects as Amplify takes them', () => {
  const [, json = ''] = /```json\n(\[.*?)```/s.exec(readSource('docs/deploy.md')) ?? []
  expect(JSON.parse(json)).toEqual(redirects)
})

test('unknown paths are answered with 404, and by the last rule alone', () => {
  const catching = redirects.filter(({ source }) => /[*<]/.test(source))
  expect(catching).toEqual([redirects.at(-1)])
  expect(catching[0]?.status).toBe('404')
})

test('each leads to a page and a part of it that exist', () => {
  for (const { target } of redirects) {
    const [, page = '', part] = /^\/([\w.]+)(?:#(.+))?$/.exec(target) ?? []
    expect(readSource(page)).toContain(part ? `id="${part}"` : '<h1')
  }
})
