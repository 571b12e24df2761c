/** Clock and randomness of the local cloud. */

import { describe, expect, test } from 'vitest'
import { createSystemClock, systemRandom } from '../../../src/local-cloud/ports.ts'

describe('random digits', () => {
  test('random digits: there are as many as requested, including leading zeros', () => {
    const codes = Array.from({ length: 500 }, () => systemRandom.digits(6))

    expect(codes.filter((code) => !/^[0-9]{6}$/.test(code))).toEqual([])
    expect(codes.some((code) => code.startsWith('0'))).toBe(true)
  })

  test('random digits: each digit is equally likely', () => {
    const counts = new Map<string, number>()
    for (const digit of systemRandom.digits(20_000)) {
      counts.set(digit, (counts.get(digit) ?? 0) + 1)
    }

    expect([...counts.keys()].sort().join('')).toBe('0123456789')
    // 2000 each; six standard deviations are 255.
    for (const count of counts.values()) expect(Math.abs(count - 2000)).toBeLessThan(255)
  })
})

describe('system clock', () => {
  test('system clock: it tells the time until it is moved', () => {
    const clock = createSystemClock()
    const before = Date.now()
    const { nowMs, wallClockMs } = { nowMs: clock.nowMs(), wallClockMs: clock.wallClockMs() }

    expect(nowMs).toBeGreaterThanOrEqual(before)
    expect(wallClockMs - nowMs).toBeLessThan(1000)
  })

  test('system clock: moving it does not move the wall clock that clients are compared with', () => {
    const clock = createSystemClock()
    clock.advance(3600)

    expect(clock.nowMs() - clock.wallClockMs()).toBeGreaterThan(3_599_000)
    expect(clock.wallClockMs() - Date.now()).toBeLessThan(1000)
  })

  test.each([0.0004, 1.005, 4.35])(
    'system clock: after moving by %s s it still has whole milliseconds',
    (seconds) => {
      const clock = createSystemClock()
      clock.advance(seconds)

      expect(clock.nowMs()).toSatisfy(Number.isInteger)
    },
  )
})
