/**
 * `Session`: how far a sign-in has come, from a challenge to its response. The client carries it, encrypted; it
 * is valid for one user, one client, one challenge, one use and `AuthSessionValidity` minutes.
 */

import * as v from 'valibot'
import { CognitoError } from '../cognito-error.ts'
import type { OperationContext } from '../context.ts'
import { findActiveSoftwareToken } from '../software-token-mfa.ts'
import type { User } from '../store/store.ts'
import { findAccountStatusError } from './account-status.ts'

/** The challenges whose response carries a `Session`. */
const sessionChallenges = ['NEW_PASSWORD_REQUIRED', 'SOFTWARE_TOKEN_MFA', 'MFA_SETUP'] as const
export type SessionChallenge = (typeof sessionChallenges)[number]

const authSession = v.object({
  nonce: v.string(),
  challenge: v.picklist(sessionChallenges),
  sub: v.string(),
  clientId: v.string(),
  expiresAtMs: v.number(),
  /** MFA_SETUP: VerifySoftwareToken has accepted a code */
  softwareTokenVerified: v.boolean(),
})
export type AuthSession = v.InferOutput<typeof authSession>

/** @returns a `Session` for the next challenge of this user's sign-in, base64url */
export function createAuthSession(
  next: Pick<AuthSession, 'challenge' | 'sub' | 'clientId'> & { softwareTokenVerified?: boolean },
  { stateCipher, random, clock, settings }: OperationContext,
): string {
  const state: AuthSession = {
    softwareTokenVerified: false,
    ...next,
    nonce: random.uuid(),
    expiresAtMs: clock.nowMs() + settings.authSessionSeconds * 1000,
  }
  return stateCipher.encrypt('Session', state).toString('base64url')
}

/**
 * Does not consume the `Session`: after a wrong code it may be used again.
 *
 * @returns the state in `session`, and its user
 * @throws {CognitoError} NotAuthorizedException for a `Session` that is not from this pool, consumed, expired or
 *   for another challenge; the account status error of its user
 */
export function requireAuthSession(
  session: string,
  expected: { challenge: SessionChallenge },
  context: OperationContext,
): { state: AuthSession; user: User } {
  const { stateCipher, store, clock } = context
  const decrypted = stateCipher.decrypt('Session', Buffer.from(session, 'base64url'))
  const parsed = v.safeParse(authSession, decrypted)
  if (!parsed.success) throw invalidSessionError('not a Session of ours')
  const state = parsed.output
  if (state.expiresAtMs <= clock.nowMs()) {
    throw new CognitoError(
      'NotAuthorizedException',
      'Invalid session for the user, session is expired.',
    )
  }
  if (store.isChallengeConsumed(state.nonce)) {
    throw new CognitoError(
      'NotAuthorizedException',
      'Invalid session for the user, session can only be used once.',
    )
  }
  if (state.challenge !== expected.challenge) {
    throw invalidSessionError(`a Session for ${state.challenge}`)
  }
  const user = store.findUserBySub(state.sub)
  if (!user) throw invalidSessionError('the user is gone')
  const statusError = findAccountStatusError(user, context)
  if (statusError) throw statusError
  // A parallel sign-in may have completed the same step: an older Session must not undo its result.
  const isPasswordSet =
    state.challenge === 'NEW_PASSWORD_REQUIRED' && user.status !== 'FORCE_CHANGE_PASSWORD'
  const isAppSetUp =
    state.challenge === 'MFA_SETUP' &&
    !state.softwareTokenVerified &&
    findActiveSoftwareToken(user, context) !== undefined
  if (isPasswordSet || isAppSetUp) {
    throw invalidSessionError('done by another sign-in since')
  }
  return { state, user }
}

/** Makes the `Session` unusable; the next challenge gets a new one. */
export function consumeAuthSession(state: AuthSession, { store, clock }: OperationContext): void {
  store.deleteExpired(clock.nowMs())
  store.consumeChallenge(state)
}

export function invalidSessionError(detail: string): CognitoError {
  return new CognitoError('NotAuthorizedException', 'Invalid session for the user.', { detail })
}
