/** The card that changes the password, or sets the first one of an account without. */

import { type AccountDetails, changePassword, loadSignIn, type Session } from '../auth/index.ts'
import { bindForm } from '../forms/bind-form.ts'
import { createPasswordReader } from '../forms/fields.ts'
import {
  bindPasswordRules,
  createReplacementReader,
  newPasswordErrors,
} from '../forms/new-password-field.ts'
import { done } from '../forms/submit-result.ts'
import { t, withTexts } from '../i18n/t.ts'
import type { ProtectedPage } from '../layout/protected-page.ts'
import { requireElement } from '../lib/elements.ts'
import { lazyImport } from '../lib/lazy-import.ts'
import { announce } from '../lib/live-region.ts'
import { currentPasswordErrors } from './current-password-errors.ts'
import { signInName } from './sign-in-name.ts'

const loadSetPassword = lazyImport(withTexts(() => import('./set-password.ts')))

export interface ChangePasswordCard {
  show(session: Session): void
  /** @throws {NetworkError} for an account without a password: its form could not be fetched */
  showDetails(details: AccountDetails): Promise<void>
  hide(): void
}

/** Binds the section `#change-password`. */
export function bindChangePassword(page: ProtectedPage): ChangePasswordCard {
  const name = requireElement('#account', HTMLInputElement)
  const current = requireElement('#current-password', HTMLInputElement)
  const proposed = requireElement('#new-password', HTMLInputElement)
  const readCurrent = createPasswordReader(t('Enter your current password'))
  let hasPassword = true

  bindPasswordRules(proposed)
  bindForm({
    form: '#new-password-form',
    fields: {
      'current-password': (input) => (hasPassword ? readCurrent(input) : { value: '' }),
      'new-password': createReplacementReader(() => current.value),
    },
    errors: { ...currentPasswordErrors('current-password'), ...newPasswordErrors('new-password') },
    async submit(typed) {
      if (hasPassword) return change(typed)
      const { setPassword } = await loadSetPassword()
      return setPassword(page, typed['new-password'], () => {
        clearFields()
        void showDetails({ hasPassword: true })
        // Other cards tell how the user signs in.
        void page.refresh()
      })
    },
  })

  function change(typed: Record<'current-password' | 'new-password', string>) {
    return page.withSession(async (session) => {
      const { sendCurrentPassword } = await loadSignIn()
      await sendCurrentPassword({ password: typed['current-password'] }, (current) =>
        changePassword(session, { current, proposed: typed['new-password'] }),
      )
      return done(() => {
        clearFields()
        announce(
          t(
            'Your password is changed. Other devices stay signed in until you sign out everywhere.',
          ),
        )
      })
    })
  }

  /** Almost every account has a password: what the card is for others is fetched. */
  async function showDetails(details: Pick<AccountDetails, 'hasPassword'>): Promise<void> {
    if (details.hasPassword === hasPassword) return
    const { showSetPassword } = await loadSetPassword()
    hasPassword = details.hasPassword
    showSetPassword(!hasPassword)
  }

  function clearFields(): void {
    for (const field of [current, proposed]) {
      field.value = ''
      field.dispatchEvent(new Event('input'))
    }
  }

  return {
    show(session) {
      name.value = signInName(session)
    },
    showDetails,
    hide() {
      name.value = ''
      clearFields()
    },
  }
}
