/**
 * The texts that a page in another language fetches for its scripts, which are the same in every language: one file for
 * those that the page begins with, and one for those that are fetched later, if any.
 */

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { minifySync, type Rolldown, transformWithOxc } from 'vite'
import { type Texts, toTextKey } from '../site/i18n/text-key.ts'
import type { Catalog } from './catalogs.ts'

/** `setTranslations` as an expression, with what it needs: it stands before the texts of each language. */
const setTranslations = await minifyFunction('setTranslations', ['text-key.ts', 'translations.ts'])

export interface PageTexts {
  /** keys of the catalog, sorted */
  readonly initial: readonly string[]
  /** the same, without those of `initial` */
  readonly later: readonly string[]
}

export interface TranslationFile {
  /** its name in `assets/`, with a hash of its content */
  readonly name: string
  readonly content: string
}

/**
 * @param page for the names of the files, such as `de-register`
 * @returns `script`: what the page loads before its own script; `later`: what that one names
 */
export function toTranslationFiles(
  page: string,
  catalog: Catalog,
  { initial, later }: PageTexts,
): { readonly script: TranslationFile; readonly later: TranslationFile } {
  const json = JSON.stringify(toTranslations(later, catalog))
  const laterFile = toFile(`${page}-later`, 'json', `${json}\n`)
  const texts = JSON.stringify(toTranslations(initial, catalog))
  const code = `(${setTranslations})(${JSON.stringify(laterFile.name)},${texts})\n`
  return { script: toFile(page, 'js', code), later: laterFile }
}

function toTranslations(keys: readonly string[], catalog: Catalog): Texts {
  return Object.fromEntries(keys.map((key) => [toTextKey(key), catalog[key] ?? '']))
}

function toFile(page: string, extension: string, content: string): TranslationFile {
  const hash = createHash('sha256').update(content).digest('base64url').slice(0, 8)
  return { name: `${page}-${hash}.${extension}`, content }
}

/**
 * Which texts a page shows, by the scripts that the bundler has made: a script that the page loads may contain modules that
 * it does not import, and they run all the same.
 *
 * @param entry of the page
 * @param texts of each module, by its path from `root`
 */
export function findPageTexts(
  entry: Rolldown.OutputChunk,
  bundle: Rolldown.OutputBundle,
  { root, texts }: { root: string; texts: ReadonlyMap<string, readonly string[]> },
): PageTexts {
  const findChunk = (file: string) => {
    const chunk = bundle[file]
    return chunk?.type === 'chunk' ? chunk : undefined
  }
  const collect = (files: readonly string[], isLater: boolean, seen: Set<string>): Set<string> => {
    for (const file of files) {
      const chunk = findChunk(file)
      if (!chunk || seen.has(file)) continue
      seen.add(file)
      collect(isLater ? [...chunk.imports, ...chunk.dynamicImports] : chunk.imports, isLater, seen)
    }
    return seen
  }
  const listTexts = (files: Iterable<string>) =>
    new Set(
      [...files]
        .flatMap((file) => findChunk(file)?.moduleIds ?? [])
        .flatMap((id) => texts.get(relative(root, id).replaceAll('\\', '/')) ?? []),
    )
  const initial = listTexts(collect([entry.fileName], false, new Set()))
  const all = listTexts(collect([entry.fileName], true, new Set()))
  return {
    initial: [...initial].toSorted(),
    later: [...all].filter((key) => !initial.has(key)).toSorted(),
  }
}

/** @throws {Error} naming two texts whose short keys are the same */
export function assertTextKeysDiffer(texts: Iterable<string>): void {
  const known = new Map<string, string>()
  for (const text of texts) {
    const other = known.get(toTextKey(text))
    if (other !== undefined && other !== text) {
      throw new Error(`“${other}” and “${text}” have the same short key: give one a context`)
    }
    known.set(toTextKey(text), text)
  }
}

/** @param files of `src/site/i18n`: modules that import nothing but each other */
async function minifyFunction(name: string, files: readonly string[]): Promise<string> {
  const modules = await Promise.all(
    files.map(async (file) => {
      const source = readFileSync(new URL(`../site/i18n/${file}`, import.meta.url), 'utf8')
      const { code } = await transformWithOxc(source, file, { sourcemap: false })
      return code.replace(/^import .*$/gm, '').replace(/^export /gm, '')
    }),
  )
  const code = `x = (() => { ${modules.join('\n')} return ${name} })()`
  return minifySync('translations.js', code)
    .code.trim()
    .replace(/^x=|;$/g, '')
}
