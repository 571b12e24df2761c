/**
 * Reads the files of the console from its sources. The package has them ready made, and a file of its own in this place
 * (`package/console-files.ts`).
 */

import { readFile } from 'node:fs/promises'

/**
 * @param path from this folder; what is written in TypeScript is read as JavaScript
 */
export async function readConsoleFile(path: string): Promise<string> {
  const source = await readFile(new URL(path, import.meta.url), 'utf8')
  if (!path.endsWith('.ts')) return source
  const { transformWithOxc } = await import('vite')
  return (await transformWithOxc(source, path, { sourcemap: false })).code
}
