/** The card that changes the password. */

import { changePassword, loadSignIn, type Session } from '../auth/index.ts'
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
import { signInName } from './sign-in-name.ts'

export interface ChangePasswordCard {
  show(session: Session): void
  hide(): void
}

/** Binds the section `#change-password`. */
export function bindChangePassword(page: ProtectedPage): ChangePasswordCard {
  const name = requireElement('#account', HTMLInputElement)
  const current = requireElement('#current-password', HTMLInputElement)
  const proposed = requireElement('#new-password', HTMLInputElement)

  bindPasswordRules(proposed)
  bindForm({
    form: '#new-password-form',
    fields: {
      'current-password': createPasswordReader(t('Enter your current password')),
      'new-password': createReplacementReader(() => current.value),
    },
    errors: { ...currentPasswordErrors('current-password'), ...newPasswordErrors('new-password') },
    submit: (typed) =>
      page.withSession(async (session) => {
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
      }),
  })

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
    hide() {
      name.value = ''
      clearFields()
    },
  }
}
