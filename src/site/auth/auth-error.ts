/** What can go wrong with an account, as a closed set: outside of this folder nobody reads the service's error names. */

import type { PasswordRule } from '../../shared/password-policy.ts'
import type { PoolProblem } from '../../shared/pool-problems.ts'

export type AuthErrorCode = AuthErrorReason['code']

/** The code, with what some codes add to it. A `switch` on `code` narrows it. */
export type AuthErrorReason =
  /** `rule`: the first rule that the password breaks, where the service names it */
  | { readonly code: 'password-rejected'; readonly rule: PasswordRule | undefined }
  /** `origin`: what the Content Security Policy of this site leaves out */
  | { readonly code: 'blocked-by-csp'; readonly origin: string }
  /** `problem`: the setting that only the operator can correct */
  | { readonly code: 'wrong-settings'; readonly problem: PoolProblem }
  /** `retryAfterSeconds`: whole, so that a crowd does not come back at once; `isFirstCall`: nothing was proved by then */
  | {
      readonly code: 'too-many-requests'
      readonly retryAfterSeconds: number
      readonly isFirstCall: boolean
    }
  | { readonly code: PlainCode }

type PlainCode =
  | 'account-disabled'
  | 'already-confirmed'
  | 'attempts-exceeded'
  | 'code-expired'
  | 'code-mismatch'
  | 'delivery-failed'
  | 'incorrect-credentials'
  | 'invalid-input'
  | 'limit-exceeded'
  | 'network'
  | 'not-configured'
  | 'offline'
  | 'password-reset-required'
  | 'reset-by-operator'
  | 'reset-impossible'
  | 'service-unavailable'
  | 'session-ended'
  | 'sign-up-closed'
  | 'storage-unavailable'
  | 'temporary-password-expired'
  | 'timeout'
  | 'totp-disabled'
  | 'unexpected'
  | 'unsupported-challenge'
  | 'user-not-confirmed'
  | 'user-not-found'
  | 'username-exists'

/** `message` is for developers and is never shown to riders; `cause` is what the service or the browser gave. */
export class AuthError extends Error {
  override readonly name = 'AuthError'
  readonly reason: AuthErrorReason

  constructor(reason: PlainCode | AuthErrorReason, message: string, options?: ErrorOptions) {
    super(message, options)
    this.reason = typeof reason === 'string' ? { code: reason } : reason
  }

  get code(): AuthErrorCode {
    return this.reason.code
  }
}

/** Turns the errors that a page must branch on into outcomes, by their code; others stay errors. */
export async function catchOutcome<Outcome extends { readonly kind: string }>(
  call: Promise<Outcome>,
  outcomes: Partial<Record<AuthErrorCode, Outcome>>,
): Promise<Outcome> {
  try {
    return await call
  } catch (error) {
    const outcome = error instanceof AuthError ? outcomes[error.code] : undefined
    if (!outcome) throw error
    return outcome
  }
}
