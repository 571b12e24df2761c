/** Asks the service for something that nobody waits for. Fetched by what a page shows later. */

import { AuthError } from '../auth/index.ts'
import { quietRefusals, toBackoffMs } from '../lib/backoff.ts'

/**
 * Calls, and calls again while the service has too many requests: later and later, and only while the page is seen.
 *
 * @param options `isWanted`: ends it, asked before each call; `onWaiting`: runs once it has taken a while
 * @throws whatever else goes wrong, and the refusal once it is not wanted any more
 */
export async function askInBackground<Answer>(
  call: () => Promise<Answer>,
  {
    isWanted,
    onWaiting,
  }: { readonly isWanted: () => boolean; readonly onWaiting?: (refusal: AuthError) => void },
): Promise<Answer> {
  for (let failures = 1; ; failures += 1) {
    try {
      return await call()
    } catch (error) {
      if (!(error instanceof AuthError) || error.code !== 'too-many-requests') throw error
      if (failures > quietRefusals) onWaiting?.(error)
      await new Promise((resolve) => setTimeout(resolve, toBackoffMs(failures, Math.random)))
      await whenSeen()
      if (!isWanted()) throw error
    }
  }
}

async function whenSeen(): Promise<void> {
  while (document.visibilityState !== 'visible') {
    await new Promise((resolve) => {
      document.addEventListener('visibilitychange', resolve, { once: true })
    })
  }
}
