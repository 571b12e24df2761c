/** The packages that ship: those in the site's scripts and in the Lambda functions. */

import { execFileSync } from 'node:child_process'
import * as v from 'valibot'
import { build } from 'vite'

const functionConfigs = ['ride-api', 'custom-message'].map(
  (name) => `src/aws/${name}/vite.config.ts`,
)
const fileName = 'licenses.json'

const licenses = v.array(v.object({ name: v.string(), version: v.string() }))
const sbom = v.looseObject({
  metadata: v.looseObject({ component: v.looseObject({ 'bom-ref': v.string() }) }),
  components: v.array(v.looseObject({ 'bom-ref': v.string() })),
  dependencies: v.array(v.looseObject({ ref: v.string(), dependsOn: v.array(v.string()) })),
})

/** @returns the packages whose modules are in a bundle, each as `name@version` */
export async function listBundledPackages(configFile?: string): Promise<readonly string[]> {
  const result = await build({
    ...(configFile && { configFile }),
    logLevel: 'warn',
    build: { write: false, license: { fileName } },
  })
  const outputs = Array.isArray(result) ? result : [result]
  const files = outputs.flatMap((one) => ('output' in one ? one.output : []))
  const file = files.find((one) => one.fileName === fileName)
  if (file?.type !== 'asset') throw new Error(`${configFile}: expected ${fileName} in the bundle`)
  return v
    .parse(licenses, JSON.parse(String(file.source)))
    .map(({ name, version }) => `${name}@${version}`)
}

/**
 * Cuts npm's list of what is installed down to what ships.
 *
 * @param installed the output of `npm sbom --sbom-format cyclonedx`
 * @param packages each as `name@version`
 * @see https://cyclonedx.org/docs/1.5/json/
 */
export function toSbom(installed: unknown, packages: readonly string[]): object {
  const all = v.parse(sbom, installed)
  const isPackage = (ref: string) => packages.includes(ref)
  const missing = packages.filter((one) => all.components.every((part) => part['bom-ref'] !== one))
  if (missing.length > 0) throw new Error(`expected npm to list ${missing.join(', ')}`)
  return {
    ...all,
    components: all.components
      .filter((part) => isPackage(part['bom-ref']))
      // npm's own: whether package.json has it for development, such as what is bundled into the function.
      .map((part) => ({ ...part, properties: [] })),
    dependencies: all.dependencies
      .filter(({ ref }) => isPackage(ref) || ref === all.metadata.component['bom-ref'])
      .map((one) => ({ ...one, dependsOn: one.dependsOn.filter(isPackage) })),
  }
}

/** @returns the CycloneDX list of the packages that ship, with the versions and the hashes that are installed */
export async function createSbom(): Promise<object> {
  const site = await listBundledPackages()
  const functions: string[] = []
  for (const config of functionConfigs) functions.push(...(await listBundledPackages(config)))
  // Vite has set NODE_ENV to production, with which npm leaves out what is for development.
  const options = { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 } as const
  const installed = execFileSync(
    'npm',
    ['sbom', '--include=dev', '--sbom-format', 'cyclonedx'],
    options,
  )
  return toSbom(JSON.parse(installed), [...site, ...functions])
}
