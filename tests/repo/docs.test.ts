/**
 * The documents stay true: commands, variables, parameters, options, messages, files and links that they name
 * exist, and those that exist are documented.
 */

import { existsSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { readConfig } from '../../src/shared/site-config.ts'
import { htmlPages, listFiles, readSource, root } from './source-files.ts'

interface Document {
  readonly text: string
  /** the same without fenced code blocks */
  readonly prose: string
  /** the fenced code blocks alone */
  readonly code: string
}

const fence = /^```.*?^```/gms

function readDocument(path: string): Document {
  const text = readSource(path)
  const code = [...text.matchAll(fence)].join('\n')
  return { text, prose: text.replace(fence, ''), code }
}

/** `localReadme` is written for other apps too, with paths from its own folder: its links are checked, its paths are not. */
const localReadme = 'src/local-cloud/README.md'
const documents = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  ...listFiles('docs', ['.md']),
].map(toCase)
const settings = readSource('docs/settings.md')

const manifest: {
  readonly scripts: Readonly<Record<string, string>>
  readonly dependencies: Readonly<Record<string, string>>
  readonly optionalDependencies: Readonly<Record<string, string>>
  readonly devDependencies: Readonly<Record<string, string>>
} = JSON.parse(readSource('package.json'))

/** A document with its path before it, for the title of its test. */
function toCase(path: string): readonly [string, Document] {
  return [path, readDocument(path)]
}

/** The first group of each match, sorted, each once. */
function findAll(text: string, pattern: RegExp): readonly string[] {
  return [...new Set([...text.matchAll(pattern)].map(([, name = '']) => name))].sort()
}

/** What stands under a heading, up to the next one of its level. */
function findSection(text: string, heading: string): string {
  const [, after] = text.split(`\n## ${heading}\n`)
  expect(after, `a section "${heading}"`).toBeDefined()
  return after?.split('\n## ')[0] ?? ''
}

/** As GitHub makes them of headings. */
function listAnchors(prose: string): readonly string[] {
  return [...prose.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\-_ ]/gu, '')
      .replaceAll(' ', '-'),
  )
}

