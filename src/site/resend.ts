/** "Resend code": sends one code at a time and counts down to the next, across reloads of the page. */

import { resendWaitLeft, resendWaitSeconds, startResendWait } from './journey.ts'
import { messages } from './messages.ts'
import { describeProblem } from './problems.ts'
import { pauseButton } from './ui/countdown.ts'
import { requireElement } from './ui/elements.ts'
import { bindForm, type FormOptions, type SubmitEnd } from './ui/form.ts'
import { announce } from './ui/status.ts'

/**
 * Binds the form `#resend`.
 *
 * @param options `fields` are those that `send` needs; they need not be in this form
 * @returns what a page does with it by itself: press the button, unless a code was sent just now, and wait
 *   because a code was sent in another way
 */
export function bindResend<Values extends object>(options: {
  readonly fields: FormOptions<Values>['fields']
  readonly send: (values: Values) => Promise<void>
  /** runs the sending, where it may only be done for whom the page belongs to */
  readonly guard?: (run: () => Promise<SubmitEnd>) => Promise<SubmitEnd>
}): { readonly press: () => void; readonly wait: () => void } {
  const { fields, send, guard = (run) => run() } = options
  const form = requireElement('#resend', HTMLFormElement)
  const button = requireElement('button', HTMLButtonElement, form)
  const wait = requireElement('.wait', HTMLElement, button)

  bindForm<Values>({
    form: '#resend',
    fields,
    words: messages,
    describe: describeProblem,
    announcesBusy: false,
    submit: (values) =>
      guard(async () => {
        await send(values)
        return () => {
          announce(messages.codeResent(resendWaitSeconds))
          startWait()
        }
      }),
  })
  if (resendWaitLeft(Date.now()) > 0) countDown()

  function startWait(): void {
    startResendWait(Date.now())
    countDown()
  }

  function countDown(): void {
    pauseButton({ button, wait }, messages.buttonWait, {
      readSecondsLeft: () => resendWaitLeft(Date.now()),
      onReady: () => announce(messages.codeResendReady),
    })
  }

  return { press: () => form.requestSubmit(), wait: startWait }
}
