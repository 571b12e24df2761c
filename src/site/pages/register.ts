/** Register page. Leaves to verify once a code is on its way; offers a way on when the account exists. */

import { formWords } from '#words/form.ts'
import { fetchActs } from '../acts.ts'
import { bindForm } from '../forms/bind-form.ts'
import { readEmail } from '../forms/email-field.ts'
import { bindEmailSuggestion } from '../forms/email-suggestion.ts'
import {
  bindPasswordRules,
  createConfirmReader,
  readNewPassword,
} from '../forms/new-password-field.ts'
import { bindCarriedEmail } from '../forms/remembered-email.ts'
import { greetArrival, startPage } from '../layout/page-shell.ts'
import { requireElement } from '../lib/elements.ts'

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
