/** A fresh sign-in becomes a session. */

import { lastingStorage, tabStorage } from '../../lib/web-storage.ts'
import { measureDrift } from './jwt.ts'
import { revoke } from './revoke.ts'
import { findTokensIn, forgetTokensIn, keepTokens, type Tokens } from './token-storage.ts'

/**
 * Keeps the tokens of a fresh sign-in.
 *
 * @param lasting whether they outlive the tab
 * @throws {AuthError} `storage-unavailable`, and then nothing is kept
 */
export function beginSession(
  { username, idToken, accessToken, refreshToken }: Tokens & { username: string },
  { lasting }: { lasting: boolean },
): void {
  const clockDrift = measureDrift(idToken)
  const storage = lasting ? lastingStorage : tabStorage
  const replaced = findTokensIn(storage)
  keepTokens({ username, idToken, accessToken, refreshToken, clockDrift, storage })
  // Only then what was there before: other tabs must never see a sign-in by half.
  forgetTokensIn(storage, { except: username })
  if (lasting) forgetTokensIn(tabStorage)
  // In this storage no tab can still use them. A copy of a tab's own may, in a duplicate of that tab.
  if (replaced && lasting) revoke(replaced)
}
