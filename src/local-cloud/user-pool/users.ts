/** Rules about users that several operations share. */

import { findBrokenRules, type PasswordRule } from '../../shared/password-policy.ts'
import { CognitoError } from './cognito-error.ts'
import { maskEmail } from './disguise.ts'
import type { OperationContext } from './operations/operation.ts'
import type { UserPoolSettings } from './settings.ts'
import { createVerifier } from './srp/srp.ts'
import type { User } from './store/store.ts'

/** bytes of a new SRP salt */
const saltBytes = 16

/** @throws {CognitoError} ResourceNotFoundException for a client this pool does not have */
export function assertClient(clientId: string, settings: UserPoolSettings): void {
  if (clientId !== settings.userPoolClientId) {
    throw new CognitoError(
      'ResourceNotFoundException',
      `User pool client ${clientId} does not exist.`,
    )
  }
}

/** @throws {CognitoError} UserNotFoundException; for operations that hide nothing from their caller */
export function requireUser(username: string, { store }: OperationContext): User {
  const user = store.findUser(username)
  if (!user) throw new CognitoError('UserNotFoundException', 'User does not exist.')
  return user
}

/** The part of a user pool id that SRP mixes into the password's key. */
export function toSrpNamespace({ userPoolId }: UserPoolSettings): string {
  return userPoolId.slice(userPoolId.indexOf('_') + 1)
}

/** A fresh salt and the verifier for a new password, which is forgotten here. */
export function createCredentials(
  { username, password }: { username: string; password: string },
  { settings, random }: OperationContext,
): Pick<User, 'saltHex' | 'verifierHex'> {
  // Without its leading zeros, as it travels: SALT is an integer on the wire.
  const saltHex = BigInt(`0x${random.bytes(saltBytes).toString('hex')}`).toString(16)
  const identity = { namespace: toSrpNamespace(settings), userId: username }
  return { saltHex, verifierHex: createVerifier(identity, { password, saltHex }).toString(16) }
}

const passwordProblems = {
  length: 'Password not long enough',
  lowercase: 'Password must have lowercase characters',
  uppercase: 'Password must have uppercase characters',
  number: 'Password must have numeric characters',
  symbol: 'Password must have symbol characters',
} as const satisfies Record<PasswordRule, string>

/** The same policy is refused in other words by each family of operations. */
export const passwordRefusals = {
  signUp: 'Password did not conform with policy',
  reset: 'Password does not conform to policy',
} as const

/** @throws {CognitoError} InvalidPasswordException naming the first rule broken */
export function assertPassword(
  password: string,
  { passwordPolicy }: UserPoolSettings,
  refusal: (typeof passwordRefusals)[keyof typeof passwordRefusals],
): void {
  const [broken] = findBrokenRules(password, passwordPolicy)
  if (broken) {
    throw new CognitoError('InvalidPasswordException', `${refusal}: ${passwordProblems[broken]}`)
  }
  if (/^\s|\s$/.test(password)) {
    throw new CognitoError(
      'InvalidPasswordException',
      `${refusal}: Password must satisfy regular expression pattern: ^\\S.*\\S$`,
    )
  }
}

export interface CodeDeliveryDetails {
  readonly Destination: string
  readonly DeliveryMedium: 'EMAIL'
  readonly AttributeName: 'email'
}

export function toDeliveryDetails(email: string): CodeDeliveryDetails {
  return { Destination: maskEmail(email), DeliveryMedium: 'EMAIL', AttributeName: 'email' }
}

/** What a stranger is told about a letter that nobody sent. */
export function toSimulatedDelivery(
  username: string,
  { disguise }: OperationContext,
): CodeDeliveryDetails {
  if (username.includes('@')) return toDeliveryDetails(username)
  const letters = disguise(username).saltHex.replace(/[0-9]/g, '')
  return toDeliveryDetails(`${letters.charAt(0)}@${letters.charAt(1)}`)
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

/** Attributes as the API lists them, `sub` first. */
export function toAttributeList(user: User): readonly { Name: string; Value: string }[] {
  return [
    { Name: 'sub', Value: user.sub },
    ...[...user.attributes].map(([Name, Value]) => ({ Name, Value })),
  ]
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
