/** Collects the English texts that stand in pages, scripts and emails: the keys of every catalog. */

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { type ESTree, parseSync, Visitor } from 'vite'
import { expectations } from '../shared/expectations.ts'
import { poolProblems } from '../shared/pool-problems.ts'
import { type SourceTexts, toKey } from './catalogs.ts'
import { english, type PageSource, renderPage } from './render-page.ts'

/** @param root of the repository */
export function collectTexts(pages: readonly PageSource[], root: string): SourceTexts {
  return {
    pages: collectPageTexts(pages, root),
    scripts: new Set([...collectScriptTexts(root).values()].flat()),
    emails: collectEmailTexts(root),
  }
}

/**
 * Texts of the emails; a site may be without.
 *
 * @throws {Error} for the argument of a `t()` that is not a literal, with file and line
 */
export function collectEmailTexts(root: string): ReadonlySet<string> {
  const file = 'src/aws/custom-message/emails.ts'
  if (!existsSync(join(root, file))) return new Set()
  const source = readFileSync(join(root, file), 'utf8')
  return new Set(listTexts(file, source, parseSync(file, source).program))
}

function collectPageTexts(pages: readonly PageSource[], root: string): ReadonlySet<string> {
  const keys = new Set<string>()
  const translate = (text: string, key: string) => {
    keys.add(key)
    return text
  }
  for (const page of pages) renderPage(page, root, { ...english, translate })
  return keys
}

/**
 * What each module of the site shows, by its path from the root of the repository.
 *
 * @throws {Error} with file and line: for the first argument of a `t()` that is not a literal, and for the dynamic import
 *   of a module with texts that is not inside of `withTexts()`
 */
export function collectScriptTexts(root: string): ReadonlyMap<string, readonly string[]> {
  const modules = new Map(
    readdirSync(join(root, 'src/site'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
      .map((file) => `src/site/${file.replaceAll('\\', '/')}`)
      .sort()
      .map((file) => [file, parseModule(file, readFileSync(join(root, file), 'utf8'))] as const),
  )
  assertTextsAwaited(modules)
  return new Map([...modules].map(([file, { texts }]) => [file, texts]))
}

interface ModuleFacts {
  readonly texts: readonly string[]
  /** paths of what runs before it */
  readonly imports: readonly string[]
  readonly dynamicImports: readonly {
    readonly path: string
    readonly line: number
    readonly isAwaited: boolean
  }[]
}

const importsT = /import \{[^}]*\bt\b[^}]*\} from '[^']*\/t\.ts'/

/** @param file from the root of the repository */
function parseModule(file: string, source: string): ModuleFacts {
  const toPath = (specifier: string) => posix.join(posix.dirname(file), specifier)
  const toLine = (start: number) => source.slice(0, start).split('\n').length
  const { program, module } = parseSync(file, source)
  const withTexts: ESTree.Span[] = []
  const dynamic: { path: string; start: number }[] = []
  new Visitor({
    CallExpression(call) {
      if (call.callee.type === 'Identifier' && call.callee.name === 'withTexts')
        withTexts.push(call)
    },
    ImportExpression({ source: specifier, start }) {
      if (isText(specifier)) dynamic.push({ path: toPath(specifier.value), start })
    },
  }).visit(program)
  return {
    texts: importsT.test(source) ? listTexts(file, source, program) : [],
    imports: module.staticImports
      .filter(({ entries }) => entries.length === 0 || entries.some(({ isType }) => !isType))
      .map(({ moduleRequest }) => toPath(moduleRequest.value)),
    dynamicImports: dynamic.map(({ path, start }) => ({
      path,
      line: toLine(start),
      isAwaited: withTexts.some((call) => call.start < start && start < call.end),
    })),
  }
}

function assertTextsAwaited(modules: ReadonlyMap<string, ModuleFacts>): void {
  const hasTexts = (path: string, seen = new Set<string>()): boolean => {
    const found = modules.get(path)
    if (!found || seen.has(path)) return false
    seen.add(path)
    return found.texts.length > 0 || found.imports.some((other) => hasTexts(other, seen))
  }
  for (const [file, { dynamicImports }] of modules) {
    for (const { path, line, isAwaited } of dynamicImports) {
      if (isAwaited || !hasTexts(path)) continue
      throw new Error(`${file}:${line}: expected withTexts(() => import(…)): ${path} shows texts`)
    }
  }
}

/** @param file for errors */
function listTexts(file: string, source: string, program: ESTree.Program): readonly string[] {
  const keys: string[] = []
  new Visitor({
    CallExpression({ callee, arguments: [text, , context], start }) {
      if (callee.type !== 'Identifier' || callee.name !== 't') return
      const shared = findSharedTexts(text)
      if (shared) return void keys.push(...shared)
      if (!isText(text) || (context && !isText(context))) {
        const line = source.slice(0, start).split('\n').length
        throw new Error(`${file}:${line}: expected literals for the text and the context of t()`)
      }
      keys.push(toKey(text.value, context?.value))
    },
  }).visit(program)
  return keys
}

function isText(node: ESTree.Argument | undefined): node is ESTree.StringLiteral {
  return node?.type === 'Literal' && typeof node.value === 'string'
}

/** `expectations[…]` and `problem.…` stand for all texts of their table. */
const sharedTexts: ReadonlyMap<string, readonly string[]> = new Map([
  ['expectations', Object.values(expectations)],
  ['problem', poolProblems.flatMap(({ expected, suggestion }) => [expected, suggestion])],
])

function findSharedTexts(node: ESTree.Argument | undefined): readonly string[] | undefined {
  return node?.type === 'MemberExpression' && node.object.type === 'Identifier'
    ? sharedTexts.get(node.object.name)
    : undefined
}
