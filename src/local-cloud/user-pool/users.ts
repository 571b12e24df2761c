/** Rules about users that several operations share. */

import { type Attributes, isEmail, toAttributeList } from './attributes.ts'
import { CognitoError } from './cognito-error.ts'
import { unknownUser } from './common-errors.ts'
import type { OperationContext } from './operations/operation.ts'
import { AliasTakenError, type User, UsernameTakenError } from './store/store.ts'

/** @throws {CognitoError} UserNotFoundException; for operations that hide nothing from their caller */
export function requireUser(username: string, { store }: OperationContext): User {
  const user = store.findUser(username)
  if (!user) throw unknownUser()
  return user
}

/**
 * The user name and attributes of a user who is being made, as the pool's username model wants them.
 *
 * @throws {CognitoError} InvalidParameterException for a name of the wrong kind
 */
export function toNames(
  { username, sub }: { username: string; sub: string },
  attributes: Attributes,
  { settings }: OperationContext,
): Pick<User, 'username' | 'attributes'> {
  switch (settings.usernameModel) {
    case 'username':
      return { username, attributes: withVerifiedFlag(attributes) }
    case 'email-alias':
      if (isEmail(username)) {
        throw new CognitoError(
          'InvalidParameterException',
          'Username cannot be of email format, since user pool is configured for email alias.',
        )
      }
      return { username, attributes: withVerifiedFlag(attributes) }
    case 'email':
      if (!isEmail(username)) {
        throw new CognitoError('InvalidParameterException', 'Username should be an email.')
      }
      return {
        username: sub,
        attributes: withVerifiedFlag(new Map([...attributes, ['email', username]])),
      }
    default:
      return settings.usernameModel satisfies never
  }
}

/** An address that nobody vouched for says so. */
export function withVerifiedFlag(attributes: Attributes): Attributes {
  if (!attributes.has('email') || attributes.has('email_verified')) return attributes
  return new Map([...attributes, ['email_verified', 'false']])
}

/**
 * @param taken what the operation says of a user name that is taken
 * @throws {CognitoError} UsernameExistsException
 */
export function insertUser(user: User, taken: string, { store }: OperationContext): void {
  try {
    store.insertUser(user)
  } catch (error) {
    if (error instanceof UsernameTakenError) {
      throw new CognitoError('UsernameExistsException', taken)
    }
    if (error instanceof AliasTakenError) {
      throw new CognitoError(
        'UsernameExistsException',
        'An account with the given email already exists.',
      )
    }
    throw error
  }
}

/** @throws {CognitoError} AliasExistsException when somebody else has the address as an alias */
export function updateUser(
  user: User,
  { store }: OperationContext,
  taken = 'An account with the given email already exists.',
): void {
  try {
    store.updateUser(user)
  } catch (error) {
    if (!(error instanceof AliasTakenError)) throw error
    throw new CognitoError('AliasExistsException', taken)
  }
}

/**
 * Takes the alias away from whoever else has it: to them the address is no longer verified. An address
 * that `user` has not verified either is no alias of theirs, and stays where it is.
 */
export function releaseAlias(
  { sub, attributes }: User,
  { store, settings, clock }: OperationContext,
): void {
  const email = attributes.get('email')
  if (settings.usernameModel !== 'email-alias' || email === undefined) return
  if (attributes.get('email_verified') !== 'true') return
  const owner = store.findUserByAlias(email)
  if (!owner || owner.sub === sub) return
  store.updateUser({
    ...owner,
    attributes: new Map([...owner.attributes, ['email_verified', 'false']]),
    modifiedAtMs: clock.nowMs(),
  })
}

/** @throws {CognitoError} NotAuthorizedException, which tells even a stranger that the user is confirmed */
export function assertUnconfirmed(user: User): void {
  if (user.status !== 'UNCONFIRMED') {
    throw new CognitoError(
      'NotAuthorizedException',
      `User cannot be confirmed. Current status is ${user.status}`,
    )
  }
}

/** The members that admin operations tell about every user; dates are epoch seconds. */
export function toUserState(user: User) {
  return {
    Username: user.username,
    UserCreateDate: user.createdAtMs / 1000,
    UserLastModifiedDate: user.modifiedAtMs / 1000,
    Enabled: user.enabled,
    UserStatus: user.status,
  }
}

/** A user as lists of users have it: `Attributes` here, where GetUser says `UserAttributes`. */
export function toUserType(user: User) {
  return { ...toUserState(user), Attributes: toAttributeList(user) }
}
