/**
 * Verify page. Leaves to sign-in once the address is verified; sends a new code when asked. The link of a
 * letter, `verify.html?email=…#code=…`, fills it in.
 */

import { auth } from '../auth/auth.ts'
import { submitCompleteCodeOnce } from '../code-field.ts'
import { createNameReader, readCode } from '../fields.ts'
import { greetArrival, startPage } from '../frame.ts'
import { carriedEmail, carryEmail, codeSentTo, noteCodeSent } from '../journey.ts'
import { messages } from '../messages.ts'
import { aboutCode, describeProblem } from '../problems.ts'
import { bindResend } from '../resend.ts'
import { currentNext, goTo, routes, withNext } from '../routes.ts'
import { requireElement } from '../ui/elements.ts'
import { bindForm, type SubmitEnd } from '../ui/form.ts'

const form = requireElement('#verify', HTMLFormElement)
const email = requireElement('#email', HTMLInputElement)
const code = requireElement('#code', HTMLInputElement)

takeLink()
window.addEventListener('hashchange', takeLink)
if (startPage()) {
  email.value ||= carriedEmail()
  showAddress()
  const arrival = greetArrival()
  bindForm({
    form: '#verify',
    fields: { email: createNameReader(messages.emailMissing), code: readCode },
    words: messages,
    describe: (error) => describeProblem(error, aboutCode('code')),
    submit: verify,
  })
  submitCompleteCodeOnce({ form, code }, () => email.value !== '')
  const resend = bindResend({
    fields: { email: createNameReader(messages.emailMissing) },
    async send(address) {
      await auth.resendCode(address)
      noteCodeSent(address.email)
      showAddress()
    },
  })
  if (arrival === 'unverified') resend.press()
  auth.prepare()
}

async function verify(confirmation: { email: string; code: string }): Promise<SubmitEnd> {
  carryEmail(confirmation.email)
  const outcome = await auth.confirmSignUp(confirmation)
  const path = withNext(routes.signIn, currentNext())
  switch (outcome.kind) {
    case 'confirmed':
      return goTo(path, 'verified')
    case 'already-confirmed':
      return goTo(path, 'already-verified')
    default:
      return outcome satisfies never
  }
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
