/** What is shipped: the site, and nothing of the local cloud. */

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { htmlPages, readSource, root } from './source-files.ts'

const outDir = mkdtempSync(join(tmpdir(), 'wild-rydes-dist-'))
let files: readonly { readonly path: string; readonly text: string }[] = []

beforeAll(async () => {
  await build({
    root,
    logLevel: 'silent',
    build: { outDir, emptyOutDir: true },
    mode: 'production',
  })
  files = readdirSync(outDir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path: path.slice(outDir.length + 1), text: readFileSync(path, 'utf8') }))
})

afterAll(() => rmSync(outDir, { recursive: true }))

test('every page is built, and the settings are copied byte for byte', () => {
  const paths = files.map(({ path }) => path)
  for (const page of htmlPages) expect(paths).toContain(`${page}.html`)
  const settings = files.find(({ path }) => path === join('js', 'config.js'))
  expect(settings?.text).toBe(readSource('public/js/config.js'))
})

test.each([
  'local-cloud',
  'us-east-1_WildRydes',
  'wildrydeswebapplocal',
  '/console/',
  'localhost:',
  'sqlite',
  'verifierHex',
  'RS256',
  'AdminConfirmSignUp',
  'BEGIN PRIVATE KEY',
  'node:',
  'sourceMappingURL',
])('nothing shipped contains "%s"', (forbidden) => {
  const found = files.filter(({ text }) => text.includes(forbidden)).map(({ path }) => path)
  expect(found, `"${forbidden}" belongs to the local cloud`).toEqual([])
})

test('no page loads the client library before it is needed', () => {
  const library = files.find(({ path }) => /cognito-[\w-]+\.js$/.test(path))
  expect(library?.text).toContain('Caldera Derived Key')
  for (const { path, text } of files) {
    if (path.endsWith('.html')) expect(text, path).not.toMatch(/assets\/cognito-/)
  }
})
