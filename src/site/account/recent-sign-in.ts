/**
 * Sensitive changes need a recent sign-in: whoever sits at an unlocked computer may not be the user. What asks for the
 * password again is fetched when it is needed.
 */

import { isRecentSignIn, type Session } from '../auth/index.ts'
import { done, type SubmitResult } from '../forms/submit-result.ts'
import { withTexts } from '../i18n/t.ts'
import type { ProtectedPage } from '../layout/protected-page.ts'
import { lazyImport } from '../lib/lazy-import.ts'
import { signInName } from './sign-in-name.ts'

const loadReauthenticate = lazyImport(withTexts(() => import('./reauthenticate.ts')))

/** Runs something for the page's user that needs a recent sign-in. */
export function withRecentSignIn(
  page: ProtectedPage,
  run: (session: Session) => SubmitResult | Promise<SubmitResult>,
): Promise<SubmitResult> {
  return page.withSession(async (session) => {
    if (isRecentSignIn(session)) return run(session)
    const { reauthenticate } = await loadReauthenticate()
    return (await reauthenticate(session, signInName(session))) ? page.withSession(run) : done()
  })
}
