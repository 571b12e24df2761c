/** For pages that do not call the service otherwise, and learn that the session was ended in another tab. */

import type { KeptTokens } from './kept-tokens.ts'
import { revoke } from './revoke.ts'

export function revokeAll(discarded: readonly KeptTokens[]): void {
  discarded.forEach(revoke)
}
