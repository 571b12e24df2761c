/** For pages that do not call the service otherwise, and learn that the session was ended in another tab. */

import { revoke } from './session/revoke.ts'
import type { KeptTokens } from './session/token-storage.ts'

export function revokeAll(discarded: readonly KeptTokens[]): void {
  discarded.forEach(revoke)
}
