/** Register page. Leaves to verify once a code is on its way; offers a way on when the account exists. */

import { auth } from '../auth/auth.ts'
import { bindCarriedEmail } from '../carried-email.ts'
import { bindEmailSuggestion } from '../email-suggestion.ts'
import { createConfirmReader, readEmail, readNewPassword } from '../fields.ts'
import { greetArrival, startPage } from '../frame.ts'
import { carryEmail, noteCodeSent } from '../journey.ts'
import { messages } from '../messages.ts'
import { bindPasswordRules } from '../password-rules.ts'
import { aboutNewPassword, describeProblem } from '../problems.ts'
import { currentNext, goTo, routes, withNext } from '../routes.ts'
import { requireElement } from '../ui/elements.ts'
import { bindForm, type Problem, type SubmitEnd } from '../ui/form.ts'

const email = requireElement('#email', HTMLInputElement)
const password = requireElement('#new-password', HTMLInputElement)

if (startPage()) {
  bindCarriedEmail(email)
  greetArrival()
  bindEmailSuggestion(email)
  bindPasswordRules(password)
  bindForm({
    form: '#register',
    fields: {
      email: readEmail,
      'new-password': readNewPassword,
      'confirm-password': createConfirmReader(password),
    },
    checkedOnLeave: ['email', 'confirm-password'],
    words: messages,
    describe: (error) =>
      describeProblem(error, {
        ...aboutNewPassword('new-password'),
        'delivery-failed': { field: 'email' },
      }),
    submit: register,
  })
  auth.prepare()
}

async function register(account: {
  email: string
  'new-password': string
  'confirm-password': string
}): Promise<SubmitEnd> {
  carryEmail(account.email)
  const outcome = await auth.signUp({ email: account.email, password: account['new-password'] })
  switch (outcome.kind) {
    case 'code-sent':
      noteCodeSent(account.email)
      return goTo(withNext(routes.verify, currentNext()), 'code-sent')
    case 'account-exists':
      return createAccountExists()
    default:
      return outcome satisfies never
  }
}

function createAccountExists(): Problem {
  const next = currentNext()
  return {
    text: messages.accountExists,
    links: [
      { text: messages.accountExistsSignIn, href: withNext(routes.signIn, next) },
      { text: messages.accountExistsReset, href: withNext(routes.forgot, next) },
      { text: messages.accountExistsVerify, href: withNext(routes.verify, next) },
    ],
  }
}
