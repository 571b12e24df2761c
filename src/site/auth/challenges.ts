/**
 * What comes after the password: the challenges of RespondToAuthChallenge, one after the other, until there
 * are tokens. The client library's own calls for them stumble when a second one follows.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RespondToAuthChallenge.html
 */

import { findMembers } from '../lib/json.ts'
import type { Answer, Call } from './api-client.ts'
import { AuthError, orOutcome } from './auth-error.ts'
import { assertVerified, parseSecretCode } from './software-token.ts'

export type SignInOutcome =
  | { readonly kind: 'signed-in' }
  /** the address is not confirmed yet */
  | { readonly kind: 'unverified' }
  /** the operator asks for a new password, which a mailed code lets her set */
  | { readonly kind: 'reset-required' }
  /** the step took longer than the service waits: the sign-in begins anew */
  | { readonly kind: 'expired' }
  /** a code of the authenticator app comes next */
  | { readonly kind: 'code-required'; readonly answer: (code: string) => Promise<SignInOutcome> }
  /** the password was a temporary one: one of her own comes next */
  | {
      readonly kind: 'new-password-required'
      readonly answer: (password: string) => Promise<SignInOutcome>
    }
  /** nobody signs in here without an authenticator app: `key` is for the app, its first code comes next */
  | {
      readonly kind: 'app-required'
      /** base32 */
      readonly key: string
      readonly answer: (code: string) => Promise<SignInOutcome>
    }

interface SignIn {
  readonly call: Call
  readonly clientId: string
  /** the user name as the pool has it */
  readonly username: string
  /** keeps the tokens of an AuthenticationResult */
  readonly finish: (result: unknown) => void
}

/**
 * Takes the service's answer to a proof or a challenge further.
 *
 * @throws {AuthError} `unsupported-challenge`, `service-unavailable` for an answer of another shape
 */
export async function goOn(answer: Answer, signIn: SignIn): Promise<SignInOutcome> {
  const { ChallengeName: challenge, Session: session } = answer
  const respondInTime = (responses: Readonly<Record<string, string>>) =>
    orExpired(respond({ challenge, session, responses }, signIn))

  switch (challenge) {
    case undefined:
    case null:
      signIn.finish(answer.AuthenticationResult)
      return { kind: 'signed-in' }
    case 'SOFTWARE_TOKEN_MFA':
      return {
        kind: 'code-required',
        answer: (code) => respondInTime({ SOFTWARE_TOKEN_MFA_CODE: code }),
      }
    case 'NEW_PASSWORD_REQUIRED':
      assertNothingMissing(answer.ChallengeParameters)
      return {
        kind: 'new-password-required',
        answer: (password) => respondInTime({ NEW_PASSWORD: password }),
      }
    case 'MFA_SETUP':
      return setUpApp(session, signIn)
    default:
      throw new AuthError(
        'unsupported-challenge',
        `no page answers the challenge ${String(challenge)}`,
      )
  }
}

async function respond(
  {
    challenge,
    session,
    responses,
  }: { challenge: unknown; session: unknown; responses: Readonly<Record<string, string>> },
  signIn: SignIn,
): Promise<SignInOutcome> {
  const { call, clientId, username } = signIn
  const answer = await call('RespondToAuthChallenge', {
    ClientId: clientId,
    ChallengeName: challenge,
    Session: session,
    ChallengeResponses: { USERNAME: username, ...responses },
  })
  return goOn(answer, signIn)
}

/** MFA_SETUP: a key for an authenticator app, proved by its first code. */
async function setUpApp(session: unknown, signIn: SignIn): Promise<SignInOutcome> {
  const { call } = signIn
  const associated = await call('AssociateSoftwareToken', { Session: session })
  return {
    kind: 'app-required',
    key: parseSecretCode(associated),
    answer(code) {
      const verifyAndGoOn = async () => {
        const verified = await call('VerifySoftwareToken', {
          Session: associated.Session,
          UserCode: code,
        })
        assertVerified(verified)
        const done = { challenge: 'MFA_SETUP', session: verified.Session, responses: {} }
        return respond(done, signIn)
      }
      return orExpired(verifyAndGoOn())
    },
  }
}

/** A pool may want attributes beside the new password, and no page asks for them. */
function assertNothingMissing(parameters: unknown): void {
  const { requiredAttributes = '[]' } = findMembers(parameters) ?? {}
  if (requiredAttributes !== '[]') {
    throw new AuthError('unsupported-challenge', `no page asks for ${String(requiredAttributes)}`)
  }
}

function orExpired(outcome: Promise<SignInOutcome>): Promise<SignInOutcome> {
  return orOutcome(outcome, { 'session-ended': { kind: 'expired' } })
}
