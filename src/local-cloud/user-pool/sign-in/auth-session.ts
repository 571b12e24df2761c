/**
 * `Session`: how far a sign-in has come, from a challenge to its response. The client carries it, encrypted; it
 * is valid for one user, one client, one challenge, one use and `AuthSessionValidity` minutes.
 */

import * as v from 'valibot'
import { CognitoError } from '../cognito-error.ts'
import type { OperationContext } from '../context.ts'
import { findActiveMfaFactors } from '../mfa.ts'
import type { User } from '../store/store.ts'
import { findAccountStatusError } from './account-status.ts'

/** The challenges of choice-based sign-in. Their user may be a simulated one. */
const firstFactorChallenges = [
  'SELECT_CHALLENGE',
  'PASSWORD',
  'PASSWORD_SRP',
  'PASSWORD_VERIFIER',
  'EMAIL_OTP',
  'SMS_OTP',
  'WEB_AUTHN',
] as const
export type FirstFactorChallenge = (typeof firstFactorChallenges)[number]

/** The challenges after the first factor. */
const laterChallenges = [
  'NEW_PASSWORD_REQUIRED',
  'SMS_MFA',
  'SOFTWARE_TOKEN_MFA',
  'EMAIL_MFA',
  'SELECT_MFA_TYPE',
  'MFA_SETUP',
] as const
export type LaterChallenge = (typeof laterChallenges)[number]

/** SignUp gives the first, ConfirmSignUp the second, which signs in. */
const signUpSteps = ['SIGN_UP', 'CONFIRMED_SIGN_UP'] as const
type SignUpStep = (typeof signUpSteps)[number]

/** The challenges of CUSTOM_AUTH. Their user may be a simulated one. */
const customChallenges = ['CUSTOM_CHALLENGE', 'CUSTOM_PASSWORD_VERIFIER'] as const
type CustomChallenge = (typeof customChallenges)[number]

/** What a `Session` is for. EMAIL_OTP as second factor is EMAIL_MFA here: the first factor must not do for both. */
export type AuthStep = FirstFactorChallenge | LaterChallenge | SignUpStep | CustomChallenge

const authSession = v.object({
  nonce: v.string(),
  challenge: v.picklist([
    ...firstFactorChallenges,
    ...laterChallenges,
    ...signUpSteps,
    ...customChallenges,
  ]),
  /** the user's, or a simulated one */
  sub: v.string(),
  clientId: v.string(),
  expiresAtMs: v.number(),
  /** MFA_SETUP: VerifySoftwareToken has accepted a code */
  softwareTokenVerified: v.boolean(),
  /** EMAIL_OTP, SMS_OTP, EMAIL_MFA, SMS_MFA: the code in the message */
  code: v.optional(v.string()),
  /** EMAIL_MFA, SMS_MFA: where the code was sent; the right code verifies it */
  address: v.optional(v.string()),
  /** EMAIL_OTP, SMS_OTP: the same as a hash, whose length tells nothing of a simulated user */
  addressHash: v.optional(v.string()),
  /** WEB_AUTHN, SELECT_CHALLENGE: what a passkey signs, base64url */
  webAuthnChallenge: v.optional(v.string()),
  /** CUSTOM_AUTH: the challenges before this one, and how they ended */
  customRounds: v.optional(
    v.array(
      v.object({
        challengeName: v.picklist(['SRP_A', 'PASSWORD_VERIFIER', 'CUSTOM_CHALLENGE']),
        challengeResult: v.boolean(),
        challengeMetadata: v.optional(v.string()),
      }),
    ),
  ),
  /** CUSTOM_CHALLENGE: privateChallengeParameters and challengeMetadata of CreateAuthChallenge */
  customPrivate: v.optional(v.record(v.string(), v.string())),
  customMetadata: v.optional(v.string()),
})
export type AuthSession = v.InferOutput<typeof authSession>

