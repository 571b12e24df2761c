/** The session of the signed-in user, as its tokens describe it. */

import { persistentStorage } from '../../lib/web-storage.ts'
import { clearTokensInAllTabs } from './cross-tab.ts'
import { type Jwt, parseJwt } from './jwt.ts'
import { findTokens, type StoredTokens } from './token-storage.ts'

export interface Session {
  /** the user name as the pool has it */
  readonly username: string
  readonly sub: string
  readonly email: string | undefined
  readonly idToken: Jwt
  readonly accessToken: Jwt
  /** whether it outlives the tab */
  readonly isPersistent: boolean
  /** milliseconds since the Unix epoch, by this device's clock: the last sign-in */
  readonly signedInAtMs: number
  /** the same: when the tokens expire */
  readonly expiresAtMs: number
  /** the same: from when on reading the session refreshes it */
  readonly refreshesAtMs: number
}

/** Whose session it is: nothing is done to that of another user who has signed in since. */
export type User = Pick<Session, 'sub'>

/** Tokens this close to their end are refreshed, so that none expires on its way to an API. */
const refreshBeforeMs = 30_000

/** The session as stored, fresh or not. */
export function findStoredSession(): Session | undefined {
  return toSession(findTokens())
}

/** @returns `undefined` for tokens that cannot be read */
export function toSession(tokens: StoredTokens | undefined): Session | undefined {
  if (!tokens) return undefined
  const { username, clockSkew, storage } = tokens
  const idToken = parseJwt(tokens.idToken)
  const accessToken = parseJwt(tokens.accessToken)
  const sub = idToken?.claims.sub
  if (!idToken || !accessToken || typeof sub !== 'string') return undefined
  const { email, auth_time: signedInAt } = idToken.claims
  const expiresAtMs = (Math.min(idToken.expiresAt, accessToken.expiresAt) + clockSkew) * 1000
  return {
    username,
    sub,
    email: typeof email === 'string' ? email : undefined,
    idToken,
    accessToken,
    isPersistent: storage === persistentStorage,
    signedInAtMs: typeof signedInAt === 'number' ? (signedInAt + clockSkew) * 1000 : 0,
    expiresAtMs,
    refreshesAtMs: expiresAtMs - refreshBeforeMs,
  }
}

/** milliseconds for which a sign-in is recent */
const recentMs = 5 * 60_000

/** Sensitive changes need a recent sign-in. A clock that was set back makes none recent. */
export function isRecentSignIn({ signedInAtMs }: Session): boolean {
  return Math.abs(Date.now() - signedInAtMs) < recentMs
}

export function isFresh({ refreshesAtMs }: Session): boolean {
  return Date.now() < refreshesAtMs
}

/** Clears this user's tokens, here and in other tabs, after the service has ended the session. */
export function clearSession(user: User): void {
  if (findStoredSession()?.sub === user.sub) clearTokensInAllTabs('session-ended')
}
