/** What a form will need when it is sent, fetched while the user types. */

import { loadAuth, preconnectToUserPool } from '../auth/index.ts'
import { whenIdle } from '../lib/idle.ts'
import { NetworkError } from '../lib/network-error.ts'

/** Fetches the code of `loadAuth` and opens the connection to the user pool when the browser is idle. */
export function prefetchAuth(): void {
  whenIdle(() => {
    preconnectToUserPool()
    void withPrefetchedAuth(() => undefined)
  })
}

/** Does work ahead of the submit. That the code could not be fetched is told when the form is sent. */
export async function withPrefetchedAuth(
  work: (auth: Awaited<ReturnType<typeof loadAuth>>) => void,
): Promise<void> {
  try {
    work(await loadAuth())
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error
  }
}
