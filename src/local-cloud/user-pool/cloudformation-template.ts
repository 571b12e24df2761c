/**
 * Reads the resources of a CloudFormation template, and works out what stands in their properties: references, conditions
 * and the functions that need nothing but the template. What only AWS or a deployment knows is stood in where it is only
 * shown, and a problem everywhere else.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
 */

import { SettingsError } from '../../shared/settings-error.ts'
import { didYouMean } from './did-you-mean.ts'
import { localPool } from './local-pool.ts'
import type { ParameterValues } from './template-parameters.ts'
import {
  type Entry,
  type FunctionNode,
  type MapNode,
  parseYamlTree,
  type TemplateNode,
  type TemplateRemark,
} from './yaml-tree.ts'

export interface Resource {
  /** logical name */
  readonly id: string
  readonly type: string
  readonly line: number
  readonly properties: TemplateNode
  /** why its `Condition`, which counts as met, could not be worked out */
  readonly unknownCondition?: string
}

export interface Template {
  readonly path: string
  /** what is wrong wherever it stands, such as a tag that there is not */
  readonly problems: readonly TemplateRemark[]
  /** what AWS takes too, and few mean, such as a key that is given twice */
  readonly warnings: readonly TemplateRemark[]
  /**
   * @returns the resources whose type passes and whose `Condition`, if any, is met
   * @param assumesMet whether a condition that cannot be worked out counts as met
   * @throws {TemplateValueError} when a condition cannot be worked out
   */
  findResources(isWanted: (type: string) => boolean, assumesMet?: boolean): readonly Resource[]
  /** Works out a resource's properties, or one of them. */
  resolve(node: TemplateNode, toTreatment?: (path: string) => Treatment): Resolution
}

/**
 * What to do with a property: work it out, with a stand-in for what is only shown, or pass it over unseen. `or-pass-over`:
 * pass it over when it cannot be worked out.
 */
export type Treatment = 'value' | 'text' | 'pass-over' | 'or-pass-over'

export interface Resolution {
  /** plain data without what was passed over and what could not be worked out */
  readonly value: unknown
  /** `place` is a property path, such as `Schema.0.Name` */
  readonly problems: readonly TemplateRemark[]
  readonly passedOver: readonly { readonly path: string; readonly entry: Entry }[]
  readonly standIns: readonly StandIn[]
  /** @returns the line of the property, or of the nearest one around it */
  lineOf(path: string): number
}

/** A text in place of a value that is not known. */
export interface StandIn {
  /** what is not known, such as `parameter Stage` */
  readonly name: string
  readonly text: string
  /** property path */
  readonly path: string
  readonly line: number
  /** how to give the value, if there is a way */
  readonly remedy: string | undefined
  /** whether the local cloud has put it in for its own template */
  readonly isPreset?: true
}

/** Thrown where the template cannot be worked out. */
export class TemplateValueError extends Error {
  override readonly name = 'TemplateValueError'
  readonly line: number
  /** a stand-in for a value that only AWS or a deployment knows; `undefined` for a mistake in the template */
  readonly standIn: { readonly name: string; readonly text: string } | undefined

  constructor(line: number, message: string, standIn?: { name: string; text: string }) {
    super(message)
    this.line = line
    this.standIn = standIn
  }
}

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html */
const toPseudoParameters = (region: string): ReadonlyMap<string, string> =>
  new Map([
    ['AWS::Region', region],
    ['AWS::AccountId', '000000000000'],
    ['AWS::Partition', 'aws'],
    ['AWS::URLSuffix', 'amazonaws.com'],
  ])
/** What a deployment chooses. */
const toStackParameters = (region: string): ReadonlyMap<string, string> =>
  new Map([
    ['AWS::StackName', 'local'],
    [
      'AWS::StackId',
      `arn:aws:cloudformation:${region}:000000000000:stack/local/00000000-0000-0000-0000-000000000000`,
    ],
    ['AWS::NotificationARNs', 'local'],
  ])

/** `AWS::NoValue`, which removes the property or item that has it as value. */
const noValue = Symbol('AWS::NoValue')
/** A property or item that could not be worked out; its problem is noted. */
const failed = Symbol('failed')

