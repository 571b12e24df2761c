/** Waiting for messages: who gets which, and when. */

import { expect, test, vi } from 'vitest'
import { createInbox, MessageTimeoutError } from '../../../src/local-cloud/inbox.ts'
import type { StoredMessage } from '../../../src/local-cloud/user-pool/store/store.ts'

function openInbox() {
  const emails: StoredMessage[] = []
  const inbox = createInbox({ listMessages: () => emails.toReversed() })
  const next = (to: string, timeoutMs = 60_000, signal?: AbortSignal) =>
    inbox.next({ to, timeoutMs, signal }).then(({ id }) => id)
  const store = (to: string) =>
    emails.push({
      id: emails.length + 1,
      medium: 'EMAIL',
      to,
      subject: '',
      text: '',
      code: '',
      sentAtMs: 0,
    })
  const send = (to: string) => {
    store(to)
    inbox.wake()
  }
  return { emails, inbox, next, send, store }
}

test('inbox: a message that has come before it is asked for is handed out at once, the oldest first', async () => {
  const { next, send } = openInbox()
  for (const to of ['ada@example.com', 'bob@example.com', 'ada@example.com']) send(to)

  expect(await next('ada@example.com', 0)).toBe(1)
  expect(await next('ada@example.com', 0)).toBe(3)
  expect(await next('bob@example.com', 0)).toBe(2)
})

test('inbox: a message that comes later is handed out to whoever waits, and to one only', async () => {
  const { next, send } = openInbox()
  const [first, second] = [next('ada@example.com'), next('ada@example.com')]
  send('bob@example.com')
  send('ada@example.com')
  expect(await first).toBe(2)
  send('ada@example.com')

  expect(await second).toBe(3)
})

test('inbox: one wake-up for two messages serves both who wait', async () => {
  const { inbox, next, store } = openInbox()
  const waiting = Promise.all([next('ada@example.com'), next('ADA@Example.com')])
  store('Ada@example.com')
  store('ada@example.com')
  inbox.wake()

  expect(await waiting).toEqual([1, 2])
})

test('inbox: after the time the reason says what there is', async () => {
  vi.useFakeTimers()
  try {
    const { next, send } = openInbox()
    const empty = next('ada@example.com', 2000).catch(String)
    vi.advanceTimersByTime(2000)
    expect(await empty).toBe(
      'MessageTimeoutError: No new message to ada@example.com came within 2000 ms. The inbox is empty.',
    )
    send('bob@example.com')
    const others = next('ada@example.com', 1).catch(String)
    vi.advanceTimersByTime(1)
    expect(await others).toMatch(/The inbox has messages to bob@example\.com\.$/)
    await next('bob@example.com')
    const taken = next('bob@example.com', 1).catch(String)
    vi.advanceTimersByTime(1)
    expect(await taken).toMatch(/The one that came before was handed out already\.$/)
  } finally {
    vi.useRealTimers()
  }
})

test('inbox: who has gave up takes no message from others', async () => {
  const { next, send } = openInbox()
  const client = new AbortController()
  const gone = next('ada@example.com', 60_000, client.signal)
  const other = next('ada@example.com')
  client.abort()
  await expect(gone).rejects.toThrow(MessageTimeoutError)
  send('ada@example.com')

  expect(await other).toBe(1)
})

test('inbox: a reset ends every wait, and what was handed out is forgotten', async () => {
  const { emails, inbox, next, send } = openInbox()
  send('ada@example.com')
  await next('ada@example.com')
  const waiting = next('ada@example.com')
  inbox.reset()
  await expect(waiting).rejects.toThrow('The pool was reset, or closed.')
  emails.length = 0
  send('ada@example.com')

  expect(await next('ada@example.com')).toBe(1)
})
