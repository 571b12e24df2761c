/**
 * Asks for the password again before a sensitive change, when the last sign-in is not recent: whoever sits at an
 * unlocked computer may not be the user.
 */

import type { Session } from '../auth/index.ts'
import { done, type SubmitResult } from '../forms/submit-result.ts'
import type { ProtectedPage } from '../layout/protected-page.ts'
import { lazyImport } from '../lib/lazy-import.ts'

/** milliseconds for which a sign-in is recent */
const recentMs = 5 * 60_000

const loadReauthenticate = lazyImport(() => import('./reauthenticate.ts'))

/** Runs something for the page's user that needs a recent sign-in. */
export function withRecentSignIn(
  page: ProtectedPage,
  run: (session: Session) => Promise<SubmitResult>,
): Promise<SubmitResult> {
  return page.withSession(async (session) => {
    const isAuthenticated = isRecent(session) || (await askAgain(session))
    return isAuthenticated ? page.withSession(run) : done()
  })
}

/** A clock that was set back makes no sign-in a recent one. */
function isRecent({ signedInAtMs }: Session): boolean {
  return Math.abs(Date.now() - signedInAtMs) < recentMs
}

async function askAgain(session: Session): Promise<boolean> {
  const { reauthenticate } = await loadReauthenticate()
  return reauthenticate(session)
}
