/**
 * Import rules: which folder of `src` may import which, and that no imports form a circle.
 *
 * @see docs/architecture.md
 */

import { dirname, posix } from 'node:path'
import { describe, expect, test } from 'vitest'
import { listFiles, readSource } from './source-files.ts'

const site = 'src/site/'
/** what every folder of the site but `lib` and `i18n` may import */
const base = [`${site}lib/`, `${site}i18n/`, 'src/shared/']
const face = `${site}auth/index.ts`

/** For each folder, what its files may import. The first folder that a path begins with counts. */
const rules: readonly { readonly folder: string; readonly mayImport: readonly string[] }[] = [
  { folder: `${site}lib/`, mayImport: [`${site}lib/`, 'src/shared/'] },
  { folder: `${site}i18n/`, mayImport: [`${site}i18n/`] },
  { folder: `${site}inline/`, mayImport: ['src/shared/'] },
  {
    folder: `${site}auth/`,
    mayImport: [
      `${site}auth/`,
      `${site}lib/`,
      `${site}i18n/t.ts`,
      `${site}config.ts`,
      'src/shared/',
      '@noble/hashes/hmac.js',
      '@noble/hashes/sha2.js',
      'amazon-cognito-identity-js',
    ],
  },
  {
    folder: `${site}forms/`,
    mayImport: [`${site}forms/`, face, ...base, '@zootools/email-spell-checker', 'uqr'],
  },
  {
    folder: `${site}layout/`,
    mayImport: [
      `${site}layout/`,
      `${site}styles/language-offer.css`,
      `${site}forms/`,
      face,
      `${site}config.ts`,
      `${site}routes.ts`,
      ...base,
    ],
  },
  {
    folder: `${site}sign-in/`,
    mayImport: [
      `${site}sign-in/`,
      `${site}layout/`,
      `${site}forms/`,
      face,
      `${site}routes.ts`,
      ...base,
    ],
  },
  {
    folder: `${site}account/`,
    mayImport: [
      `${site}account/`,
      `${site}layout/`,
      `${site}forms/`,
      face,
      `${site}routes.ts`,
      ...base,
    ],
  },
  {
    folder: `${site}ride/map.ts`,
    mayImport: [
      `${site}ride/`,
      `${site}styles/map.css`,
      ...base,
      'leaflet',
      'leaflet/dist/leaflet.css',
    ],
  },
  {
    folder: `${site}ride/`,
    mayImport: [`${site}ride/`, `${site}layout/`, `${site}forms/`, face, ...base],
  },
  {
    folder: `${site}pages/`,
    mayImport: [
      `${site}account/`,
      `${site}ride/`,
      `${site}sign-in/`,
      `${site}layout/`,
      `${site}forms/`,
      face,
      `${site}config.ts`,
      `${site}routes.ts`,
      ...base,
    ],
  },
  { folder: site, mayImport: ['src/shared/'] },
  {
    folder: 'src/build/',
    mayImport: [
      'src/build/',
      `${site}i18n/pseudo-locale.ts`,
      `${site}i18n/text-key.ts`,
      'src/shared/',
      'node:',
      'lightningcss',
      'liquidjs',
      'vite',
    ],
  },
  { folder: 'src/shared/', mayImport: ['src/shared/'] },
  {
    folder: 'src/local-cloud/',
    mayImport: [
      'src/local-cloud/',
      'src/aws/ride-api/',
      'src/aws/custom-message/',
      'src/aws/hosting/config-script.ts',
      'src/build/email-languages.ts',
      'src/shared/',
      'node:',
      '@simplewebauthn/server',
      'aws-jwt-verify',
      'aws-jwt-verify/error',
      'jose',
      'jose/',
      'libsql',
      'otpauth',
      'valibot',
      'vite',
      'yaml',
    ],
  },
  {
    folder: 'src/aws/',
    mayImport: [
      'src/aws/',
      'src/build/inline.ts',
      'src/build/email-languages.ts',
      'src/shared/',
      'node:',
      '@aws-sdk/client-dynamodb',
      'valibot',
      'vite',
    ],
  },
]

/** Nobody imports from here: pages are entry points. */
const neverImported = ['src/site/pages/', 'tests/']

interface Import {
  readonly from: string
  readonly target: string
}

function listImports(path: string): readonly Import[] {
  const pattern =
    /^(?:import|export|\})[^\n]*\bfrom '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm
  return [...readSource(path).matchAll(pattern)].map(([, from, bare, lazy]) => {
    const specifier = from ?? bare ?? lazy ?? ''
    const target = specifier.startsWith('.')
      ? posix.normalize(posix.join(dirname(path), specifier))
      : specifier
    return { from: path, target }
  })
}

function isAllowed({ from, target }: Import): boolean {
  const rule = rules.find(({ folder }) => from.startsWith(folder))
  return (
    rule?.mayImport.some((allowed) =>
      /[/:]$/.test(allowed) ? target.startsWith(allowed) : target === allowed,
    ) ?? false
  )
}

const sources = listFiles('src', ['.ts'])
const imports = sources.flatMap(listImports)

