/**
 * Checks a CloudFormation template offline: every resource type, property and value type against AWS's own
 * schema, and every reference against what the template declares.
 */

import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec'
import type { Property, PropertyType } from '@aws-cdk/service-spec-types'
import { type CollectionTag, parse, type ScalarTag } from 'yaml'

type Members = Readonly<Record<string, unknown>>

interface Template {
  readonly Parameters: Members
  readonly Conditions: Members
  readonly Resources: Members
  readonly Outputs: Members
}

/** Which functions give a value; the others stand in conditions. */
const valueFunctions = ['Ref', 'GetAtt', 'Sub', 'If', 'Join', 'Select', 'Split', 'ImportValue']
const conditionFunctions = ['Equals', 'And', 'Or', 'Not', 'Condition']

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html */
const pseudoParameters = [
  'AccountId',
  'NoValue',
  'NotificationARNs',
  'Partition',
  'Region',
  'StackId',
  'StackName',
  'URLSuffix',
].map((name) => `AWS::${name}`)

/** What `aws cloudformation package` replaces: a path of this machine by a place in S3. */
const packaged: ReadonlySet<string> = new Set(['AWS::Lambda::Function.Code'])

const specification = loadAwsServiceSpecSync()

/** `!Name x` as what it is short for: `{ Name: x }`, with `Fn::` where it belongs. */
const tags = [...valueFunctions, ...conditionFunctions].flatMap(
  (name): (ScalarTag | CollectionTag)[] => {
    const key = ['Ref', 'Condition'].includes(name) ? name : `Fn::${name}`
    const toLongForm = (argument: unknown) => ({
      [key]: name === 'GetAtt' && typeof argument === 'string' ? argument.split('.') : argument,
    })
    return [
      { tag: `!${name}`, resolve: toLongForm },
      ...(['seq', 'map'] as const).map((collection) => ({
        tag: `!${name}`,
        collection,
        resolve: (node: { toJSON(): unknown }) => toLongForm(node.toJSON()),
      })),
    ]
  },
)

/** @returns what is wrong, each with its place in the template; nothing for a sound one */
export function findTemplateProblems(text: string): readonly string[] {
  const root = toMembers(parse(text, { customTags: tags }))
  const section = (name: string) => toMembers(root[name])
  const template: Template = {
    Parameters: section('Parameters'),
    Conditions: section('Conditions'),
    Resources: section('Resources'),
    Outputs: section('Outputs'),
  }
  return [
    ...Object.entries(template.Resources).flatMap(([id, resource]) =>
      findResourceProblems(id, toMembers(resource), template),
    ),
    ...findReferenceProblems('Conditions', template.Conditions, template),
    ...findReferenceProblems('Outputs', template.Outputs, template),
    ...findUnused(text, template),
  ]
}

function findResourceProblems(id: string, resource: Members, template: Template) {
  const type = String(resource.Type)
  const [known] = specification.lookup('resource', 'cloudFormationType', 'equals', type)
  if (!known) return [`${id}: there is no resource type ${type}`]
  const properties = toMembers(resource.Properties ?? {})
  return [
    ...findMemberProblems(id, properties, known.properties, (name) =>
      packaged.has(`${type}.${name}`),
    ),
    ...findReferenceProblems(id, resource, template),
  ]
}

function findMemberProblems(
  place: string,
  members: Members,
  known: Readonly<Record<string, Property>>,
  isExempt: (name: string) => boolean = () => false,
): readonly string[] {
  const missing = Object.entries(known)
    .filter(([name, { required }]) => required && !Object.hasOwn(members, name))
    .map(([name]) => `${place}: ${name} is required`)
  const wrong = Object.entries(members).flatMap(([name, value]) => {
    const property = Object.hasOwn(known, name) ? known[name] : undefined
    if (!property) return [`${place}: there is no property ${name}`]
    if (isExempt(name)) return []
    return findValueProblems(`${place}.${name}`, value, property.type)
  })
  return [...missing, ...wrong]
}

