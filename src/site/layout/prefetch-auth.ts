/** What a form will need when it is sent, fetched while the user types, and the pages that may come next. */

import { loadSignIn, preconnectToUserPool } from '../auth/index.ts'
import { whenIdle } from '../lib/idle.ts'
import { lazyImport } from '../lib/lazy-import.ts'
import { NetworkError } from '../lib/network-error.ts'

const loadPrerender = lazyImport(() => import('./prerender.ts'))

/** milliseconds after which a rider is taken to read the page, and to go on from here */
const readMs = 2000

/** Prepares the pages that the links of this one lead to, when it has been read for a while. */
export function prerenderLinksSoon(): void {
  setTimeout(() => void prefetch(loadPrerender, ({ prerenderLinks }) => prerenderLinks()), readMs)
}

/** Prepares the page that a submit will lead to. */
export function prerenderNext(path: string): void {
  void prefetch(loadPrerender, ({ prerenderPage }) => prerenderPage(path))
}

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
