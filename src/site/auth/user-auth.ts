/**
 * USER_AUTH: signing in without a password, by a passkey, an emailed code, or the session of a sign-up. The pool offers
 * what its `AllowedFirstAuthFactors` list.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-authentication-flow-methods.html
 */

import { type JsonObject, parseJsonObject, toJsonObject } from '../lib/json.ts'
import { callAsClient, type ResponseBody } from './api-client.ts'
import { AuthError, catchOutcome } from './auth-error.ts'
import type { SignInOutcome } from './challenges.ts'
import { continueSignIn } from './continue-sign-in.ts'

export { toRelyingPartyError } from './relying-party.ts'

/** Who signs in, and how long for. */
export interface UserAuthAttempt {
  /** user name or email address */
  readonly username: string
  /** keeps the user signed in when the tab is closed; read when there are tokens */
  readonly rememberMe: boolean
}

/** What the browser's passkeys are asked with. A challenge is for one response. */
export interface PasskeyChallenge {
  readonly kind: 'passkey-required'
  readonly options: PublicKeyCredentialRequestOptionsJSON
  /** @throws {AuthError} `storage-unavailable`, or no response */
  readonly respond: (
    credential: JsonObject,
    options: { readonly rememberMe: boolean },
  ) => Promise<PasskeyOutcome>
}

/** Nobody has this name, or they have no passkey, or it is another one: the service does not tell which. */
export interface NoPasskey {
  readonly kind: 'no-passkey'
}

export type PasskeyOutcome = SignInOutcome | NoPasskey

/**
 * Signs in whoever has just confirmed their address, with nothing typed again.
 *
 * @param session of the response to ConfirmSignUp
 * @throws {AuthError} `session-ended` when it is too late; `wrong-settings` when the pool has no USER_AUTH; or no response
 */
export function signInWithSession({
  session,
  ...attempt
}: UserAuthAttempt & { readonly session: string }): Promise<SignInOutcome> {
  return continueWith(initiateAuth(attempt, {}, session), attempt)
}

/**
 * Has a code emailed. Users with and without an account look the same, where the pool hides who exists.
 *
 * @returns `email-code-required`; `choice-required` for a user who can sign in in other ways only
 * @throws {AuthError} `wrong-settings`, `limit-exceeded`, or no response
 */
export async function requestEmailCode(attempt: UserAuthAttempt): Promise<SignInOutcome> {
  const call = initiateAuth(attempt, { PREFERRED_CHALLENGE: 'EMAIL_OTP' })
  const outcome = await continueWith(call, attempt)
  return outcome.kind === 'email-code-required'
    ? { ...outcome, resend: () => requestEmailCode(attempt) }
    : outcome
}

/** Asks for a challenge for this user's passkeys. @throws {AuthError} `wrong-settings`, or no response */
export function requestPasskeyChallenge({
  username,
}: {
  readonly username: string
}): Promise<PasskeyChallenge | Exclude<PasskeyOutcome, { kind: 'signed-in' }>> {
  const call = initiateAuth({ username }, { PREFERRED_CHALLENGE: 'WEB_AUTHN' })
  return catchOutcome<PasskeyChallenge | Exclude<PasskeyOutcome, { kind: 'signed-in' }>>(
    call.then((response) => toPasskeyChallenge(response, username)),
    {
      'incorrect-credentials': { kind: 'no-passkey' },
      'user-not-found': { kind: 'no-passkey' },
      'user-not-confirmed': { kind: 'unverified' },
      'password-reset-required': { kind: 'reset-required' },
    },
  )
}

function initiateAuth(
  { username }: { readonly username: string },
  parameters: Readonly<Record<string, string>>,
  session?: string,
): Promise<ResponseBody> {
  return callAsClient('InitiateAuth', {
    AuthFlow: 'USER_AUTH',
    AuthParameters: { USERNAME: username, ...parameters },
    Session: session,
  })
}

function continueWith(
  call: Promise<ResponseBody>,
  attempt: UserAuthAttempt,
): Promise<SignInOutcome> {
  const { username } = attempt
  return continueSignIn(
    call.then((response) => ({ response, username })),
    attempt,
  )
}

/** A pool that has none for this user offers other challenges. */
function toPasskeyChallenge(
  { ChallengeName, ChallengeParameters, Session }: ResponseBody,
  username: string,
): PasskeyChallenge | NoPasskey {
  if (ChallengeName !== 'WEB_AUTHN') return { kind: 'no-passkey' }
  return {
    kind: 'passkey-required',
    options: parseRequestOptions(ChallengeParameters),
    respond: (credential, { rememberMe }) => {
      const call = callAsClient('RespondToAuthChallenge', {
        ChallengeName,
        Session,
        ChallengeResponses: { USERNAME: username, CREDENTIAL: JSON.stringify(credential) },
      })
      return catchOutcome<PasskeyOutcome>(continueWith(call, { username, rememberMe }), {
        'incorrect-credentials': { kind: 'no-passkey' },
        'session-ended': { kind: 'challenge-expired' },
      })
    },
  }
}

/** @throws {AuthError} `service-unavailable` for parameters of another shape */
function parseRequestOptions(parameters: unknown): PublicKeyCredentialRequestOptionsJSON {
  const { CREDENTIAL_REQUEST_OPTIONS: text } = toJsonObject(parameters) ?? {}
  const options = typeof text === 'string' ? parseJsonObject(text) : undefined
  const challenge = options?.challenge
  if (typeof challenge === 'string') return { ...options, challenge }
  throw new AuthError(
    'service-unavailable',
    'expected CREDENTIAL_REQUEST_OPTIONS, got a response without them',
  )
}
