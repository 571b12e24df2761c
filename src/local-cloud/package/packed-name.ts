import { basename } from 'node:path'

/** @returns the name of a file of the console in the package, by the path of its source */
export function toPackedName(path: string): string {
  return basename(path).replace(/\.ts$/, '.js')
}
