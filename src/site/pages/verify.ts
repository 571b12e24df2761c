/**
 * Verify page. Leaves to sign-in once the address is verified; sends a new code when asked. The link in an email,
 * `verify.html?email=…#code=…`, fills it in.
 */

import { loadSignUpAndReset } from '../auth/index.ts'
import { bindForm } from '../forms/bind-form.ts'
import { readCode, submitWhenComplete } from '../forms/code-field.ts'
import { codeErrors } from '../forms/error-messages.ts'
import { readAccountEmail } from '../forms/fields.ts'
import { bindResend } from '../forms/resend-code.ts'
import { done, type SubmitResult } from '../forms/submit-result.ts'
import { showFlash } from '../layout/flash.ts'
import { navigateTo } from '../layout/navigate.ts'
import { initPage } from '../layout/page-shell.ts'
import { prefetchAuth } from '../layout/prefetch-auth.ts'
import { requireElement } from '../lib/elements.ts'
import { showName } from '../lib/show-name.ts'
import {
  getCodeRecipient,
  rememberEmail,
  rememberedEmail,
  setCodeRecipient,
} from '../lib/tab-state.ts'
import { currentNext, routes, withNext } from '../routes.ts'

const form = requireElement('#verify', HTMLFormElement)
const email = requireElement('#email', HTMLInputElement)
const code = requireElement('#code', HTMLInputElement)

readEmailLink()
window.addEventListener('hashchange', readEmailLink)
if (await initPage()) {
  email.value ||= rememberedEmail()
  showCodeRecipient()
  const flash = showFlash()
  prefetchAuth(loadSignUpAndReset)
  bindForm({
    form: '#verify',
    fields: { email: readAccountEmail, code: readCode },
    errors: codeErrors('code'),
    submit: verify,
  })
  submitWhenComplete({ form, code }, () => email.value !== '')
  const resend = bindResend({
    fields: { email: readAccountEmail },
    async resend(address) {
      const { resendCode } = await loadSignUpAndReset()
      await resendCode(address)
      setCodeRecipient(address.email)
      showCodeRecipient()
      return done()
    },
  })
  if (flash === 'unverified') resend.submit()
}

async function verify(confirmation: { email: string; code: string }): Promise<SubmitResult> {
  const { confirmSignUp } = await loadSignUpAndReset()
  rememberEmail(confirmation.email)
  const outcome = await confirmSignUp(confirmation)
  const signInPath = withNext(routes.signIn, currentNext())
  switch (outcome.kind) {
    case 'confirmed':
      return navigateTo(signInPath, 'verified')
    case 'already-confirmed':
      return navigateTo(signInPath, 'already-verified')
    default:
      return outcome satisfies never
  }
}

/** Takes address and code from the URL, and out of the address bar and the history. */
function readEmailLink(): void {
  const url = new URL(location.href)
  // A plus in an address is itself, and no space.
  const linkedEmail = new URLSearchParams(url.search.replaceAll('+', '%2B')).get('email')
  const linkedCode = new URLSearchParams(url.hash.slice(1)).get('code')
  if (linkedEmail === null && linkedCode === null) return
  url.searchParams.delete('email')
  url.hash = ''
  history.replaceState(null, '', url)
  if (linkedEmail) {
    email.value = linkedEmail
    rememberEmail(linkedEmail)
  }
  if (linkedCode) {
    code.value = linkedCode
    code.dispatchEvent(new Event('input', { bubbles: true }))
  }
}

/** Says who the code was sent to, if one was. */
function showCodeRecipient(): void {
  const recipient = getCodeRecipient()
  if (recipient === '' || recipient !== email.value.trim()) return
  showName(requireElement('#sent-to bdi', HTMLElement), recipient)
  requireElement('#sent-to', HTMLElement).hidden = false
}
