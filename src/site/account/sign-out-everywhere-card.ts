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
      return page.redirectToSignIn(
        isEverywhere
          ? t('You are signed out on all devices.')
          : t(
              "You are signed out here, but other devices couldn't be reached. Sign in and try again.",
            ),
      )
    },
  })
}
