/** What gets installed: exact versions, with integrity, running nothing. */

import { expect, test } from 'vitest'
import { listRepositoryFiles, readSource } from './source-files.ts'

interface Manifest {
  readonly scripts: Readonly<Record<string, string>>
  readonly dependencies: Readonly<Record<string, string>>
  readonly devDependencies: Readonly<Record<string, string>>
  readonly optionalDependencies: Readonly<Record<string, string>>
}

interface Locked {
  readonly integrity?: string
  readonly resolved?: string
  readonly hasInstallScript?: boolean
  readonly license?: string
  readonly optional?: boolean
}

const manifest: Manifest = JSON.parse(readSource('package.json'))
const lock: { readonly packages: Readonly<Record<string, Locked>> } = JSON.parse(
  readSource('package-lock.json'),
)
const locked = Object.entries(lock.packages).filter(([path]) => path !== '')

test('every dependency is asked for in one exact version', () => {
  const { dependencies, devDependencies, optionalDependencies } = manifest
  const versions = [dependencies, devDependencies, optionalDependencies].flatMap(Object.values)
  expect(versions.filter((version) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([])
})

test('every locked package has integrity and comes from the registry', () => {
  expect(locked.filter(([, { integrity }]) => !integrity)).toEqual([])
  expect(locked.filter(([, { resolved }]) => resolved && !/^https:/.test(resolved))).toEqual([])
})

test('the site ships few dependencies', () => {
  expect(Object.keys(manifest.dependencies)).toEqual([
    '@noble/hashes',
    '@zootools/email-spell-checker',
    'amazon-cognito-identity-js',
    'leaflet',
    'uqr',
  ])
})

test('no package that everyone installs needs an install script', () => {
  expect(readSource('.npmrc')).toMatch(/^ignore-scripts=true$/m)
  const needing = locked.filter(
    ([, { hasInstallScript, optional }]) => hasInstallScript && !optional,
  )
  expect(needing).toEqual([])
})

test('the lock names the programs of every platform, not only of the one it was written on', () => {
  for (const [family, platform] of [
    ['@oxc-node/core', 'darwin-arm64'],
    ['@biomejs/cli', 'darwin-arm64'],
    ['@rolldown/binding', 'win32-x64-msvc'],
    ['@libsql/', 'darwin-arm64'],
  ] as const) {
    const found = locked.filter(([path]) => path.includes(family) && path.endsWith(platform))
    expect(found, `${family} for ${platform}`).toHaveLength(1)
  }
})

test('the top level holds only what the design names or a tool insists on', () => {
  const topLevel = new Set(listRepositoryFiles().map((path) => path.split('/')[0]))
  const expected = [
    ...['.biome.json', '.ci', '.editorconfig', '.github', '.gitignore', '.npmrc', 'LICENSE'],
    ...['404.html', 'CONTRIBUTING.md', 'README.md', 'SECURITY.md', 'customHttp.yml', 'docs'],
    ...[
      'amplify.yml',
      'account.html',
      'forgot.html',
      'index.html',
      'package-lock.json',
      'package.json',
      'public',
    ],
    ...['register.html', 'ride.html', 'signin.html', 'src', 'tests', 'tsconfig.json'],
    ...['verify.html', 'vite.config.ts'],
  ]
  expect([...topLevel].sort()).toEqual(expected.sort())
})
