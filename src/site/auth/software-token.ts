/** What the service answers about software tokens, which riders know as authenticator apps. */

import type { Answer } from './api-client.ts'
import { AuthError } from './auth-error.ts'

/** @throws {AuthError} `service-unavailable` for an answer without a key */
export function parseSecretCode({ SecretCode }: Answer): string {
  if (typeof SecretCode === 'string' && SecretCode !== '') return SecretCode
  throw new AuthError('service-unavailable', 'expected SecretCode, got an answer without it')
}

/** VerifySoftwareToken may answer that a code was wrong without an error. @throws {AuthError} `code-mismatch` */
export function assertVerified({ Status }: Answer): void {
  if (Status !== 'SUCCESS') throw new AuthError('code-mismatch', 'expected the status SUCCESS')
}
