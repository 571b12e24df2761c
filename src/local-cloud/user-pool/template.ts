/**
 * Reads a CloudFormation template as far as a local stand-in can: parameters take their defaults,
 * `!Ref` and `!Sub` are filled in, everything else stays as written.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
 */

import * as v from 'valibot'
import { parse, type ScalarTag } from 'yaml'
import { SettingsError } from '../settings-error.ts'

const templateSchema = v.object({
  Parameters: v.optional(v.record(v.string(), v.object({ Default: v.optional(v.unknown()) })), {}),
  Resources: v.record(
    v.string(),
    v.object({ Type: v.string(), Properties: v.optional(v.unknown(), {}) }),
  ),
})

export interface Template {
  /** properties of the only resource of `type`, intrinsics filled in */
  requireResource(type: string): unknown
}

/** An intrinsic whose value is known once parameters are. */
class Intrinsic {
  readonly name: 'Ref' | 'Sub'
  readonly text: string

  constructor(name: 'Ref' | 'Sub', text: string) {
    this.name = name
    this.text = text
  }
}

const tags: ScalarTag[] = [
  { tag: '!Ref', resolve: (text) => new Intrinsic('Ref', text) },
  { tag: '!Sub', resolve: (text) => new Intrinsic('Sub', text) },
  { tag: '!GetAtt', resolve: (text) => text },
]

/**
 * @param text the YAML template
 * @param path where it came from, for messages
 * @throws {SettingsError} when it is no template, or a reference has no value here
 */
export function parseTemplate(text: string, path: string): Template {
  const parsed = v.safeParse(templateSchema, parseYaml(text, path))
  if (!parsed.success) {
    throw new SettingsError(path, 'a CloudFormation template with Resources', 'Correct the file.')
  }
  const { Parameters, Resources } = parsed.output

  function resolveName(name: string): unknown {
    const parameter = Object.hasOwn(Parameters, name) ? Parameters[name] : undefined
    if (parameter) {
      if (parameter.Default !== undefined) return parameter.Default
      throw new SettingsError(
        `${path}: parameter ${name}`,
        'a Default',
        'The local pool cannot be asked for parameters: give this one a default.',
      )
    }
    if (Object.hasOwn(Resources, name)) return name
    throw new SettingsError(
      `${path}: !Ref ${name}`,
      'a parameter or a resource of this template',
      'Correct the name.',
    )
  }

  function fill(value: unknown): unknown {
    if (value instanceof Intrinsic) {
      if (value.name === 'Ref') return resolveName(value.text)
      return value.text.replace(/\$\{([\w:.]+)\}/g, (_, name: string) => String(resolveName(name)))
    }
    if (Array.isArray(value)) return value.map(fill)
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fill(item)]))
    }
    return value
  }

  return {
    requireResource(type) {
      const found = Object.values(Resources).filter((resource) => resource.Type === type)
      const [resource, second] = found
      if (!resource || second) {
        throw new SettingsError(
          path,
          `exactly one resource of type ${type}`,
          `It has ${found.length}.`,
        )
      }
      return fill(resource.Properties)
    },
  }
}

function parseYaml(text: string, path: string): unknown {
  try {
    return parse(text, { customTags: tags })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new SettingsError(path, 'YAML', reason)
  }
}
