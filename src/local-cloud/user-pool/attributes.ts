/** User attributes as clients and the pool's owner may set them, and as each may see them. */

import { type AttributeRule, ownedAttributes } from './attribute-schema.ts'
import { CognitoError } from './cognito-error.ts'
import type { UserPoolSettings } from './settings.ts'
import type { User } from './store/store.ts'

export interface AttributeMember {
  readonly Name: string
  readonly Value: string
}

export type Attributes = ReadonlyMap<string, string>

/** Who writes: a client is held to its write permissions, the pool's owner is not. */
export type Writer = 'client' | 'owner'

/**
 * Attributes as a request lists them, for a user who is being made.
 *
 * @throws {CognitoError} in the words Cognito has for each kind of unacceptable attribute
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
 * Attributes after a request has changed some of them; a blank value takes one away.
 *
 * @throws {CognitoError} as for a new user, and for what cannot be changed or must stay
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
      assertMayGo(Name, settings)
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
  throw nonconforming(problems.join(''))
}

/** Names of the required attributes that are not there; `sub` always is. */
export function toMissingAttributes(
  attributes: Attributes,
  attributeSchema: ReadonlyMap<string, AttributeRule>,
): readonly string[] {
  return [...attributeSchema]
    .filter(([name, { required }]) => required && name !== 'sub' && !attributes.get(name))
    .map(([name]) => name)
}

/** Attributes as the API lists them, `sub` first. */
export function toAttributeList(user: User): readonly AttributeMember[] {
  return [
    { Name: 'sub', Value: user.sub },
    ...[...user.attributes].map(([Name, Value]) => ({ Name, Value })),
  ]
}

/** The attributes that the client may read. */
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
    throw nonconforming(`${name}: Attribute does not exist in the schema.\n`)
  }
  if (name === 'sub') throw notWritable()
  if (writer === 'owner') return
  if (ownedAttributes.has(name) || writeAttributes?.has(name) === false) throw notWritable()
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

/** @throws {CognitoError} InvalidParameterException for a required attribute, which nobody may take away */
function assertMayGo(name: string, { attributeSchema, usernameModel }: UserPoolSettings): void {
  // Without it nobody could sign in to an e-mail pool again.
  const isOnlyName = name === 'email' && usernameModel === 'email'
  if (isOnlyName || attributeSchema.get(name)?.required) {
    throw nonconforming(`${name}: The attribute is required\n`)
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
  if (problem) throw nonconforming(`${Name}: ${problem}\n`)
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

function nonconforming(problems: string): CognitoError {
  return new CognitoError(
    'InvalidParameterException',
    `Attributes did not conform to the schema: ${problems}`,
  )
}

function notWritable(): CognitoError {
  return new CognitoError(
    'NotAuthorizedException',
    'A client attempted to write unauthorized attribute',
  )
}
