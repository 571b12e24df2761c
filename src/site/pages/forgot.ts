/** Password reset. Asks for a code, then sets a new password with it; leaves to sign-in. */

import { auth } from '../auth/auth.ts'
import { bindCarriedEmail } from '../carried-email.ts'
import { createNameReader, readCode, readNewPassword } from '../fields.ts'
import { greetArrival, startPage } from '../frame.ts'
import { carryEmail } from '../journey.ts'
import { messages } from '../messages.ts'
import { bindPasswordRules } from '../password-rules.ts'
import { aboutCode, aboutNewPassword, describeProblem } from '../problems.ts'
import { bindResend } from '../resend.ts'
import { currentNext, goTo, routes, withNext } from '../routes.ts'
import { requireElement } from '../ui/elements.ts'
import { bindForm, type SubmitEnd } from '../ui/form.ts'
import { showStep } from '../ui/steps.ts'

const request = requireElement('#request', HTMLElement)
const reset = requireElement('#reset', HTMLElement)
const requestForm = requireElement('#request form', HTMLFormElement)
const email = requireElement('#email', HTMLInputElement)
const account = requireElement('#account', HTMLInputElement)

let resend: ReturnType<typeof bindResend> | undefined

if (startPage()) {
  bindCarriedEmail(email)
  greetArrival()
  bindPasswordRules(requireElement('#new-password', HTMLInputElement))
  bindForm({
    form: '#request form',
    fields: { email: createNameReader(messages.emailMissing) },
    words: messages,
    describe: describeProblem,
    submit: requestCode,
  })
  const resetForm = bindForm({
    form: '#reset form',
    fields: {
      account: createNameReader(messages.emailMissing),
      code: readCode,
      'new-password': readNewPassword,
    },
    words: messages,
    describe: (error) =>
      describeProblem(error, { ...aboutCode('code'), ...aboutNewPassword('new-password') }),
    submit: resetPassword,
  })
  resend = bindResend({
    fields: { account: createNameReader(messages.emailMissing) },
    send: (typed) => auth.forgotPassword({ email: typed.account }),
  })
  requireElement('#ask-again', HTMLButtonElement).addEventListener('click', () => {
    resetForm.clearProblems()
    showStep(request)
  })
  requireElement('#have-code', HTMLButtonElement).addEventListener('click', goOnWithCode)
  auth.prepare()
}

async function requestCode(address: { email: string }): Promise<SubmitEnd> {
  carryEmail(address.email)
  await auth.forgotPassword(address)
  account.value = address.email
  return () => {
    showStep(reset)
    resend?.wait()
  }
}

/** The mail may have been read on another device, or while this page was thrown out of memory. */
function goOnWithCode(): void {
  account.value = email.value.trim()
  // Without a name the form says what is missing.
  if (account.value === '') requestForm.requestSubmit()
  else showStep(reset)
}

async function resetPassword(typed: {
  account: string
  code: string
  'new-password': string
}): Promise<SubmitEnd> {
  await auth.confirmForgotPassword({
    email: typed.account,
    code: typed.code,
    password: typed['new-password'],
  })
  carryEmail(typed.account)
  return goTo(withNext(routes.signIn, currentNext()), 'password-changed')
}
