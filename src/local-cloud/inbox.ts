/** Waits for messages of the pool: each is handed out once, to whoever waits for its recipient first. */

import type { Store, StoredMessage } from './user-pool/store/store.ts'

/** milliseconds that `next` waits by default, and at most */
export const defaultWaitMs = 5000
export const maxWaitMs = 600_000

/** more than a store keeps */
const allMessages = 10_000

export interface NextMessage {
  /** email address of the recipient, in any case */
  readonly to: string
  /** milliseconds to wait; 0 looks without waiting */
  readonly timeoutMs: number
  /** ends the wait: what comes later is left for others */
  readonly signal?: AbortSignal | undefined
}

/** Thrown when no message has come in time. */
export class MessageTimeoutError extends Error {
  override readonly name = 'MessageTimeoutError'
}

export interface Inbox {
  /**
   * The oldest message to a recipient that this has not handed out yet; waits for it if there is none.
   *
   * @throws {MessageTimeoutError} which tells what the inbox has
   */
  next(wanted: NextMessage): Promise<StoredMessage>
  /** Looks at what the store has got since. Call it after each commit that has stored a message. */
  wake(): void
  /** Forgets what was handed out, and ends all waits. Call it when the store was emptied. */
  reset(): void
}

interface Waiter {
  readonly to: string
  settle(message: StoredMessage): void
  fail(reason: string): void
}

export function createInbox(store: Pick<Store, 'listMessages'>): Inbox {
  const handedOut = new Set<number>()
  const waiters = new Set<Waiter>()

  function take(to: string): StoredMessage | undefined {
    const found = store
      .listMessages(allMessages)
      .findLast((message) => isSameAddress(message.to, to) && !handedOut.has(message.id))
    if (found) handedOut.add(found.id)
    return found
  }

  return {
    next({ to, timeoutMs, signal }) {
      const found = take(to)
      if (found) return Promise.resolve(found)
      return new Promise((resolve, reject) => {
        const end = () => {
          clearTimeout(timer)
          waiters.delete(waiter)
          signal?.removeEventListener('abort', giveUp)
        }
        const waiter: Waiter = {
          to,
          settle(message) {
            end()
            resolve(message)
          },
          fail(reason) {
            end()
            reject(new MessageTimeoutError(reason))
          },
        }
        const giveUp = () => waiter.fail('Nobody waits for it any more.')
        const timer = setTimeout(
          () => waiter.fail(toTimeoutText({ to, timeoutMs }, store.listMessages(allMessages))),
          timeoutMs,
        )
        waiters.add(waiter)
        signal?.addEventListener('abort', giveUp)
        if (signal?.aborted) giveUp()
      })
    },
    wake() {
      for (const waiter of [...waiters]) {
        const found = take(waiter.to)
        if (found) waiter.settle(found)
      }
    },
    reset() {
      handedOut.clear()
      for (const waiter of [...waiters]) waiter.fail('The pool was reset, or closed.')
    },
  }
}

function isSameAddress(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}

/** What a developer needs to see why nothing came. */
function toTimeoutText(
  { to, timeoutMs }: Pick<NextMessage, 'to' | 'timeoutMs'>,
  messages: readonly StoredMessage[],
): string {
  const toThem = messages.filter((message) => isSameAddress(message.to, to)).length
  const others = [...new Set(messages.map((message) => message.to))].slice(0, 5).join(', ')
  const had =
    toThem > 0
      ? `${toThem === 1 ? 'The one' : `The ${toThem}`} that came before ${toThem === 1 ? 'was' : 'were'} handed out already.`
      : messages.length === 0
        ? 'The inbox is empty.'
        : `The inbox has messages to ${others}.`
  return `No new message to ${to} came within ${timeoutMs} ms. ${had}`
}
