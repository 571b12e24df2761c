/** Ends the session here and at the service. */

import { callUserPool } from '../api-client.ts'
import { AuthError } from '../auth-error.ts'
import { clearTokensInAllTabs } from './cross-tab.ts'
import { fetchNewTokens } from './refresh.ts'
import { revoke } from './revoke.ts'
import { findStoredSession, isFresh, toSession, type User } from './session.ts'

/** Clears the tokens at once, here and in other tabs, and tells the service in the background. */
export function signOut(): void {
  clearTokensInAllTabs('signed-out').forEach(revoke)
}

/**
 * Signs this user out here as `signOut` does, and on all devices.
 *
 * @returns whether the service has done so; the tokens are cleared here in any case
 */
export async function signOutEverywhere(user: User): Promise<boolean> {
  if (findStoredSession()?.sub !== user.sub) return true
  const [tokens, ...others] = clearTokensInAllTabs('signed-out')
  others.forEach(revoke)
  if (!tokens) return true
  try {
    const session = toSession(tokens)
    const { accessToken } = session && isFresh(session) ? tokens : await fetchNewTokens(tokens)
    await callUserPool('GlobalSignOut', { AccessToken: accessToken }, { keepalive: true })
    return true
  } catch (error) {
    if (!(error instanceof AuthError)) throw error
    revoke(tokens)
    return false
  }
}
