/** Passwords: held against the policy, turned into what is kept of them, checked. */

import { findBrokenRules, type PasswordRule } from '../../shared/password-policy.ts'
import { CognitoError } from './cognito-error.ts'
import type { OperationContext } from './operations/operation.ts'
import type { UserPoolSettings } from './settings.ts'
import { createVerifier, isSameSignature } from './srp/srp.ts'
import type { User } from './store/store.ts'

/** bytes of a new SRP salt */
const saltBytes = 16

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
  change: 'Password does not conform to policy',
  admin: 'Password did not conform with password policy',
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

/** The part of a user pool id that SRP mixes into the password's key. */
export function toSrpNamespace({ userPoolId }: UserPoolSettings): string {
  return userPoolId.slice(userPoolId.indexOf('_') + 1)
}

type Credentials = Pick<User, 'saltHex' | 'verifierHex' | 'temporaryUntilMs'>

/** A fresh salt and the verifier for a password its user chose, which is forgotten here. */
export function createCredentials(
  { username, password }: { username: string; password: string },
  { settings, random }: OperationContext,
): Credentials {
  // Without its leading zeros, as it travels: SALT is an integer on the wire.
  const saltHex = BigInt(`0x${random.bytes(saltBytes).toString('hex')}`).toString(16)
  const identity = { namespace: toSrpNamespace(settings), userId: username }
  const verifierHex = createVerifier(identity, { password, saltHex }).toString(16)
  return { saltHex, verifierHex, temporaryUntilMs: undefined }
}

/** The same for a password that an administrator sets until the user chooses one. */
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

/** Whether `password` is the one the verifier was made of. */
export function isPassword(
  password: string,
  { userId, saltHex, verifierHex }: { userId: string; saltHex: string; verifierHex: string },
  { settings }: OperationContext,
): boolean {
  const identity = { namespace: toSrpNamespace(settings), userId }
  const made = createVerifier(identity, { password, saltHex }).toString(16)
  return isSameSignature(Buffer.from(made), Buffer.from(verifierHex))
}

/** A password that meets any policy, for an administrator who gave none. */
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
