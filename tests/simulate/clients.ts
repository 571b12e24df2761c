/** The clients that are compared: how each waits, and when it renews. */

import {
  type Random,
  toBackoffMs,
  toPressWaitSeconds,
  toRenewalMs,
} from '../../src/site/lib/backoff.ts'

export interface Client {
  readonly name: string
  /** milliseconds until what runs in the background is asked again. @param failures in a row, 1 or more */
  backgroundWaitMs(failures: number, random: Random): number
  /** milliseconds until somebody may press again */
  pressWaitMs(failures: number, random: Random): number
  /** milliseconds, by the clock of `endsAtMs`: when tokens are renewed */
  renewalMs(tokens: { readonly lifeMs: number; readonly endsAtMs: number }, random: Random): number
  /** how often a sign-in is sent by itself after a refusal */
  readonly repeatsSignIn: 0 | 1
}

/** `src/site/lib/backoff.ts` itself. */
export const thisSite: Client = {
  name: 'this site',
  backgroundWaitMs: toBackoffMs,
  pressWaitMs: (failures, random) => toPressWaitSeconds(failures, random) * 1000,
  renewalMs: toRenewalMs,
  repeatsSignIn: 1,
}

/** always the middle: the same waits, and no chance in them */
const middle: Random = () => 0.5

/** The same without jitter: those who are refused together come back together. */
export const withoutJitter: Client = {
  name: 'without jitter',
  backgroundWaitMs: (failures) => toBackoffMs(failures, middle),
  pressWaitMs: (failures) => toPressWaitSeconds(failures, middle) * 1000,
  renewalMs: (tokens) => toRenewalMs(tokens, middle),
  repeatsSignIn: 1,
}

/** What the site did before: fixed waits, and tokens renewed half a minute before they end. */
export const fixedWaits: Client = {
  name: 'fixed waits',
  backgroundWaitMs: () => 15_000,
  pressWaitMs: () => 10_000,
  renewalMs: ({ endsAtMs }) => endsAtMs - 30_000,
  repeatsSignIn: 0,
}

export const clients: readonly Client[] = [thisSite, withoutJitter, fixedWaits]
