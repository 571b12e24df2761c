/** What a form will need when it is sent, fetched while the user types. */

import { loadSignIn, preconnectToUserPool } from '../auth/index.ts'
import { whenIdle } from '../lib/idle.ts'
import { NetworkError } from '../lib/network-error.ts'

/**
 * Fetches a module of `auth` and opens the connection to the user pool when the browser is idle.
 *
 * @param load `loadSignUpAndReset` or `loadSignIn`
 */
export function prefetchAuth<Module>(load: () => Promise<Module>): void {
  whenIdle(() => {
    preconnectToUserPool()
    void prefetch(load)
  })
}

/** @param work what can be done of a sign-in before the submit */
export function prefetchSignIn(
  work?: (signIn: Awaited<ReturnType<typeof loadSignIn>>) => void,
): Promise<void> {
  return prefetch(loadSignIn, work)
}

/** That a module could not be fetched is reported when the form is sent. */
export async function prefetch<Module>(
  load: () => Promise<Module>,
  work?: (module: Module) => void,
): Promise<void> {
  try {
    const module = await load()
    work?.(module)
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error
  }
}
