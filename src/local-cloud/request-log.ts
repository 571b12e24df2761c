/** The log of requests: printed when they are answered, and the newest kept for the console. */

import type { Log, LogEntry } from './ports.ts'

/** maximum number of entries for the console */
const entriesKept = 500

export interface RequestLog extends Log {
  /** newest first */
  readonly entries: () => readonly LogEntry[]
}

export function createRequestLog(print: (line: string) => void): RequestLog {
  const entries: LogEntry[] = []
  return {
    write(entry) {
      entries.push(entry)
      if (entries.length > entriesKept) entries.shift()
      const { operation, status, durationMs, requestId, error, detail } = entry
      const outcome = error ? ` ${error}${detail ? ` (${detail})` : ''}` : ''
      print(`${operation} ${status} ${durationMs.toFixed(1)} ms ${requestId}${outcome}`)
    },
    entries: () => entries.toReversed(),
  }
}
