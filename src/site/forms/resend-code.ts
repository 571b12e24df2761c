/** "Resend code": sends one code at a time and counts down to the next, across reloads of the page. */

import { codeWords } from '#words/code.ts'
import { formWords } from '#words/form.ts'
import { requireElement } from '../lib/elements.ts'
import { announce } from '../lib/live-region.ts'
import { type Afterwards, bindForm, type FormOptions, type SubmitEnd } from './bind-form.ts'
import { pauseButton } from './disable-for.ts'
import { resendWaitLeft, resendWaitSeconds, startResendWait } from './resend-cooldown.ts'

/**
 * Binds the form `#resend`.
 *
 * @param options `fields` are those that `send` needs; they need not be in this form
 * @returns what a page does with it by itself: press the button, unless a code was sent just now, and wait
 *   because a code was sent in another way
 */
export function bindResend<Values extends object>(options: {
  readonly fields: FormOptions<Values>['fields']
  /** ends with `onSent` when a code was sent */
  readonly send: (values: Values, onSent: Afterwards) => Promise<SubmitEnd>
}): { readonly press: () => void; readonly wait: () => void } {
  const { fields, send } = options
  const form = requireElement('#resend', HTMLFormElement)
  const button = requireElement('button', HTMLButtonElement, form)
  const wait = requireElement('.wait', HTMLElement, button)

  bindForm<Values>({
    form: '#resend',
    fields,
    words: formWords,
    announcesBusy: false,
    submit: (values) =>
      send(values, () => {
        announce(codeWords.resent(resendWaitSeconds))
        startWait()
      }),
  })
  if (resendWaitLeft(Date.now()) > 0) countDown()

  function startWait(): void {
    startResendWait(Date.now())
    countDown()
  }

  function countDown(): void {
    pauseButton({ button, wait }, formWords.buttonWait, {
      readSecondsLeft: () => resendWaitLeft(Date.now()),
      onReady: () => announce(codeWords.resendReady),
    })
  }

  return { press: () => form.requestSubmit(), wait: startWait }
}
