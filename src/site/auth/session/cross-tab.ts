/** Sign-in and sign-out in one tab reach the others. */

import { revoke } from './revoke.ts'
import {
  clearTokens,
  cognitoKeyPrefix,
  findTokens,
  lastUserKey,
  type StoredTokens,
} from './token-storage.ts'

/** carries the user name of a session that has ended */
const channel = 'BroadcastChannel' in window ? new BroadcastChannel(cognitoKeyPrefix) : undefined

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
    if (findTokens()?.username === data) clearTokens().forEach(revoke)
    listener()
  })
  window.addEventListener('storage', ({ key }) => {
    if (key === null || key === lastUserKey) listener()
  })
}
