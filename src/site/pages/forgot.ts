/**
 * Password reset. Sends a code, then sets a new password with it; leaves to sign-in. A link with a code,
 * `forgot.html#code=…&email=…`, fills it in.
 */

import { loadSignUpAndReset } from '../auth/index.ts'
import { bindForm } from '../forms/bind-form.ts'
import { readCode } from '../forms/code-field.ts'
import { takeEmailLink } from '../forms/email-link.ts'
import { type EmailedCode, forgetCode, noteCodeSent } from '../forms/emailed-codes.ts'
import { readAccountEmail } from '../forms/fields.ts'
import {
  bindPasswordRules,
  newPasswordErrors,
  readNewPassword,
} from '../forms/new-password-field.ts'
import { bindRememberedEmail } from '../forms/remembered-email.ts'
import { bindResend } from '../forms/resend-code.ts'
import { done } from '../forms/submit-result.ts'
import { t } from '../i18n/t.ts'
import { showFlash } from '../layout/flash.ts'
import { navigateTo } from '../layout/navigate.ts'
import { initPage } from '../layout/page-shell.ts'
import { prefetchAuth } from '../layout/prefetch-auth.ts'
import { showStep } from '../layout/steps.ts'
import { requireElement } from '../lib/elements.ts'
import { rememberEmail } from '../lib/tab-state.ts'
import { currentNext, routes, withNext } from '../routes.ts'

const requestStep = requireElement('#request', HTMLElement)
const resetStep = requireElement('#reset', HTMLElement)
const requestForm = requireElement('#request form', HTMLFormElement)
const email = requireElement('#email', HTMLInputElement)
const account = requireElement('#account', HTMLInputElement)
const code = requireElement('#code', HTMLInputElement)
const link = takeEmailLink()
/** Which of the two it is would tell about the account. */
const codeError = {
  text: t(
    "That code isn't right, or it no longer works. Enter the one from our latest email, or get a new one.",
  ),
  field: 'code',
  selectField: true,
}

if (await initPage()) {
  if (link.email) rememberEmail(link.email)
  bindRememberedEmail(email)
  showFlash()
  bindPasswordRules(requireElement('#new-password', HTMLInputElement))
  prefetchAuth(loadSignUpAndReset)
  bindForm({
    form: '#request form',
    fields: { email: readAccountEmail },
    async submit(address) {
      const { requestPasswordReset } = await loadSignUpAndReset()
      rememberEmail(address.email)
      await requestPasswordReset(address)
      return done(() => {
        noteCodeSent(resetCode(address.email))
        showResetStep(address.email)
      })
    },
  })
  const resetForm = bindForm({
    form: '#reset form',
    fields: { account: readAccountEmail, code: readCode, 'new-password': readNewPassword },
    errors: {
      'code-mismatch': codeError,
      'code-expired': codeError,
      ...newPasswordErrors('new-password'),
    },
    async submit(typed) {
      const { confirmPasswordReset } = await loadSignUpAndReset()
      await confirmPasswordReset({
        email: typed.account,
        code: typed.code,
        password: typed['new-password'],
      })
      forgetCode(resetCode(typed.account))
      rememberEmail(typed.account)
      return navigateTo(withNext(routes.signIn, currentNext()), 'password-changed')
    },
  })
  const resend = bindResend({
    fields: { account: readAccountEmail },
    code: () => resetCode(account.value),
    async resend(typed) {
      const { requestPasswordReset } = await loadSignUpAndReset()
      await requestPasswordReset({ email: typed.account })
      return done()
    },
    describe: () => t('If this address has an account, a new code is on its way.'),
  })
  const showResetStep = (address: string) => {
    account.value = address
    showStep(resetStep)
    resend.startCountdown()
  }
  /** The code may have been sent before: to another device, or before the browser discarded this tab. */
  const continueWithCode = () => {
    const address = email.value.trim()
    // Without an address the form says what is missing.
    if (address === '') requestForm.requestSubmit()
    else showResetStep(address)
  }
  requireElement('#ask-again', HTMLButtonElement).addEventListener('click', () => {
    resetForm.clearErrors()
    showStep(requestStep)
  })
  requireElement('#have-code', HTMLButtonElement).addEventListener('click', continueWithCode)
  if (link.code) {
    code.value = link.code
    if (email.value !== '') continueWithCode()
  }
}

function resetCode(to: string): EmailedCode {
  return { purpose: 'reset', to }
}
