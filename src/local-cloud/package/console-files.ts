/** The console's files as the build has made them: it puts this where `../console/console-files.ts` is. */

import { readFile } from 'node:fs/promises'
import { toPackedName } from './packed-name.ts'

/** @param path of its source, from the folder of the console */
export function readConsoleFile(path: string): Promise<string> {
  return readFile(new URL(`console/${toPackedName(path)}`, import.meta.url), 'utf8')
}
