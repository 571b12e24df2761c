/** A sign-in becomes a session. */

import { persistentStorage, tabStorage } from '../../lib/web-storage.ts'
import { parseAuthenticationResult } from './authentication-result.ts'
import { revoke } from './revoke.ts'
import { clearTokensIn, findTokensIn, storeTokens } from './token-storage.ts'

/**
 * Stores the tokens of a sign-in.
 *
 * @param options `rememberMe`: whether they outlive the tab
 * @throws {AuthError} `storage-unavailable`, `service-unavailable`, and then nothing is stored
 */
export function startSession(
  authenticationResult: unknown,
  { username, rememberMe }: { username: string; rememberMe: boolean },
): void {
  const tokens = parseAuthenticationResult(authenticationResult)
  const storage = rememberMe ? persistentStorage : tabStorage
  const replaced = findTokensIn(storage)
  storeTokens({ ...tokens, username, storage })
  // The earlier session is cleared after that: other tabs must never see half a sign-in.
  clearTokensIn(storage, { except: username })
  if (rememberMe) clearTokensIn(tabStorage)
  // Tokens of session storage are not revoked: a duplicate of that tab may still use its copy.
  if (replaced && rememberMe) revoke(replaced)
}
