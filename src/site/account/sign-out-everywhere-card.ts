/** The card that signs out on all devices. */

import { signOutEverywhere } from '../auth/index.ts'
import { bindForm } from '../forms/bind-form.ts'
import { alreadyLeaving } from '../forms/submit-result.ts'
import { t } from '../i18n/t.ts'
import type { ProtectedPage } from '../layout/protected-page.ts'
import { announce } from '../lib/live-region.ts'

/** Binds the form `#sign-out-everywhere`. */
export function bindSignOutEverywhere(page: ProtectedPage): void {
  bindForm({
    form: '#sign-out-everywhere',
    fields: {},
    announcesBusy: false,
    async submit() {
      const user = page.user()
      if (!user) return alreadyLeaving
      page.hideContent()
      announce(t('Signing out everywhere…'))
      const isEverywhere = await signOutEverywhere(user)
      return page.redirectToSignIn(isEverywhere ? 'signed-out-everywhere' : 'signed-out-here-only')
    },
  })
}
