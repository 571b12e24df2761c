/** Programs of the local cloud in one file each: started from its sources, one takes three times as long. */

import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'vite'

const root = fileURLToPath(new URL('../..', import.meta.url))
/** Below the repository, where Node finds the packages. */
const outDir = join(root, 'node_modules/.tmp/programs')

const bundles = new Map<string, Promise<string>>()

/**
 * @param entry path from the repository's root
 * @returns the path of a file that Node runs
 */
export function bundleProgram(entry: string): Promise<string> {
  const bundle = bundles.get(entry) ?? writeBundle(entry)
  bundles.set(entry, bundle)
  return bundle
}

async function writeBundle(entry: string): Promise<string> {
  let code = ''
  await build({
    root,
    configFile: false,
    logLevel: 'silent',
    plugins: [
      {
        name: 'test:source-urls',
        // Files that lie beside a source are still found.
        transform: (source, id) =>
          source.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(id).href)),
        generateBundle(_, bundle) {
          for (const file of Object.values(bundle)) if (file.type === 'chunk') code += file.code
        },
      },
    ],
    build: {
      ssr: join(root, entry),
      write: false,
      rolldownOptions: { output: { codeSplitting: false } },
    },
  })
  const path = join(outDir, `${entry.replaceAll('/', '-').replace(/\.ts$/, '')}.mjs`)
  mkdirSync(outDir, { recursive: true })
  // Two workers may write at once; a program that is starting reads one whole file.
  writeFileSync(`${path}.${process.pid}`, code)
  renameSync(`${path}.${process.pid}`, path)
  return path
}
