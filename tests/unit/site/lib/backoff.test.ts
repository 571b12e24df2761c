/** How long the site waits in a crowd: bounds, growth, and that chance spreads it. */

import { describe, expect, test } from 'vitest'
import {
  quietRefusals,
  toBackoffMs,
  toPressWaitSeconds,
  toRenewalMs,
} from '../../../../src/site/lib/backoff.ts'

const least = () => 0
const most = () => 1 - 2 ** -32
const half = () => 0.5

describe('backoff', () => {
  test.each([
    [1, 2_000],
    [2, 4_000],
    [3, 8_000],
    [7, 128_000],
    [8, 180_000],
    [60, 180_000],
    [5_000, 180_000],
  ])(
    'after %i failures in a row the jitter is full: a second, and up to %i ms more',
    (failures, window) => {
      expect(toBackoffMs(failures, least)).toBe(1000)
      expect(toBackoffMs(failures, half)).toBe(1000 + window / 2)
      expect(toBackoffMs(failures, most)).toBeCloseTo(1000 + window, 3)
    },
  )
})

test('a page that is being opened has said so within ten seconds: its quiet refusals take eight at most', () => {
  const waits = Array.from({ length: quietRefusals }, (_, index) => toBackoffMs(index + 1, most))
  expect(waits.reduce((sum, wait) => sum + wait, 0)).toBeLessThanOrEqual(8000)
})

describe('the wait before the next press', () => {
  test.each([
    [1, 13],
    [2, 23],
    [3, 43],
    [6, 183],
    [5_000, 183],
  ])('after %i refusals it is from 3 to %i whole seconds', (failures, longest) => {
    expect(toPressWaitSeconds(failures, least)).toBe(3)
    expect(toPressWaitSeconds(failures, most)).toBe(longest)
    expect(toPressWaitSeconds(failures, () => 0.123)).toSatisfy(Number.isInteger)
  })
})

describe('renewal', () => {
  test.each([
    [60, 42, 54],
    [5, 3.5, 4.5],
  ])(
    'tokens of %i minutes are renewed when they are from %d to %d minutes old',
    (life, from, to) => {
      const endsAtMs = 1_800_000_000_000
      const lifeMs = life * 60_000
      const ageAt = (random: () => number) =>
        (toRenewalMs({ lifeMs, endsAtMs }, random) - (endsAtMs - lifeMs)) / 60_000
      expect(ageAt(least)).toBeCloseTo(to, 6)
      expect(ageAt(most)).toBeCloseTo(from, 6)
    },
  )
})
