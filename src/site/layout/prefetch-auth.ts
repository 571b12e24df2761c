/** What a form will need when it is sent, fetched while the user types. */

import { loadSignIn, preconnectToUserPool } from '../auth/index.ts'
import { whenIdle } from '../lib/idle.ts'
import { NetworkError } from '../lib/network-error.ts'

/**
 * Fetches code of `auth` and opens the connection to the user pool when the browser is idle.
 *
 * @param load `loadAuth` or `loadSignIn`
 */
export function prefetchAuth<Module>(load: () => Promise<Module>): void {
  whenIdle(() => {
    preconnectToUserPool()
    void withPrefetched(load, () => undefined)
  })
}

/** Prepares a sign-in ahead of the submit. */
export function withPrefetchedSignIn(
  work: (signIn: Awaited<ReturnType<typeof loadSignIn>>) => void,
): Promise<void> {
  return withPrefetched(loadSignIn, work)
}

/** That the code could not be fetched is told when the form is sent. */
async function withPrefetched<Module>(
  load: () => Promise<Module>,
  work: (module: Module) => void,
): Promise<void> {
  try {
    work(await load())
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error
  }
}
