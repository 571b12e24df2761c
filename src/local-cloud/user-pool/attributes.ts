/** User attributes: who may write and read them, and which values are valid. */

import { type AttributeRule, verificationFlags } from './attribute-schema.ts'
import { CognitoError } from './cognito-error.ts'
import { isEmail, isPhoneNumber, verificationFlagOf } from './contacts.ts'
import {
  type ContactAttribute,
  contactAttributes,
  type UserPoolSettings,
  usernameModels,
} from './settings.ts'
import type { User } from './store/store.ts'

export interface AttributeMember {
  readonly Name: string
  readonly Value: string
}

/** An attribute as a request gives it: `Value` may be missing, which is an error. */
export interface RequestedAttribute {
  readonly Name: string
  readonly Value?: string | undefined
}

export type Attributes = ReadonlyMap<string, string>

/** Clients are limited to their write permissions, IAM callers are not. */
export type Writer = 'client' | 'iam'

/**
 * @returns the same attributes; those of type Boolean, which a request may write in any case, in lower case
 * @throws {CognitoError} InvalidParameterException for an attribute without a value
 */
export function toAttributeMembers(
  requested: readonly RequestedAttribute[],
  { attributeSchema }: UserPoolSettings,
): readonly AttributeMember[] {
  return requested.map(({ Name, Value }) => {
    if (Value === undefined) {
      throw new CognitoError(
        'InvalidParameterException',
        `Attribute value for ${Name} must not be null`,
      )
    }
    const isBoolean = attributeSchema.get(Name)?.type === 'Boolean'
    return { Name, Value: isBoolean ? Value.toLowerCase() : Value }
  })
}

/**
 * @returns the attributes of a new user
 * @throws {CognitoError} for an attribute that is unknown, not writable or has an invalid value
 */
export function toNewAttributes(
  requested: readonly RequestedAttribute[],
  writer: Writer,
  settings: UserPoolSettings,
): Attributes {
  const members = toAttributeMembers(requested, settings)
  for (const member of members) {
    assertInSchema(member.Name, settings)
    if (member.Name === 'sub' && writer === 'iam') throw notMutableError('sub')
    assertWritable(member.Name, writer, settings)
    // Users that an administrator creates need no confirmation.
    if (writer === 'client') assertConfirmedAlias(member.Name, settings)
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
    assertInSchema(Name, settings)
    assertMutable(Name, writer, user, settings)
    assertWritable(Name, writer, settings)
    if (user.status === 'UNCONFIRMED') assertConfirmedAlias(Name, settings)
    if (Value === '') {
      changed.delete(Name)
      assertRemovable(Name, changed, settings)
      if (isContactAttribute(Name)) changed.delete(verificationFlagOf[Name])
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

function assertInSchema(name: string, { attributeSchema }: UserPoolSettings): void {
  if (attributeSchema.has(name)) return
  throw schemaViolationError(`${name}: Attribute does not exist in the schema.\n`)
}

function assertWritable(name: string, writer: Writer, { writeAttributes }: UserPoolSettings): void {
  if (writer === 'iam') return
  if (isKeptByPool(name) || writeAttributes?.has(name) === false) throw notWritableError()
}

/** Whether the pool itself writes the attribute, and no client may. */
function isKeptByPool(name: string): boolean {
  return name === 'sub' || verificationFlags.has(name)
}

/** @throws {CognitoError} InvalidParameterException for an alias that only a confirmed user may have */
function assertConfirmedAlias(name: string, settings: UserPoolSettings): void {
  if (name !== 'preferred_username' || !settings.hasPreferredUsernameAlias) return
  throw new CognitoError(
    'InvalidParameterException',
    'Preferred username cannot be provided for unconfirmed account, since user pool is configured for preferred username alias.',
  )
}

function assertMutable(
  name: string,
  writer: Writer,
  { attributes }: User,
  { attributeSchema }: UserPoolSettings,
): void {
  if (name === 'sub' || (writer === 'client' && isKeptByPool(name))) throw notMutableError(name)
  if (attributes.has(name) && attributeSchema.get(name)?.mutable === false) {
    throw new CognitoError(
      'InvalidParameterException',
      `user.${name}: Attribute cannot be updated.\n`,
    )
  }
}

/**
 * @param remaining the attributes without it
 * @throws {CognitoError} InvalidParameterException for a required attribute
 */
function assertRemovable(
  name: string,
  remaining: Attributes,
  { attributeSchema, usernameModel }: UserPoolSettings,
): void {
  const { contacts, areUsernames } = usernameModels[usernameModel]
  // Users of such a pool have no other name to sign in with.
  const isOnlyName =
    areUsernames &&
    contacts.some((contact) => contact === name) &&
    !contacts.some((contact) => remaining.has(contact))
  if (isOnlyName || attributeSchema.get(name)?.required) {
    throw new CognitoError(
      'InvalidParameterException',
      `Invalid user attributes: ${name}: Required attribute cannot be deleted.`,
    )
  }
}

function assertValue({ Name, Value }: AttributeMember, settings: UserPoolSettings): void {
  if (Name === 'email' && !isEmail(Value)) {
    throw new CognitoError('InvalidParameterException', 'Invalid email address format.')
  }
  if (Name === 'phone_number' && !isPhoneNumber(Value)) {
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

/**
 * @returns the attribute
 * @throws {CognitoError} InvalidParameterException for an attribute that no code verifies
 */
export function requireContactAttribute(name: string): ContactAttribute {
  if (isContactAttribute(name)) return name
  throw new CognitoError(
    'InvalidParameterException',
    'Invalid attribute name. Only phone_number and email can be verified.',
  )
}

function isContactAttribute(name: string): name is ContactAttribute {
  return contactAttributes.some((attribute) => attribute === name)
}

function schemaViolationError(problems: string): CognitoError {
  return new CognitoError(
    'InvalidParameterException',
    `Attributes did not conform to the schema: ${problems}`,
  )
}

function notMutableError(name: string): CognitoError {
  return new CognitoError(
    'InvalidParameterException',
    `Cannot modify the non-mutable attribute ${name}`,
  )
}

function notWritableError(): CognitoError {
  return new CognitoError(
    'NotAuthorizedException',
    'A client attempted to write unauthorized attribute',
  )
}
