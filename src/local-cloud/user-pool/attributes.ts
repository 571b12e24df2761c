/** User attributes: who may write and read them, and which values are valid. */

import { type AttributeRule, verificationFlags } from './attribute-schema.ts'
import { CognitoError } from './cognito-error.ts'
import type { UserPoolSettings } from './settings.ts'
import type { User } from './store/store.ts'

export interface AttributeMember {
  readonly Name: string
  readonly Value: string
}

export type Attributes = ReadonlyMap<string, string>

/** Clients are limited to their write permissions, IAM callers are not. */
export type Writer = 'client' | 'iam'

/**
 * @returns the attributes of a new user
 * @throws {CognitoError} for an attribute that is unknown, not writable or has an invalid value
 */
export function toNewAttributes(
  members: readonly AttributeMember[],
  writer: Writer,
  settings: UserPoolSettings,
): Attributes {
  for (const member of members) {
    assertWritable(member.Name, writer, settings)
    assertValue(member, settings)
  }
  return new Map(members.map(({ Name, Value }) => [Name, Value]))
}

/**
 * @param members changes; an empty value deletes the attribute
 * @returns all attributes after the change
 * @throws {CognitoError} as for a new user, and for an attribute that is immutable or required
 */
export function toChangedAttributes(
  user: User,
  members: readonly AttributeMember[],
  writer: Writer,
  settings: UserPoolSettings,
): Attributes {
  const changed = new Map(user.attributes)
  for (const { Name, Value } of members) {
    assertWritable(Name, writer, settings)
    assertMutable(Name, user, settings)
    if (Value === '') {
      assertRemovable(Name, settings)
      changed.delete(Name)
      if (Name === 'email') changed.delete('email_verified')
    } else {
      assertValue({ Name, Value }, settings)
      changed.set(Name, Value)
    }
  }
  return changed
}

/** @throws {CognitoError} InvalidParameterException naming every required attribute that is missing */
export function assertRequiredAttributes(
  attributes: Attributes,
  { attributeSchema }: UserPoolSettings,
): void {
  const missing = toMissingAttributes(attributes, attributeSchema)
  if (missing.length === 0) return
  const problems = missing.map((name) =>
    name === 'name'
      ? 'name.formatted: The attribute name.formatted is required\n'
      : `${name}: The attribute is required\n`,
  )
  throw schemaViolationError(problems.join(''))
}

/** @returns names of required attributes without a value, other than `sub` */
export function toMissingAttributes(
  attributes: Attributes,
  attributeSchema: ReadonlyMap<string, AttributeRule>,
): readonly string[] {
  return [...attributeSchema]
    .filter(([name, { required }]) => required && name !== 'sub' && !attributes.get(name))
    .map(([name]) => name)
}

/** @returns the API's AttributeListType, `sub` first */
export function toAttributeList(user: User): readonly AttributeMember[] {
  return [
    { Name: 'sub', Value: user.sub },
    ...[...user.attributes].map(([Name, Value]) => ({ Name, Value })),
  ]
}

/** @returns the attributes that the client may read */
export function toReadableAttributes(
  { attributes }: User,
  { readAttributes }: UserPoolSettings,
): Attributes {
  if (!readAttributes) return attributes
  return new Map([...attributes].filter(([name]) => readAttributes.has(name)))
}

function assertWritable(name: string, writer: Writer, settings: UserPoolSettings): void {
  const { attributeSchema, writeAttributes } = settings
  if (!attributeSchema.has(name)) {
    throw schemaViolationError(`${name}: Attribute does not exist in the schema.\n`)
  }
  if (name === 'sub') throw notWritableError()
  if (writer === 'iam') return
  if (verificationFlags.has(name) || writeAttributes?.has(name) === false) throw notWritableError()
}

function assertMutable(
  name: string,
  { attributes }: User,
  { attributeSchema }: UserPoolSettings,
): void {
  if (attributes.has(name) && attributeSchema.get(name)?.mutable === false) {
    throw new CognitoError(
      'InvalidParameterException',
      `user.${name}: Attribute cannot be updated.\n`,
    )
  }
}

/** @throws {CognitoError} InvalidParameterException for a required attribute */
function assertRemovable(name: string, { attributeSchema, usernameModel }: UserPoolSettings): void {
  // Users of such a pool have no other name to sign in with.
  const isSignInName = name === 'email' && usernameModel === 'email'
  if (isSignInName || attributeSchema.get(name)?.required) {
    throw schemaViolationError(`${name}: The attribute is required\n`)
  }
}

function assertValue({ Name, Value }: AttributeMember, settings: UserPoolSettings): void {
  if (Name === 'email' && !isEmail(Value)) {
    throw new CognitoError('InvalidParameterException', 'Invalid email address format.')
  }
  if (Name === 'phone_number' && !/^\+[0-9]{1,15}$/.test(Value)) {
    throw new CognitoError('InvalidParameterException', 'Invalid phone number format.')
  }
  const rule = settings.attributeSchema.get(Name)
  if (!rule) return
  const problem = findProblem(Value, rule)
  if (problem) throw schemaViolationError(`${Name}: ${problem}\n`)
}

function findProblem(value: string, { type, min, max }: AttributeRule): string | undefined {
  switch (type) {
    case 'String': {
      const length = [...value].length
      if (min !== undefined && length < min) return `String must be longer than ${min} characters`
      if (max !== undefined && length > max) return `String must be shorter than ${max} characters`
      return undefined
    }
    case 'Number': {
      if (!/^-?[0-9]+(\.[0-9]+)?$/.test(value)) return 'Attribute value is not a number'
      const number = Number(value)
      if (min !== undefined && number < min) return `Number must be greater than ${min}`
      if (max !== undefined && number > max) return `Number must be less than ${max}`
      return undefined
    }
    case 'Boolean':
      return ['true', 'false'].includes(value) ? undefined : 'Attribute value is not a boolean'
    case 'DateTime':
      return Number.isNaN(Date.parse(value)) ? 'Attribute value is not a date' : undefined
    default:
      return type satisfies never
  }
}

export function isEmail(text: string): boolean {
  return /^[^\s@]+@[^\s@]+$/.test(text)
}

function schemaViolationError(problems: string): CognitoError {
  return new CognitoError(
    'InvalidParameterException',
    `Attributes did not conform to the schema: ${problems}`,
  )
}

function notWritableError(): CognitoError {
  return new CognitoError(
    'NotAuthorizedException',
    'A client attempted to write unauthorized attribute',
  )
}
