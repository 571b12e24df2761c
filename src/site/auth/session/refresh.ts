/**
 * Reads the session, and refreshes it when its tokens expire.
 *
 * Two locks of the browser's Lock Manager are shared by all tabs:
 *
 *     "refresh"    exclusive   one tab refreshes at a time: with refresh token rotation, a second use of the
 *                              same token would look like a theft
 *     "renewed"    shared      held for five seconds after new tokens are stored: storage and messages reach other
 *                              tabs later than locks do
 *
 *     tab A   ──[ refresh: GetTokensFromRefreshToken, store ]──[ renewed ........... ]
 *     tab B        waits for "refresh" ─────────────────────────[ sees "renewed": waits for a storage event
 *                                                                 or a message, then finds fresh tokens and
 *                                                                 calls nobody ]
 */

import { persistentStorage, tabStorage } from '../../lib/web-storage.ts'
import { callAsClient } from '../api-client.ts'
import { AuthError } from '../auth-error.ts'
import { parseAuthenticationResult } from './authentication-result.ts'
import { onTabMessage, sendToTabs, toTabTokens } from './cross-tab.ts'
import { joinSession } from './join-session.ts'
import { takeRenewedTokens } from './joined-session.ts'
import type { Jwt } from './jwt.ts'
import { findStoredSession, isFresh, type Session, toSession } from './session.ts'
import {
  clearTokensIn,
  cognitoKeyPrefix,
  findTokens,
  findTokensIn,
  findUsernameIn,
  isSignedIn,
  type StoredTokens,
  storeTokens,
  type Tokens,
  tokenStorages,
} from './token-storage.ts'

const refreshLock = `${cognitoKeyPrefix}refresh`
/** Held for the session whose refresh token this was, named by the token's end: tabs of another session do not wait. */
const refreshedLock = ({ refreshToken }: Tokens) =>
  `${cognitoKeyPrefix}renewed.${refreshToken.slice(-16)}`

/** milliseconds to wait for another tab that refreshes */
const lockTimeLimitMs = 10_000

/** milliseconds: more than a browser takes to show stored values to other tabs, even on a busy machine */
const storageDelayMs = 5000

/**
 * The session, refreshed if its tokens have expired.
 *
 * @param options `asksService`: false for a page that nobody sees: it gets expired tokens as they are
 * @returns `undefined` when nobody is signed in, or the service has ended the session
 * @throws {AuthError} when the service cannot be asked; the tokens stay
 */
export async function readSession({ asksService = true } = {}): Promise<Session | undefined> {
  for (const storage of tokenStorages) {
    // A user is named, but the tokens are damaged or missing: that can never be a session again.
    const isDamaged = findUsernameIn(storage) && !toSession(findTokensIn(storage))
    if (isDamaged) clearTokensIn(storage)
  }
  if (!isSignedIn()) await joinSession()
  dropCopy()
  const session = findStoredSession()
  return !asksService || !session || isFresh(session) ? session : refreshWithLock()
}

/**
 * Fetches new tokens, whose claims are up to date.
 *
 * @param replaced the access token that they replace; where another tab has replaced it already, its tokens count
 * @returns `undefined` when there is no session any more
 * @throws {AuthError} when the service cannot be asked; the user is still signed in then
 */
export function refreshSession(
  replaced = findStoredSession()?.accessToken,
): Promise<Session | undefined> {
  return refreshWithLock(replaced)
}

/** @param rejected an access token to be replaced although it has not expired */
export function refreshWithLock(rejected?: Jwt): Promise<Session | undefined> {
  if (!('locks' in navigator)) return refresh(rejected)
  return new Promise((resolve, reject) => {
    const abort = new AbortController()
    const timer = setTimeout(() => abort.abort(), lockTimeLimitMs)
    navigator.locks
      .request(refreshLock, { signal: abort.signal }, async () => {
        clearTimeout(timer)
        await waitForOtherTab()
        await refresh(rejected).then(resolve, reject)
      })
      .catch((cause: unknown) =>
        reject(new AuthError('timeout', 'another tab keeps the refresh lock', { cause })),
      )
  })
}

