/** Password reset. Asks for a code, then sets a new password with it; leaves to sign-in. */

import { fieldWords } from '#words/fields.ts'
import { formWords } from '#words/form.ts'
import { fetchActs } from '../acts.ts'
import { bindForm } from '../forms/bind-form.ts'
import { readCode } from '../forms/code-field.ts'
import { createNameReader } from '../forms/fields.ts'
import { bindPasswordRules, readNewPassword } from '../forms/new-password-field.ts'
import { bindCarriedEmail } from '../forms/remembered-email.ts'
import { bindResend } from '../forms/resend-code.ts'
import { greetArrival, startPage } from '../layout/page-shell.ts'
import { showStep } from '../layout/steps.ts'
import { requireElement } from '../lib/elements.ts'

const request = requireElement('#request', HTMLElement)
const reset = requireElement('#reset', HTMLElement)
const requestForm = requireElement('#request form', HTMLFormElement)
const email = requireElement('#email', HTMLInputElement)
const account = requireElement('#account', HTMLInputElement)

if (await startPage()) {
  bindCarriedEmail(email)
  greetArrival()
  bindPasswordRules(requireElement('#new-password', HTMLInputElement))
  const acts = fetchActs(() => import('../acts/forgot.ts'))
  const readName = createNameReader(fieldWords.emailMissing)
  bindForm({
    form: '#request form',
    fields: { email: readName },
    words: formWords,
    submit: (address) =>
      acts.run(({ requestCode }) =>
        requestCode(address, () => {
          account.value = address.email
          showStep(reset)
          resend.wait()
        }),
      ),
  })
  const resetForm = bindForm({
    form: '#reset form',
    fields: { account: readName, code: readCode, 'new-password': readNewPassword },
    words: formWords,
    submit: (typed) =>
      acts.run(({ resetPassword }) =>
        resetPassword({
          email: typed.account,
          code: typed.code,
          password: typed['new-password'],
        }),
      ),
  })
  const resend = bindResend({
    fields: { account: readName },
    send: (typed, onSent) =>
      acts.run(({ resendCode }) => resendCode({ email: typed.account }, onSent)),
  })
  requireElement('#ask-again', HTMLButtonElement).addEventListener('click', () => {
    resetForm.clearProblems()
    showStep(request)
  })
  requireElement('#have-code', HTMLButtonElement).addEventListener('click', goOnWithCode)
}

/** The mail may have been read on another device, or while this page was thrown out of memory. */
function goOnWithCode(): void {
  account.value = email.value.trim()
  // Without a name the form says what is missing.
  if (account.value === '') requestForm.requestSubmit()
  else showStep(reset)
}
