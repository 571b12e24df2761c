/**
 * `npm run build:user-pool`: makes a package of the local pool in `dist-user-pool/`, ready for `npm pack`. It takes the
 * versions of its dependencies from the root's package.json, and the names that are the site's out.
 */

import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, extname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as v from 'valibot'
import { build, type Plugin, type Rolldown } from 'vite'
import { readConsoleFile } from '../console/console-files.ts'
import { commonFiles, neutralLook } from '../console/look.ts'
import { toPackedName } from './packed-name.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const here = fileURLToPath(new URL('.', import.meta.url))
const outDir = join(root, 'dist-user-pool')

/** What the package has of its own in place of a module. */
const replacements: ReadonlyMap<string, string> = new Map(
  [
    ['../product.ts', 'product.ts'],
    ['../user-pool/local-pool.ts', 'local-pool.ts'],
    ['../console/console-files.ts', 'console-files.ts'],
  ].map(([module = '', own = '']) => [join(here, module), join(here, own)]),
)

const replaceModules: Plugin = {
  name: 'user-pool:replace-modules',
  enforce: 'pre',
  resolveId(source, importer) {
    if (!importer || !source.startsWith('.')) return undefined
    return replacements.get(join(dirname(importer), source))
  },
}

/** @returns the names of the packages that the code imports */
async function buildCode(): Promise<readonly string[]> {
  const result = await build({
    root,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    plugins: [replaceModules],
    build: {
      ssr: true,
      target: 'node20',
      outDir,
      emptyOutDir: true,
      rolldownOptions: {
        input: { index: join(here, 'index.ts'), cli: join(here, '../main.ts') },
        output: {
          entryFileNames: '[name].js',
          chunkFileNames: '[name].js',
          comments: false,
          banner: ({ name }: { name: string }) => (name === 'cli' ? '#!/usr/bin/env node' : ''),
        },
      },
    },
  })
  const outputs: readonly unknown[] = Array.isArray(result) ? result : [result]
  const chunks = outputs.flatMap(listChunks)
  const own = new Set(chunks.map(({ fileName }) => fileName))
  const imported = chunks.flatMap(({ imports, dynamicImports }) => [...imports, ...dynamicImports])
  return [...new Set(imported)]
    .filter((name) => !own.has(name) && !name.startsWith('node:'))
    .map((name) => name.split('/', name.startsWith('@') ? 2 : 1).join('/'))
    .sort()
}

function listChunks(result: unknown): readonly Rolldown.OutputChunk[] {
  if (typeof result !== 'object' || result === null || !('output' in result)) return []
  const { output } = result
  if (!Array.isArray(output)) return []
  return output.filter(({ type }) => type === 'chunk')
}

/** Emits declarations, and keeps those that the public ones lead to. */
function buildTypes(): void {
  const temporary = join(outDir, '.types')
  const tsc = fileURLToPath(import.meta.resolve('typescript/package.json')).replace(
    'package.json',
    'bin/tsc',
  )
  execFileSync(process.execPath, [tsc, '-p', here], { stdio: 'inherit' })
  const kept = new Set<string>()
  const keep = (path: string) => {
    if (kept.has(path)) return
    kept.add(path)
    // The compiler rewrites the imports of code alone.
    const text = readFileSync(path, 'utf8').replace(/(\bfrom ['"]\.[^'"]+)\.ts(?=['"])/g, '$1.js')
    const target = join(outDir, 'types', relative(temporary, path))
    mkdirSync(dirname(target), { recursive: true })
    writeFileSync(target, text)
    for (const [, source = ''] of text.matchAll(/\bfrom ['"](\.[^'"]+)\.js['"]/g)) {
      keep(join(dirname(path), `${source}.d.ts`))
    }
  }
  keep(join(temporary, 'local-cloud/package/index.d.ts'))
  rmSync(temporary, { recursive: true })
}

async function writeConsoleFiles(): Promise<void> {
  mkdirSync(join(outDir, 'console'))
  const paths = Object.values({ ...commonFiles, ...neutralLook.files })
  for (const path of paths) {
    writeFileSync(join(outDir, 'console', toPackedName(path)), await readConsoleFile(path))
  }
}

const manifestSchema = v.looseObject({
  version: v.string(),
  license: v.string(),
  engines: v.record(v.string(), v.string()),
  dependencies: v.record(v.string(), v.string()),
  devDependencies: v.record(v.string(), v.string()),
})

function writeManifest(packages: readonly string[]): void {
  const { version, license, engines, ...rest } = v.parse(
    manifestSchema,
    JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')),
  )
  const versions = { ...rest.dependencies, ...rest.devDependencies }
  const dependencies = packages.map((name) => {
    const exact = versions[name]
    if (exact === undefined) throw new Error(`package.json has no version of ${name}`)
    return [name, exact] as const
  })
  const own: object = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'))
  const manifest = {
    ...own,
    version,
    license,
    engines,
    dependencies: Object.fromEntries(dependencies),
  }
  writeFileSync(join(outDir, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
}

/** The README with what the command says of itself, and with the tables of the local cloud's. */
function writeReadme(): void {
  const help = execFileSync(process.execPath, [join(outDir, 'cli.js'), '--help'], {
    encoding: 'utf8',
  })
  const shared = readFileSync(join(here, '../README.md'), 'utf8')
  const tables = shared
    .slice(shared.indexOf('## Supported operations'), shared.indexOf('## Add an operation'))
    .replaceAll('npm run cognito --', 'npx local-user-pool')
  const readme = readFileSync(join(here, 'README.md'), 'utf8')
    .replace('<!-- options -->', () => `\`\`\`\n${help}\`\`\``)
    .replace(/<!-- file ([\w.-]+) -->/g, (_, name: string) => toCodeBlock(name))
    .replace('<!-- tables -->', () => tables.trim())
  writeFileSync(join(outDir, 'README.md'), readme)
  copyFileSync(join(root, 'LICENSE'), join(outDir, 'LICENSE'))
}

/** A file of the app that uses the package in a test: what the README shows works. */
function toCodeBlock(name: string): string {
  const text = readFileSync(join(root, 'tests/fixtures/foreign-app', name), 'utf8')
  return `\`\`\`${extname(name).slice(1)}\n${text}\`\`\``
}

const packages = await buildCode()
buildTypes()
await writeConsoleFiles()
writeManifest(packages)
writeReadme()
