/**
 * Refuses requests beyond the quotas of an account, as AWS does. What AWS publishes is a rate for each category; how
 * it counts within a second, it does not.
 *
 * Each quota is a token bucket: it holds what one second allows, begins full and is refilled evenly, so that requests
 * that come evenly at the rate are never refused, and of those that come at once a second's worth gets in. A refused request
 * takes nothing. The buckets are in memory: a new start begins with full ones.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html
 */

import * as v from 'valibot'
import {
  challengeResponses,
  findQuotaCategory,
  type QuotaCategory,
  type QuotaCategoryName,
  quotaCategories,
} from '../../shared/cognito-quotas.ts'
import type { Clock } from '../ports.ts'
import { CognitoError } from './cognito-error.ts'
import type { Quotas } from './quotas.ts'

export interface Throttle {
  /**
   * Counts a request.
   *
   * @param body not checked yet
   * @throws {CognitoError} TooManyRequestsException for one that is beyond a quota
   */
  assertWithinQuota(operation: string, body: unknown): void
  /** As after a new start: every quota is there in full. */
  reset(): void
}

export function createThrottle(
  { requestsPerSecond }: Quotas,
  clock: Pick<Clock, 'nowMs'>,
): Throttle {
  const buckets = new Map<string, TokenBucket>()

  /** @param key a category, or an operation that has a quota of its own */
  function bucketOf(key: string, rate: number): TokenBucket {
    const present = buckets.get(key)
    if (present) return present
    const bucket = createTokenBucket(rate, clock)
    buckets.set(key, bucket)
    return bucket
  }

  /** The buckets of which one must have a token, and in the order in which they are asked. */
  function bucketsFor(
    operation: string,
    category: QuotaCategoryName,
    rate: number,
  ): readonly TokenBucket[] {
    const ofCategory = bucketOf(category, rate)
    const isChallengeResponse =
      category === 'UserAuthentication' &&
      challengeResponses.operations.some((name) => name === operation)
    return isChallengeResponse
      ? [bucketOf('challenge responses', rate * challengeResponses.timesCategory), ofCategory]
      : [ofCategory]
  }

  return {
    assertWithinQuota(operation, body) {
      if (requestsPerSecond.size === 0) return
      const category = findQuotaCategory(operation, findChallengeName(body))
      const rate = category && requestsPerSecond.get(category)
      if (category === undefined || rate === undefined) return
      const { operationRequestsPerSecond }: QuotaCategory = quotaCategories[category]
      const ofOperation =
        operationRequestsPerSecond === undefined
          ? undefined
          : bucketOf(`operation ${operation}`, operationRequestsPerSecond)
      if (ofOperation && !ofOperation.hasToken()) {
        throw tooManyRequestsError(
          `beyond the quota of ${operation}: ${operationRequestsPerSecond} a second for a user pool`,
        )
      }
      const bucket = bucketsFor(operation, category, rate).find((one) => one.hasToken())
      if (!bucket) {
        throw tooManyRequestsError(`beyond the quota of ${category}: ${rate} a second`)
      }
      bucket.takeToken()
      ofOperation?.takeToken()
    },
    reset: () => buckets.clear(),
  }
}

/** @returns the name of the challenge that a request responds to */
function findChallengeName(body: unknown): string | undefined {
  const parsed = v.safeParse(v.object({ ChallengeName: v.string() }), body)
  return parsed.success ? parsed.output.ChallengeName : undefined
}

/**
 * The words are recorded for InitiateAuth, AdminGetUser and others (amplify-js 3554, boto3 2517), the status 400 for
 * them too (amplify-js 6767). `Too many requests` is recorded as well (aws-sdk-java 2301, cognito-backup 28), without
 * what decides between the two.
 */
function tooManyRequestsError(detail: string): CognitoError {
  return new CognitoError('TooManyRequestsException', 'Rate exceeded', { detail })
}

interface TokenBucket {
  hasToken(): boolean
  takeToken(): void
}

/** one token, in thousandths, of which `rate` come in a millisecond: whole numbers, so that nothing is lost by rounding */
const token = 1000

function createTokenBucket(rate: number, { nowMs }: Pick<Clock, 'nowMs'>): TokenBucket {
  const capacity = rate * token
  let level = capacity
  let filledAtMs = nowMs()
  const refill = () => {
    const now = nowMs()
    // A clock that was set back refills from then on.
    level = Math.min(capacity, level + Math.max(0, now - filledAtMs) * rate)
    filledAtMs = now
  }
  return {
    hasToken() {
      refill()
      return level >= token
    },
    takeToken() {
      level -= token
    },
  }
}
