/**
 * Getting an account and signing in, as the pages see it; the client library comes along. Which service is
 * behind it, only this folder knows.
 */

import { fetchPart } from '../parts.ts'
import { AuthError, orOutcome } from './auth-error.ts'
import { beginSession } from './begin-session.ts'
import type { SignInOutcome } from './challenges.ts'
import { createPasswordProof } from './password-proof.ts'
import { parseTokens } from './token.ts'
import { requireUserPool } from './user-pool.ts'

export type SignUpOutcome =
  /** registered; a code is on its way */
  | { readonly kind: 'code-sent' }
  /** somebody has registered this address before */
  | { readonly kind: 'account-exists' }

export type ConfirmOutcome =
  | { readonly kind: 'confirmed' }
  /** nothing was left to confirm */
  | { readonly kind: 'already-confirmed' }

export interface Auth {
  /** @throws {AuthError} `password-rejected`, `invalid-input`, `sign-up-closed`, or no answer */
  signUp(account: { email: string; password: string }): Promise<SignUpOutcome>
  /** @throws {AuthError} `code-mismatch`, `code-expired`, `limit-exceeded`, or no answer */
  confirmSignUp(confirmation: { email: string; code: string }): Promise<ConfirmOutcome>
  /** @throws {AuthError} `limit-exceeded`, or no answer */
  resendCode(address: { email: string }): Promise<void>
  /** Does what of a sign-in can be done before its credentials are there. */
  prepareSignIn(): void
  /** Does what of a sign-in can be done before its password is there; a failure is met again by `signIn`. */
  askAhead(user: { username: string }): void
  /**
   * Proves the password by SRP and keeps the tokens; the password stays in this browser. Further steps come
   * as outcomes, each with a way to answer it; nothing is kept before the last one.
   *
   * @param credentials `lasting` keeps the rider signed in when the tab is closed
   * @throws {AuthError} `incorrect-credentials`, `attempts-exceeded`, `storage-unavailable`, or no answer
   */
  signIn(credentials: {
    username: string
    password: string
    lasting: boolean
  }): Promise<SignInOutcome>
  /** Asks for a reset code. Known and unknown addresses look alike, whatever the pool says of them. */
  forgotPassword(address: { email: string }): Promise<void>
  /** @throws {AuthError} `code-mismatch`, `code-expired`, `password-rejected`, or no answer */
  confirmForgotPassword(reset: { email: string; code: string; password: string }): Promise<void>
}

const pool = requireUserPool()
const { call, clientId } = pool
const proof = createPasswordProof(pool)

export const auth: Auth = {
  signUp: ({ email, password }) =>
    orOutcome<SignUpOutcome>(
      callFor(email, 'SignUp', {
        Password: password,
        UserAttributes: [{ Name: 'email', Value: email }],
      }).then(() => ({ kind: 'code-sent' })),
      { 'username-exists': { kind: 'account-exists' } },
    ),
  confirmSignUp: ({ email, code }) =>
    orOutcome<ConfirmOutcome>(
      callFor(email, 'ConfirmSignUp', { ConfirmationCode: code }).then(() => ({
        kind: 'confirmed',
      })),
      { 'already-confirmed': { kind: 'already-confirmed' } },
    ),
  resendCode: ({ email }) => quietly(callFor(email, 'ResendConfirmationCode')),
  prepareSignIn: proof.prepare,
  askAhead: proof.askAhead,
  signIn: (credentials) =>
    orOutcome<SignInOutcome>(proveAndGoOn(credentials), {
      'user-not-confirmed': { kind: 'unverified' },
      'password-reset-required': { kind: 'reset-required' },
    }),
  forgotPassword: ({ email }) => quietly(callFor(email, 'ForgotPassword')),
  confirmForgotPassword: ({ email, code, password }) =>
    callFor(email, 'ConfirmForgotPassword', { ConfirmationCode: code, Password: password }),
}

async function callFor(
  username: string,
  operation: string,
  body?: Readonly<Record<string, unknown>>,
): Promise<void> {
  await call(operation, { ClientId: clientId, Username: username, ...body })
}

async function proveAndGoOn({
  lasting,
  ...credentials
}: Parameters<Auth['signIn']>[0]): Promise<SignInOutcome> {
  const { answer, username } = await proof.prove(credentials)
  const finish = (result: unknown) =>
    beginSession({ ...parseTokens(result), username }, { lasting })
  if (answer.ChallengeName) {
    const { goOn } = await fetchPart(() => import('./challenges.ts'))
    return goOn(answer, { call, clientId, username, finish })
  }
  finish(answer.AuthenticationResult)
  return { kind: 'signed-in' }
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
