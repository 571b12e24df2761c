/**
 * `Session`: what a half-done sign-in has come to, between one challenge and its answer. It travels with
 * the client, sealed; each is for one user, one client, one answer and a few minutes.
 */

import * as v from 'valibot'
import { CognitoError } from '../cognito-error.ts'
import type { OperationContext } from '../operations/operation.ts'
import { findActiveSoftwareToken } from '../software-token.ts'
import type { User } from '../store/store.ts'
import { findObstacle } from './account-status.ts'

/** The challenges that are answered with a `Session`. */
const sessionChallenges = ['NEW_PASSWORD_REQUIRED', 'SOFTWARE_TOKEN_MFA', 'MFA_SETUP'] as const
export type SessionChallenge = (typeof sessionChallenges)[number]

const authSessionState = v.object({
  nonce: v.string(),
  challenge: v.picklist(sessionChallenges),
  sub: v.string(),
  clientId: v.string(),
  expiresAtMs: v.number(),
  /** MFA_SETUP: a code of the authenticator app was right */
  softwareTokenVerified: v.boolean(),
})
export type AuthSession = v.InferOutput<typeof authSessionState>

/** @returns a `Session` for the next step of this user's sign-in */
export function createAuthSession(
  next: Pick<AuthSession, 'challenge' | 'sub' | 'clientId'> & { softwareTokenVerified?: boolean },
  { seal, random, clock, settings }: OperationContext,
): string {
  const state: AuthSession = {
    softwareTokenVerified: false,
    ...next,
    nonce: random.uuid(),
    expiresAtMs: clock.nowMs() + settings.authSessionSeconds * 1000,
  }
  return seal.close(state).toString('base64url')
}

/**
 * @returns the sign-in that `session` stands for, and its user; it stays usable until it is spent
 * @throws {CognitoError} NotAuthorizedException for one that is foreign, used, too old or for something
 *   else; or what keeps the user out by now
 */
export function requireAuthSession(
  session: string,
  expected: { challenge: SessionChallenge },
  context: OperationContext,
): { state: AuthSession; user: User } {
  const { seal, store, clock } = context
  const opened = v.safeParse(authSessionState, seal.open(Buffer.from(session, 'base64url')))
  if (!opened.success) throw invalidSession('not a Session of ours')
  const state = opened.output
  if (state.expiresAtMs <= clock.nowMs()) {
    throw new CognitoError(
      'NotAuthorizedException',
      'Invalid session for the user, session is expired.',
    )
  }
  if (store.isChallengeSpent(state.nonce)) {
    throw new CognitoError(
      'NotAuthorizedException',
      'Invalid session for the user, session can only be used once.',
    )
  }
  if (state.challenge !== expected.challenge)
    throw invalidSession(`a Session for ${state.challenge}`)
  const user = store.findUserBySub(state.sub)
  if (!user) throw invalidSession('the user is gone')
  const obstacle = findObstacle(user, context)
  if (obstacle) throw obstacle
  // Another sign-in may have come further since: an old Session must not undo what it did.
  const isPasswordSet =
    state.challenge === 'NEW_PASSWORD_REQUIRED' && user.status !== 'FORCE_CHANGE_PASSWORD'
  const isAppSetUp =
    state.challenge === 'MFA_SETUP' &&
    !state.softwareTokenVerified &&
    findActiveSoftwareToken(user, context) !== undefined
  if (isPasswordSet || isAppSetUp) throw invalidSession('done by another sign-in since')
  return { state, user }
}

/** Uses a `Session` up; the next step gets one of its own. */
export function spendAuthSession(state: AuthSession, { store, clock }: OperationContext): void {
  store.forgetExpired(clock.nowMs())
  store.spendChallenge(state)
}

export function invalidSession(detail: string): CognitoError {
  return new CognitoError('NotAuthorizedException', 'Invalid session for the user.', { detail })
}
