/** Values for a template's parameters, as the command line and files give them. */

import { SettingsError } from '../../shared/settings-error.ts'
import { product } from '../product.ts'

export type ParameterValues = Readonly<Record<string, string>>

/**
 * @param text `NAME=VALUE`; the value may have more equals signs
 * @throws {SettingsError} for a text without a name
 */
export function parseParameter(text: string): ParameterValues {
  const [, name, value] = /^([\w:]+)=(.*)$/s.exec(text) ?? []
  if (name === undefined || value === undefined) {
    throw new SettingsError(
      `--parameter ${text}`,
      'NAME=VALUE',
      'For example --parameter Stage=dev',
    )
  }
  return { [name]: value }
}

/**
 * Reads the ways in which tools keep parameters: CloudFormation's list of `ParameterKey` and `ParameterValue`, a list of
 * `NAME=VALUE`, an object with `Parameters`, or an object of names and values, as Amplify's `parameters.json` is.
 *
 * @throws {SettingsError} for a text that is none of these
 */
export function parseParameterFile(text: string, path: string): ParameterValues {
  const content = parseJson(text, path)
  if (Array.isArray(content)) {
    return Object.assign({}, ...content.map((item) => readListItem(item, path)))
  }
  if (!isObject(content)) throw formatError(path)
  const values = isObject(content.Parameters) ? content.Parameters : content
  return Object.fromEntries(
    Object.entries(values)
      .filter(([, value]) => !isOfDeployment(value))
      .map(([name, value]) => [name, toText(value, `${path} ${name}`)]),
  )
}

/**
 * Whether Amplify works a value out when it deploys: a function, such as `{ "Fn::GetAtt": ["AuthRole", "Arn"] }`, or a
 * list of what depends on what. It counts as not given: a template that needs it asks for it.
 */
function isOfDeployment(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(isObject)
  return isObject(value) && Object.keys(value).every((key) => /^(Ref|Fn::\w+)$/.test(key))
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new SettingsError(path, 'JSON with parameters', reason, { cause: error })
  }
}

function readListItem(item: unknown, path: string): ParameterValues {
  if (typeof item === 'string') return parseParameter(item)
  if (!isObject(item) || typeof item.ParameterKey !== 'string') throw formatError(path)
  const { ParameterKey: name, ParameterValue: value } = item
  // UsePreviousValue: what the stack has, which nobody here knows.
  if (value === undefined) return {}
  return { [name]: toText(value, `${path} ${name}`) }
}

/** A list becomes one text with commas, as CloudFormation takes a CommaDelimitedList. */
function toText(value: unknown, setting: string): string {
  if (Array.isArray(value)) return value.map((one) => toText(one, setting)).join(',')
  if (['string', 'number', 'boolean'].includes(typeof value)) return String(value)
  throw new SettingsError(setting, 'a text, a number, true, false or a list of them', 'Correct it.')
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function formatError(path: string): SettingsError {
  return new SettingsError(
    path,
    'a list of ParameterKey and ParameterValue, or an object of names and values',
    `See "Supported settings" in ${product.readme}.`,
  )
}
