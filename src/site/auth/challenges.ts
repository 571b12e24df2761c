/**
 * What comes after the password: the challenges of RespondToAuthChallenge, one after the other, until there are
 * tokens. The client library's own calls for them fail when a second challenge follows.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RespondToAuthChallenge.html
 */

import { toJsonObject } from '../lib/json.ts'
import { callAsClient, callUserPool, type ResponseBody } from './api-client.ts'
import { AuthError, catchOutcome } from './auth-error.ts'
import { assertTotpVerified, parseSecretCode } from './software-token.ts'

export type SignInOutcome =
  | { readonly kind: 'signed-in' }
  /** the address is not confirmed yet */
  | { readonly kind: 'unverified' }
  /** an administrator has reset the password: a mailed code lets the user set a new one */
  | { readonly kind: 'reset-required' }
  /** the challenge took longer than the service waits: the sign-in starts again */
  | { readonly kind: 'challenge-expired' }
  | TotpChallenge
  | NewPasswordChallenge
  | TotpSetupChallenge

/** A code of the authenticator app comes next. */
interface TotpChallenge {
  readonly kind: 'totp-required'
  readonly respond: (code: string) => Promise<SignInOutcome>
}

/** The password was a temporary one: a permanent one comes next. */
interface NewPasswordChallenge {
  readonly kind: 'new-password-required'
  readonly respond: (password: string) => Promise<SignInOutcome>
}

/** The pool requires an authenticator app: the user adds `key` to it, and its first code comes next. */
interface TotpSetupChallenge {
  readonly kind: 'totp-setup-required'
  /** base32 */
  readonly key: string
  readonly respond: (code: string) => Promise<SignInOutcome>
}

interface SignInAttempt {
  /** the user name as the pool has it */
  readonly username: string
  /** stores the tokens of an AuthenticationResult */
  readonly startSession: (authenticationResult: unknown) => void
}

/**
 * Handles the response to a password proof or to a challenge: tokens, or the next challenge.
 *
 * @throws {AuthError} `unsupported-challenge`, `service-unavailable` for a response of another shape
 */
export async function handleChallenge(
  response: ResponseBody,
  attempt: SignInAttempt,
): Promise<SignInOutcome> {
  const { ChallengeName: name, Session: session } = response
  const respond = (responses: Readonly<Record<string, string>>) =>
    catchExpired(respondToChallenge({ name, session, responses }, attempt))

  switch (name) {
    case undefined:
    case null:
      attempt.startSession(response.AuthenticationResult)
      return { kind: 'signed-in' }
    case 'SOFTWARE_TOKEN_MFA':
      return {
        kind: 'totp-required',
        respond: (code) => respond({ SOFTWARE_TOKEN_MFA_CODE: code }),
      }
    case 'NEW_PASSWORD_REQUIRED':
      assertNoRequiredAttributes(response.ChallengeParameters)
      return {
        kind: 'new-password-required',
        respond: (password) => respond({ NEW_PASSWORD: password }),
      }
    case 'MFA_SETUP':
      return setUpTotp(session, attempt)
    default:
      throw new AuthError(
        'unsupported-challenge',
        `this site cannot respond to the challenge ${String(name)}`,
      )
  }
}

async function respondToChallenge(
  challenge: {
    name: unknown
    session: unknown
    responses: Readonly<Record<string, string>>
  },
  attempt: SignInAttempt,
): Promise<SignInOutcome> {
  const response = await callAsClient('RespondToAuthChallenge', {
    ChallengeName: challenge.name,
    Session: challenge.session,
    ChallengeResponses: { USERNAME: attempt.username, ...challenge.responses },
  })
  return handleChallenge(response, attempt)
}

/** MFA_SETUP: a key for an authenticator app, confirmed by the app's first code. */
async function setUpTotp(session: unknown, attempt: SignInAttempt): Promise<SignInOutcome> {
  const associated = await callUserPool('AssociateSoftwareToken', { Session: session })
  const verify = async (code: string) => {
    const verified = await callUserPool('VerifySoftwareToken', {
      Session: associated.Session,
      UserCode: code,
    })
    assertTotpVerified(verified)
    return respondToChallenge(
      { name: 'MFA_SETUP', session: verified.Session, responses: {} },
      attempt,
    )
  }
  return {
    kind: 'totp-setup-required',
    key: parseSecretCode(associated),
    respond: (code) => catchExpired(verify(code)),
  }
}

/** A pool may require attributes beside the new password; this site has no fields for them. */
function assertNoRequiredAttributes(parameters: unknown): void {
  const { requiredAttributes = '[]' } = toJsonObject(parameters) ?? {}
  if (requiredAttributes !== '[]') {
    throw new AuthError(
      'unsupported-challenge',
      `this site has no fields for ${String(requiredAttributes)}`,
    )
  }
}

function catchExpired(outcome: Promise<SignInOutcome>): Promise<SignInOutcome> {
  return catchOutcome(outcome, { 'session-ended': { kind: 'challenge-expired' } })
}
