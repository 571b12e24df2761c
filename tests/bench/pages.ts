/** Bytes of each page on the wire, brotli: what comes before the form can be used, and what comes later. */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import { build } from 'vite'
import { htmlPages } from '../repo/source-files.ts'

export async function measurePages(): Promise<void> {
  const outDir = mkdtempSync(join(tmpdir(), 'wild-rydes-dist-'))
  await build({ logLevel: 'silent', build: { outDir, emptyOutDir: true } })
  const weigh = (path: string) => brotliCompressSync(readFileSync(join(outDir, path))).length
  const read = (path: string) => readFileSync(join(outDir, path), 'utf8')

  process.stdout.write(
    'Pages, bytes (brotli): document | styles | script | settings | picture | all at first\n',
  )
  for (const page of htmlPages) {
    const html = read(`${page}.html`)
    const linked = [...html.matchAll(/(?:src|href)="\/((?:assets|js|images)\/[^"]+)"/g)].map(
      ([, path]) => path ?? '',
    )
    const sum = (pattern: RegExp) =>
      [...new Set(linked)]
        .filter((path) => pattern.test(path))
        .reduce((all, path) => all + weigh(path), 0)
    const parts = [
      weigh(`${page}.html`),
      sum(/\.css$/),
      sum(/^assets.*\.js$/),
      sum(/^js/),
      sum(/^images/),
    ]
    const all = parts.reduce((total, part) => total + part)
    process.stdout.write(`  ${page}.html: ${[...parts, all].join(' | ')}\n`)
  }
  const [library] = [...read('signin.html').matchAll(/assets\/[\w-]+\.js/g)]
    .map(([path]) => read(path))
    .flatMap((script) =>
      [...script.matchAll(/cognito-[\w-]+\.js/g)].map(([name]) => `assets/${name}`),
    )
  if (library) process.stdout.write(`  client library, fetched later: ${weigh(library)}\n`)
  rmSync(outDir, { recursive: true })
}
