/**
 * What comes after the first factor: the challenges of RespondToAuthChallenge, one after the other, until there are
 * tokens. Fetched with the first one. The client library's own calls for them fail when a second challenge follows.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RespondToAuthChallenge.html
 */

import type { SignInMethod } from '../../shared/site-config.ts'
import { parseJsonObject, toJsonObject } from '../lib/json.ts'
import { callAsClient, callUserPool, type ResponseBody } from './api-client.ts'
import { AuthError, catchOutcome } from './auth-error.ts'
import { toSignInMethods } from './first-factors.ts'
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
  | EmailCodeChallenge
  | FactorChoice
  | WayChoice
  | NewPasswordChallenge
  | TotpSetupChallenge

/** A code of the authenticator app comes next. */
interface TotpChallenge {
  readonly kind: 'totp-required'
  readonly respond: (code: string) => Promise<SignInOutcome>
}

/** The code of an email comes next, in place of the password or after it. */
interface EmailCodeChallenge {
  readonly kind: 'email-code-required'
  /** the address, masked by the service */
  readonly destination: string | undefined
  /** Starts the sign-in again, which sends another code; not after a password. */
  readonly resend?: () => Promise<SignInOutcome>
  readonly respond: (code: string) => Promise<SignInOutcome>
}

/** Two second factors are set up, and none is preferred. */
interface FactorChoice {
  readonly kind: 'factor-choice-required'
  /** at least two */
  readonly factors: readonly SecondFactor[]
  readonly respond: (factor: SecondFactor) => Promise<SignInOutcome>
}

export type SecondFactor = 'authenticator-app' | 'email-code'

/** This user cannot sign in in the way that was asked for, but in these. */
interface WayChoice {
  readonly kind: 'choice-required'
  readonly ways: readonly SignInMethod[]
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
    case 'EMAIL_OTP':
      return {
        kind: 'email-code-required',
        destination: findDestination(response.ChallengeParameters),
        respond: (code) => respond({ EMAIL_OTP_CODE: code }),
      }
    case 'SELECT_MFA_TYPE':
      return chooseFactor(response.ChallengeParameters, (factor) => respond({ ANSWER: factor }))
    case 'SELECT_CHALLENGE':
      return { kind: 'choice-required', ways: requireWays(response.AvailableChallenges) }
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

/** SELECT_MFA_TYPE: a factor that this site has no step for is no choice. */
function chooseFactor(
  parameters: unknown,
  answer: (factor: string) => Promise<SignInOutcome>,
): FactorChoice | Promise<SignInOutcome> {
  const { MFAS_CAN_CHOOSE } = toJsonObject(parameters) ?? {}
  const offered = parseNames(MFAS_CAN_CHOOSE)
  const factors = secondFactors.filter(({ names }) => names.some((name) => offered.includes(name)))
  const respond = (chosen: SecondFactor) => {
    const names = factors.find(({ factor }) => factor === chosen)?.names ?? []
    return answer(names.find((name) => offered.includes(name)) ?? '')
  }
  const [first, second] = factors
  if (!first) {
    throw new AuthError(
      'unsupported-challenge',
      `this site has none of the factors ${String(MFAS_CAN_CHOOSE)}`,
    )
  }
  if (!second) return respond(first.factor)
  return { kind: 'factor-choice-required', factors: factors.map(({ factor }) => factor), respond }
}

/** Cognito's documents name the emailed code in two ways. */
const secondFactors: readonly { factor: SecondFactor; names: readonly string[] }[] = [
  { factor: 'authenticator-app', names: ['SOFTWARE_TOKEN_MFA'] },
  { factor: 'email-code', names: ['EMAIL_OTP', 'EMAIL_MFA'] },
]

/** @throws {AuthError} `unsupported-challenge` where this site has none of them */
function requireWays(available: unknown): readonly SignInMethod[] {
  const ways = toSignInMethods(available)
  if (ways.length > 0) return ways
  throw new AuthError(
    'unsupported-challenge',
    `this site has none of the ways ${JSON.stringify(available)}`,
  )
}

function findDestination(parameters: unknown): string | undefined {
  const { CODE_DELIVERY_DESTINATION: destination } = toJsonObject(parameters) ?? {}
  return typeof destination === 'string' && destination !== '' ? destination : undefined
}

/** The service writes arrays as JSON text. */
function parseNames(text: unknown): readonly unknown[] {
  const { names } = parseJsonObject(`{"names":${String(text)}}`) ?? {}
  return Array.isArray(names) ? names : []
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
