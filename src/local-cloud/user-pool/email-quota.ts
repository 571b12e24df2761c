/**
 * The quota of emails a day. On AWS it is an account's with Cognito's own sender, and begins anew at 09:00 UTC.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html
 */

import { cognitoSenderQuota } from '../../shared/cognito-quotas.ts'
import type { DeliveryMedium } from '../ports.ts'
import { CognitoError } from './cognito-error.ts'
import type { UserPool } from './context.ts'
import { findEmailQuota } from './quotas.ts'

type Pool = Pick<UserPool, 'store' | 'clock' | 'quotas' | 'settings'>

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const key = { subject: 'account', kind: 'Email' } as const

/**
 * Counts a message that is an email, in the transaction that stores it.
 *
 * @throws {CognitoError} LimitExceededException once the day's emails are sent
 */
export function countEmail(medium: DeliveryMedium, pool: Pool): void {
  const quota = findQuota(medium, pool)
  if (quota === undefined) return
  const atMs = endOfDay(pool.clock.nowMs())
  pool.store.saveRateCounter({ ...key, count: requireEmailLeft(quota, pool) + 1, atMs })
}

/**
 * For an email to nobody, which no quota counts: it must fail where a real one does.
 *
 * @throws {CognitoError} LimitExceededException once the day's emails are sent
 */
export function assertEmailLeft(medium: DeliveryMedium, pool: Pool): void {
  const quota = findQuota(medium, pool)
  if (quota !== undefined) requireEmailLeft(quota, pool)
}

/** @returns how many a day; `undefined` without a quota, and for an SMS */
function findQuota(medium: DeliveryMedium, { quotas, settings }: Pool): number | undefined {
  return medium === 'EMAIL' ? findEmailQuota(quotas, settings) : undefined
}

/** @returns how many emails were sent on this day */
function requireEmailLeft(quota: number, { store, clock }: Pool): number {
  const counter = store.findRateCounter(key)
  const sent = counter?.atMs === endOfDay(clock.nowMs()) ? counter.count : 0
  if (sent < quota) return sent
  throw new CognitoError(
    'LimitExceededException',
    // Recorded with these words: cognito-backup-restore 46, Polkadex-Open-Beta 418.
    'Exceeded daily email limit for the operation or the account. If a higher limit is required, please configure your user pool to use your own Amazon SES configuration for sending email.',
    { detail: `beyond the quota of emails: ${quota} a day, which begins at 09:00 UTC` },
  )
}

/** The counter is kept until the day is over, because the store deletes counters by this time. */
function endOfDay(nowMs: number): number {
  const shiftMs = cognitoSenderQuota.dayBeginsAtUtcHour * hourMs
  return (Math.floor((nowMs - shiftMs) / dayMs) + 1) * dayMs + shiftMs
}
