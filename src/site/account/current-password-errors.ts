/** Apart from `forms/error-messages.ts`, which is fetched when there is an error: a form is bound with these. */

import { type FormErrors, passwordError } from '../forms/form-errors.ts'
import { t } from '../i18n/t.ts'

/** What a wrong password means for the current one of whoever is signed in. */
export function currentPasswordErrors(field: string): FormErrors {
  return {
    'incorrect-credentials': {
      text: t("That isn't your current password. Enter it again."),
      ...passwordError(field),
    },
  }
}
