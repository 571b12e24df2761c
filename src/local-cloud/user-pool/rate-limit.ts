/** Counts calls and failed sign-ins of each user, and rejects those that exceed the pool's limits. */

import { CognitoError, CommittedError } from './cognito-error.ts'
import type { OperationContext, Reply } from './context.ts'
import type { LimitedOperation } from './limits.ts'

/** the window in which calls of one user are counted */
const hourMs = 3_600_000
/** the longest lockout after failed sign-ins, and the age at which failures no longer count */
const maxLockoutMs = 15 * 60_000

/**
 * Runs `change` and counts it as a call of this user. The call counts even when `change` throws, and also for
 * a user who does not exist: the limit must not reveal which users exist.
 *
 * @returns a `CommittedError` when `change` throws a `CognitoError`: its changes are undone, the count is kept
 * @throws {CognitoError} LimitExceededException once the limit is reached; that call is not counted
 */
export function withRateLimit(
  { operation, username }: { operation: LimitedOperation; username: string },
  context: OperationContext,
  change: () => Reply,
): Reply {
  const { store, clock, limits } = context
  const limit = limits.callsPerHour[operation]
  if (limit === undefined) return change()
  const nowMs = clock.nowMs()
  store.deleteExpired(nowMs)
  const key = { subject: toSubject(username, context), kind: operation }
  const counter = store.findRateCounter(key)
  const isCurrent = counter && isWithin(hourMs, counter.atMs, nowMs)
  const count = isCurrent ? counter.count : 0
  if (count >= limit) {
    throw new CognitoError(
      'LimitExceededException',
      'Attempt limit exceeded, please try after some time.',
    )
  }
  store.saveRateCounter({ ...key, count: count + 1, atMs: isCurrent ? counter.atMs : nowMs })
  try {
    return store.savepoint(change)
  } catch (error) {
    if (error instanceof CognitoError) return new CommittedError(error)
    throw error
  }
}

/** @returns what calls are counted under: the user's `sub`, or a simulated one for an unknown user name */
function toSubject(username: string, { store, simulateUser }: OperationContext): string {
  // Computed for every user name, so that timing does not reveal which users exist.
  const simulated = simulateUser(username)
  return store.findUser(username)?.sub ?? simulated.sub
}

/** @returns the error for a user who is locked out after failed sign-ins */
export function findLockoutError(
  subject: string,
  { store, clock, limits }: OperationContext,
): CognitoError | undefined {
  const { failedSignIns } = limits
  const failures = store.findRateCounter({ subject, kind: 'SignIn' })
  if (failedSignIns === undefined || !failures || failures.count < failedSignIns) return undefined
  const lockoutMs = Math.min(1000 * 2 ** (failures.count - failedSignIns), maxLockoutMs)
  if (!isWithin(lockoutMs, failures.atMs, clock.nowMs())) return undefined
  return new CognitoError('NotAuthorizedException', 'Password attempts exceeded')
}

export function recordFailedSignIn(subject: string, { store, clock }: OperationContext): void {
  const nowMs = clock.nowMs()
  const failures = store.findRateCounter({ subject, kind: 'SignIn' })
  const isCurrent = failures && isWithin(maxLockoutMs, failures.atMs, nowMs)
  const count = (isCurrent ? failures.count : 0) + 1
  store.saveRateCounter({ subject, kind: 'SignIn', count, atMs: nowMs })
}

export function resetFailedSignIns(subject: string, { store }: OperationContext): void {
  store.deleteRateCounter({ subject, kind: 'SignIn' })
}

/**
 * Whether the two times are less than `spanMs` apart, in either direction: a clock that was set back by a
 * little keeps a limit in force, one that was set back by more does not prolong it.
 */
export function isWithin(spanMs: number, sinceMs: number, nowMs: number): boolean {
  return Math.abs(nowMs - sinceMs) < spanMs
}
