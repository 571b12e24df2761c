/** Registering. */

import { registerWords } from '#words/register.ts'
import * as auth from '../auth/sign-up.ts'
import type { Problem, SubmitEnd } from '../forms/bind-form.ts'
import { orProblem } from '../forms/error-messages.ts'
import { aboutNewPassword } from '../forms/new-password-field.ts'
import { carryEmail, noteCodeSent } from '../lib/tab-state.ts'
import { currentNext, goTo, routes, withNext } from '../routes.ts'

export function register(account: { email: string; password: string }): Promise<SubmitEnd> {
  carryEmail(account.email)
  return orProblem(
    async () => {
      const outcome = await auth.signUp(account)
      switch (outcome.kind) {
        case 'code-sent':
          noteCodeSent(account.email)
          return goTo(withNext(routes.verify, currentNext()), 'code-sent')
        case 'account-exists':
          return createAccountExists()
        default:
          return outcome satisfies never
      }
    },
    { ...aboutNewPassword('new-password'), 'delivery-failed': { field: 'email' } },
  )
}

function createAccountExists(): Problem {
  const next = currentNext()
  return {
    text: registerWords.accountExists,
    links: [
      { text: registerWords.accountExistsSignIn, href: withNext(routes.signIn, next) },
      { text: registerWords.accountExistsReset, href: withNext(routes.forgot, next) },
      { text: registerWords.accountExistsVerify, href: withNext(routes.verify, next) },
    ],
  }
}
