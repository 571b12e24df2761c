/** What a page weighs on the wire: its files, compressed as hosts do it, by what they are for. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import * as v from 'valibot'

const names = v.optional(v.array(v.string()), [])
const manifestShape = v.record(
  v.string(),
  v.object({ file: v.string(), imports: names, css: names }),
)
type Manifest = v.InferOutput<typeof manifestShape>

export interface FileWeight {
  readonly path: string
  /** brotli */
  readonly bytes: number
}

export interface PageWeight {
  /** with the styles in it */
  readonly document: readonly FileWeight[]
  /** the page's own, before it answers a press; until then a press is held, by a script in the document */
  readonly script: readonly FileWeight[]
  readonly settings: readonly FileWeight[]
  readonly pictures: readonly FileWeight[]
  /** what the page fetches by itself when it stands; parts that only some riders come to are not in it */
  readonly later: readonly FileWeight[]
}

/** @param folder of a build with a manifest */
export function weighPage(folder: string, page: string): PageWeight {
  const html = readFileSync(join(folder, `${page}.html`), 'utf8')
  const links = html.matchAll(/(?:src|href)="\/((?:assets|js|images)\/[^"#?]+)/g)
  const linked = new Set([...links].map(([, path]) => path ?? ''))
  const weigh = (path: string) => ({
    path,
    bytes: brotliCompressSync(readFileSync(join(folder, path))).length,
  })
  const pick = (pattern: RegExp) => [...linked].filter((path) => pattern.test(path)).map(weigh)
  return {
    document: [weigh(`${page}.html`)],
    script: pick(/^assets.*\.js$/),
    settings: pick(/^js/),
    pictures: pick(/^images/),
    later: findLater(folder, page)
      .filter((path) => !linked.has(path))
      .map(weigh),
  }
}

export function sumBytes(files: readonly FileWeight[]): number {
  return files.reduce((all, { bytes }) => all + bytes, 0)
}

/** What pages fetch when they are idle. */
const prefetched: ReadonlyMap<string, string> = new Map([
  ['register', 'src/site/auth/sign-up-and-reset.ts'],
  ['verify', 'src/site/auth/sign-up-and-reset.ts'],
  ['forgot', 'src/site/auth/sign-up-and-reset.ts'],
  ['signin', 'src/site/auth/sign-in.ts'],
])

/** Files of what the page prefetches, and of all that it imports. */
function findLater(folder: string, page: string): readonly string[] {
  const path = join(folder, '.vite/manifest.json')
  const manifest = v.parse(manifestShape, JSON.parse(readFileSync(path, 'utf8')))
  const first = prefetched.get(page) ?? ''
  // A set that grows while it is walked through is walked to its end.
  const keys = new Set(first in manifest ? [first] : [])
  for (const key of keys) for (const other of manifest[key]?.imports ?? []) keys.add(other)
  return [...keys].flatMap((key) => toFiles(manifest[key]))
}

function toFiles(chunk: Manifest[string] | undefined): readonly string[] {
  return chunk ? [chunk.file, ...chunk.css] : []
}
