/**
 * The service locks a user out for a while after failed sign-ins and does not tell for how long. What this browser knows
 * of them, and how long it takes: the same in all tabs. Fetched when a sign-in has failed, with all that is told then.
 */

import type { FormError, Link } from '../forms/submit-result.ts'
import { pageLanguage, t } from '../i18n/t.ts'
import { parseJsonObject } from '../lib/json.ts'
import { toShortHash } from '../lib/short-hash.ts'
import { failedSignIns } from '../lib/tab-state.ts'
import { currentNext, routes, withNext } from '../routes.ts'

export { describeThrottled } from './throttled.ts'

/** failures in a row from which on the service locks out, and its longest lockout */
const freeFailures = 5
const longestLockoutMs = 15 * 60_000

interface Failures {
  readonly count: number
  readonly lastMs: number
}

/**
 * Counts a sign-in that failed.
 *
 * @returns what to show once the user must wait; the same for known and unknown users
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-authentication-flow.html
 */
export function countFailedSignIn(username: string): Partial<FormError> {
  const failures = { count: readFailures(username).count + 1, lastMs: Date.now() }
  const others = [...readAll()].filter(([key]) => key !== toShortHash(username))
  const all = [...others, [toShortHash(username), failures] as const]
  failedSignIns.write(
    JSON.stringify(
      Object.fromEntries(all.map(([key, { count, lastMs }]) => [key, [count, lastMs]])),
    ),
  )
  const seconds = lockoutSecondsLeft(username)
  if (seconds === 0) return {}
  return {
    ...toWait(seconds),
    text: t("The email or username and the password don't match. {wait}", {
      wait: describeWait(seconds),
    }),
  }
}

/** What to show while the service locks the user out: for how long, as far as this browser can know. */
export function describeLockout(username: string): Partial<FormError> {
  const seconds = lockoutSecondsLeft(username)
  if (seconds > 0) {
    return {
      ...toWait(seconds),
      text: t('Too many tries. {wait}', { wait: describeWait(seconds) }),
    }
  }
  return {
    text: t('Too many tries. Wait a few minutes, 15 at most: until {time}. Then try again.', {
      time: formatTime(Date.now() + longestLockoutMs),
    }),
    links: [resetLink()],
  }
}

/** The button waits with the user, unless another one is to sign in. */
function toWait(seconds: number): Partial<FormError> {
  return { retryAfterSeconds: seconds, waitField: 'username', links: [resetLink()] }
}

function describeWait(seconds: number): string {
  const duration = formatDuration(seconds)
  return seconds < 60
    ? t('Wait about {duration}, then try again.', { duration })
    : t('Wait about {duration}, until {time}, then try again.', {
        duration,
        time: formatTime(Date.now() + seconds * 1000),
      })
}

/**
 * An estimate: it doubles with each failure, and others may have tried too.
 *
 * @returns whole seconds; 0 when this browser knows of no lockout
 */
function lockoutSecondsLeft(username: string): number {
  const { count, lastMs } = readFailures(username)
  if (count < freeFailures) return 0
  const lockoutMs = Math.min(1000 * 2 ** (count - freeFailures), longestLockoutMs)
  const secondsLeft = Math.max(Math.ceil((lastMs + lockoutMs - Date.now()) / 1000), 0)
  return Math.min(secondsLeft, longestLockoutMs / 1000)
}

function readFailures(username: string): Failures {
  return readAll().get(toShortHash(username)) ?? { count: 0, lastMs: 0 }
}

/** Those that still count. Anything can be in web storage. */
function readAll(): ReadonlyMap<string, Failures> {
  const stored = parseJsonObject(failedSignIns.read() ?? '') ?? {}
  const nowMs = Date.now()
  return new Map(
    Object.entries(stored).flatMap(([key, value]) => {
      const [count, lastMs]: readonly unknown[] = Array.isArray(value) ? value : []
      const isRecent =
        typeof count === 'number' &&
        typeof lastMs === 'number' &&
        Math.abs(nowMs - lastMs) < longestLockoutMs
      return isRecent ? [[key, { count: Math.min(count, 1000), lastMs }] as const] : []
    }),
  )
}

function resetLink(): Link {
  return { text: t('Reset your password'), href: withNext(routes.forgot, currentNext()) }
}

/** Such as "4 seconds", "2 minutes": whole minutes from two on. */
function formatDuration(seconds: number): string {
  const [amount, unit] = seconds < 120 ? [seconds, 'second'] : [Math.ceil(seconds / 60), 'minute']
  return new Intl.NumberFormat(pageLanguage, {
    style: 'unit',
    unit,
    unitDisplay: 'long',
  }).format(amount)
}

/** Such as "10:42 AM": the minute that begins then or after. */
function formatTime(epochMs: number): string {
  const minuteMs = 60_000
  return new Intl.DateTimeFormat(pageLanguage, { timeStyle: 'short' }).format(
    Math.ceil(epochMs / minuteMs) * minuteMs,
  )
}
