/** The log of requests: printed when they are answered, and the newest kept for the console. */

import type { Log, LogEntry } from './ports.ts'

/** limits of what is kept in memory: entries, characters of one text, characters of all entries */
const maxEntries = 500
const maxTextLength = 4096
const maxTotalLength = 1_000_000

export interface RequestLog extends Log {
  /** newest first */
  readonly entries: () => readonly LogEntry[]
}

export function createRequestLog(print: (line: string) => void): RequestLog {
  const entries: LogEntry[] = []
  let totalLength = 0
  const keep = (entry: LogEntry) => {
    entries.push(entry)
    totalLength += lengthOf(entry)
    while (entries.length > maxEntries || totalLength > maxTotalLength) {
      const oldest = entries.shift()
      if (!oldest) return
      totalLength -= lengthOf(oldest)
    }
  }
  return {
    write(entry) {
      keep(cutTexts(entry))
      const { operation, status, durationMs, requestId, error, detail } = entry
      const outcome = error ? ` ${error}${detail ? ` (${detail})` : ''}` : ''
      print(`${operation} ${status} ${durationMs.toFixed(1)} ms ${requestId}${outcome}`)
    },
    entries: () => entries.toReversed(),
  }
}

/** The members of an entry that a client decides the length of. */
const textMembers = ['username', 'error', 'detail', 'requestBody', 'responseBody'] as const

function lengthOf(entry: LogEntry): number {
  const texts = textMembers.map((name) => entry[name])
  const ofTriggers = (entry.triggerCalls ?? []).flatMap(({ event, output, error, note }) => [
    event,
    output,
    error,
    note,
  ])
  return [...texts, ...ofTriggers].reduce((sum, text) => sum + (text?.length ?? 0), 0)
}

function cutTexts(entry: LogEntry): LogEntry {
  const texts = textMembers.flatMap((name) => {
    const text = entry[name]
    return text === undefined ? [] : [[name, cutText(text)] as const]
  })
  // Event and output are cut where they are masked; an error is as long as a function makes it.
  const triggerCalls = entry.triggerCalls?.map((call) => ({
    ...call,
    ...(call.error !== undefined && { error: cutText(call.error) }),
  }))
  return { ...entry, ...Object.fromEntries(texts), ...(triggerCalls && { triggerCalls }) }
}

function cutText(text: string): string {
  return text.length <= maxTextLength ? text : `${text.slice(0, maxTextLength)}…`
}
