/** Changing the password, with the current one. */

import { accountWords } from '#words/account.ts'
import { formWords } from '#words/form.ts'
import { account } from '../auth/account-settings.ts'
import type { Session } from '../auth/session/session.ts'
import { bindForm } from '../forms/bind-form.ts'
import { aboutCurrentPassword } from '../forms/error-messages.ts'
import { readPassword } from '../forms/fields.ts'
import {
  aboutNewPassword,
  bindPasswordRules,
  readNewPassword,
} from '../forms/new-password-field.ts'
import type { SignedInPage } from '../layout/protected-page.ts'
import { requireElement } from '../lib/elements.ts'
import { announce } from '../lib/live-region.ts'
import { signInName } from './sign-in-name.ts'

export interface PasswordChange {
  show(session: Session): void
  hide(): void
}

/** Binds the section `#change-password`. */
export function bindPasswordChange(page: SignedInPage): PasswordChange {
  const name = requireElement('#account', HTMLInputElement)
  const current = requireElement('#current-password', HTMLInputElement)
  const proposed = requireElement('#new-password', HTMLInputElement)

  bindPasswordRules(proposed)
  bindForm({
    form: '#new-password-form',
    fields: { 'current-password': readPassword, 'new-password': readNewPassword },
    words: formWords,
    submit: (typed) =>
      page.act(
        async (session) => {
          await account.changePassword(session, {
            current: typed['current-password'],
            proposed: typed['new-password'],
          })
          return () => {
            empty()
            announce(accountWords.passwordChanged)
          }
        },
        { ...aboutCurrentPassword('current-password'), ...aboutNewPassword('new-password') },
      ),
  })

  function empty(): void {
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
      empty()
    },
  }
}
