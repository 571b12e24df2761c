/** Signing up: an account, and the code that confirms its address. */

import { callAsClient } from './api-client.ts'
import { catchOutcome } from './auth-error.ts'
import { hideAccountExistence } from './hide-account-existence.ts'

export type SignUpOutcome =
  /** the account is made and a code is sent */
  | { readonly kind: 'code-sent' }
  /** this address has an account */
  | { readonly kind: 'account-exists' }

export type ConfirmSignUpOutcome =
  | { readonly kind: 'confirmed' }
  | { readonly kind: 'already-confirmed' }

/** @throws {AuthError} `password-rejected`, `invalid-input`, `sign-up-closed`, or no response */
export function signUp(account: { email: string; password: string }): Promise<SignUpOutcome> {
  const { email, password } = account
  const call = callAsClient('SignUp', {
    Username: email,
    Password: password,
    UserAttributes: [{ Name: 'email', Value: email }],
  })
  return catchOutcome<SignUpOutcome>(
    call.then(() => ({ kind: 'code-sent' })),
    { 'username-exists': { kind: 'account-exists' } },
  )
}

/** @throws {AuthError} `code-mismatch`, `code-expired`, `limit-exceeded`, or no response */
export function confirmSignUp(confirmation: {
  email: string
  code: string
}): Promise<ConfirmSignUpOutcome> {
  const { email, code } = confirmation
  const call = callAsClient('ConfirmSignUp', { Username: email, ConfirmationCode: code })
  return catchOutcome<ConfirmSignUpOutcome>(
    call.then(() => ({ kind: 'confirmed' })),
    { 'already-confirmed': { kind: 'already-confirmed' } },
  )
}

/** Sends a new sign-up code, which ends the one before. @throws {AuthError} `limit-exceeded`, or no response */
export function resendCode({ email }: { email: string }): Promise<void> {
  return hideAccountExistence(callAsClient('ResendConfirmationCode', { Username: email }))
}
