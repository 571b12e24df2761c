/** The limits of the request log. */

import { expect, test } from 'vitest'
import type { LogEntry } from '../../../src/local-cloud/ports.ts'
import { createRequestLog } from '../../../src/local-cloud/request-log.ts'

function createEntry(number: number, texts: Partial<LogEntry> = {}): LogEntry {
  return {
    atMs: 0,
    operation: 'SignUp',
    status: 200,
    durationMs: 1,
    requestId: String(number),
    ...texts,
  }
}

test('request log: it keeps the newest 500 entries, newest first', () => {
  const log = createRequestLog(() => {})
  for (let number = 1; number <= 501; number += 1) log.write(createEntry(number))

  expect(log.entries()).toHaveLength(500)
  expect(log.entries()[0]?.requestId).toBe('501')
  expect(log.entries().at(-1)?.requestId).toBe('2')
})

test('request log: it keeps at most a million characters, whatever clients send', () => {
  const log = createRequestLog(() => {})
  const text = 'x'.repeat(60_000)
  for (let number = 1; number <= 400; number += 1) {
    log.write(createEntry(number, { username: text, requestBody: text, detail: text }))
  }
  const kept = JSON.stringify(log.entries()).length

  expect(kept).toBeLessThan(1_100_000)
  expect(log.entries().length).toBeGreaterThan(50)
  expect(log.entries()[0]?.requestId).toBe('400')
  expect(log.entries()[0]?.username).toHaveLength(4097)
})

test('request log: bodies are not printed', () => {
  const printed: string[] = []
  createRequestLog((line) => printed.push(line)).write(
    createEntry(1, { requestBody: '{"a":1}', responseBody: '{"b":2}' }),
  )

  expect(printed).toEqual(['SignUp 200 1.0 ms 1'])
})
