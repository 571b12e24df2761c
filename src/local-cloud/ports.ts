/** Everything in the local cloud that is not a pure function of its input comes in through these. */

import { randomBytes, randomInt, randomUUID } from 'node:crypto'

export interface Clock {
  /** milliseconds since the Unix epoch, moved by tests: codes, sessions and tokens live by it */
  nowMs(): number
  /** milliseconds since the Unix epoch as other machines see it: a client's watch is held against it */
  wallClockMs(): number
}

/** A clock that tests push forward; unmoved, it is the system's. */
export interface MovableClock extends Clock {
  advance(seconds: number): void
}

/** Cryptographically strong randomness. */
export interface Random {
  bytes(count: number): Buffer
  uuid(): string
  /** decimal digits, each as likely as the others */
  digits(count: number): string
}

/** A mail as the inbox keeps it; in an invitation the code is a temporary password. */
export interface Letter {
  readonly to: string
  readonly subject: string
  readonly text: string
  /** the code in `text`, for people and tests to copy */
  readonly code: string
}

/** Told of each letter after the change that caused it is committed. */
export interface Outbox {
  deliver(letter: Letter): void
}

/** One answered request; never a body, a password, a code or a token. */
export interface LogEntry {
  /** milliseconds since the Unix epoch */
  readonly atMs: number
  readonly operation: string
  /** the user name the request gave, as it gave it */
  readonly username?: string
  readonly status: number
  readonly durationMs: number
  readonly requestId: string
  /** the error on the wire, and what only the log may know */
  readonly error?: string
  readonly detail?: string
}

export interface Log {
  write(entry: LogEntry): void
}

export function createSystemClock(): MovableClock {
  let offsetMs = 0
  return {
    nowMs: () => Date.now() + offsetMs,
    wallClockMs: () => Date.now(),
    advance(seconds) {
      offsetMs += Math.round(seconds * 1000)
    },
  }
}

export const systemRandom: Random = {
  bytes: (count) => randomBytes(count),
  uuid: () => randomUUID(),
  digits: (count) => Array.from({ length: count }, () => randomInt(10)).join(''),
}