function findValueProblems(place: string, value: unknown, type: PropertyType): readonly string[] {
  if (isFunction(value))
    return findBranches(value).flatMap((one) => findValueProblems(place, one, type))
  const expect = (isRight: boolean, expected: string) =>
    isRight ? [] : [`${place}: expected ${expected}, got ${JSON.stringify(value)}`]
  switch (type.type) {
    case 'string':
      return expect(
        isText(value) && (type.allowedValues?.includes(String(value)) ?? true),
        type.allowedValues?.join(' or ') ?? 'a text',
      )
    case 'date-time':
      return expect(typeof value === 'string', 'a time')
    case 'integer':
      return expect(Number.isInteger(value), 'a whole number')
    case 'number':
      return expect(typeof value === 'number', 'a number')
    case 'boolean':
      return expect(typeof value === 'boolean', 'true or false')
    case 'null':
      return expect(value === null, 'nothing')
    case 'json':
      return expect(typeof value === 'object' && value !== null, 'an object')
    case 'tag':
      return expect(isText(toMembers(value).Key) && isText(toMembers(value).Value), 'Key and Value')
    case 'array':
      if (!Array.isArray(value)) return expect(false, 'a list')
      return value.flatMap((one, index) =>
        findValueProblems(`${place}[${index}]`, one, type.element),
      )
    case 'map':
      if (!isObject(value)) return expect(false, 'an object')
      return Object.entries(value).flatMap(([key, one]) =>
        findValueProblems(`${place}.${key}`, one, type.element),
      )
    case 'ref':
      if (!isObject(value)) return expect(false, 'an object')
      return findMemberProblems(
        place,
        value,
        specification.get('typeDefinition', type.reference).properties,
      )
    case 'union': {
      const attempts = type.types.map((one) => findValueProblems(place, value, one))
      return attempts.some((problems) => problems.length === 0) ? [] : (attempts[0] ?? [])
    }
    default:
      return type satisfies never
  }
}

/** Every reference in a part of the template: to a parameter, resource, attribute or condition that is there. */
function findReferenceProblems(
  place: string,
  part: unknown,
  template: Template,
): readonly string[] {
  if (Array.isArray(part)) {
    return part.flatMap((one, index) => findReferenceProblems(`${place}[${index}]`, one, template))
  }
  if (!isObject(part)) return []
  return Object.entries(part).flatMap(([key, value]) => {
    const inner = findReferenceProblems(`${place}.${key}`, value, template)
    switch (key) {
      case 'Ref':
        return isDeclared(String(value), template)
          ? inner
          : [`${place}: Ref ${value} leads nowhere`]
      case 'Fn::GetAtt':
        return [...inner, ...findAttributeProblems(place, toList(value).map(String), template)]
      case 'Fn::Sub':
        return [...inner, ...findSubProblems(place, value, template)]
      case 'Condition':
        return typeof value === 'string' && !Object.hasOwn(template.Conditions, value)
          ? isStatement(part)
            ? inner
            : [`${place}: there is no condition ${value}`]
          : inner
      case 'Fn::If':
        return Object.hasOwn(template.Conditions, String(toList(value)[0]))
          ? inner
          : [...inner, `${place}: there is no condition ${toList(value)[0]}`]
      default:
        return inner
    }
  })
}

/** In a policy's statement `Condition` is IAM's own. */
function isStatement(part: Members): boolean {
  return Object.hasOwn(part, 'Effect')
}

function findAttributeProblems(
  place: string,
  [id = '', ...path]: readonly string[],
  { Resources }: Template,
): readonly string[] {
  const type = String(toMembers(Resources[id]).Type)
  const [known] = specification.lookup('resource', 'cloudFormationType', 'equals', type)
  const attribute = path.join('.')
  return known && Object.hasOwn(known.attributes, attribute)
    ? []
    : [`${place}: GetAtt ${id}.${attribute} leads nowhere`]
}

function findSubProblems(place: string, argument: unknown, template: Template): readonly string[] {
  const [text, variables] = Array.isArray(argument) ? argument : [argument, {}]
  return [...String(text).matchAll(/\$\{([^!}][^}]*)\}/g)].flatMap(([, name = '']) => {
    if (Object.hasOwn(toMembers(variables), name) || isDeclared(name, template)) return []
    const [id = '', ...path] = name.split('.')
    return path.length > 0
      ? findAttributeProblems(place, [id, ...path], template)
      : [`${place}: \${${name}} leads nowhere`]
  })
}

/** A parameter or condition that nothing asks for is a setting without an effect. */
function findUnused(text: string, { Parameters, Conditions }: Template): readonly string[] {
  return [...Object.keys(Parameters), ...Object.keys(Conditions)]
    .filter((name) => (text.match(new RegExp(`\\b${name}\\b`, 'g')) ?? []).length < 2)
    .map((name) => `${name} is declared and never used`)
}

function isDeclared(name: string, { Parameters, Resources }: Template): boolean {
  return (
    [Parameters, Resources].some((part) => Object.hasOwn(part, name)) ||
    pseudoParameters.includes(name)
  )
}

function isFunction(value: unknown): value is Members {
  return (
    isObject(value) &&
    Object.keys(value).length === 1 &&
    /^(Ref|Fn::\w+)$/.test(Object.keys(value)[0] ?? '')
  )
}

/** The values that a function chooses between; what others give cannot be known here. */
function findBranches(value: Members): readonly unknown[] {
  return toList(value['Fn::If']).slice(1)
}

/** CloudFormation takes a number or a truth value where a text is asked for. */
function isText(value: unknown): boolean {
  return ['string', 'number', 'boolean'].includes(typeof value) || isFunction(value)
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function toMembers(value: unknown): Members {
  return isObject(value) ? value : {}
}

function toList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
