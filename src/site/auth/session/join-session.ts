/** Joins the session that is open in other tabs. Most pages find none, and do not fetch what it takes. */

import { lazyImport } from '../../lib/lazy-import.ts'
import { NetworkError } from '../../lib/network-error.ts'
import { tabStorage } from '../../lib/web-storage.ts'
import { signedInLock } from './cross-tab.ts'
import { findTokensIn, isSignedIn } from './token-storage.ts'

/** 0.6 kB of the chunk that protected pages have anyway. */
const loadJoinedSession = lazyImport(() => import('./joined-session.ts'))

/**
 * Asks the other tabs for a session if this tab has none; if it has one, other tabs may ask for it from now on.
 *
 * @returns whether this tab is signed in
 */
export async function joinSession(): Promise<boolean> {
  if (findTokensIn(tabStorage) || (!isSignedIn() && (await isSessionOpen()))) {
    try {
      const { joinOpenSession } = await loadJoinedSession()
      await joinOpenSession()
    } catch (error) {
      // The module could not be fetched: this tab has its own session, or none.
      if (!(error instanceof NetworkError)) throw error
    }
  }
  return isSignedIn()
}

async function isSessionOpen(): Promise<boolean> {
  try {
    const { held = [] } = (await navigator.locks?.query()) ?? {}
    return held.some(({ name }) => name === signedInLock)
  } catch (error) {
    // Locks are blocked where all site data is.
    if (error instanceof DOMException) return false
    throw error
  }
}
