/**
 * A session that is not stored for all tabs lives as long as any tab of it: a new tab gets its tokens from an open one.
 *
 *     open tab   ──[ holds the lock "signed-in", shared ]──── tokens-given ──
 *     new tab         finds the lock held ── tokens-wanted ──┘ └─ stores them
 *
 * While nobody holds the lock, nobody is asked, and nothing waits.
 *
 * @see docs/decisions/0005-session-in-web-storage.md
 */

import { tabStorage } from '../../lib/web-storage.ts'
import { AuthError } from '../auth-error.ts'
import { onTabMessage, sendToTabs, signedInLock, type TabTokens, toTabTokens } from './cross-tab.ts'
import { isFresh, toSession } from './session.ts'
import { findTokensIn, isSignedIn, storeTokens } from './token-storage.ts'

/** milliseconds that a new tab waits for an answer */
const answerTimeLimitMs = 300

/** the question that waits for an answer */
let asking: Promise<TabTokens | undefined> | undefined

/** Takes the session of another tab, if this one has none; if it has one, other tabs may ask for it from now on. */
export async function joinOpenSession(): Promise<void> {
  if (!isSignedIn()) {
    const tokens = await askOtherTabs()
    // Somebody may have signed in meanwhile.
    if (tokens && !isSignedIn()) storeInTab(tokens)
  }
  offerSession()
}

/**
 * Takes the tokens of another tab of this session, where that tab has renewed them and this one has not heard of it.
 *
 * @returns whether there were any
 */
export async function takeRenewedTokens(): Promise<boolean> {
  const own = findTokensIn(tabStorage)
  const tokens = own && (await askOtherTabs())
  if (tokens?.username !== own?.username || !tokens) return false
  const session = toSession({ ...tokens, storage: tabStorage })
  if (!session || !isFresh(session)) return false
  storeInTab(tokens)
  return true
}

function storeInTab(tokens: TabTokens): void {
  try {
    storeTokens({ ...tokens, storage: tabStorage })
  } catch (error) {
    // A tab that cannot store tokens has no session.
    if (!(error instanceof AuthError)) throw error
  }
}

function askOtherTabs(): Promise<TabTokens | undefined> {
  asking ??= ask().finally(() => {
    asking = undefined
  })
  return asking
}

async function ask(): Promise<TabTokens | undefined> {
  const id = crypto.randomUUID()
  const waiting = new AbortController()
  const answer = new Promise<TabTokens | undefined>((resolve) => {
    setTimeout(resolve, answerTimeLimitMs)
    onTabMessage((message) => {
      if (message.kind === 'tokens-given' && message.id === id) resolve(message.tokens)
    }, waiting.signal)
  })
  sendToTabs({ kind: 'tokens-wanted', id })
  const tokens = await answer
  waiting.abort()
  return tokens
}

/** ends the lock that this tab holds */
let release: (() => void) | undefined

/** Holds the lock while this tab has a session of its own and is open: a page in the back/forward cache is not. */
function offerSession(): void {
  if (release || !findTokensIn(tabStorage) || !('locks' in navigator)) return
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  navigator.locks
    .request(signedInLock, { mode: 'shared' }, () => held)
    // Without the lock no tab asks.
    .catch(() => undefined)
}

onTabMessage((message) => {
  const tokens = message.kind === 'tokens-wanted' ? findTokensIn(tabStorage) : undefined
  if (message.kind !== 'tokens-wanted' || !tokens) return
  sendToTabs({ kind: 'tokens-given', id: message.id, tokens: toTabTokens(tokens) })
})
window.addEventListener('pageshow', ({ persisted }) => {
  if (persisted) offerSession()
})
window.addEventListener('pagehide', () => {
  release?.()
  release = undefined
})
