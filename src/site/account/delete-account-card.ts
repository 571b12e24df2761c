/** The card that deletes the account. */

import { deleteAccount, type Session } from '../auth/index.ts'
import { bindForm } from '../forms/bind-form.ts'
import { createCheckboxReader } from '../forms/fields.ts'
import { neverRetried } from '../forms/form-errors.ts'
import { type FormError, submitError } from '../forms/submit-result.ts'
import { t } from '../i18n/t.ts'
import { prefetch } from '../layout/prefetch-auth.ts'
import type { ProtectedPage } from '../layout/protected-page.ts'
import { requireElement } from '../lib/elements.ts'
import { lazyImport } from '../lib/lazy-import.ts'
import { lastUsername, rememberEmail } from '../lib/tab-state.ts'
import { clearPendingEmail } from './pending-email.ts'
import { withRecentSignIn } from './recent-sign-in.ts'

/** Fetched when an account is deleted on a site with passkeys. */
const loadForgetPasskeys = lazyImport(() => import('./forget-passkeys.ts'))

/**
 * Binds the form `#delete-form`, and shows `#rides-too` where rides are deleted too.
 *
 * @param site `deleteRides` runs before the account is deleted; the account stays when it returns an error
 */
export function bindDeleteAccount(
  page: ProtectedPage,
  {
    hasPasskeys,
    deleteRides,
  }: {
    readonly hasPasskeys: boolean
    readonly deleteRides: ((session: Session) => Promise<FormError | undefined>) | undefined
  },
): void {
  requireElement('#rides-too', HTMLElement).hidden = deleteRides === undefined
  const confirmation = requireElement('#delete-confirmed', HTMLInputElement)
  if (hasPasskeys) {
    confirmation.addEventListener('change', () => void prefetch(loadForgetPasskeys))
  }
  // Checked for this visit only: browsers restore it when the page is opened again.
  window.addEventListener('pageshow', () => {
    confirmation.checked = false
  })
  bindForm({
    form: '#delete-form',
    fields: {
      'delete-confirmed': createCheckboxReader(t('Check the box to delete your account')),
    },
    errors: neverRetried,
    submit: () =>
      withRecentSignIn(page, async (session) => {
        // Rides first: without the account nobody could ask for their deletion any more.
        const error = await deleteRides?.(session)
        if (error) return submitError(error)
        // A script that cannot be fetched keeps nobody from deleting their account.
        const traces = hasPasskeys ? await loadForgetPasskeys().catch(() => undefined) : undefined
        const passkeys = await traces?.findPasskeys(session)
        await deleteAccount(session)
        if (passkeys) await traces?.forgetPasskeys(session, passkeys)
        clearPendingEmail(session.sub)
        rememberEmail('')
        lastUsername.remove()
        return page.redirectToSignIn(t('Your account is deleted.'))
      }),
  })
}
