/** The ways to end it: signing out on all devices, and deleting the account. */

import { accountWords } from '#words/account.ts'
import { formWords } from '#words/form.ts'
import { account } from '../auth/account-settings.ts'
import { bindForm } from '../forms/bind-form.ts'
import { atOnceOrNever, orProblem } from '../forms/error-messages.ts'
import { createCheckReader } from '../forms/fields.ts'
import type { SignedInPage } from '../layout/protected-page.ts'
import { requireElement } from '../lib/elements.ts'
import { announce } from '../lib/live-region.ts'
import { carryEmail } from '../lib/tab-state.ts'
import { forgetPendingEmail } from './pending-email.ts'
import { actAfterProof } from './reauthenticate.ts'

/** Binds the form `#sign-out-everywhere`. */
export function bindSignOutEverywhere(page: SignedInPage): void {
  bindForm({
    form: '#sign-out-everywhere',
    fields: {},
    words: formWords,
    announcesBusy: false,
    submit: () =>
      orProblem(async () => {
        const rider = page.rider()
        if (!rider) return 'leaving'
        page.conceal()
        announce(accountWords.signingOut)
        const isEverywhere = await account.signOutEverywhere(rider)
        return page.leave(isEverywhere ? 'signed-out-everywhere' : 'signed-out-here-only')
      }),
  })
}

/** Binds the form `#delete-form`. */
export function bindDeletion(page: SignedInPage): void {
  const confirmed = requireElement('#delete-confirmed', HTMLInputElement)
  // Ticked for this time only, not for when the page is come back to.
  window.addEventListener('pageshow', () => {
    confirmed.checked = false
  })
  bindForm({
    form: '#delete-form',
    fields: { 'delete-confirmed': createCheckReader(accountWords.deletionNotConfirmed) },
    words: formWords,
    submit: () =>
      actAfterProof(
        page,
        async (session) => {
          await account.delete(session)
          forgetPendingEmail(session.sub)
          carryEmail('')
          return page.leave('account-deleted')
        },
        atOnceOrNever,
      ),
  })
}
