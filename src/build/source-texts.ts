/** Collects the English texts that stand in pages, scripts and emails: the keys of every catalog. */

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ESTree, parseSync, Visitor } from 'vite'
import { expectations } from '../shared/expectations.ts'
import { poolProblems } from '../shared/pool-problems.ts'
import { type SourceTexts, toKey } from './catalogs.ts'
import { english, type PageSource, renderPage } from './render-page.ts'

/** @param root of the repository */
export function collectTexts(pages: readonly PageSource[], root: string): SourceTexts {
  return {
    pages: collectPageTexts(pages, root),
    scripts: collectScriptTexts(root),
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
  const path = join(root, file)
  return new Set(existsSync(path) ? listTexts(file, readFileSync(path, 'utf8')) : [])
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

/** @throws {Error} for the first argument of a `t()` that is not a literal, with file and line */
function collectScriptTexts(root: string): ReadonlySet<string> {
  const folder = 'src/site'
  const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => `${folder}/${file}`)
  return new Set([
    // Scripts show them by `t(expectations[…])` and `t(problem.…)`.
    ...Object.values(expectations),
    ...poolProblems.flatMap(({ expected, suggestion }) => [expected, suggestion]),
    ...files.flatMap((file) => {
      const source = readFileSync(join(root, file), 'utf8')
      const importsT = /import \{[^}]*\bt\b[^}]*\} from '[^']*\/t\.ts'/.test(source)
      return importsT ? listTexts(file, source) : []
    }),
  ])
}

/** @param file for errors */
function listTexts(file: string, source: string): readonly string[] {
  const keys: string[] = []
  const { program } = parseSync(file, source)
  new Visitor({
    CallExpression({ callee, arguments: [text, , context], start }) {
      if (callee.type !== 'Identifier' || callee.name !== 't' || isSharedText(text)) return
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

/** `expectations[…]` or `problem.…`, whose values are texts of scripts */
function isSharedText(node: ESTree.Argument | undefined): boolean {
  return (
    node?.type === 'MemberExpression' &&
    node.object.type === 'Identifier' &&
    ['expectations', 'problem'].includes(node.object.name)
  )
}
