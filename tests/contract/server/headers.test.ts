/** Response headers: `customHttp.yml`, which Amplify sends, equals what `npm start` sends for every path. */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as v from 'valibot'
import { build, createLogger, preview } from 'vite'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { parse } from 'yaml'
import { assertDeployedHeaders } from '../../../src/aws/hosting/check-deployed-headers.ts'
import { readConfigScript } from '../../../src/aws/hosting/config-script.ts'
import { inlineHashes } from '../../../src/build/inline.ts'
import { localCloud } from '../../../src/local-cloud/vite-plugin.ts'
import { readSource, root } from '../../repo/source-files.ts'
import { prepareStore } from '../../support/pool-process.ts'
import { createTempFolder } from '../../support/temp-folder.ts'

const header = v.object({ key: v.string(), value: v.string() })
const customHttp = v.parse(
  v.object({
    customHeaders: v.array(v.object({ pattern: v.string(), headers: v.array(header) })),
  }),
  parse(readSource('customHttp.yml')),
).customHeaders

/** Matches a pattern as Amplify does: `**` is every path, a star at the end the rest of a path. */
function matches(pattern: string, path: string): boolean {
  if (pattern === '**') return true
  return pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : path === pattern
}

/** Every header that the file sets for a path, once for each pattern that sets it. */
function headersFor(path: string): readonly { readonly key: string; readonly value: string }[] {
  return customHttp
    .filter(({ pattern }) => matches(pattern, path))
    .flatMap(({ headers }) => headers)
}

const withoutEndpoints = { hasPasskeyEndpoints: false }
const outDir = mkdtempSync(join(tmpdir(), 'wild-rydes-headers-'))
let assets: readonly string[] = []

beforeAll(async () => {
  await build({ root, logLevel: 'silent', build: { outDir, emptyOutDir: true } })
  const record = v.parse(
    v.object({ files: v.record(v.string(), v.string()) }),
    JSON.parse(readFileSync(join(outDir, 'build.json'), 'utf8')),
  )
  assets = Object.keys(record.files).map((path) => `/${path}`)
})

afterAll(() => rmSync(outDir, { recursive: true }))

async function startPreview(): Promise<string> {
  const dataFolder = createTempFolder()
  prepareStore(dataFolder)
  const customLogger = createLogger('silent')
  const server = await preview({
    root,
    configFile: false,
    appType: 'mpa',
    customLogger,
    build: { outDir },
    plugins: [localCloud(inlineHashes, { LOCAL_CLOUD_DATA: dataFolder }, [])],
    preview: { host: 'localhost', port: 0 },
  })
  onTestFinished(() => server.close())
  const address = server.httpServer.address()
  if (typeof address !== 'object' || !address) throw new Error('expected a port')
  return `http://localhost:${address.port}`
}

describe('passkey endpoints', () => {
  test('the local server answers where passkey managers lead to, with its own address', async () => {
    const origin = await startPreview()
    const response = await fetch(`${origin}/.well-known/passkey-endpoints`, { redirect: 'manual' })

    expect(response.status).toBe(200)
    expect(response.headers.get('Content-Type')).toBe('application/json')
    expect(await response.json()).toEqual({
      enroll: `${origin}/account.html#passkeys`,
      manage: `${origin}/account.html#passkeys`,
    })
  })

  test('/js/config.js names the ways to sign in to the local pool', async () => {
    const response = await fetch(`${await startPreview()}/js/config.js`)

    expect(readConfigScript(await response.text())).toMatchObject({
      cognito: { signIn: ['password', 'passkey', 'email-code'] },
    })
  })
})

describe('customHttp.yml', () => {
  test('customHttp.yml has the headers of npm start for every file and for missing paths', async () => {
    const origin = await startPreview()
    expect(assets.length).toBeGreaterThan(30)
    for (const path of ['/', ...assets, '/build.json', '/nothing', '/assets', '/.well-known/x']) {
      const response = await fetch(origin + path)
      const told = headersFor(path)
      expect(told.length, path).toBeGreaterThan(7)
      for (const { key, value } of told) {
        expect(response.headers.get(key), `${path} ${key}`).toBe(value)
      }
    }
  })

  test('customHttp.yml sets Cache-Control for every file', () => {
    for (const path of ['/', ...assets, '/build.json']) {
      expect(
        headersFor(path).map(({ key }) => key),
        path,
      ).toContain('Cache-Control')
    }
  })

  test('customHttp.yml sets no header twice for one path', () => {
    for (const path of ['/', ...assets, '/build.json', '/nothing']) {
      const keys = headersFor(path).map(({ key }) => key)
      expect(new Set(keys).size, path).toBe(keys.length)
    }
  })

  test('customHttp.yml keeps every value on one line', () => {
    const lines = readSource('customHttp.yml').trim().split('\n').slice(2)
    expect(lines.filter((line) => !/^ +(- )?(pattern|headers|key|value):/.test(line))).toEqual([])
  })
})

describe("check of a deployed site's headers", () => {
  const sources = { ...inlineHashes, connect: [], images: [] }

  test('the check passes when all headers are as in the repository', async () => {
    const hasPasskeyEndpoints = true
    await expect(
      assertDeployedHeaders(await startPreview(), sources, { hasPasskeyEndpoints }),
    ).resolves.toBeUndefined()
  })

  test('the check names each header with another value and its path', async () => {
    const origin = await startPreview()
    const other = { ...sources, connect: ['https://pool.example.com'] }
    await expect(assertDeployedHeaders(origin, other, withoutEndpoints)).rejects.toThrow(
      /^\/ride\.html: Content-Security-Policy: expected .*connect-src 'self' https:\/\/pool\.example\.com;.*, got .*connect-src 'self';/m,
    )
  })

  test('the check names missing headers and a site without 404 pages', async () => {
    const server = createServer((_, response) => response.end('<!doctype html><title>Home</title>'))
    await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
    onTestFinished(() => void server.close())
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : undefined
    const look = assertDeployedHeaders(`http://localhost:${port}`, sources, {
      hasPasskeyEndpoints: true,
    })
    await expect(look).rejects.toThrow(
      /^\/\.well-known\/passkey-endpoints: Content-Type: expected application\/json, got none$/m,
    )
    await expect(look).rejects.toThrow(/^\/: X-Frame-Options: expected DENY, got none$/m)
    await expect(look).rejects.toThrow(/^\/no-such-page: expected status 404, got 200$/m)
  })

  test.each(['not an address', 'http://localhost:1'])(
    'the check reports that %j does not answer',
    async (site) => {
      await expect(assertDeployedHeaders(site, sources, withoutEndpoints)).rejects.toThrow(
        `${site}: expected a site that answers. Check the address.`,
      )
    },
  )
})

test('404: a missing path gets status 404 and the page for it', async () => {
  const origin = await startPreview()
  for (const path of [
    '/nothing',
    '/a/b/c.html',
    '/assets/gone.js',
    '/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200',
  ]) {
    const response = await fetch(origin + path)
    expect(response.status, path).toBe(404)
    expect(response.headers.get('Cache-Control')).toBe('no-store')
    expect(await response.text()).toContain("<h1>This page doesn't exist</h1>")
  }
})
