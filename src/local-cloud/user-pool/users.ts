/** Users: finds, inserts and updates them by the pool's username model. */

import { type Attributes, toAttributeList } from './attributes.ts'
import { CognitoError } from './cognito-error.ts'
import { userNotFoundError } from './common-errors.ts'
import { findContactAttribute, findVerifiedContact, verificationFlagOf } from './contacts.ts'
import type { OperationContext } from './context.ts'
import { type ContactAttribute, contactAttributes, usernameModels } from './settings.ts'
import { AliasTakenError, type User, UsernameTakenError } from './store/store.ts'

/**
 * For IAM callers, who may know which users exist.
 *
 * @param username user name, alias or `sub`. A sign-in takes no `sub`
 * @throws {CognitoError} UserNotFoundException
 */
export function requireUser(username: string, { store }: OperationContext): User {
  const user = store.findUser(username) ?? store.findUserBySub(username)
  if (!user) throw userNotFoundError()
  return user
}

/** @returns what a user signs in with: where that is an email address or a phone number, the user name is the `sub` */
export function signInName({ username, sub, attributes }: User): string {
  if (username !== sub) return username
  const contact = contactAttributes.find((attribute) => attributes.has(attribute))
  return (contact && attributes.get(contact)) ?? username
}

/**
 * The user name and attributes of a new user by the pool's username model: where people sign in by email
 * or phone number, the user name they give is the attribute, and `sub` the user name.
 *
 * @throws {CognitoError} InvalidParameterException for a user name that the model does not allow
 */
export function resolveUsername(
  { username, sub }: { username: string; sub: string },
  attributes: Attributes,
  { settings }: OperationContext,
): Pick<User, 'username' | 'attributes'> {
  const { contacts, areUsernames } = usernameModels[settings.usernameModel]
  const typed = contacts.find((attribute) => attribute === findContactAttribute(username))
  if (areUsernames) {
    if (typed === undefined) throw notAContactError(contacts)
    const named = new Map([...attributes, [typed, username]])
    return { username: sub, attributes: withVerificationFlags(named) }
  }
  if (typed !== undefined) throw aliasFormatError(typed)
  return { username, attributes: withVerificationFlags(attributes) }
}

function notAContactError(contacts: readonly ContactAttribute[]): CognitoError {
  const [contact, other] = contacts
  const expected =
    other !== undefined
      ? 'either an email or a phone number'
      : contact === 'email'
        ? 'an email'
        : 'a phone number'
  return new CognitoError('InvalidParameterException', `Username should be ${expected}.`)
}

function aliasFormatError(attribute: ContactAttribute): CognitoError {
  const name = attribute === 'email' ? 'email' : 'phone number'
  return new CognitoError(
    'InvalidParameterException',
    `Username cannot be of ${name} format, since user pool is configured for ${name} alias.`,
  )
}

/** Sets `email_verified` and `phone_number_verified` to "false" where an address comes without it. */
export function withVerificationFlags(attributes: Attributes): Attributes {
  const missing = contactAttributes
    .filter((attribute) => attributes.has(attribute))
    .map((attribute) => verificationFlagOf[attribute])
    .filter((flag) => !attributes.has(flag))
  if (missing.length === 0) return attributes
  return new Map([...attributes, ...missing.map((flag) => [flag, 'false'] as const)])
}

/**
 * @param takenMessage of the error for a user name that is taken
 * @throws {CognitoError} UsernameExistsException
 */
export function insertUser(user: User, takenMessage: string, { store }: OperationContext): void {
  try {
    store.insertUser(user)
  } catch (error) {
    if (error instanceof UsernameTakenError) {
      throw new CognitoError('UsernameExistsException', takenMessage, { cause: error })
    }
    if (error instanceof AliasTakenError) {
      throw new CognitoError('UsernameExistsException', toAliasTakenMessage(error), {
        cause: error,
      })
    }
    throw error
  }
}

function toAliasTakenMessage({ attribute }: AliasTakenError): string {
  return `An account with the given ${attribute} already exists.`
}

/**
 * @param toTakenMessage of the error for a name that is taken
 * @throws {CognitoError} AliasExistsException when an address, phone number or preferred_username is another user's alias
 */
export function updateUser(
  user: User,
  { store }: OperationContext,
  toTakenMessage: (error: AliasTakenError) => string = toAliasTakenMessage,
): void {
  try {
    store.updateUser(user)
  } catch (error) {
    if (!(error instanceof AliasTakenError)) throw error
    throw new CognitoError('AliasExistsException', toTakenMessage(error), { cause: error })
  }
}

/**
 * Moves aliases: when a verified address of `user` is another user's alias, it stops being that user's, for whom it
 * becomes unverified. ForceAliasCreation asks for it, AdminUpdateUserAttributes does it always.
 */
export function releaseAliases(user: User, { store, settings, clock }: OperationContext): void {
  const { contacts, areUsernames } = usernameModels[settings.usernameModel]
  if (areUsernames) return
  for (const attribute of contacts) {
    const contact = findVerifiedContact(user, attribute)
    const other = contact && store.findUserByAlias(contact.address)
    if (!other || other.sub === user.sub) continue
    store.updateUser({
      ...other,
      attributes: new Map([...other.attributes, [verificationFlagOf[attribute], 'false']]),
      modifiedAtMs: clock.nowMs(),
    })
  }
}

/**
 * @throws {CognitoError} NotAuthorizedException. Like Cognito's, it reveals that the user exists, also under
 *   PreventUserExistenceErrors
 */
export function assertUnconfirmed(user: User): void {
  if (user.status !== 'UNCONFIRMED') {
    throw new CognitoError(
      'NotAuthorizedException',
      `User cannot be confirmed. Current status is ${user.status}`,
    )
  }
}

/** The members about a user that AdminGetUser and ListUsers share; dates are epoch seconds. */
export function toUserState(user: User) {
  return {
    Username: user.username,
    UserCreateDate: user.createdAtMs / 1000,
    UserLastModifiedDate: user.modifiedAtMs / 1000,
    Enabled: user.enabled,
    UserStatus: user.status,
  }
}

/** @returns the API's UserType, whose attributes are in `Attributes`, not in `UserAttributes` */
export function toUserType(user: User) {
  return { ...toUserState(user), Attributes: toAttributeList(user) }
}
