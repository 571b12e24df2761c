/** Sign-in and sign-out in one tab reach the others. */

import { lazyImport } from '../../lib/lazy-import.ts'
import { NetworkError } from '../../lib/network-error.ts'
import {
  clearTokens,
  findTokens,
  keyPrefix,
  lastUserKey,
  type StoredTokens,
} from './token-storage.ts'

/** carries the user name of a session that has ended */
const channel = 'BroadcastChannel' in window ? new BroadcastChannel(keyPrefix) : undefined

/** Most pages call the service for nothing else. */
const loadRevoke = lazyImport(() => import('./revoke.ts'))

/**
 * Clears every session stored here and tells the other tabs: they do not see this tab's session storage.
 *
 * @returns the tokens that were cleared
 */
export function clearTokensInAllTabs(): readonly StoredTokens[] {
  const username = findTokens()?.username
  const cleared = clearTokens()
  channel?.postMessage(username)
  return cleared
}

/** Calls `listener` when a session may have started or ended in another tab. */
export function onSessionChange(listener: () => void): void {
  channel?.addEventListener('message', ({ data }) => {
    // Signing out in one tab also ends the session that another tab keeps of its own.
    if (findTokens()?.username === data) void revokeLater(clearTokens())
    listener()
  })
  window.addEventListener('storage', ({ key }) => {
    if (key === null || key === lastUserKey) listener()
  })
}

/** The tokens are cleared here, whether or not the service can be told. */
async function revokeLater(tokens: readonly StoredTokens[]): Promise<void> {
  if (tokens.length === 0) return
  try {
    const { revoke } = await loadRevoke()
    tokens.forEach(revoke)
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error
  }
}
