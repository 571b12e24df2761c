/** What is shipped: the site, and nothing of the local cloud. */

import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { inlineHashes, inlineScripts } from '../../src/build/inline.ts'
import { translations } from '../../src/shared/languages.ts'
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

describe.each(translations.map(({ lang }) => [lang]))('in %s', (lang) => {
  /** A page and what it loads for its own script to begin. */
  const weigh = (page: string) => {
    const html = findText(page)
    const texts = [...html.matchAll(/src="\/(assets\/[^"]+\.js)" defer/g)].map(
      ([, path = '']) => path,
    )
    return [page, ...texts].reduce(
      (sum, path) => sum + brotliCompressSync(findText(path)).length,
      0,
    )
  }
  const listScripts = (page: string) => findText(page).match(/assets\/(?!\w\w(-\w+)?-)[^"]+\.js/g)

  test.each(htmlPages.map((name) => [`${name}.html`]))(
    '%s has the scripts of the English page, and weighs at most 4 kB more with its texts',
    (page) => {
      expect(listScripts(`${lang}/${page}`)).toEqual(listScripts(page))
      expect(weigh(`${lang}/${page}`) - weigh(page)).toBeLessThanOrEqual(4000)
    },
  )

  test('the texts of scripts that are fetched later weigh at most 4 kB for any page', () => {
    const later = files.filter(
      ({ path }) => path.startsWith(`assets/${lang}-`) && /\.json$/.test(path),
    )
    expect(later).toHaveLength(htmlPages.length)
    for (const { path, text } of later) {
      expect(brotliCompressSync(text).length, path).toBeLessThanOrEqual(4000)
    }
  })
})

function findText(path: string): string {
  const file = files.find((other) => other.path === join(...path.split('/')))
  if (!file) throw new Error(`the build has no ${path}`)
  return file.text
}

test('the licenses of the packages in the scripts are there, each with its text', () => {
  const licenses = files.find(({ path }) => path === 'licenses.txt')?.text ?? ''
  const texts = new Map(
    licenses
      .split(/^## /m)
      .map((part) => [part.split(' - ')[0], part.split('\n').slice(1).join('')]),
  )
  for (const name of ['amazon-cognito-identity-js', 'leaflet', '@noble/hashes', 'uqr']) {
    expect(texts.get(name), name).toMatch(/copyright/i)
  }
})

test('the inline scripts that the policy names by their hashes stand in the pages unchanged', () => {
  for (const { path, text } of files.filter(({ path }) => path.endsWith('.html'))) {
    const [first, ...others] = [...text.matchAll(/<script>(.*?)<\/script>/gs)].map(([, own]) => own)
    expect(first, path).toBe(inlineScripts.get('theme-init.ts'))
    for (const other of others) expect([...inlineScripts.values()], path).toContain(other)
  }
})

test('every page has its styles in it, each let in by the policy, and waits for none', () => {
  const used = files
    .filter(({ path }) => path.endsWith('.html'))
    .flatMap(({ path, text }) => {
      expect(text, path).not.toContain('rel="stylesheet"')
      const sheets = [...text.matchAll(/<style>(.*?)<\/style>/gs)].map(([, css = '']) => css)
      expect(sheets.length, path).toBeGreaterThan(1)
      return sheets.map((css) => `sha256-${createHash('sha256').update(css).digest('base64')}`)
    })
  expect(new Set(used)).toEqual(new Set(inlineHashes.styles))
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

test('the same commit gives the same bytes, and a record of them', async () => {
  const again = mkdtempSync(join(tmpdir(), 'wild-rydes-dist-'))
  onTestFinished(() => rmSync(again, { recursive: true }))
  await build({ root, logLevel: 'silent', build: { outDir: again, emptyOutDir: true } })
  for (const { path, text } of files) {
    expect(readFileSync(join(again, path), 'utf8') === text, path).toBe(true)
  }

  const record = JSON.parse(readFileSync(join(again, 'build.json'), 'utf8'))
  const paths = files.map(({ path }) => path.replaceAll('\\', '/'))
  expect(Object.keys(record.files).sort()).toEqual(
    paths.filter((path) => path !== 'build.json').sort(),
  )
  for (const [path, hash] of Object.entries(record.files)) {
    const bytes = readFileSync(join(again, path))
    expect(createHash('sha256').update(bytes).digest('hex'), path).toBe(hash)
  }
  expect(record.commit).toMatch(/^[0-9a-f]{40}$/)
})

test('no page loads the client library before it is needed', () => {
  const [library, ...others] = files.filter(({ text }) => text.includes('Caldera Derived Key'))
  expect(others).toEqual([])
  const name = basename(library?.path ?? '')
  expect(name).toMatch(/\.js$/)
  for (const { path, text } of files) {
    if (path.endsWith('.html')) expect(text, path).not.toContain(name)
  }
})

test('no scripts import each other in a circle: one of them would run before what it needs', () => {
  const imports = new Map(
    files
      .filter(({ path }) => path.endsWith('.js'))
      .map(({ path, text }) => [
        basename(path),
        [...text.matchAll(/(?:from|^import|[;}]import)\s*["'][^"']*?([^"'/]+\.js)["']/g)].map(
          ([, name = '']) => name,
        ),
      ]),
  )
  const visit = (name: string, trail: readonly string[]): void => {
    expect(trail, [...trail, name].join(' → ')).not.toContain(name)
    for (const next of imports.get(name) ?? []) visit(next, [...trail, name])
  }
  for (const name of imports.keys()) visit(name, [])
})
