/** Vite plugin that writes `build.json` into the output: the commit, and the hash of each file. */

import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Plugin } from 'vite'

const fileName = 'build.json'

/** The same commit gives the same `build.json`, so that a build can be verified by building again. */
export function buildManifest(): Plugin {
  let root = ''
  let outDir = ''
  return {
    name: 'wild-rydes-build-manifest',
    apply: 'build',
    configResolved(config) {
      root = config.root
      outDir = resolve(config.root, config.build.outDir)
    },
    writeBundle() {
      const manifest = {
        commit: readCommit(root),
        lockfile: hash(join(root, 'package-lock.json')),
        files: Object.fromEntries(
          listFiles(outDir).map((path) => [path, hash(join(outDir, path))]),
        ),
      }
      writeFileSync(join(outDir, fileName), `${JSON.stringify(manifest, null, 2)}\n`)
    },
  }
}

/** @returns the commit's hash; `null` outside of a git repository */
function readCommit(root: string): string | null {
  try {
    const options = { cwd: root, encoding: 'utf8', stdio: 'pipe' } as const
    return execFileSync('git', ['rev-parse', 'HEAD'], options).trim()
  } catch {
    // No git, or no repository. The hashes of the files do not depend on it.
    return null
  }
}

/** @returns paths relative to `folder`, with slashes, sorted, so that every platform gives the same list */
function listFiles(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== fileName)
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .map((path) => path.replaceAll('\\', '/'))
    .sort()
}

/** @returns SHA-256 of the file, hex */
function hash(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex')
}
