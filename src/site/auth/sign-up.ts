/** Getting an account, and back into it with a code, as the pages see it. */

import { AuthError, orOutcome } from './auth-error.ts'
import { requireUserPool } from './user-pool.ts'

interface Address {
  readonly email: string
}

export type SignUpOutcome =
  /** registered; a code is on its way */
  | { readonly kind: 'code-sent' }
  /** somebody has registered this address before */
  | { readonly kind: 'account-exists' }

export type ConfirmOutcome =
  | { readonly kind: 'confirmed' }
  /** nothing was left to confirm */
  | { readonly kind: 'already-confirmed' }

/** @throws {AuthError} `password-rejected`, `invalid-input`, `sign-up-closed`, or no answer */
export function signUp({
  email,
  password,
}: Address & { password: string }): Promise<SignUpOutcome> {
  return orOutcome<SignUpOutcome>(
    callFor(email, 'SignUp', {
      Password: password,
      UserAttributes: [{ Name: 'email', Value: email }],
    }).then(() => ({ kind: 'code-sent' })),
    { 'username-exists': { kind: 'account-exists' } },
  )
}

/** @throws {AuthError} `code-mismatch`, `code-expired`, `limit-exceeded`, or no answer */
export function confirmSignUp({
  email,
  code,
}: Address & { code: string }): Promise<ConfirmOutcome> {
  return orOutcome<ConfirmOutcome>(
    callFor(email, 'ConfirmSignUp', { ConfirmationCode: code }).then(() => ({
      kind: 'confirmed',
    })),
    { 'already-confirmed': { kind: 'already-confirmed' } },
  )
}

/** @throws {AuthError} `limit-exceeded`, or no answer */
export function resendCode({ email }: Address): Promise<void> {
  return quietly(callFor(email, 'ResendConfirmationCode'))
}

/** Asks for a reset code. Known and unknown addresses look alike, whatever the pool says of them. */
export function forgotPassword({ email }: Address): Promise<void> {
  return quietly(callFor(email, 'ForgotPassword'))
}

/** @throws {AuthError} `code-mismatch`, `code-expired`, `password-rejected`, or no answer */
export function confirmForgotPassword({
  email,
  code,
  password,
}: Address & { code: string; password: string }): Promise<void> {
  return callFor(email, 'ConfirmForgotPassword', { ConfirmationCode: code, Password: password })
}

async function callFor(
  username: string,
  operation: string,
  body?: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { call, clientId } = requireUserPool()
  await call(operation, { ClientId: clientId, Username: username, ...body })
}

/** Lets refusals pass that would tell who has an account here, and in which state. */
async function quietly(act: Promise<void>): Promise<void> {
  try {
    await act
  } catch (error) {
    const telling: readonly AuthError['code'][] = [
      'account-disabled',
      'reset-impossible',
      'user-not-found',
    ]
    if (!(error instanceof AuthError && telling.includes(error.code))) throw error
  }
}
