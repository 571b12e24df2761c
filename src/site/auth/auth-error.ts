/** What can go wrong with an account call, as a closed set; from here on nobody reads service names. */

import type { PasswordRule } from '../../shared/password-policy.ts'

export type AuthErrorCode =
  | 'account-disabled'
  | 'already-confirmed'
  | 'attempts-exceeded'
  | 'blocked-by-policy'
  | 'code-expired'
  | 'code-mismatch'
  | 'delivery-failed'
  | 'incorrect-credentials'
  | 'invalid-input'
  | 'limit-exceeded'
  | 'network'
  | 'not-configured'
  | 'offline'
  | 'password-rejected'
  | 'password-reset-required'
  | 'reset-by-operator'
  | 'reset-impossible'
  | 'second-factor-off'
  | 'service-unavailable'
  | 'session-ended'
  | 'sign-up-closed'
  | 'storage-unavailable'
  | 'temporary-password-expired'
  | 'timeout'
  | 'too-many-requests'
  | 'unexpected'
  | 'unsupported-challenge'
  | 'user-not-confirmed'
  | 'user-not-found'
  | 'username-exists'
  | 'wrong-pool'

/** `message` is for developers and never shown to riders; `cause` is what the service or browser gave. */
export class AuthError extends Error {
  override readonly name = 'AuthError'
  readonly code: AuthErrorCode
  /** the first rule broken, for `password-rejected` where the service names it */
  readonly rule: PasswordRule | undefined
  /** the host that the site's headers leave out, for `blocked-by-policy` */
  readonly origin: string | undefined

  constructor(
    code: AuthErrorCode,
    message: string,
    {
      rule,
      origin,
      ...options
    }: ErrorOptions & { rule?: PasswordRule | undefined; origin?: string | undefined } = {},
  ) {
    super(message, options)
    this.code = code
    this.rule = rule
    this.origin = origin
  }
}

/** Some refusals are ways to go on: `outcomes` says which, by code; the others stay errors. */
export async function orOutcome<Outcome extends { readonly kind: string }>(
  act: Promise<Outcome>,
  outcomes: Partial<Record<AuthErrorCode, Outcome>>,
): Promise<Outcome> {
  try {
    return await act
  } catch (error) {
    const outcome = error instanceof AuthError ? outcomes[error.code] : undefined
    if (!outcome) throw error
    return outcome
  }
}
