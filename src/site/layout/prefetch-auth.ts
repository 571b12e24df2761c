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

/** Fetches a module that the page can do without: what needs it reports that it could not be fetched. */
export async function prefetch<Module>(
  load: () => Promise<Module>,
  work?: (module: Module) => void | Promise<void>,
): Promise<void> {
  try {
    const module = await load()
    await work?.(module)
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error
  }
}
