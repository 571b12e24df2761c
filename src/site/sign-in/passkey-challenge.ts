/** The challenge that a passkey responds to, and a passkey that the rider has chosen from the browser's own list. */

import type { loadUserAuth, PasskeyChallenge } from '../auth/index.ts'
import type { JsonObject } from '../lib/json.ts'

export type UserAuth = Awaited<ReturnType<typeof loadUserAuth>>

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

interface ChosenPasskey {
  readonly challenge: PasskeyChallenge
  readonly credential: JsonObject
}

/** the next submit sends it */
let chosen: ChosenPasskey | undefined

let hasPrefetched = false

/**
 * Requests the challenge before the button is pressed, once: one that is not used counts against the pool's rate limits. An
 * error is reported when the button is pressed.
 */
export function prefetchChallenge(
  auth: UserAuth,
  { username, prerenderNext }: { readonly username: string; readonly prerenderNext: () => void },
): void {
  if (hasPrefetched) return
  hasPrefetched = true
  prerenderNext()
  requestChallenge(auth, username).catch(() => undefined)
}

/** @returns this user's challenge: the latest one if it is younger than `maxAgeMs`, else a new one */
export function requestChallenge(
  auth: UserAuth,
  username: string,
  maxAgeMs = challengeLifetimeMs,
): Promise<ChallengeOutcome> {
  if (latest?.username === username && challengeAgeMs() < maxAgeMs) return latest.outcome
  const outcome = auth.requestPasskeyChallenge({ username })
  const own = { username, requestedAtMs: Date.now(), outcome }
  latest = own
  outcome.catch(() => {
    if (latest === own) latest = undefined
  })
  return outcome
}

/** @returns the age of the latest challenge; more than any may have where there is none */
export function challengeAgeMs(): number {
  return latest ? Math.abs(Date.now() - latest.requestedAtMs) : Number.POSITIVE_INFINITY
}

/** Forgets the challenge, so that the next one is new. */
export function dropChallenge(): void {
  latest = undefined
}

/** Sends a passkey that the rider has chosen from the browser's list by the form, so that it ends as a press does. */
export function submitChosen(form: HTMLFormElement, choice: ChosenPasskey): void {
  chosen = choice
  form.requestSubmit()
}

export function takeChosen(): ChosenPasskey | undefined {
  const choice = chosen
  chosen = undefined
  return choice
}
