/**
 * Interfaces to time, randomness, messages and the log, so that tests can replace them. The local cloud draws random
 * bytes nowhere else, except for signing keys (`user-pool/tokens/signing-keys.ts`).
 */

import { randomBytes, randomInt, randomUUID } from 'node:crypto'

export interface Clock {
  /** milliseconds since the Unix epoch; tests can advance it: codes, sessions and tokens expire by it */
  nowMs(): number
  /** milliseconds since the Unix epoch, never advanced: timestamps of clients are compared with it */
  wallClockMs(): number
}

/** A clock that tests can advance. Until then it is the system's. */
export interface MovableClock extends Clock {
  advance(seconds: number): void
  /** Takes back what it was advanced by. */
  reset(): void
}

/** Cryptographically strong randomness. */
export interface Random {
  bytes(count: number): Buffer
  uuid(): string
  /** decimal digits, uniformly distributed */
  digits(count: number): string
}

/** How a message goes. Here both end in the inbox. */
export const deliveryMediums = ['EMAIL', 'SMS'] as const
export type DeliveryMedium = (typeof deliveryMediums)[number]

/** An email or an SMS of the user pool. */
export interface Message {
  readonly medium: DeliveryMedium
  /** email address or phone number */
  readonly to: string
  /** empty in an SMS */
  readonly subject: string
  /** HTML in an email, plain text in an SMS */
  readonly text: string
  /** the code in `text`, for people and tests to copy; in an invitation the temporary password */
  readonly code: string
}

/** Gets each message after the commit of the transaction that has stored it. */
export interface Mailer {
  send(message: Message): void
}

/** A request and its outcome, without passwords, codes, tokens and other secrets. */
export interface LogEntry {
  /** milliseconds since the Unix epoch */
  readonly atMs: number
  readonly operation: string
  /** the user name in the request, unchanged */
  readonly username?: string
  readonly status: number
  readonly durationMs: number
  readonly requestId: string
  /** the error that the client got */
  readonly error?: string
  /** its cause, for the log only */
  readonly detail?: string
  /** JSON with its secrets masked; missing when the body could not be read */
  readonly requestBody?: string
  /** JSON with its secrets masked; missing when there is no body */
  readonly responseBody?: string
  /** calls of Lambda triggers, in their order; missing when there were none */
  readonly triggerCalls?: readonly TriggerCallEntry[]
}

/** A call of a Lambda trigger's function. */
export interface TriggerCallEntry {
  /** the event's `triggerSource` */
  readonly triggerSource: string
  readonly durationMs: number
  /** JSON with its secrets masked */
  readonly event: string
  /** the same of what the function returned; missing when it failed */
  readonly output?: string
  /** how it failed, for the log only */
  readonly error?: string
  /** what else a developer should know about it */
  readonly note?: string
}

export interface Log {
  write(entry: LogEntry): void
}

/** @param nowMs milliseconds since the Unix epoch; the system's by default */
export function createSystemClock(nowMs: () => number = () => Date.now()): MovableClock {
  let offsetMs = 0
  return {
    nowMs: () => nowMs() + offsetMs,
    wallClockMs: () => Date.now(),
    advance(seconds) {
      offsetMs += Math.round(seconds * 1000)
    },
    reset() {
      offsetMs = 0
    },
  }
}

export const systemRandom: Random = {
  bytes: (count) => randomBytes(count),
  uuid: () => randomUUID(),
  digits: (count) => Array.from({ length: count }, () => randomInt(10)).join(''),
}
