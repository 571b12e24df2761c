/**
 * Messages between the tabs of this browser: local storage is theirs together, session storage is each tab's own.
 *
 * Only pages of this site's origin can hear them.
 *
 * @see docs/decisions/0005-session-in-web-storage.md
 */

import { isPrerendering } from '../../lib/prerendering.ts'
import { siteKeyPrefix } from '../../lib/tab-state.ts'
import { persistentStorage, tabStorage } from '../../lib/web-storage.ts'
import { revoke } from './revoke.ts'
import {
  clearTokens,
  cognitoKeyPrefix,
  findTokens,
  findTokensIn,
  lastUserKey,
  type StoredTokens,
  storeTokens,
} from './token-storage.ts'

/** The tokens of a session that is not stored for all tabs. */
export type TabTokens = Omit<StoredTokens, 'storage'>

export type TabMessage =
  /** a session has ended in another tab */
  | { readonly kind: 'session-ended'; readonly username: string }
  /** the tokens of a tab's session have been replaced */
  | { readonly kind: 'tokens-replaced'; readonly refreshToken: string; readonly tokens: TabTokens }
  /** a new tab asks whether it belongs to a session */
  | { readonly kind: 'tokens-wanted'; readonly id: string }
  | { readonly kind: 'tokens-given'; readonly id: string; readonly tokens: TabTokens }

const channel = 'BroadcastChannel' in window ? new BroadcastChannel(cognitoKeyPrefix) : undefined

/** in local storage: set while the last session ended because its user signed out */
const signedOutKey = `${siteKeyPrefix}signedOut`

export function sendToTabs(message: TabMessage): void {
  channel?.postMessage(message)
}

/** @param signal ends it */
export function onTabMessage(listener: (message: TabMessage) => void, signal?: AbortSignal): void {
  channel?.addEventListener(
    'message',
    // Pages of this site send nothing else; an older version of them sends a text, which has no kind.
    ({ data }: MessageEvent<TabMessage>) => listener(data),
    signal && { signal },
  )
}

export function toTabTokens({ storage: _, ...tokens }: StoredTokens): TabTokens {
  return tokens
}

/** held by each tab that has a session of its own */
export const signedInLock = `${cognitoKeyPrefix}signed-in`

/**
 * Clears every session stored here and tells the other tabs: they do not see this tab's session storage.
 *
 * @param reason what other tabs are to say
 * @returns the tokens that were cleared
 */
export function clearTokensInAllTabs(
  reason: 'signed-out' | 'session-ended',
): readonly StoredTokens[] {
  const username = findTokens()?.username
  if (reason === 'signed-out') persistentStorage.write(signedOutKey, 'true')
  else forgetSignOut()
  const cleared = clearTokens()
  if (username !== undefined) sendToTabs({ kind: 'session-ended', username })
  return cleared
}

/** A new session has begun: how the one before has ended is no longer of interest. */
export function forgetSignOut(): void {
  persistentStorage.remove(signedOutKey)
}

/** Whether the last session in this browser ended because its user signed out, in whatever tab. */
export function wasSignedOut(): boolean {
  return persistentStorage.read(signedOutKey) !== undefined
}

/** Calls `listener` when a session may have started or ended in another tab, or got new tokens, which may tell another address. */
export function onSessionChange(listener: () => void): void {
  onTabMessage((message) => {
    switch (message.kind) {
      case 'session-ended':
        // Signing out in one tab also ends the session that another tab keeps of its own.
        if (findTokens()?.username === message.username) clearTokens().forEach(revoke)
        return listener()
      case 'tokens-replaced':
        return listener()
    }
  })
  window.addEventListener('storage', ({ key }) => {
    if (key === null || key === lastUserKey || key.endsWith('.accessToken')) listener()
  })
}

// Before any other listener: they find the new tokens.
onTabMessage((message) => {
  // A prerendered page reads no tokens; when it is seen, it finds what the page before has stored in this tab.
  if (message.kind !== 'tokens-replaced' || isPrerendering()) return
  if (findTokensIn(tabStorage)?.refreshToken !== message.refreshToken) return
  storeTokens({ ...message.tokens, storage: tabStorage })
})
