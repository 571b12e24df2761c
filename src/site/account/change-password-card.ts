/** The card that changes the password, or sets the first one of an account without. */

import { type AccountDetails, changePassword, loadSignIn, type Session } from '../auth/index.ts'
import { bindForm } from '../forms/bind-form.ts'
import { currentPasswordErrors } from '../forms/error-messages.ts'
import { createPasswordReader } from '../forms/fields.ts'
import {
  bindPasswordRules,
  createReplacementReader,
  newPasswordErrors,
} from '../forms/new-password-field.ts'
import { done } from '../forms/submit-result.ts'
import { t } from '../i18n/t.ts'
import type { ProtectedPage } from '../layout/protected-page.ts'
import { requireElement } from '../lib/elements.ts'
import { announce } from '../lib/live-region.ts'
import { withRecentSignIn } from './recent-sign-in.ts'
import { signInName } from './sign-in-name.ts'

export interface ChangePasswordCard {
  show(session: Session): void
  showDetails(details: AccountDetails): void
  hide(): void
}

/** Binds the section `#change-password`. */
export function bindChangePassword(page: ProtectedPage): ChangePasswordCard {
  const name = requireElement('#account', HTMLInputElement)
  const current = requireElement('#current-password', HTMLInputElement)
  const proposed = requireElement('#new-password', HTMLInputElement)
  const readCurrent = createPasswordReader(t('Enter your current password'))
  const label = requireElement('#change-password button[type=submit] span', HTMLElement)
  let hasPassword = true

  bindPasswordRules(proposed)
  bindForm({
    form: '#new-password-form',
    fields: {
      'current-password': (input) => (hasPassword ? readCurrent(input) : { value: '' }),
      'new-password': createReplacementReader(() => current.value),
    },
    errors: { ...currentPasswordErrors('current-password'), ...newPasswordErrors('new-password') },
    submit: (typed) => (hasPassword ? change(typed) : setFirst(typed)),
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

  /** There is no current one to ask for: whoever sits at an unlocked computer must not get in for good. */
  function setFirst({ 'new-password': first }: Record<'new-password', string>) {
    return withRecentSignIn(page, async (session) => {
      await changePassword(session, { proposed: first })
      return done(() => {
        clearFields()
        showForm(true)
        announce(t('Your password is set. From now on it signs you in too.'))
      })
    })
  }

  function showForm(isChange: boolean): void {
    hasPassword = isChange
    label.textContent = isChange ? t('Change password') : t('Set password')
    requireElement('#current-password-place', HTMLElement).hidden = !isChange
    requireElement('#has-password', HTMLElement).hidden = !isChange
    requireElement('#has-no-password', HTMLElement).hidden = isChange
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
    showDetails: (details) => showForm(details.hasPassword),
    hide() {
      name.value = ''
      clearFields()
    },
  }
}
