/** Responses about software tokens (TOTP), which riders know as authenticator apps. */

import type { ResponseBody } from './api-client.ts'
import { AuthError } from './auth-error.ts'

/** @throws {AuthError} `service-unavailable` for a response without a key */
export function parseSecretCode({ SecretCode }: ResponseBody): string {
  if (typeof SecretCode === 'string' && SecretCode !== '') return SecretCode
  throw new AuthError('service-unavailable', 'expected SecretCode, got a response without it')
}

/** VerifySoftwareToken may report a wrong code in `Status`. @throws {AuthError} `code-mismatch` */
export function assertTotpVerified({ Status }: ResponseBody): void {
  if (Status !== 'SUCCESS') throw new AuthError('code-mismatch', 'expected the status SUCCESS')
}
