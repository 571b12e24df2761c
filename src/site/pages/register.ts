/** Register page. Leaves to verify once a code is on its way; offers a way on when the account exists. */

import { formWords } from '#words/form.ts'
import { fetchActs } from '../acts.ts'
import { bindCarriedEmail } from '../carried-email.ts'
import { readEmail } from '../email-field.ts'
import { bindEmailSuggestion } from '../email-suggestion.ts'
import { greetArrival, startPage } from '../frame.ts'
import { bindPasswordRules, createConfirmReader, readNewPassword } from '../new-password.ts'
import { requireElement } from '../ui/elements.ts'
import { bindForm } from '../ui/form.ts'

const email = requireElement('#email', HTMLInputElement)
const password = requireElement('#new-password', HTMLInputElement)

if (await startPage()) {
  bindCarriedEmail(email)
  greetArrival()
  bindEmailSuggestion(email)
  bindPasswordRules(password)
  const acts = fetchActs(() => import('../acts/register.ts'))
  bindForm({
    form: '#register',
    fields: {
      email: readEmail,
      'new-password': readNewPassword,
      'confirm-password': createConfirmReader(password),
    },
    checkedOnLeave: ['email', 'confirm-password'],
    words: formWords,
    submit: (typed) =>
      acts.run(({ register }) => register({ email: typed.email, password: typed['new-password'] })),
  })
}
