/**
 * Reads the resources of a CloudFormation template. Parameters have their default values; references and
 * conditions are resolved; any other function in a resource that is asked for is an error.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
 */

import * as v from 'valibot'
import { type CollectionTag, parse, type ScalarTag } from 'yaml'
import { SettingsError } from '../../shared/settings-error.ts'
import { localPool } from './local-pool.ts'

const templateSchema = v.object({
  Parameters: v.optional(v.record(v.string(), v.object({ Default: v.optional(v.unknown()) })), {}),
  Conditions: v.optional(v.record(v.string(), v.unknown()), {}),
  Resources: v.record(
    v.string(),
    v.object({ Type: v.string(), Properties: v.optional(v.unknown(), {}) }),
  ),
})

export interface Template {
  /**
   * @returns the properties of the only resource of this type, with intrinsic functions resolved
   * @throws {SettingsError} when there is no such resource, or more than one
   */
  requireResource(type: string): unknown
}

/** An intrinsic function, in its short form `!Sub x` or its long form `{ Fn::Sub: x }`. */
class Intrinsic {
  readonly name: string
  readonly argument: unknown

  constructor(name: string, argument: unknown) {
    this.name = name
    this.argument = argument
  }
}

const functions = [
  ...['Ref', 'Sub', 'GetAtt', 'If', 'Join', 'Select', 'Split', 'FindInMap', 'ImportValue'],
  ...['Base64', 'Cidr', 'GetAZs', 'Equals', 'And', 'Or', 'Not', 'Condition', 'Transform'],
]
const tags = functions.flatMap((name): (ScalarTag | CollectionTag)[] => [
  { tag: `!${name}`, resolve: (text) => new Intrinsic(name, text) },
  ...(['seq', 'map'] as const).map((collection) => ({
    tag: `!${name}`,
    collection,
    resolve: (node: { toJSON(): unknown }) => new Intrinsic(name, node.toJSON()),
  })),
])

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html */
const pseudoParameters: ReadonlyMap<string, string> = new Map([
  ['AWS::Region', localPool.region],
  ['AWS::AccountId', '000000000000'],
  ['AWS::Partition', 'aws'],
  ['AWS::StackName', 'local'],
  ['AWS::URLSuffix', 'amazonaws.com'],
])

/** `AWS::NoValue`, which removes the property or item that has it as value. */
const noValue = Symbol('AWS::NoValue')

/**
 * @param text the YAML template
 * @param path of the template, for error messages
 * @param parameters values that override defaults; names that the template does not have are ignored
 * @throws {SettingsError} for a text that is not a template
 */
export function parseTemplate(
  text: string,
  path: string,
  parameters: Readonly<Record<string, string>> = {},
): Template {
  const parsed = v.safeParse(templateSchema, parseYaml(text, path))
  if (!parsed.success) {
    throw new SettingsError(path, 'a CloudFormation template with Resources', 'Correct the file.')
  }
  const { Parameters, Conditions, Resources } = parsed.output

  function resolveName(name: string): unknown {
    if (name === 'AWS::NoValue') return noValue
    const pseudoParameter = pseudoParameters.get(name)
    if (pseudoParameter !== undefined) return pseudoParameter
    const parameter = Object.hasOwn(Parameters, name) ? Parameters[name] : undefined
    if (parameter) {
      if (Object.hasOwn(parameters, name)) return parameters[name]
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

  function apply({ name, argument }: Intrinsic): unknown {
    const values = Array.isArray(argument) ? argument : [argument]
    switch (name) {
      case 'Ref':
        return resolveName(String(argument))
      case 'GetAtt':
        return values.join('.')
      case 'Sub':
        if (typeof argument !== 'string') break
        return argument.replace(/\$\{([\w:.]+)\}/g, (_, inner: string) =>
          String(resolveName(inner)),
        )
      case 'If': {
        const [condition, then, otherwise] = values
        return resolve(isMet(condition) ? then : otherwise)
      }
      case 'Equals':
        return new Set(values.map(resolve).map(String)).size === 1
      case 'Not':
        return !resolve(values[0])
      case 'And':
        return values.every(resolve)
      case 'Or':
        return values.some(resolve)
      case 'Condition':
        return isMet(argument)
    }
    throw new SettingsError(
      `${path}: Fn::${name}`,
      'references, Fn::Sub with one text, or conditions',
      'The local pool cannot work this function out: write the value, or a parameter with a Default.',
    )
  }

  function isMet(condition: unknown): boolean {
    const name = String(condition)
    if (Object.hasOwn(Conditions, name)) return Boolean(resolve(Conditions[name]))
    throw new SettingsError(
      `${path}: condition ${name}`,
      'a condition of this template',
      'Correct the name.',
    )
  }

  function resolve(value: unknown): unknown {
    if (value instanceof Intrinsic) return apply(value)
    if (Array.isArray(value)) return value.map(resolve).filter((item) => item !== noValue)
    if (typeof value === 'object' && value !== null) {
      const entries = Object.entries(value)
      const [only] = entries
      const isFunction = entries.length === 1 && only && /^(Ref$|Condition$|Fn::)/.test(only[0])
      if (isFunction) return apply(new Intrinsic(only[0].replace(/^Fn::/, ''), only[1]))
      return Object.fromEntries(
        entries.map(([key, item]) => [key, resolve(item)]).filter(([, item]) => item !== noValue),
      )
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
      return resolve(resource.Properties)
    },
  }
}

function parseYaml(text: string, path: string): unknown {
  try {
    return parse(text, { customTags: tags })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new SettingsError(path, 'YAML', reason, { cause: error })
  }
}