/** Variables of the Serverless Framework, and CloudFormation's dynamic references: filled in at deployment. */
const deploymentVariables =
  /\$\{(?:self|opt|sls|env|file|cf|ssm|s3|param|aws|git|custom)[:(](?:[^{}]|\$\{[^{}]*\})*\}|\{\{resolve:[^{}]*\}\}/g

export interface TemplateValues {
  /** what a person has chosen; a name that the template does not have is a problem */
  readonly parameters?: ParameterValues
  /** from a file that may serve several templates: names that this one does not have are told */
  readonly fileParameters?: ParameterValues
  /** what the local cloud puts in, named as a stand-in; names that the template does not have are ignored */
  readonly presets?: ParameterValues
  /** that of the local pool by default */
  readonly region?: string
}

/** What a property is worked out for. */
interface Scope {
  readonly path: string
  readonly isText: boolean
  /** false inside a function: what fails there fails the property */
  readonly collects: boolean
  readonly trace: Trace
}

interface Trace {
  readonly problems: TemplateRemark[]
  readonly passedOver: { path: string; entry: Entry }[]
  readonly standIns: StandIn[]
  readonly lines: Map<string, number>
  toTreatment(path: string): Treatment
}

/**
 * @param text YAML or JSON: a template, or a Serverless Framework file with one under `resources`
 * @param path of the file, for messages
 * @throws {SettingsError} for a text that is not a template
 */
export function parseTemplate(
  text: string,
  path: string,
  {
    parameters = {},
    fileParameters = {},
    presets = {},
    region = localPool.region,
  }: TemplateValues = {},
): Template {
  const pseudoParameters = toPseudoParameters(region)
  const stackParameters = toStackParameters(region)
  const tree = parseYamlTree(text, path)
  const problems = [...tree.problems]
  const warnings = [...tree.warnings]
  const sections = findSections(tree.root, warnings)
  const resources = sections && toResources(sections.get('Resources'), problems, warnings)
  if (!resources) {
    throw new SettingsError(path, 'a CloudFormation template with Resources', 'Correct the file.')
  }
  const toEntries = (name: string) => toMap(sections.get(name))?.entries ?? new Map<string, Entry>()
  const declared = toEntries('Parameters')
  const conditions = toEntries('Conditions')
  const mappings = toEntries('Mappings')
  const resourceIds = resources.map(({ id }) => id)
  const openConditions = new Set<string>()

  const chosen = { ...fileParameters, ...parameters }
  for (const [name, value] of Object.entries(chosen)) {
    const place = `parameter ${name}`
    const entry = declared.get(name)
    const problem = entry && findParameterProblem(value, entry.node)
    if (entry && problem) problems.push({ line: entry.line, place, text: problem })
    if (entry || stackParameters.has(name)) continue
    const text = `the template has no such parameter${didYouMean(name, declared.keys())}`
    if (Object.hasOwn(parameters, name)) problems.push({ line: 1, place, text })
    else warnings.push({ line: 1, place, text })
  }

  function resolveName(name: string, line: number, scope: Scope): unknown {
    if (name === 'AWS::NoValue') return noValue
    const pseudoParameter = pseudoParameters.get(name)
    if (pseudoParameter !== undefined) return pseudoParameter
    const given = Object.hasOwn(chosen, name) ? chosen[name] : undefined
    const stackParameter = stackParameters.get(name)
    if (stackParameter !== undefined) {
      if (given !== undefined) return given
      const remedy = `--parameter ${name}=VALUE sets it`
      scope.trace.standIns.push({ name, text: stackParameter, path: scope.path, line, remedy })
      return stackParameter
    }
    const declaration = declared.get(name)
    if (declaration) return resolveParameter(name, declaration.node, line, scope)
    if (resourceIds.includes(name)) {
      throw new TemplateValueError(
        line,
        `needs the name that AWS gives to ${name}. Write the value, or use a parameter`,
        { name, text: name },
      )
    }
    throw new TemplateValueError(
      line,
      `there is no parameter or resource ${name}${didYouMean(name, [...declared.keys(), ...resourceIds])}`,
    )
  }

  function resolveParameter(
    name: string,
    declaration: TemplateNode,
    line: number,
    { trace, path: place }: Scope,
  ): unknown {
    const type = String(readScalar(declaration, 'Type') ?? 'String')
    // The default of such a parameter is the name of one in Parameter Store, whose value only AWS knows.
    const isStored = type.startsWith('AWS::SSM::Parameter::')
    const given = Object.hasOwn(chosen, name) ? chosen[name] : undefined
    const preset = Object.hasOwn(presets, name) ? presets[name] : undefined
    const value = given ?? preset ?? (isStored ? undefined : readScalar(declaration, 'Default'))
    if (value === undefined || value === null) {
      throw new TemplateValueError(
        line,
        `needs a value for the parameter ${name}: give it a Default, or start with --parameter ${name}=VALUE`,
        { name: `parameter ${name}`, text: name },
      )
    }
    if (given === undefined && preset !== undefined) {
      const remedy = `--parameter ${name}=VALUE sets another`
      const standIn = { name: `parameter ${name}`, text: preset, path: place, line, remedy }
      trace.standIns.push({ ...standIn, isPreset: true })
    }
    if (!/^CommaDelimitedList$|List</.test(type)) return value
    return value === ''
      ? []
      : String(value)
          .split(',')
          .map((item) => item.trim())
  }

  function resolveAttribute(text: string, line: number): never {
    const [id = ''] = text.split('.')
    if (resourceIds.includes(id)) {
      throw new TemplateValueError(
        line,
        `needs the value of ${text}, which only AWS knows. Write the value, or use a parameter`,
        { name: text, text },
      )
    }
    throw new TemplateValueError(line, `there is no resource ${id}${didYouMean(id, resourceIds)}`)
  }

  function resolveVariable(name: string, line: number, scope: Scope): unknown {
    return name.includes('.') ? resolveAttribute(name, line) : resolveName(name, line, scope)
  }

  /** Fills `${Name}`, `${Resource.Attribute}` and `${!Literal}`. */
  function substitute(
    text: string,
    values: ReadonlyMap<string, unknown>,
    line: number,
    scope: Scope,
  ): string {
    return text.replace(/\$\{([^{}]*)\}/g, (_, inner: string) => {
      if (inner.startsWith('!')) return `\${${inner.slice(1)}}`
      const name = inner.trim()
      if (values.has(name)) return String(values.get(name))
      return String(withStandIn(scope, line, () => resolveVariable(name, line, scope)))
    })
  }

  /** Where a value is only shown, what is not known has a stand-in. */
  function withStandIn(scope: Scope, line: number, resolveValue: () => unknown): unknown {
    try {
      return resolveValue()
    } catch (error) {
      if (!scope.isText || !(error instanceof TemplateValueError) || !error.standIn) throw error
      const { name, text: standInText } = error.standIn
      const isParameter = name.startsWith('parameter ')
      const remedy = isParameter ? `--parameter ${name.slice(10)}=VALUE sets it` : undefined
      scope.trace.standIns.push({ name, text: standInText, path: scope.path, line, remedy })
      return standInText
    }
  }

  function fillDeploymentVariables(text: string, line: number, scope: Scope): string {
    return text.replace(deploymentVariables, (variable) =>
      String(
        withStandIn(scope, line, () => {
          const [expression = ''] = variable.replace(/[{}$]/g, '').split(',')
          const [word = 'value'] = expression.match(/[\w-]+(?=\W*$)/) ?? []
          throw new TemplateValueError(
            line,
            `needs the value of ${variable}, which only a deployment knows. Write the value`,
            { name: variable, text: word },
          )
        }),
      ),
    )
  }

  function apply(node: FunctionNode, scope: Scope): unknown {
    const { name, argument, line } = node
    const inner: Scope = { ...scope, collects: false }
    const evaluate = (one: TemplateNode | undefined) =>
      one === undefined ? undefined : resolveNode(one, inner)
    const items = argument.kind === 'list' ? argument.items : [argument]
    const text = (value: unknown) => toText(value, node)
    switch (name) {
      case 'Ref':
        return resolveName(text(evaluate(argument)), line, inner)
      case 'GetAtt':
        return resolveAttribute(items.map((one) => text(evaluate(one))).join('.'), line)
      case 'Sub': {
        const [template, given] = items
        const values = new Map<string, unknown>()
        for (const [key, { node: value }] of given?.kind === 'map' ? given.entries : []) {
          values.set(key, evaluate(value))
        }
        return substitute(text(evaluate(template)), values, line, inner)
      }
      case 'If': {
        const [condition, then, otherwise] = items
        if (!then || !otherwise) throw argumentsError(node)
        return resolveNode(isMet(text(evaluate(condition)), line, inner) ? then : otherwise, scope)
      }
      case 'Equals': {
        const [left, right] = items.map(evaluate)
        return String(left) === String(right)
      }
      case 'Not':
        return !isTrue(evaluate(items[0]))
      case 'And':
        return items.every((one) => isTrue(evaluate(one)))
      case 'Or':
        return items.some((one) => isTrue(evaluate(one)))
      case 'Condition':
        return isMet(text(evaluate(argument)), line, inner)
      case 'Join': {
        const [separator, list] = items.map(evaluate)
        return toList(list, node).map(text).join(text(separator))
      }
      case 'Select': {
        const [index, list] = items.map(evaluate)
        const found = toList(list, node)[Number(index)]
        if (found === undefined) throw argumentsError(node)
        return found
      }
      case 'Split': {
        const [separator, whole] = items.map(evaluate)
        return text(whole).split(text(separator))
      }
      case 'Base64':
        return Buffer.from(text(evaluate(argument))).toString('base64')
      case 'FindInMap':
        return findInMap(items, node, inner)
    }
    throw new TemplateValueError(
      line,
      `needs Fn::${name}, which only AWS can work out. Write the value, or use a parameter`,
      { name: `Fn::${name}`, text: name },
    )
  }

  /** A function over stand-ins may find less in them than in the values: its name stands in then. */
  function applyToStandIns(node: FunctionNode, scope: Scope): unknown {
    const { standIns } = scope.trace
    const before = standIns.length
    return withStandIn(scope, node.line, () => {
      try {
        return apply(node, scope)
      } catch (error) {
        if (!(error instanceof TemplateValueError) || standIns.length === before) throw error
        const standIn = { name: `Fn::${node.name}`, text: node.name }
        throw new TemplateValueError(error.line, error.message, error.standIn ?? standIn)
      }
    })
  }

  function findInMap(
    [mapping, first, second, options]: readonly TemplateNode[],
    node: FunctionNode,
    scope: Scope,
  ): unknown {
    const evaluate = (one: TemplateNode | undefined) =>
      one === undefined ? '' : toText(resolveNode(one, scope), node)
    const names = [evaluate(mapping), evaluate(first), evaluate(second)]
    let found: Entry | undefined
    let entries: ReadonlyMap<string, Entry> | undefined = mappings
    for (const name of names) {
      found = entries?.get(name)
      entries = toMap(found)?.entries
    }
    const fallback = options?.kind === 'map' ? options.entries.get('DefaultValue') : undefined
    const value = found ?? fallback
    if (value) return resolveNode(value.node, scope)
    throw new TemplateValueError(
      node.line,
      `there is no ${names.join('.')} in Mappings${didYouMean(names[0] ?? '', mappings.keys())}`,
    )
  }

  function isMet(name: string, line: number, scope: Scope): boolean {
    const condition = conditions.get(name)
    if (!condition) {
      throw new TemplateValueError(
        line,
        `there is no condition ${name}${didYouMean(name, conditions.keys())}`,
      )
    }
    if (openConditions.has(name)) {
      throw new TemplateValueError(condition.line, `the condition ${name} rests on itself`)
    }
    openConditions.add(name)
    try {
      return isTrue(resolveNode(condition.node, { ...scope, collects: false }))
    } finally {
      openConditions.delete(name)
    }
  }

  function resolveNode(node: TemplateNode, scope: Scope): unknown {
    switch (node.kind) {
      case 'scalar':
        return typeof node.value === 'string'
          ? fillDeploymentVariables(node.value, node.line, scope)
          : node.value
      case 'list':
        return resolveList(node.items, scope)
      case 'map':
        return resolveMap(node, scope)
      case 'function':
        return applyToStandIns(node, scope)
      default:
        return node satisfies never
    }
  }

  function resolveList(items: readonly TemplateNode[], scope: Scope): readonly unknown[] {
    const values: unknown[] = []
    for (const item of items) {
      const path = scope.collects ? toPath(scope.path, String(values.length)) : scope.path
      const value = resolveEntry({ line: item.line, node: item }, { ...scope, path })
      if (value !== noValue && value !== failed) values.push(value)
    }
    return values
  }

  function resolveMap({ entries }: MapNode, scope: Scope): Readonly<Record<string, unknown>> {
    const values: [string, unknown][] = []
    for (const [key, entry] of entries) {
      const path = scope.collects ? toPath(scope.path, key) : scope.path
      const value = resolveEntry(entry, { ...scope, path })
      if (value !== noValue && value !== failed) values.push([key, value])
    }
    return Object.fromEntries(values)
  }

  function resolveEntry(entry: Entry, scope: Scope): unknown {
    if (!scope.collects) return resolveNode(entry.node, scope)
    const { path, trace } = scope
    const treatment = trace.toTreatment(path)
    trace.lines.set(path, entry.line)
    if (treatment === 'pass-over') {
      if (!isGone(entry.node)) trace.passedOver.push({ path, entry })
      return noValue
    }
    try {
      const isText = scope.isText || treatment === 'text'
      return resolveNode(entry.node, { ...scope, isText })
    } catch (error) {
      if (!(error instanceof TemplateValueError)) throw error
      if (treatment === 'or-pass-over') trace.passedOver.push({ path, entry })
      else trace.problems.push({ line: error.line, place: path, text: error.message })
      return failed
    }
  }

  /** Whether conditions remove what is passed over, as far as they can be worked out. */
  function isGone(node: TemplateNode): boolean {
    if (node.kind !== 'function') return false
    if (node.name === 'Ref') {
      return node.argument.kind === 'scalar' && node.argument.value === 'AWS::NoValue'
    }
    if (node.name !== 'If' || node.argument.kind !== 'list') return false
    const [condition, then, otherwise] = node.argument.items
    if (condition?.kind !== 'scalar' || !then || !otherwise) return false
    try {
      return isGone(isMet(String(condition.value), node.line, createScope()) ? then : otherwise)
    } catch (error) {
      if (!(error instanceof TemplateValueError)) throw error
      return isGone(then) && isGone(otherwise)
    }
  }

  return {
    path,
    problems,
    warnings,
    findResources: (isWanted, assumesMet = false) =>
      resources.flatMap(({ condition, ...resource }): readonly Resource[] => {
        if (!isWanted(resource.type)) return []
        if (condition === undefined) return [resource]
        try {
          return isMet(condition, resource.line, createScope()) ? [resource] : []
        } catch (error) {
          if (!assumesMet || !(error instanceof TemplateValueError)) throw error
          return [{ ...resource, unknownCondition: error.message }]
        }
      }),
    resolve(node, toTreatment = () => 'value') {
      const scope = createScope(toTreatment)
      const { trace } = scope
      const value = resolveEntry({ line: node.line, node }, scope)
      return {
        ...trace,
        value: value === failed || value === noValue ? undefined : value,
        lineOf(at) {
          const names = at.split('.')
          for (; names.length > 0; names.pop()) {
            const line = trace.lines.get(names.join('.'))
            if (line !== undefined) return line
          }
          return node.line
        },
      }
    },
  }
}

function createScope(toTreatment: Trace['toTreatment'] = () => 'value'): Scope {
  const trace = { problems: [], passedOver: [], standIns: [], lines: new Map(), toTreatment }
  return { path: '', isText: false, collects: true, trace }
}

/** The sections of a template: at the top, or under `resources` in a file of the Serverless Framework. */
function findSections(
  root: TemplateNode,
  warnings: TemplateRemark[],
): ReadonlyMap<string, Entry> | undefined {
  const top = toMap({ line: root.line, node: root })?.entries
  const nested = top?.has('Resources') ? undefined : top?.get('resources')
  if (!nested) return top
  if (nested.node.kind !== 'list') return toMap(nested)?.entries
  // Fragments, of which some may be in other files.
  const sections = new Map<string, Entry>()
  for (const fragment of nested.node.items) {
    if (fragment.kind !== 'map') {
      const place = fragment.kind === 'scalar' ? String(fragment.value) : 'resources'
      warnings.push({ line: fragment.line, place, text: 'is in another file, which is not read' })
      continue
    }
    for (const [name, entry] of fragment.entries) {
      const before = toMap(sections.get(name))
      const own = toMap(entry)
      const entries = new Map([...(before?.entries ?? []), ...(own?.entries ?? [])])
      const node: TemplateNode = { kind: 'map', line: entry.line, entries }
      sections.set(name, { line: before?.line ?? entry.line, node: own ? node : entry.node })
    }
  }
  return sections
}

function toResources(
  section: Entry | undefined,
  problems: TemplateRemark[],
  warnings: TemplateRemark[],
): readonly (Resource & { readonly condition: string | undefined })[] | undefined {
  const map = toMap(section)
  if (!map) return undefined
  return [...map.entries].flatMap(([id, { line, node }]) => {
    if (id.startsWith('Fn::')) {
      warnings.push({ line, place: id, text: 'only AWS can expand it; what it makes is not here' })
      return []
    }
    const type = readScalar(node, 'Type')
    if (typeof type !== 'string') {
      problems.push({ line, place: id, text: 'expected a Type' })
      return []
    }
    const none: TemplateNode = { kind: 'map', line, entries: new Map() }
    const properties = node.kind === 'map' ? node.entries.get('Properties')?.node : undefined
    const isEmpty = properties?.kind === 'scalar' && properties.value === null
    const condition = readScalar(node, 'Condition')
    return [
      {
        id,
        type,
        line,
        properties: isEmpty || !properties ? none : properties,
        condition: condition === undefined ? undefined : String(condition),
      },
    ]
  })
}

/** @returns what CloudFormation says against a parameter's value */
function findParameterProblem(value: string, declaration: TemplateNode): string | undefined {
  const read = (name: string) => readScalar(declaration, name)
  const allowed = declaration.kind === 'map' ? declaration.entries.get('AllowedValues') : undefined
  const names = allowed?.node.kind === 'list' ? allowed.node.items.map(toScalarText) : undefined
  if (names && !names.includes(value)) return `expected one of ${names.join(', ')}`
  const pattern = read('AllowedPattern')
  if (pattern !== undefined && !matches(String(pattern), value)) return `expected ${pattern}`
  if (read('Type') === 'Number') {
    const number = Number(value)
    if (value.trim() === '' || Number.isNaN(number)) return 'expected a number'
    const [min, max] = [read('MinValue'), read('MaxValue')]
    if (min !== undefined && number < Number(min)) return `expected ${min} or more`
    if (max !== undefined && number > Number(max)) return `expected ${max} or less`
  }
  const [minLength, maxLength] = [read('MinLength'), read('MaxLength')]
  if (minLength !== undefined && value.length < Number(minLength)) {
    return `expected ${minLength} characters or more`
  }
  if (maxLength !== undefined && value.length > Number(maxLength)) {
    return `expected ${maxLength} characters or less`
  }
  return undefined
}

/** CloudFormation's patterns are Java's; one that JavaScript cannot read is taken as met. */
function matches(pattern: string, value: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`).test(value)
  } catch (error) {
    if (error instanceof SyntaxError) return true
    throw error
  }
}

function toMap(entry: Entry | undefined): MapNode | undefined {
  return entry?.node.kind === 'map' ? entry.node : undefined
}

function readScalar(
  node: TemplateNode,
  name: string,
): string | number | boolean | null | undefined {
  const found = node.kind === 'map' ? node.entries.get(name)?.node : undefined
  return found?.kind === 'scalar' ? found.value : undefined
}

function toScalarText(node: TemplateNode): string {
  return node.kind === 'scalar' ? String(node.value) : ''
}

function toPath(outer: string, name: string): string {
  return outer === '' ? name : `${outer}.${name}`
}

function toList(value: unknown, node: FunctionNode): readonly unknown[] {
  if (Array.isArray(value)) return value
  throw argumentsError(node)
}

function toText(value: unknown, node: FunctionNode): string {
  if (['string', 'number', 'boolean'].includes(typeof value)) return String(value)
  if (Array.isArray(value)) return value.map((item) => toText(item, node)).join(',')
  throw argumentsError(node)
}

/** Conditions compare texts: a "true" that came out of a mapping counts. */
function isTrue(value: unknown): boolean {
  return value === true || value === 'true'
}

function argumentsError({ name, line }: FunctionNode): TemplateValueError {
  return new TemplateValueError(line, `Fn::${name} is given something that it cannot take`)
}
