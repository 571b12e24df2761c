/**
 * Signing in by a passkey, whether its button is pressed, or the browser has let the rider choose one. Fetched when the rider
 * turns to the button.
 */

import type {
  loadUserAuth,
  PasskeyChallenge,
  PasskeyOutcome,
  SignInOutcome,
} from '../auth/index.ts'
import { done, type SubmitResult } from '../forms/submit-result.ts'
import { t } from '../i18n/t.ts'
import { requireElement } from '../lib/elements.ts'
import type { JsonObject } from '../lib/json.ts'
import { announce } from '../lib/live-region.ts'
import { hasUsedPasskey, lastUsername } from '../lib/tab-state.ts'
import { getPasskey, PasskeyError } from '../lib/webauthn.ts'

export type UserAuth = Awaited<ReturnType<typeof loadUserAuth>>

interface PasskeyAttempt {
  /** as it was typed */
  readonly username: string
  readonly rememberMe: boolean
  readonly handleOutcome: (outcome: SignInOutcome) => Promise<SubmitResult>
}

type ChallengeOutcome = Awaited<ReturnType<UserAuth['requestPasskeyChallenge']>>

/** milliseconds for which a challenge is used: pools let it live for three minutes or more */
export const challengeLifetimeMs = 150_000

/** the challenge that was requested last, until it is responded to */
let latest:
  | {
      readonly username: string
      readonly requestedAtMs: number
      readonly outcome: Promise<ChallengeOutcome>
    }
  | undefined

/** what the rider has chosen from the browser's own list: the next submit sends it */
let chosen: { readonly challenge: PasskeyChallenge; readonly credential: JsonObject } | undefined

/** Requests the challenge before the button is pressed. An error is reported by `signInWithPasskey`. */
export function prefetchChallenge(auth: UserAuth, username: string): void {
  requestChallenge(auth, username).catch(() => undefined)
}

/** @returns this user's challenge: the latest one while it lives, else a new one */
export function requestChallenge(auth: UserAuth, username: string): Promise<ChallengeOutcome> {
  const isUsable =
    latest?.username === username &&
    Math.abs(Date.now() - latest.requestedAtMs) < challengeLifetimeMs
  if (latest && isUsable) return latest.outcome
  const outcome = auth.requestPasskeyChallenge({ username })
  const own = { username, requestedAtMs: Date.now(), outcome }
  latest = own
  outcome.catch(() => {
    if (latest === own) latest = undefined
  })
  return outcome
}

/** Forgets the challenge, so that the next one is new. */
export function dropChallenge(): void {
  latest = undefined
}

/** Sends a passkey that the rider has chosen from the browser's list by the form, so that it ends as a press does. */
export function submitChosen(form: HTMLFormElement, choice: NonNullable<typeof chosen>): void {
  chosen = choice
  form.requestSubmit()
}

/**
 * Asks the browser for a passkey and signs in with it.
 *
 * @throws {AuthError} `wrong-settings` when the pool's passkeys are for another site, and the service's own
 */
export async function signInWithPasskey(
  auth: UserAuth,
  attempt: PasskeyAttempt,
): Promise<SubmitResult> {
  const choice = chosen
  chosen = undefined
  const challenge = choice?.challenge ?? (await requestChallenge(auth, attempt.username))
  if (challenge.kind !== 'passkey-required') return handleOutcome(challenge, attempt)
  const credential = choice?.credential ?? (await askForPasskey(auth, challenge))
  if (typeof credential === 'string') return done(() => announce(credential))
  dropChallenge()
  return handleOutcome(await challenge.respond(credential, attempt), attempt)
}

/** @returns the passkey, or what to say without one */
async function askForPasskey(
  auth: UserAuth,
  { options }: PasskeyChallenge,
): Promise<JsonObject | string> {
  try {
    return await getPasskey(options)
  } catch (error) {
    if (!(error instanceof PasskeyError)) throw error
    if (error.code === 'wrong-site') throw await auth.toRelyingPartyError(error)
    return error.code === 'aborted'
      ? ''
      : t('No passkey was used. Try again, or sign in another way.')
  }
}

async function handleOutcome(
  outcome: PasskeyOutcome,
  attempt: PasskeyAttempt,
): Promise<SubmitResult> {
  switch (outcome.kind) {
    case 'no-passkey':
      return done(explainNoPasskey)
    case 'challenge-expired':
      return done(() => announce(t('That took too long. Use your passkey again.')))
    case 'signed-in': {
      const result = await attempt.handleOutcome(outcome)
      // Autofill needs the name, and a passkey is used on a device of one's own.
      lastUsername.write(attempt.username)
      hasUsedPasskey.write('true')
      return result
    }
    default:
      return attempt.handleOutcome(outcome)
  }
}

/** The same for whoever has none and for names that nobody has. */
function explainNoPasskey(): void {
  announce(
    t(
      'There is no passkey for this account on this device. Sign in another way; you can add one afterwards.',
    ),
  )
  requireElement('#current-password', HTMLInputElement).focus()
}