describe('commands', () => {
  test('the README has a row for every npm script', () => {
    const rows = findAll(readSource('README.md'), /^\| `npm (?:run )?([\w:-]+)`/gm)
    expect(rows).toEqual(Object.keys(manifest.scripts).sort())
  })

  test.each(documents)('%s names only npm scripts that exist', (_, { text }) => {
    const named = findAll(text, /\bnpm (?:run )?((?<=run )[a-z][\w:-]*|start\b|test\b)/g)
    expect(named.filter((name) => !Object.hasOwn(manifest.scripts, name))).toEqual([])
  })

  test.each(['configure', 'headers'])('every option of npm run %s is in the settings', (name) => {
    const source = readSource(`src/aws/hosting/${name}.ts`)
    const options = findAll(source, /'?\b([a-z-]+)'?: \{ type: '/g)
    expect(options.length).toBeGreaterThan(1)
    const rows = findSection(settings, 'Options of the commands').split('\n')
    const start = rows.findIndex((row) => row.startsWith(`| \`npm run ${name}\``))
    const end = rows.findIndex((row, index) => index > start && !row.startsWith('| |'))
    expect(findAll(rows.slice(start, end).join('\n'), /`--([a-z-]+)/g)).toEqual(options)
  })
})

test('every dependency has its reason, and no other is listed', () => {
  const listed = findAll(
    findSection(readSource('docs/architecture.md'), 'Dependencies'),
    /^\| `([^`]+)` \|/gm,
  )
  const names = Object.keys({
    ...manifest.dependencies,
    ...manifest.devDependencies,
    ...manifest.optionalDependencies,
  })
  expect(listed).toEqual(names.sort())
})

describe('settings', () => {
  test('every environment variable that programs read is documented, and no other', () => {
    const sources = [
      ...listFiles('src', ['.ts']),
      ...listFiles('tests/bench', ['.ts']),
      ...listFiles('tests/browser', ['.ts']),
      'vite.config.ts',
    ]
    // The first two are the system's; the others are between a template and its function.
    const others = [
      ...['BASE_URL', 'PATH', 'VITEST'],
      ...['RIDES_TABLE', 'RIDE_RETENTION_DAYS', 'REQUESTS_PER_MINUTE', 'SITE_ORIGIN'],
    ]
    const read = findAll(sources.map(readSource).join('\n'), /\benv\.([A-Z][A-Z_]+)/g)
    expect(findAll(settings, /^\| `([A-Z][A-Z_]+)` \|/gm)).toEqual(
      read.filter((name) => !others.includes(name)),
    )
  })

  test('every documented setting of config.js is one that the site knows', () => {
    const section = findSection(settings, 'The site: /js/config.js')
    const names = findAll(section, /^\| `(\w+\.\w+)` \|/gm)
    expect(names.length).toBeGreaterThan(5)
    for (const name of names) {
      const [group = '', setting = ''] = name.split('.')
      expect(readConfig({ [group]: { [setting]: null } }), name).toMatchObject({
        kind: 'not-configured',
      })
    }
  })

  test.each([
    ['user-pool', 'User pool template'],
    ['hosting', 'Hosting template'],
    ['ride-api', 'Ride API template'],
    ['custom-message', 'Email template'],
  ])('every parameter of %s.yaml is documented, and no other', (template, heading) => {
    const [, parameters = ''] =
      /^Parameters:\n(.*?)^\w/ms.exec(readSource(`src/aws/${template}.yaml`)) ?? []
    const documented = findAll(findSection(settings, heading), /^\| `(\w+)` \|/gm)
    expect(documented).toEqual(findAll(parameters, /^ {2}(\w+):$/gm))
  })
})

describe('links', () => {
  test.each([...documents, toCase(localReadme)])(
    'every link of %s leads to a file and a heading that exist',
    (path, { prose }) => {
      const broken = [...prose.matchAll(/\]\((?!https?:)([^)#]*)#?([^)]*)\)/g)]
        .map(([, file = '', anchor = '']) => ({
          target: file === '' ? path : normalize(join(dirname(path), file)),
          anchor,
        }))
        .filter(
          ({ target, anchor }) =>
            !existsSync(join(root, target)) ||
            (anchor !== '' && !listAnchors(readDocument(target).prose).includes(anchor)),
        )
      expect(broken).toEqual([])
    },
  )

  test.each(documents)('every file that %s names exists', (_, { prose, code }) => {
    const made = [
      ...['build.json', 'sbom.json', 'hosting-parameters.json'],
      'public/.well-known/passkey-endpoints',
    ]
    const words = [...prose.matchAll(/`([^`\n]+)`/g)].map(([, word = '']) => word)
    const named = [...words, ...code.split(/\s+/)].filter(
      (word) =>
        !made.includes(word) &&
        (/^(\.ci|\.github|docs|public|src|tests)\/[\w./-]*$/.test(word) ||
          /^[\w.-]+\.(html|json|md|yml|ts)$/.test(word)),
    )
    expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([])
  })
})

test('every message under Troubleshooting is one that the program says', () => {
  const sources = [
    ...listFiles('src', ['.ts', '.html']),
    ...listFiles('tests/browser', ['.ts']),
    ...htmlPages.map((page) => `${page}.html`),
  ]
    .map(readSource)
    .join('\n')
  const quoted = findAll(readSource('docs/troubleshooting.md'), /^\| "([^"]+)" \|/gm)
  expect(quoted.length).toBeGreaterThan(40)
  expect(quoted.filter((message) => !sources.includes(message))).toEqual([])
})

describe('decisions', () => {
  const files = listFiles('docs/decisions', ['.md'])
    .map((path) => path.replace('docs/decisions/', ''))
    .filter((file) => file !== 'README.md')

  test('each is numbered, dated and listed', () => {
    const index = findAll(readSource('docs/decisions/README.md'), /\]\((\d{4}-[a-z0-9-]+\.md)\)/g)
    expect(files).toEqual(index)
    expect(files.map((file) => Number(file.slice(0, 4)))).toEqual(files.map((_, at) => at + 1))
    for (const file of files) {
      expect(readSource(`docs/decisions/${file}`), file).toMatch(
        new RegExp(`^# ${file.slice(0, 4)} .+\n\n\\*\\*Decided \\d{4}-\\d{2}-\\d{2}`),
      )
    }
  })

  test('each that the code points to exists', () => {
    const sources = [...listFiles('src', ['.ts', '.css', '.html', '.yaml']), 'vite.config.ts']
    const named = findAll(sources.map(readSource).join('\n'), /docs\/decisions\/([\w-]+(?:\.md)?)/g)
    expect(
      named.filter((name) => !files.some((file) => file.startsWith(name.replace('.md', '')))),
    ).toEqual([])
  })
})

test('GitHub runs what .ci/run does, in steps named as sentences', () => {
  const { jobs }: { jobs: { check: { steps: readonly { name?: string; run?: string }[] } } } =
    parse(readSource('.github/workflows/check.yml'))
  const { steps } = jobs.check
  expect(steps.filter(({ name = '' }) => !/^[A-Z].* /.test(name))).toEqual([])
  const run = steps.flatMap((step) => step.run ?? [])
  expect(run).toEqual(['npm ci', 'npm test'])
  for (const command of run) expect(readSource('.ci/run')).toContain(`\n${command}\n`)
})

test.each(documents)('no placeholder is left in %s', (_, { text }) => {
  expect(findAll(text, /^(FIGURES|TODO|TBD|XXX)\b/gm)).toEqual([])
})
