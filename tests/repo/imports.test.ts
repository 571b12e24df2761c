/** The walls between the rooms: who may import whom. "The house" in the README draws them. */

import { dirname, posix } from 'node:path'
import { describe, expect, test } from 'vitest'
import { listFiles, readSource } from './source-files.ts'

/** For each folder, what its files may import: folders or files of ours, packages, `node:` modules. */
const walls: readonly { readonly room: string; readonly mayImport: readonly string[] }[] = [
  { room: 'src/site/pages/', mayImport: ['src/site/', 'src/shared/'] },
  {
    room: 'src/site/auth/',
    mayImport: [
      'src/site/auth/',
      'src/site/config.ts',
      'src/site/lib/',
      'src/shared/',
      'amazon-cognito-identity-js',
    ],
  },
  {
    room: 'src/site/ride/map.ts',
    mayImport: ['src/site/', 'src/shared/', 'leaflet', 'leaflet/dist/leaflet.css'],
  },
  {
    room: 'src/site/',
    mayImport: ['src/site/', 'src/shared/', '@zootools/email-spell-checker', 'uqr'],
  },
  { room: 'src/build/', mayImport: ['src/site/words/', 'node:', 'lightningcss', 'vite'] },
  { room: 'src/shared/', mayImport: ['src/shared/'] },
  {
    room: 'src/local-cloud/',
    mayImport: [
      'src/local-cloud/',
      'src/aws/ride-api/',
      'src/aws/hosting/config-script.ts',
      'src/shared/',
      'node:',
      'aws-jwt-verify',
      'aws-jwt-verify/error',
      'jose',
      'libsql',
      'otpauth',
      'valibot',
      'vite',
      'yaml',
    ],
  },
  {
    room: 'src/aws/',
    mayImport: [
      'src/aws/',
      'src/build/pages.ts',
      'src/shared/',
      'node:',
      '@aws-sdk/client-dynamodb',
      'valibot',
      'vite',
    ],
  },
]

/** Nobody imports from here: entries have effects, tests are the end of the line. */
const closedRooms = ['src/site/pages/', 'tests/']

/** What `#words/` in package.json stands for. */
const wordsFolder = 'src/site/words/en/'

interface Import {
  readonly from: string
  readonly target: string
}

function listImports(path: string): readonly Import[] {
  const pattern =
    /^(?:import|export|\})[^\n]*\bfrom '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm
  return [...readSource(path).matchAll(pattern)].map(([, from, bare, lazy]) => {
    const specifier = (from ?? bare ?? lazy ?? '').replace(/^#words\//, wordsFolder)
    const target = specifier.startsWith('.')
      ? posix.normalize(posix.join(dirname(path), specifier))
      : specifier
    return { from: path, target }
  })
}

function isAllowed({ from, target }: Import): boolean {
  const wall = walls.find(({ room }) => from.startsWith(room))
  return (
    wall?.mayImport.some((allowed) =>
      /[/:]$/.test(allowed) ? target.startsWith(allowed) : target === allowed,
    ) ?? false
  )
}

const sources = listFiles('src', ['.ts'])
const imports = sources.flatMap(listImports)

describe('the walls hold', () => {
  test('the sources are found, and their imports', () => {
    expect(sources.length).toBeGreaterThan(50)
    expect(imports.length).toBeGreaterThan(200)
  })

  test('every import stays within what its room may know', () => {
    expect(imports.filter((one) => !isAllowed(one))).toEqual([])
  })

  test('nobody imports a page or a test', () => {
    expect(
      imports.filter(({ target }) => closedRooms.some((room) => target.startsWith(room))),
    ).toEqual([])
  })

  test('only the Vite configuration and tests reach into the local cloud', () => {
    const outside = imports.filter(
      ({ from, target }) =>
        target.startsWith('src/local-cloud/') && !from.startsWith('src/local-cloud/'),
    )
    expect(outside).toEqual([])
  })

  test('only the map knows Leaflet', () => {
    const importers = imports.filter(({ target }) => target.split('/')[0] === 'leaflet')
    expect(new Set(importers.map(({ from }) => from))).toEqual(new Set(['src/site/ride/map.ts']))
  })

  test('what runs on Lambda knows its own room and what its runtime brings or is bundled', () => {
    const known = /^(src\/aws\/ride-api\/|node:|@aws-sdk\/client-dynamodb$|valibot$)/
    const strange = imports.filter(
      ({ from, target }) => from.startsWith('src/aws/ride-api/') && !known.test(target),
    )
    expect(strange).toEqual([{ from: 'src/aws/ride-api/vite.config.ts', target: 'vite' }])
  })

  test('a wall that is broken is seen', () => {
    expect(isAllowed({ from: 'src/site/auth/x.ts', target: 'src/site/routes.ts' })).toBe(false)
    expect(isAllowed({ from: 'src/shared/x.ts', target: 'node:fs' })).toBe(false)
    expect(isAllowed({ from: 'src/site/pages/x.ts', target: 'amazon-cognito-identity-js' })).toBe(
      false,
    )
    expect(isAllowed({ from: 'src/local-cloud/x.ts', target: 'src/site/config.ts' })).toBe(false)
    expect(isAllowed({ from: 'src/local-cloud/x.ts', target: 'src/aws/stack.ts' })).toBe(false)
    expect(isAllowed({ from: 'src/site/ride/city.ts', target: 'leaflet' })).toBe(false)
    expect(isAllowed({ from: 'src/aws/ride-api/x.ts', target: 'src/local-cloud/x.ts' })).toBe(false)
  })
})

describe('one place for each kind of knowledge', () => {
  const filesWith = (pattern: RegExp) =>
    listFiles('src/site', ['.ts']).filter((path) => pattern.test(readSource(path)))

  test('web storage is touched in one module', () => {
    expect(filesWith(/\b(local|session)Storage\b/)).toEqual(['src/site/lib/web-storage.ts'])
  })

  test('the settings are read in one module', () => {
    expect(filesWith(/window\._config\)/)).toEqual(['src/site/config.ts'])
  })

  test('Cognito’s words stay in auth/, but for the settings and their words', () => {
    expect(filesWith(/CognitoUser|CognitoIdentity|AWSCognito|\b(?!DOM)\w+Exception\b/)).toEqual([
      'src/site/auth/api-client.ts',
      'src/site/auth/service-error.ts',
      'src/site/auth/session/token-storage.ts',
    ])
  })

  test('nothing opens a way around the policy on markup and code', () => {
    expect(filesWith(/createPolicy|trustedTypes/)).toEqual([])
  })

  test('nothing builds markup or code from text', () => {
    expect(
      filesWith(
        /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|\balert\(/,
      ),
    ).toEqual([])
  })

  test('time and chance come in through ports.ts', () => {
    const clocks = listFiles('src/local-cloud', ['.ts']).filter(
      (path) =>
        !path.includes('/browser/') &&
        /Date\.now\(|Math\.random\(|randomInt\(|randomUUID\(/.test(readSource(path)),
    )
    expect(clocks).toEqual(['src/local-cloud/ports.ts'])
  })
})