/** @returns tokens that replace `stored`, which are not stored yet */
export async function fetchNewTokens(stored: StoredTokens): Promise<StoredTokens> {
  const response = await callAsClient('GetTokensFromRefreshToken', {
    RefreshToken: stored.refreshToken,
  })
  const tokens = parseAuthenticationResult(response.AuthenticationResult, stored.refreshToken)
  return { ...stored, ...tokens }
}

/** Errors after which this user is not signed in any more, whatever call reports them. */
export function isSessionInvalid({ code }: AuthError): boolean {
  const codes: readonly AuthError['code'][] = [
    'account-disabled',
    'password-reset-required',
    'session-ended',
    'user-not-confirmed',
    'user-not-found',
  ]
  return codes.includes(code)
}

async function refresh(rejected?: Jwt): Promise<Session | undefined> {
  dropCopy()
  const stored = findTokens()
  const session = toSession(stored)
  if (!stored || !session) return undefined
  if (isFresh(session) && session.accessToken.jwt !== rejected?.jwt) return session
  try {
    const refreshed = await fetchNewTokens(stored)
    const current = findTokens()
    // Signed out, or in again, while the response was on its way: it must change neither.
    if (current?.refreshToken !== stored.refreshToken) return toSession(current)
    storeTokens(refreshed)
    await signalTokensStored(stored)
    if (refreshed.storage === tabStorage) {
      const tokens = toTabTokens(refreshed)
      sendToTabs({ kind: 'tokens-replaced', refreshToken: stored.refreshToken, tokens })
    }
    return toSession(refreshed)
  } catch (error) {
    // Only the service ends a session; a lost network never does.
    const endsSession =
      error instanceof AuthError &&
      (isSessionInvalid(error) || error.code === 'incorrect-credentials')
    if (!endsSession) throw error
    const current = findTokens()
    if (current && current.refreshToken !== stored.refreshToken) return toSession(current)
    clearTokensIn(stored.storage)
    return undefined
  }
}

/** Another tab may have given its tokens to this one before they were stored for all: then those count. */
function dropCopy(): void {
  const shared = findTokensIn(persistentStorage)
  if (shared && findTokensIn(tabStorage)?.refreshToken === shared.refreshToken) {
    clearTokensIn(tabStorage)
  }
}

/** Holds the lock "renewed" for a while. @returns when other tabs can see it */
function signalTokensStored(replaced: Tokens): Promise<void> {
  if (!('locks' in navigator)) return Promise.resolve()
  return new Promise((signalled) => {
    navigator.locks
      .request(refreshedLock(replaced), { mode: 'shared' }, () => {
        signalled()
        return new Promise((release) => setTimeout(release, storageDelayMs))
      })
      // Without the lock the tokens are good all the same.
      .catch(() => signalled())
  })
}

/** Where another tab has just refreshed: waits until its tokens can be seen here. */
async function waitForOtherTab(): Promise<void> {
  const hasArrived = () => {
    const session = findStoredSession()
    return !session || isFresh(session)
  }
  const { held = [] } = await navigator.locks.query()
  const stored = findTokens()
  if (!stored || hasArrived()) return
  if (!held.some(({ name }) => name === refreshedLock(stored))) return
  // The message may have come before this page could hear it.
  if (stored.storage === tabStorage && (await takeRenewedTokens())) return
  await new Promise<void>((resolve) => {
    const waiting = new AbortController()
    const finish = () => {
      clearTimeout(timer)
      waiting.abort()
      resolve()
    }
    const check = () => {
      if (hasArrived()) finish()
    }
    const timer = setTimeout(finish, storageDelayMs)
    window.addEventListener('storage', check, { signal: waiting.signal })
    onTabMessage(check, waiting.signal)
  })
}
