/** The README stays true: its commands, variables, dependencies and links exist, and none is missing. */

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { operations } from '../../src/local-cloud/user-pool/operations/index.ts'
import { htmlPages, listFiles, readSource, root } from './source-files.ts'

const readme = readSource('README.md')
const manifest: {
  readonly scripts: Readonly<Record<string, string>>
  readonly dependencies: Readonly<Record<string, string>>
  readonly devDependencies: Readonly<Record<string, string>>
} = JSON.parse(readSource('package.json'))

test('every script is explained, and every command named exists', () => {
  const named = [...readme.matchAll(/npm (?:run )?([a-z]+(?:[:-][a-z]+)*)/g)].map(
    ([, name]) => name ?? '',
  )
  const own = new Set(named.filter((name) => !['ci', 'run', 'install'].includes(name)))
  expect([...own].sort()).toEqual(Object.keys(manifest.scripts).sort())
})

test('every dependency has its reason', () => {
  for (const name of Object.keys({ ...manifest.dependencies, ...manifest.devDependencies })) {
    expect(readme, name).toContain(`| \`${name}\` |`)
  }
})

test('every variable the programs read is in the settings, and no other', () => {
  const sources = [
    ...listFiles('src', ['.ts']),
    ...listFiles('tests/browser', ['.ts']),
    'vite.config.ts',
  ]
  const read = sources.flatMap((path) =>
    [...readSource(path).matchAll(/\benv\.([A-Z][A-Z_]+)/g)].map(([, name]) => name),
  )
  const documented = [...readme.matchAll(/^\| `([A-Z][A-Z_]+)` \|/gm)].map(([, name]) => name)
  // RIDES_TABLE is between a template and its function.
  const others = ['PATH', 'CI', 'VITEST', 'RIDES_TABLE']
  const known = read.filter((name) => !others.includes(name ?? ''))
  expect([...new Set(documented)].sort()).toEqual([...new Set(known)].sort())
})

test('every file it links to exists', () => {
  for (const [, path = ''] of readme.matchAll(/\]\((?!https?:|#)([^)#]+)/g)) {
    expect(existsSync(join(root, path)), path).toBe(true)
  }
})

test('every sentence it explains under Troubleshooting is one the program says', () => {
  const section = readme.slice(readme.indexOf('## Troubleshooting'))
  const sources = [
    ...listFiles('src', ['.ts']),
    ...listFiles('tests/browser', ['.ts']),
    ...htmlPages.map((page) => `${page}.html`),
  ]
    .map(readSource)
    .join('\n')
  const quoted = [...section.matchAll(/^\| "([^"]+)" \|/gm)].map(([, sentence]) => sentence ?? '')
  expect(quoted.length).toBeGreaterThan(5)
  expect(quoted.filter((sentence) => !sources.includes(sentence))).toEqual([])
})

describe('the local cloud’s own README', () => {
  const own = readSource('src/local-cloud/README.md')

  test('names every operation', () => {
    const supported = own.slice(own.indexOf('## Supported operations'))
    const byPlainName = [...operations.keys()].filter((name) => !/Device|WebAuthn/.test(name))
    expect(byPlainName.filter((name) => !new RegExp(`\\b${name}\\b`).test(supported))).toEqual([])
  })

  test('names every option of the command, and no other', () => {
    const options = [
      ...readSource('src/local-cloud/main.ts').matchAll(/^ +'?([a-z-]+)'?: \{ type: /gm),
    ]
    const documented = [...own.matchAll(/^\| `--([a-z-]+)/gm)]
    const names = (matches: readonly RegExpMatchArray[]) => matches.map(([, name]) => name).sort()
    expect(names(documented)).toEqual(names(options))
  })

  test('names every property of the template that is honoured', () => {
    const supported = own.slice(own.indexOf('## Supported settings'))
    const properties = [
      ...readSource('src/local-cloud/user-pool/settings.ts').matchAll(
        /^ {2,4}([A-Z]\w+): (?!v\.optional\(bound|bound)/gm,
      ),
    ].map(([, name]) => name ?? '')
    expect(properties.length).toBeGreaterThan(30)
    const inner =
      /^(Name|Mutable|Required|DeveloperOnlyAttribute|AttributeDataType|\w+Constraints|UserPoolId|MinimumLength|Require\w+|TemporaryPasswordValidityDays|PasswordHistorySize|\w+Validity|TokenValidityUnits|Policies)$/
    expect(properties.filter((name) => !inner.test(name) && !supported.includes(name))).toEqual([])
  })
})

test('no placeholder is left in it', () => {
  expect(readme).not.toMatch(/^(FIGURES|TODO|TBD|XXX)\b/m)
})
