/** "Resend code": sends one code at a time and counts down to the next, across reloads of the page. */

import { resendWaitLeft, resendWaitSeconds, startResendWait } from './journey.ts'
import { messages } from './messages.ts'
import { describeProblem } from './problems.ts'
import { pauseButton } from './ui/countdown.ts'
import { requireElement } from './ui/elements.ts'
import { bindForm, type FormOptions } from './ui/form.ts'
import { announce } from './ui/status.ts'

/**
 * Binds the form `#resend`.
 *
 * @param options `fields` are those that `send` needs; they need not be in this form
 * @returns a function that presses the button, unless a code was sent just now
 */
export function bindResend<Values extends object>(options: {
  readonly fields: FormOptions<Values>['fields']
  readonly send: (values: Values) => Promise<void>
}): () => void {
  const { fields, send } = options
  const form = requireElement('#resend', HTMLFormElement)
  const button = requireElement('button', HTMLButtonElement, form)
  const wait = requireElement('.wait', HTMLElement, button)

  bindForm<Values>({
    form: '#resend',
    fields,
    words: messages,
    describe: describeProblem,
    announcesBusy: false,
    async submit(values) {
      await send(values)
      startResendWait(Date.now())
      announce(messages.codeResent(resendWaitSeconds))
      return countDown
    },
  })
  if (resendWaitLeft(Date.now()) > 0) countDown()

  function countDown(): void {
    pauseButton({ button, wait }, messages.buttonWait, {
      readSecondsLeft: () => resendWaitLeft(Date.now()),
      onReady: () => announce(messages.codeResendReady),
    })
  }

  return () => form.requestSubmit()
}
