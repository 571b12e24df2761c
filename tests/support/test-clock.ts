import type { MovableClock } from '../../src/local-cloud/ports.ts'

/** A clock that stands still until a test moves it. */
export interface TestClock extends MovableClock {
  /** Moves the wall clock, with which a client's TIMESTAMP is compared. */
  shiftWallClock(seconds: number): void
}

/** Starts at the current second, because the clocks of the client library and the token verifier are real. */
export function createTestClock(): TestClock {
  const startMs = Math.floor(Date.now() / 1000) * 1000
  let nowMs = startMs
  let wallClockShiftMs = 0
  return {
    nowMs: () => nowMs,
    wallClockMs: () => Date.now() + wallClockShiftMs,
    advance(seconds) {
      nowMs += seconds * 1000
    },
    reset() {
      nowMs = startMs
    },
    shiftWallClock(seconds) {
      wallClockShiftMs += seconds * 1000
    },
  }
}
