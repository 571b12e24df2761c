/** "Resend code": sends one code at a time and counts down to the next, across reloads of the page. */

import { auth } from './auth/auth.ts'
import { createNameReader } from './fields.ts'
import { noteCodeSent, resendWaitLeft, resendWaitSeconds, startResendWait } from './journey.ts'
import { describeError, messages } from './messages.ts'
import { requireElement } from './ui/elements.ts'
import { bindForm } from './ui/form.ts'
import { announce } from './ui/status.ts'

/**
 * Binds the form `#resend`, which sends to the address in `#email`.
 *
 * @param onSent runs after a code was sent
 * @returns a function that presses the button, unless a code was sent just now
 */
export function bindResend(onSent: () => void): () => void {
  const form = requireElement('#resend', HTMLFormElement)
  const button = requireElement('button', HTMLButtonElement, form)
  const wait = requireElement('.wait', HTMLElement, button)

  bindForm({
    form: '#resend',
    fields: { email: createNameReader(messages.emailMissing) },
    words: messages,
    describe: (error) => ({ text: describeError(error) }),
    announcesBusy: false,
    async submit({ email }) {
      await auth.resendCode({ email })
      noteCodeSent(email)
      startResendWait(Date.now())
      announce(messages.codeResent(resendWaitSeconds))
      return 'done'
    },
    afterDone() {
      onSent()
      countDown()
    },
  })
  if (resendWaitLeft(Date.now()) > 0) countDown()

  /** The seconds stand in the button for whoever looks; only the end is read out. */
  function countDown(): void {
    button.ariaDisabled = 'true'
    const timer = setInterval(showWait, 250)
    showWait()

    function showWait(): void {
      const seconds = resendWaitLeft(Date.now())
      const text = seconds > 0 ? messages.codeResendWait(seconds) : ''
      if (wait.textContent !== text) wait.textContent = text
      if (seconds > 0) return
      clearInterval(timer)
      button.ariaDisabled = null
      announce(messages.codeResendReady)
    }
  }

  return () => form.requestSubmit()
}
