/** Verify page. Leaves to sign-in once the address is verified; sends a new code when asked. */

import { isCode, toCode } from '../../shared/confirmation-code.ts'
import { auth } from '../auth/auth.ts'
import { AuthError } from '../auth/auth-error.ts'
import { createNameReader, readCode } from '../fields.ts'
import { greetArrival, startPage } from '../frame.ts'
import { announceArrival, carriedEmail, carryEmail, codeSentTo } from '../journey.ts'
import { describeError, messages } from '../messages.ts'
import { bindResend } from '../resend.ts'
import { currentNext, goTo, routes, withNext } from '../routes.ts'
import { requireElement } from '../ui/elements.ts'
import { bindForm, type Problem, type SubmitEnd } from '../ui/form.ts'

const form = requireElement('#verify', HTMLFormElement)
const email = requireElement('#email', HTMLInputElement)
const code = requireElement('#code', HTMLInputElement)

if (startPage()) {
  email.value ||= carriedEmail()
  showAddress()
  const arrival = greetArrival()
  bindForm({
    form: '#verify',
    fields: { email: createNameReader(messages.emailMissing), code: readCode },
    words: messages,
    describe: describeRefusal,
    submit: verify,
  })
  submitCompleteCodeOnce()
  const resend = bindResend(showAddress)
  if (arrival === 'unverified') resend()
  auth.prepare()
}

async function verify(confirmation: { email: string; code: string }): Promise<SubmitEnd> {
  carryEmail(confirmation.email)
  const outcome = await auth.confirmSignUp(confirmation)
  switch (outcome.kind) {
    case 'confirmed':
      announceArrival('verified')
      break
    case 'already-confirmed':
      announceArrival('already-verified')
      break
    default:
      outcome satisfies never
  }
  return goTo(withNext(routes.signIn, currentNext()))
}

/** A refused code stays, selected for typing over; other trouble is not the code's fault. */
function describeRefusal(error: unknown): Problem {
  const isAboutCode =
    error instanceof AuthError && ['code-mismatch', 'code-expired'].includes(error.code)
  return { text: describeError(error), ...(isAboutCode && { field: 'code', selectsField: true }) }
}

/** A complete code needs no button, the first time; after a refusal the rider decides. */
function submitCompleteCodeOnce(): void {
  let isSubmitted = false
  const submitIfComplete = () => {
    if (isSubmitted || email.value === '' || !isCode(toCode(code.value))) return
    isSubmitted = true
    form.requestSubmit()
  }
  code.addEventListener('input', submitIfComplete)
  // It may have been typed before this script came; after a reload it is one that was tried before.
  const [navigation] = performance.getEntriesByType('navigation')
  const isFresh =
    navigation instanceof PerformanceNavigationTiming && navigation.type === 'navigate'
  if (isFresh) submitIfComplete()
}

/** Says where the code went, if one did. */
function showAddress(): void {
  const sentTo = codeSentTo()
  if (sentTo === '' || sentTo !== email.value.trim()) return
  requireElement('#sent-to strong', HTMLElement).textContent = sentTo
  requireElement('#sent-to', HTMLElement).hidden = false
}
