/**
 * How this site behaves in a crowd: when it asks again after a refusal, and when it renews what will end. Riders who came
 * at the same instant must not come back at the same instant. Pure: `npm run simulate` runs the same functions.
 *
 * @see docs/decisions/0024-a-client-that-behaves-in-a-crowd.md
 */

/** from 0 to 1, without 1, as `Math.random` gives it */
export type Random = () => number

/**
 * Before what runs in the background is asked again: exponential backoff with full jitter. It begins a second later,
 * because quotas are counted by the second.
 *
 * @param failures in a row, 1 or more
 * @returns milliseconds
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function toBackoffMs(failures: number, random: Random): number {
  return 1000 + random() * Math.min(1000 * 2 ** failures, 180_000)
}

/**
 * Before somebody may press again. They read a countdown meanwhile, so it is no shorter than that takes.
 *
 * @param failures in a row, 1 or more
 * @returns whole seconds
 */
export function toPressWaitSeconds(failures: number, random: Random): number {
  return Math.ceil(3 + random() * Math.min(5 * 2 ** failures, 180))
}

/** Refusals in a row for which a page that is being opened says no more than that it waits: eight seconds at most. */
export const quietRefusals = 2

/**
 * When tokens are renewed in the background: somewhere in the last part of their life, early enough to be asked again.
 *
 * @param tokens `lifeMs`: from issue to end; `endsAtMs`: by any clock
 * @returns by the same clock
 */
export function toRenewalMs(
  { lifeMs, endsAtMs }: { readonly lifeMs: number; readonly endsAtMs: number },
  random: Random,
): number {
  return endsAtMs - lifeMs * (0.1 + 0.2 * random())
}
