/** The service locks a user out for a while after failed sign-ins. What this tab knows of them, and how long it takes. */

import type { FormError, Link } from '../forms/submit-result.ts'
import { pageLanguage, t } from '../i18n/t.ts'
import { siteKeyPrefix } from '../lib/tab-state.ts'
import { tabStorage } from '../lib/web-storage.ts'
import { currentNext, routes, withNext } from '../routes.ts'

/** failures in a row from which on the service locks out, and its longest lockout */
const freeFailures = 5
const longestLockoutMs = 15 * 60_000

/**
 * Counts a sign-in that failed.
 *
 * @returns what to show once the user must wait; the same for known and unknown users
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-authentication-flow.html
 */
export function countFailedSignIn(username: string): Partial<FormError> {
  const nowMs = Date.now()
  const { count, lastMs } = readFailures(username)
  const newCount = nowMs - lastMs < longestLockoutMs ? count + 1 : 1
  tabStorage.write(failuresKey(username), `${newCount} ${nowMs}`)
  const seconds = lockoutSecondsLeft(username)
  if (seconds === 0) return {}
  return {
    text: t(
      "The email or username and the password don't match. Wait about {duration}, then try again.",
      { duration: formatDuration(seconds) },
    ),
    links: [resetLink()],
  }
}

export function clearFailedSignIns(username: string): void {
  tabStorage.remove(failuresKey(username))
}

/** What to show while the service locks the user out: for how long, as far as this tab can know. */
export function describeLockout(username: string): Partial<FormError> {
  const seconds = lockoutSecondsLeft(username)
  return {
    ...(seconds > 0 && {
      text: t('Too many tries. Wait about {duration}, then try again.', {
        duration: formatDuration(seconds),
      }),
    }),
    links: [resetLink()],
  }
}

/**
 * An estimate: it doubles with each failure, and others may have tried too.
 *
 * @returns whole seconds; 0 when this tab knows of no lockout
 */
function lockoutSecondsLeft(username: string): number {
  const { count, lastMs } = readFailures(username)
  if (count < freeFailures) return 0
  const lockoutMs = Math.min(1000 * 2 ** (count - freeFailures), longestLockoutMs)
  const secondsLeft = Math.max(Math.ceil((lastMs + lockoutMs - Date.now()) / 1000), 0)
  return Math.min(secondsLeft, longestLockoutMs / 1000)
}

function readFailures(username: string): { count: number; lastMs: number } {
  const stored = tabStorage.read(failuresKey(username)) ?? ''
  const [, count = '0', lastMs = '0'] = /^(\d{1,4}) (\d{1,16})$/.exec(stored) ?? []
  return { count: Number(count), lastMs: Number(lastMs) }
}

function failuresKey(username: string): string {
  return `${siteKeyPrefix}failures.${username.toLowerCase()}`
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
