/**
 * Verify page. Leaves to sign-in once the address is verified; sends a new code when asked. The link of a
 * letter, `verify.html?email=…#code=…`, fills it in.
 */

import { fieldWords } from '#words/fields.ts'
import { formWords } from '#words/form.ts'
import { fetchActs } from '../acts.ts'
import { bindForm } from '../forms/bind-form.ts'
import { readCode, submitCompleteCodeOnce } from '../forms/code-field.ts'
import { createNameReader } from '../forms/fields.ts'
import { bindResend } from '../forms/resend-code.ts'
import { greetArrival, startPage } from '../layout/page-shell.ts'
import { requireElement } from '../lib/elements.ts'
import { carriedEmail, carryEmail, codeSentTo } from '../lib/tab-state.ts'

const form = requireElement('#verify', HTMLFormElement)
const email = requireElement('#email', HTMLInputElement)
const code = requireElement('#code', HTMLInputElement)

takeLink()
window.addEventListener('hashchange', takeLink)
if (await startPage()) {
  email.value ||= carriedEmail()
  showAddress()
  const arrival = greetArrival()
  const acts = fetchActs(() => import('../acts/verify.ts'))
  bindForm({
    form: '#verify',
    fields: { email: createNameReader(fieldWords.emailMissing), code: readCode },
    words: formWords,
    submit: (typed) => acts.run(({ verify }) => verify(typed)),
  })
  submitCompleteCodeOnce({ form, code }, () => email.value !== '')
  const resend = bindResend({
    fields: { email: createNameReader(fieldWords.emailMissing) },
    send: (address, onSent) =>
      acts.run(({ resendCode }) =>
        resendCode(address, () => {
          showAddress()
          onSent()
        }),
      ),
  })
  if (arrival === 'unverified') resend.press()
}

/** Takes what a letter's link carries, and takes it out of the address bar and the history. */
function takeLink(): void {
  const url = new URL(location.href)
  const linkedEmail = url.searchParams.get('email')
  const linkedCode = new URLSearchParams(url.hash.slice(1)).get('code')
  if (linkedEmail === null && linkedCode === null) return
  url.searchParams.delete('email')
  url.hash = ''
  history.replaceState(null, '', url)
  if (linkedEmail) {
    email.value = linkedEmail
    carryEmail(linkedEmail)
  }
  if (linkedCode) {
    code.value = linkedCode
    code.dispatchEvent(new Event('input', { bubbles: true }))
  }
}

/** Says where the code went, if one did. */
function showAddress(): void {
  const sentTo = codeSentTo()
  if (sentTo === '' || sentTo !== email.value.trim()) return
  requireElement('#sent-to bdi', HTMLElement).textContent = sentTo
  requireElement('#sent-to', HTMLElement).hidden = false
}
