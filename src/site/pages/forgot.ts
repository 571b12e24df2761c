/** Password reset. Sends a code, then sets a new password with it; leaves to sign-in. */

import { loadSignUpAndReset } from '../auth/index.ts'
import { bindForm } from '../forms/bind-form.ts'
import { readCode } from '../forms/code-field.ts'
import { codeErrors } from '../forms/error-messages.ts'
import { readAccountEmail } from '../forms/fields.ts'
import {
  bindPasswordRules,
  newPasswordErrors,
  readNewPassword,
} from '../forms/new-password-field.ts'
import { bindRememberedEmail } from '../forms/remembered-email.ts'
import { bindResend } from '../forms/resend-code.ts'
import { done } from '../forms/submit-result.ts'
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

if (await initPage()) {
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
        account.value = address.email
        showStep(resetStep)
        resend.startCooldown()
      })
    },
  })
  const resetForm = bindForm({
    form: '#reset form',
    fields: { account: readAccountEmail, code: readCode, 'new-password': readNewPassword },
    errors: { ...codeErrors('code'), ...newPasswordErrors('new-password') },
    async submit(typed) {
      const { confirmPasswordReset } = await loadSignUpAndReset()
      await confirmPasswordReset({
        email: typed.account,
        code: typed.code,
        password: typed['new-password'],
      })
      rememberEmail(typed.account)
      return navigateTo(withNext(routes.signIn, currentNext()), 'password-changed')
    },
  })
  const resend = bindResend({
    fields: { account: readAccountEmail },
    async resend(typed) {
      const { requestPasswordReset } = await loadSignUpAndReset()
      await requestPasswordReset({ email: typed.account })
      return done()
    },
  })
  requireElement('#ask-again', HTMLButtonElement).addEventListener('click', () => {
    resetForm.clearErrors()
    showStep(requestStep)
  })
  requireElement('#have-code', HTMLButtonElement).addEventListener('click', continueWithCode)
}

/** The code may have been sent before: to another device, or before the browser discarded this tab. */
function continueWithCode(): void {
  account.value = email.value.trim()
  // Without an address the form says what is missing.
  if (account.value === '') requestForm.requestSubmit()
  else showStep(resetStep)
}
