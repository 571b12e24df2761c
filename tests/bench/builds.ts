/** What the bench weighs and visits: the site, and a bare page with the client library as published. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AliasOptions, build } from 'vite'
import { root } from '../repo/source-files.ts'

export interface Builds {
  /** folders with built pages and Vite's manifest */
  readonly site: string
  readonly untouched: string
  remove(): void
}

export async function buildPages(): Promise<Builds> {
  const site = createOutDir()
  await build({
    logLevel: 'silent',
    build: { outDir: site, emptyOutDir: true, manifest: true },
  })
  const untouched = await buildAsPublished('untouched', ['signin.html', 'ride.html'])
  return {
    site,
    untouched,
    remove() {
      for (const folder of [site, untouched]) rmSync(folder, { recursive: true })
    },
  }
}

/**
 * Builds pages of a folder beside this file with none of the site's settings.
 *
 * @param alias the parts of the client library that are replaced
 * @returns the folder with the result
 */
export async function buildAsPublished(
  folder: string,
  input: readonly string[],
  alias: AliasOptions = [],
): Promise<string> {
  const outDir = createOutDir()
  await build({
    configFile: false,
    root: join(root, 'tests/bench', folder),
    publicDir: join(root, 'public'),
    input: [...input],
    logLevel: 'silent',
    resolve: { alias },
    define: { global: 'globalThis' },
    build: { outDir, emptyOutDir: true, manifest: true },
  })
  return outDir
}

function createOutDir(): string {
  return mkdtempSync(join(tmpdir(), 'wild-rydes-dist-'))
}
