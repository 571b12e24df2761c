/** Passwords: the policy, the SRP verifier that is stored, temporary passwords. */

import { findBrokenRules, type PasswordRule } from '../../shared/password-policy.ts'
import { CognitoError } from './cognito-error.ts'
import type { OperationContext } from './context.ts'
import type { UserPoolSettings } from './settings.ts'
import { createVerifier } from './srp/srp.ts'
import type { User } from './store/store.ts'
import { timingSafeEquals } from './timing-safe-equals.ts'

/** bytes of a new SRP salt */
const saltBytes = 16
/** bytes of a password that nobody learns */
const unknownPasswordBytes = 32

const passwordProblems = {
  length: 'Password not long enough',
  lowercase: 'Password must have lowercase characters',
  uppercase: 'Password must have uppercase characters',
  number: 'Password must have numeric characters',
  symbol: 'Password must have symbol characters',
} as const satisfies Record<PasswordRule, string>

/** How an InvalidPasswordException begins, which differs between operations. */
export const passwordPolicyMessages = {
  signUp: 'Password did not conform with policy',
  change: 'Password does not conform to policy',
  admin: 'Password did not conform with password policy',
} as const

/** @throws {CognitoError} InvalidPasswordException naming the first rule that the password breaks */
export function assertPassword(
  password: string,
  { passwordPolicy }: UserPoolSettings,
  message: (typeof passwordPolicyMessages)[keyof typeof passwordPolicyMessages],
): void {
  const [broken] = findBrokenRules(password, passwordPolicy)
  if (broken) {
    throw new CognitoError('InvalidPasswordException', `${message}: ${passwordProblems[broken]}`)
  }
  if (/^\s|\s$/.test(password)) {
    throw new CognitoError(
      'InvalidPasswordException',
      `${message}: Password must satisfy regular expression pattern: ^\\S.*\\S$`,
    )
  }
}

/** @returns the part of the user pool id that SRP hashes with the password */
export function toSrpNamespace({ userPoolId }: UserPoolSettings): string {
  return userPoolId.slice(userPoolId.indexOf('_') + 1)
}

type Credentials = Pick<User, 'saltHex' | 'verifierHex' | 'hasPassword' | 'temporaryUntilMs'>

/** A new salt, and the verifier of a password that its user chose. The password itself is not stored. */
export function createCredentials(
  { username, password }: { username: string; password: string },
  { settings, random }: OperationContext,
): Credentials {
  // Without leading zeros: SALT is an integer on the wire.
  const saltHex = BigInt(`0x${random.bytes(saltBytes).toString('hex')}`).toString(16)
  const identity = { namespace: toSrpNamespace(settings), userId: username }
  const verifierHex = createVerifier(identity, { password, saltHex }).toString(16)
  return { saltHex, verifierHex, hasPassword: true, temporaryUntilMs: undefined }
}

/**
 * Whether this user can do without a password: a code by email or SMS signs them in.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SignUp.html
 */
export function allowsNoPassword(
  { attributes }: Pick<User, 'attributes'>,
  { firstAuthFactors }: UserPoolSettings,
): boolean {
  return (
    (firstAuthFactors.has('EMAIL_OTP') && attributes.has('email')) ||
    (firstAuthFactors.has('SMS_OTP') && attributes.has('phone_number'))
  )
}

/** The same for a temporary password, set by an administrator until the user chooses one. */
export function createTemporaryCredentials(
  identity: { username: string; password: string },
  context: OperationContext,
): Credentials {
  const { settings, clock } = context
  return {
    ...createCredentials(identity, context),
    temporaryUntilMs: clock.nowMs() + settings.temporaryPasswordDays * 86_400_000,
  }
}

/** For a user without a password: salt and verifier of a random one, which nobody learns. */
export function createPasswordlessCredentials(
  { username }: { username: string },
  context: OperationContext,
): Credentials {
  const password = context.random.bytes(unknownPasswordBytes).toString('hex')
  return { ...createCredentials({ username, password }, context), hasPassword: false }
}

/** Whether the verifier was created from `password`. */
export function isCorrectPassword(
  password: string,
  { userId, saltHex, verifierHex }: { userId: string; saltHex: string; verifierHex: string },
  { settings }: OperationContext,
): boolean {
  const identity = { namespace: toSrpNamespace(settings), userId }
  const computed = createVerifier(identity, { password, saltHex }).toString(16)
  return timingSafeEquals(Buffer.from(computed), Buffer.from(verifierHex))
}

/** @returns a random password that meets any policy, for an administrator who gave none */
export function createTemporaryPassword({ settings, random }: OperationContext): string {
  const alphabets = ['abcdefghijkmnpqrstuvwxyz', 'ABCDEFGHJKLMNPQRSTUVWXYZ', '23456789', '!#%+=?@']
  const length = Math.max(settings.passwordPolicy.MinimumLength, 12)
  return [...random.bytes(length)]
    .map((byte, index) => {
      const alphabet = alphabets[index % alphabets.length] ?? ''
      return alphabet.charAt(byte % alphabet.length)
    })
    .join('')
}
