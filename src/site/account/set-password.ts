/** The first password of an account without one: fetched for the few who have none. */

import { changePassword } from '../auth/index.ts'
import { done, type SubmitResult } from '../forms/submit-result.ts'
import { t } from '../i18n/t.ts'
import type { ProtectedPage } from '../layout/protected-page.ts'
import { requireElement } from '../lib/elements.ts'
import { announce } from '../lib/live-region.ts'
import { withRecentSignIn } from './recent-sign-in.ts'

/** Makes the card `#change-password` one that sets a password, and back. */
export function showSetPassword(isShown: boolean): void {
  requireElement('#change-password > p', HTMLElement).textContent = isShown
    ? t(
        'This account has no password. You sign in with a passkey, or with a code by email. You can set a password as well.',
      )
    : t("Choose one that you don't use anywhere else.")
  // The same element: the form puts it back after it was busy.
  requireElement('#change-password [type=submit] span', HTMLElement).textContent = isShown
    ? t('Set password')
    : t('Change password')
  requireElement('#current-password-place', HTMLElement).hidden = isShown
}

/**
 * Sets the password. There is no current one to ask for: whoever sits at an unlocked computer must not get in for good.
 *
 * @param onSet the account has a password now
 */
export function setPassword(
  page: ProtectedPage,
  proposed: string,
  onSet: () => void,
): Promise<SubmitResult> {
  return withRecentSignIn(page, async (session) => {
    await changePassword(session, { proposed })
    return done(() => {
      onSet()
      announce(t('Your password is set. From now on it signs you in too.'))
    })
  })
}
