/** Resetting a forgotten password with a mailed code. */

import { callAsClient } from './api-client.ts'
import { emailLanguage } from './email-language.ts'
import { hideAccountExistence } from './hide-account-existence.ts'

/** Asks for a reset code. Addresses with and without an account look the same. @throws {AuthError} `limit-exceeded`, or no response */
export function requestPasswordReset({ email }: { email: string }): Promise<void> {
  return hideAccountExistence(callAsClient('ForgotPassword', { Username: email, ...emailLanguage }))
}

/** @throws {AuthError} `code-mismatch`, `code-expired`, `password-rejected`, or no response */
export async function confirmPasswordReset(reset: {
  email: string
  code: string
  password: string
}): Promise<void> {
  const { email, code, password } = reset
  await callAsClient('ConfirmForgotPassword', {
    Username: email,
    ConfirmationCode: code,
    Password: password,
  })
}
