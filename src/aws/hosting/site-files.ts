/** The files of the repository that an operator's settings go into. */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expectations } from '../../shared/expectations.ts'
import { passkeyEndpointsPath, toPasskeyEndpoints } from '../../shared/passkey-endpoints.ts'
import type { InlineHashes } from '../../shared/response-headers.ts'
import { SettingsError } from '../../shared/settings-error.ts'
import type { Config, ConfigProblem } from '../../shared/site-config.ts'
import { readConfigScript, toPolicySources } from './config-script.ts'
import { toCustomHttp } from './custom-http.ts'

/** Paths from the folder of the repository. */
export const configPath = 'public/js/config.js'
export const headersPath = 'customHttp.yml'
export const endpointsPath = `public${passkeyEndpointsPath}`

/** @param folder of the repository */
export function readConfigFile(folder: string): Config {
  return readConfigScript(readFile(folder, configPath))
}

/** @throws {SettingsError} naming every setting that is wrong */
export function requireConfig(folder: string): Exclude<Config, { kind: 'invalid' }> {
  const config = readConfigFile(folder)
  if (config.kind !== 'invalid') return config
  throw toSettingsError(config.problems, `Correct ${configPath}.`)
}

export function toSettingsError(
  problems: readonly ConfigProblem[],
  suggestion: string,
): SettingsError {
  const [first, ...others] = problems.map(
    ({ setting, expected }) => [setting, expectations[expected]] as const,
  )
  const [setting = configPath, expected = 'settings'] = first ?? []
  const more = others.map(([name, text]) => `; ${name}: expected ${text}`).join('')
  return new SettingsError(setting, `${expected}${more}`, suggestion)
}

/**
 * Writes the headers that the settings in `folder` and the pages' inline styles and scripts need.
 *
 * @returns whether the file was another before
 */
export function writeHeaders(folder: string, inline: InlineHashes): boolean {
  const expected = toHeaders(folder, inline)
  if (readFile(folder, headersPath) === expected) return false
  writeFileSync(join(folder, headersPath), expected)
  return true
}

/** @throws {SettingsError} when the headers are not those that would be written */
export function assertHeadersFit(folder: string, inline: InlineHashes): void {
  const expected = toHeaders(folder, inline)
  if (readFile(folder, headersPath) === expected) return
  throw new SettingsError(
    headersPath,
    `the headers for the hosts of ${configPath} and the pages’ inline styles and scripts`,
    `Run npm run headers, then commit both files. Or put this in place of everything in ${headersPath}:\n\n${expected}`,
  )
}

/**
 * Writes where passkey managers lead to.
 *
 * @param origin of the site
 */
export function writePasskeyEndpoints(folder: string, origin: string): void {
  const path = join(folder, endpointsPath)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, toPasskeyEndpoints(origin))
}

function toHeaders(folder: string, inline: InlineHashes): string {
  const hasPasskeyEndpoints = existsSync(join(folder, endpointsPath))
  return toCustomHttp(toPolicySources(requireConfig(folder), inline), { hasPasskeyEndpoints })
}

function readFile(folder: string, path: string): string {
  const whole = join(folder, path)
  return existsSync(whole) ? readFileSync(whole, 'utf8') : ''
}
