/** The second step of a password reset, which sets a new password with a code: fetched when one is to be entered. */

import { loadSignUpAndReset } from '../auth/index.ts'
import { type BoundForm, bindForm } from '../forms/bind-form.ts'
import { readCode } from '../forms/code-field.ts'
import { type EmailedCode, forgetCode } from '../forms/emailed-codes.ts'
import { readAccountEmail } from '../forms/fields.ts'
import {
  bindPasswordRules,
  newPasswordErrors,
  readNewPassword,
} from '../forms/new-password-field.ts'
import { bindResend } from '../forms/resend-code.ts'
import { done } from '../forms/submit-result.ts'
import { t } from '../i18n/t.ts'
import { navigateTo } from '../layout/navigate.ts'
import { closeStep, openStep, showSection } from '../layout/steps.ts'
import { requireElement } from '../lib/elements.ts'
import { rememberEmail } from '../lib/tab-state.ts'
import { currentNext, routes, withNext } from '../routes.ts'

const requestStep = requireElement('#request', HTMLElement)
const resetStep = requireElement('#reset', HTMLElement)
const account = requireElement('#account', HTMLInputElement)
/** Which of the two it is would tell about the account. */
const codeError = {
  text: t(
    "That code isn't right, or it no longer works. Enter the one from our latest email, or get a new one.",
  ),
  field: 'code',
  selectField: true,
}

bindPasswordRules(requireElement('#new-password', HTMLInputElement))
const form: BoundForm = bindForm({
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
    return navigateTo(
      withNext(routes.signIn, currentNext()),
      t('Your password is changed. Sign in with the new one.'),
    )
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
requireElement('#ask-again', HTMLButtonElement).addEventListener('click', () => void closeStep())

/** Asks for the code that was sent to an address. */
export function openResetStep(address: string): void {
  account.value = address
  openStep({
    name: 'reset',
    reopens: true,
    show: () => show(resetStep),
    close: () => show(requestStep),
  })
  resend.startCountdown()
}

function show(step: HTMLElement): void {
  form.clearErrors()
  showSection(step)
}

export function resetCode(to: string): EmailedCode {
  return { purpose: 'reset', to }
}
