/** The repository's own files, as the rules' tests read them. */

import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pageNames } from '../../src/shared/page-names.ts'

export const root = fileURLToPath(new URL('../../', import.meta.url))

export function readSource(path: string): string {
  return readFileSync(join(root, path), 'utf8')
}

/** Paths below `folder` that end in one of `endings`, from the repository's root, with slashes. */
export function listFiles(folder: string, endings: readonly string[]): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && endings.some((ending) => entry.name.endsWith(ending)))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length).replaceAll('\\', '/'))
    .sort()
}

/** What git would put into a commit: tracked files, and new ones that are not ignored. */
export function listRepositoryFiles(): readonly string[] {
  return execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  })
    .split('\n')
    .filter(Boolean)
}

export const htmlPages = pageNames
