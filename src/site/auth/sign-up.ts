/** Signing up: an account, and the code that confirms its address. */

import { pageLanguage } from '../i18n/t.ts'
import { callAsClient, fetchServiceErrors, type ResponseBody } from './api-client.ts'
import { AuthError, catchOutcome } from './auth-error.ts'
import { emailLanguage } from './email-language.ts'
import { hideAccountExistence } from './hide-account-existence.ts'

export type SignUpOutcome =
  /** the account is made and a code is sent; `session`: for `confirmSignUp`, empty from a pool without USER_AUTH */
  | { readonly kind: 'code-sent'; readonly session: string }
  /** this address has an account */
  | { readonly kind: 'account-exists' }

export type ConfirmSignUpOutcome =
  /** `session`: for `signInWithSession`, empty from a pool without USER_AUTH */
  { readonly kind: 'confirmed'; readonly session: string } | { readonly kind: 'already-confirmed' }

/**
 * @param account `password`: none for an account that signs in without one
 * @throws {AuthError} `password-rejected`, `invalid-input`, `sign-up-closed`; `wrong-settings` for a pool that wants a
 *   password; or no response
 */
export function signUp(account: { email: string; password?: string }): Promise<SignUpOutcome> {
  const { email, password } = account
  const register = (attributes: Readonly<Record<string, string>>) =>
    callAsClient('SignUp', {
      Username: email,
      Password: password,
      UserAttributes: Object.entries(attributes).map(([Name, Value]) => ({ Name, Value })),
      ...emailLanguage,
    })
  const request =
    pageLanguage === 'en'
      ? register({ email })
      : register({ email, locale: pageLanguage }).catch((error: unknown) => {
          // The app client may not write the language: emails that no page asks for are then in English. Of another
          // setting, the second error tells.
          if (!(error instanceof AuthError && error.code === 'wrong-settings')) throw error
          return register({ email })
        })
  const call = password === undefined ? request.catch(explainMissingPassword) : request
  return catchOutcome<SignUpOutcome>(
    call.then((response) => ({ kind: 'code-sent', session: readSession(response) })),
    { 'username-exists': { kind: 'account-exists' } },
  )
}

/**
 * @param confirmation `session`: of `signUp`; a code lives longer, and counts without it
 * @throws {AuthError} `code-mismatch`, `code-expired`, `limit-exceeded`, or no response
 */
export function confirmSignUp(confirmation: {
  email: string
  code: string
  session?: string | undefined
}): Promise<ConfirmSignUpOutcome> {
  const { email, code, session } = confirmation
  const confirm = (Session?: string) =>
    callAsClient('ConfirmSignUp', { Username: email, ConfirmationCode: code, Session })
  const call = confirm(session || undefined).catch((error: unknown) => {
    const isSessionOver = error instanceof AuthError && error.code === 'session-ended'
    if (!session || !isSessionOver) throw error
    return confirm()
  })
  return catchOutcome<ConfirmSignUpOutcome>(
    call.then((response) => ({ kind: 'confirmed', session: readSession(response) })),
    { 'already-confirmed': { kind: 'already-confirmed' } },
  )
}

/** Sends a new sign-up code, which ends the one before. @throws {AuthError} `limit-exceeded`, or no response */
export function resendCode({ email }: { email: string }): Promise<void> {
  return hideAccountExistence(
    callAsClient('ResendConfirmationCode', { Username: email, ...emailLanguage }),
  )
}

/** A pool that asks for the password does not have what `/js/config.js` says. */
async function explainMissingPassword(error: unknown): Promise<never> {
  const isRefused =
    error instanceof AuthError && ['invalid-input', 'password-rejected'].includes(error.code)
  if (!isRefused || !/password/i.test(String(error.cause))) throw error
  const { explainBySettings } = await fetchServiceErrors()
  const vague = new AuthError('unexpected', 'the pool wants a password', { cause: error })
  throw explainBySettings(vague, 'signing up without a password is refused')
}

function readSession({ Session }: ResponseBody): string {
  return typeof Session === 'string' ? Session : ''
}
