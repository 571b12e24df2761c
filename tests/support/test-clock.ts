import type { MovableClock } from '../../src/local-cloud/ports.ts'

/** A clock that stands still until a test moves it. */
export interface TestClock extends MovableClock {
  /** Moves what other machines call the time: the watch a client's TIMESTAMP is held against. */
  shiftWallClock(seconds: number): void
}

/** Starts at the present second, for the client library's and the token verifier's clocks are real. */
export function createTestClock(): TestClock {
  let nowMs = Math.floor(Date.now() / 1000) * 1000
  let wallClockShiftMs = 0
  return {
    nowMs: () => nowMs,
    wallClockMs: () => Date.now() + wallClockShiftMs,
    advance(seconds) {
      nowMs += seconds * 1000
    },
    shiftWallClock(seconds) {
      wallClockShiftMs += seconds * 1000
    },
  }
}
