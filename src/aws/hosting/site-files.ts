/** The two files of the repository that an operator's settings go into. */

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { SettingsError } from '../../shared/settings-error.ts'
import { type Config, type ConfigProblem, expectations } from '../../shared/site-config.ts'
import { readConfigScript, toHosts } from './config-script.ts'
import { toCustomHttp } from './custom-http.ts'

/** Paths from the folder of the repository. */
export const configPath = 'public/js/config.js'
export const headersPath = 'customHttp.yml'

type SoundConfig = Exclude<Config, { kind: 'invalid' }>

/**
 * @param folder of the repository
 * @returns the settings, if there is nothing wrong with them
 */
export function findConfig(folder: string): SoundConfig | undefined {
  const config = readConfigScript(readFile(folder, configPath))
  return config.kind === 'invalid' ? undefined : config
}

/** @throws {SettingsError} naming every setting that is wrong */
export function requireConfig(folder: string): SoundConfig {
  const config = readConfigScript(readFile(folder, configPath))
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

/** Writes the headers that the settings in `folder` ask for. */
export function writeHeaders(folder: string): void {
  writeFileSync(join(folder, headersPath), toCustomHttp(toHosts(requireConfig(folder))))
}

/** @throws {SettingsError} when the headers are not those that the settings ask for */
export function assertHeadersFit(folder: string): void {
  const expected = toCustomHttp(toHosts(requireConfig(folder)))
  if (readFile(folder, headersPath) === expected) return
  throw new SettingsError(
    headersPath,
    `the headers for the hosts of ${configPath}`,
    `Run npm run headers, then commit both files. Or put this in place of everything in ${headersPath}:\n\n${expected}`,
  )
}

function readFile(folder: string, path: string): string {
  const whole = join(folder, path)
  return existsSync(whole) ? readFileSync(whole, 'utf8') : ''
}
