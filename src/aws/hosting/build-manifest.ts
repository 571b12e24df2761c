/** Writes `build.json` beside what was built: which commit it is, and the hash of each file. */

import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Plugin } from 'vite'

const fileName = 'build.json'

/** The same commit gives the same bytes, so whoever builds it again can compare. */
export function buildRecord(): Plugin {
  let root = ''
  let outDir = ''
  return {
    name: 'wild-rydes-build-record',
    apply: 'build',
    configResolved(config) {
      root = config.root
      outDir = resolve(config.root, config.build.outDir)
    },
    writeBundle() {
      const record = {
        commit: readCommit(root),
        lockfile: hash(join(root, 'package-lock.json')),
        files: Object.fromEntries(
          listFiles(outDir).map((path) => [path, hash(join(outDir, path))]),
        ),
      }
      writeFileSync(join(outDir, fileName), `${JSON.stringify(record, null, 2)}\n`)
    },
  }
}

/** @returns the commit's hash; `null` for sources that are not in git */
function readCommit(root: string): string | null {
  try {
    const options = { cwd: root, encoding: 'utf8', stdio: 'pipe' } as const
    return execFileSync('git', ['rev-parse', 'HEAD'], options).trim()
  } catch {
    // No git, or no repository: the hashes tell as much.
    return null
  }
}

/** Paths from `folder`, with slashes, in an order that is the same everywhere. */
function listFiles(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== fileName)
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .map((path) => path.replaceAll('\\', '/'))
    .sort()
}

/** SHA-256, hexadecimal. */
function hash(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex')
}
