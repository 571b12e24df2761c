/** A sign-in becomes a session. */

import { persistentStorage, tabStorage } from '../../lib/web-storage.ts'
import { parseAuthenticationResult } from './authentication-result.ts'
import { forgetSignOut, sendToTabs, type TabTokens } from './cross-tab.ts'
import { parseJwt } from './jwt.ts'
import { revoke } from './revoke.ts'
import {
  clearTokensIn,
  findTokensIn,
  type StoredTokens,
  storeTokens,
  type Tokens,
} from './token-storage.ts'

/**
 * Stores the tokens of a sign-in.
 *
 * @param options `username`: counts where the ID token names none; `rememberMe`: whether they outlive the tab
 * @throws {AuthError} `storage-unavailable`, `service-unavailable`, and then nothing is stored
 */
export function startSession(
  authenticationResult: unknown,
  { username: typed, rememberMe }: { username: string; rememberMe: boolean },
): void {
  const tokens = parseAuthenticationResult(authenticationResult)
  const username = findUsername(tokens) ?? typed
  const storage = rememberMe ? persistentStorage : tabStorage
  const replaced = [...new Set([storage, tabStorage])]
    .map(findTokensIn)
    .filter((one) => one !== undefined)
  storeTokens({ ...tokens, username, storage })
  forgetSignOut()
  // The earlier session is cleared after that: other tabs must never see half a sign-in.
  clearTokensIn(storage, { except: username })
  if (rememberMe) clearTokensIn(tabStorage)
  for (const earlier of replaced) endReplacedSession(earlier, { ...tokens, username })
}

/** A duplicate of this tab may still use the tokens: it gets the new ones if they are of the same user. */
function endReplacedSession(earlier: StoredTokens, tokens: TabTokens): void {
  if (earlier.username === tokens.username) {
    sendToTabs({ kind: 'tokens-replaced', refreshToken: earlier.refreshToken, tokens })
  }
  revoke(earlier)
}

/** The user name as the pool has it: the user may have typed their email address. */
function findUsername({ idToken }: Tokens): string | undefined {
  const username = parseJwt(idToken)?.claims['cognito:username']
  return typeof username === 'string' ? username : undefined
}