describe('import rules', () => {
  test('the sources are found, and their imports', () => {
    expect(sources.length).toBeGreaterThan(50)
    expect(imports.length).toBeGreaterThan(200)
  })

  test('each file imports only what its folder may import', () => {
    expect(imports.filter((one) => !isAllowed(one))).toEqual([])
  })

  test('nobody imports a page or a test', () => {
    expect(
      imports.filter(({ target }) => neverImported.some((folder) => target.startsWith(folder))),
    ).toEqual([])
  })

  test('only the Vite configuration and tests reach into the local cloud', () => {
    const outside = imports.filter(
      ({ from, target }) =>
        target.startsWith('src/local-cloud/') && !from.startsWith('src/local-cloud/'),
    )
    expect(outside).toEqual([])
  })

  test('only the map imports Leaflet', () => {
    const importers = imports.filter(({ target }) => target.split('/')[0] === 'leaflet')
    expect(new Set(importers.map(({ from }) => from))).toEqual(new Set(['src/site/ride/map.ts']))
  })

  test('Lambda functions import their own folders, src/shared, and what their runtime has or is bundled', () => {
    const known = /^(node:|@aws-sdk\/client-dynamodb$|valibot$|src\/shared\/)/
    const strange = ['src/aws/custom-message/', 'src/aws/ride-api/'].flatMap((folder) =>
      imports.filter(
        ({ from, target }) =>
          from.startsWith(folder) && !target.startsWith(folder) && !known.test(target),
      ),
    )
    expect(strange).toEqual([
      { from: 'src/aws/custom-message/vite.config.ts', target: 'vite' },
      { from: 'src/aws/custom-message/vite.config.ts', target: 'src/build/email-languages.ts' },
      { from: 'src/aws/ride-api/vite.config.ts', target: 'vite' },
    ])
  })

  test('an import that is not allowed is found', () => {
    for (const [from, target] of [
      ['src/site/auth/x.ts', 'src/site/routes.ts'],
      ['src/site/pages/x.ts', 'src/site/auth/sign-in.ts'],
      ['src/site/layout/x.ts', 'src/site/ride/places.ts'],
      ['src/site/lib/x.ts', 'src/site/auth/index.ts'],
    ] as const) {
      expect(isAllowed({ from, target }), `${from} imports ${target}`).toBe(false)
    }
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

test('no imports form a circle, also not of types', () => {
  const targets = new Map<string, string[]>()
  for (const { from, target } of imports) targets.set(from, [...(targets.get(from) ?? []), target])
  const finished = new Set<string>()
  const circles: string[] = []
  const visit = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) {
      circles.push([...trail.slice(trail.indexOf(path)), path].join(' → '))
      return
    }
    if (finished.has(path)) return
    for (const target of targets.get(path) ?? []) visit(target, [...trail, path])
    finished.add(path)
  }
  for (const path of sources) visit(path, [])
  expect(circles).toEqual([])
})

describe('one place for each kind of knowledge', () => {
  const filesWith = (pattern: RegExp) =>
    listFiles('src/site', ['.ts']).filter((path) => pattern.test(readSource(path)))

  test('web storage: only lib/web-storage.ts touches it, and the inline scripts that follow a choice before the first paint', () => {
    expect(filesWith(/\b(local|session)Storage\b/)).toEqual([
      // Inlined, so they import nothing.
      'src/site/inline/language-init.ts',
      'src/site/inline/theme-init.ts',
      'src/site/lib/web-storage.ts',
    ])
  })

  test('window._config: only config.ts reads it, and the inline script that comes before the modules', () => {
    expect(filesWith(/window\._config(?!`)/)).toEqual([
      'src/site/config.ts',
      'src/site/inline/sign-in-methods.ts',
    ])
  })

  test('Cognito’s names: only auth/ uses them', () => {
    expect(filesWith(/CognitoUser|CognitoIdentity|AWSCognito|\b(?!DOM)\w+Exception\b/)).toEqual([
      'src/site/auth/api-client.ts',
      'src/site/auth/service-error.ts',
      'src/site/auth/session/token-storage.ts',
    ])
  })

  test('wording: auth/ takes the language of the page from i18n/, and no text', () => {
    const imports = filesWith(/i18n\/t\.ts/).filter((path) => path.startsWith(`${site}auth/`))
    expect(imports).toEqual(['src/site/auth/email-language.ts', 'src/site/auth/sign-up.ts'])
    for (const path of imports) {
      expect(readSource(path)).toContain("import { pageLanguage } from '../i18n/t.ts'")
    }
  })

  test('Trusted Types: no policy is created', () => {
    expect(filesWith(/createPolicy|trustedTypes/)).toEqual([])
  })

  test('no HTML or code is built from text', () => {
    expect(
      filesWith(
        /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|\balert\(/,
      ),
    ).toEqual([])
  })

  test('time and randomness come in through ports.ts', () => {
    const clocks = listFiles('src/local-cloud', ['.ts']).filter(
      (path) =>
        !path.includes('/browser/') &&
        /\b(?:Date\.now|Math\.random|randomBytes|randomFill(?:Sync)?|randomInt|randomUUID|getRandomValues)\b|new Date\(\)/.test(
          readSource(path),
        ),
    )
    expect(clocks).toEqual(['src/local-cloud/ports.ts'])
  })
})
