/** Users: finds, inserts and updates them by the pool's username model. */

import { type Attributes, isEmail, toAttributeList } from './attributes.ts'
import { CognitoError } from './cognito-error.ts'
import { userNotFoundError } from './common-errors.ts'
import type { OperationContext } from './context.ts'
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

/** @returns what a user signs in with: where that is the email address, the user name is the `sub` */
export function signInName({ username, sub, attributes }: User): string {
  return username === sub ? (attributes.get('email') ?? username) : username
}

/**
 * The user name and attributes of a new user by the pool's username model: where people sign in by email, the
 * user name they give is the attribute `email`, and `sub` the user name.
 *
 * @throws {CognitoError} InvalidParameterException for a user name that the model does not allow
 */
export function resolveUsername(
  { username, sub }: { username: string; sub: string },
  attributes: Attributes,
  { settings }: OperationContext,
): Pick<User, 'username' | 'attributes'> {
  switch (settings.usernameModel) {
    case 'username':
      return { username, attributes: withEmailVerifiedAttribute(attributes) }
    case 'email-alias':
      if (isEmail(username)) {
        throw new CognitoError(
          'InvalidParameterException',
          'Username cannot be of email format, since user pool is configured for email alias.',
        )
      }
      return { username, attributes: withEmailVerifiedAttribute(attributes) }
    case 'email':
      if (!isEmail(username)) {
        throw new CognitoError('InvalidParameterException', 'Username should be an email.')
      }
      return {
        username: sub,
        attributes: withEmailVerifiedAttribute(new Map([...attributes, ['email', username]])),
      }
    default:
      return settings.usernameModel satisfies never
  }
}

/** Sets `email_verified` to "false" where an email address comes without it. */
export function withEmailVerifiedAttribute(attributes: Attributes): Attributes {
  if (!attributes.has('email') || attributes.has('email_verified')) return attributes
  return new Map([...attributes, ['email_verified', 'false']])
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
 * @param emailTakenMessage of the error for an email address that is taken
 * @throws {CognitoError} AliasExistsException when the email address or preferred_username is another user's alias
 */
export function updateUser(
  user: User,
  { store }: OperationContext,
  emailTakenMessage?: string,
): void {
  try {
    store.updateUser(user)
  } catch (error) {
    if (!(error instanceof AliasTakenError)) throw error
    const isForEmail = error.attribute === 'email'
    const message = (isForEmail ? emailTakenMessage : undefined) ?? toAliasTakenMessage(error)
    throw new CognitoError('AliasExistsException', message, { cause: error })
  }
}

/**
 * Moves an alias: when the email address of `user` is verified and another user's alias, it stops being that user's,
 * whose `email_verified` becomes "false". ForceAliasCreation asks for it, AdminUpdateUserAttributes does it always.
 */
export function releaseAlias(
  { sub, attributes }: User,
  { store, settings, clock }: OperationContext,
): void {
  const email = attributes.get('email')
  if (settings.usernameModel !== 'email-alias' || email === undefined) return
  if (attributes.get('email_verified') !== 'true') return
  const other = store.findUserByAlias(email)
  if (!other || other.sub === sub) return
  store.updateUser({
    ...other,
    attributes: new Map([...other.attributes, ['email_verified', 'false']]),
    modifiedAtMs: clock.nowMs(),
  })
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