type NextStep = Pick<AuthSession, 'challenge' | 'sub' | 'clientId'> &
  Partial<Omit<AuthSession, 'challenge' | 'sub' | 'clientId' | 'nonce' | 'expiresAtMs'>>

/** @returns a `Session` for the next challenge of this user's sign-in, base64url */
export function createAuthSession(
  next: NextStep,
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
 * @throws {CognitoError} as `requireAuthState`; the account status error of its user
 */
export function requireAuthSession(
  session: string,
  expected: { challenge: LaterChallenge | 'CONFIRMED_SIGN_UP' },
  context: OperationContext,
): { state: AuthSession; user: User } {
  const state = requireAuthState(session, expected, context)
  const user = context.store.findUserBySub(state.sub)
  if (!user) throw invalidSessionError('the user is gone')
  const statusError = findAccountStatusError(user, context)
  if (statusError) throw statusError
  // A parallel sign-in may have completed the same step: an older Session must not undo its result.
  const isPasswordSet =
    state.challenge === 'NEW_PASSWORD_REQUIRED' && user.status !== 'FORCE_CHANGE_PASSWORD'
  const isMfaSetUp =
    state.challenge === 'MFA_SETUP' &&
    !state.softwareTokenVerified &&
    findActiveMfaFactors(user, context).length > 0
  if (isPasswordSet || isMfaSetUp) {
    throw invalidSessionError('done by another sign-in since')
  }
  return { state, user }
}

/**
 * The same without looking at the user, who may be a simulated one.
 *
 * @throws {CognitoError} NotAuthorizedException for a `Session` that is not from this pool, consumed, expired or
 *   for another challenge
 */
export function requireAuthState(
  session: string,
  expected: { challenge: AuthStep | readonly AuthStep[] },
  { stateCipher, store, clock }: OperationContext,
): AuthSession {
  const decrypted = stateCipher.decrypt('Session', Buffer.from(session, 'base64url'))
  const parsed = v.safeParse(authSession, decrypted)
  if (!parsed.success) throw invalidSessionError('not a Session of ours')
  const state = parsed.output
  // SignUp's is no key, only a thread: the code, which lives longer, is what confirms.
  if (state.expiresAtMs <= clock.nowMs() && state.challenge !== 'SIGN_UP') {
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
  if (![expected.challenge].flat().includes(state.challenge)) {
    throw invalidSessionError(`a Session for ${state.challenge}`)
  }
  return state
}

/** @returns what a passkey signs for this `Session`, whose validity is not looked at */
export function findWebAuthnChallenge(
  session: string,
  { stateCipher }: Pick<OperationContext, 'stateCipher'>,
): string | undefined {
  const decrypted = stateCipher.decrypt('Session', Buffer.from(session, 'base64url'))
  const parsed = v.safeParse(authSession, decrypted)
  return parsed.success ? parsed.output.webAuthnChallenge : undefined
}

/**
 * Whether the request is of the user and the client that the `Session` was made for.
 *
 * @throws {CognitoError} NotAuthorizedException
 */
export function assertSessionOf(
  { sub, clientId }: AuthSession,
  request: { username: string; clientId: string },
  { store, simulateUser }: OperationContext,
): void {
  const { username } = request
  // All are computed for every user name, so that timing does not reveal which users exist.
  const subs = [store.findUser(username)?.sub, simulateUser(username).sub, username]
  if (clientId !== request.clientId || !subs.includes(sub)) {
    throw invalidSessionError('a Session of another user or client')
  }
}

/** Makes the `Session` unusable; the next challenge gets a new one. */
export function consumeAuthSession(state: AuthSession, { store, clock }: OperationContext): void {
  store.deleteExpired(clock.nowMs())
  store.consumeChallenge(state)
}

export function invalidSessionError(detail: string): CognitoError {
  return new CognitoError('NotAuthorizedException', 'Invalid session for the user.', { detail })
}
