/** "Resend code": requests one code at a time and counts down to the next, in all tabs. */

import { pageLanguage, t } from '../i18n/t.ts'
import { requireElement } from '../lib/elements.ts'
import { announce, announceToScreenReaders } from '../lib/live-region.ts'
import { bindForm, type FormOptions } from './bind-form.ts'
import { disableFor } from './disable-for.ts'
import {
  type EmailedCode,
  noteCodeSent,
  resendCooldownSeconds,
  resendSecondsLeft,
} from './emailed-codes.ts'
import { done, type SubmitResult } from './submit-result.ts'

/** For a code that is sent for certain: that the service accepts a request does not say so. */
export const newCodeText = t('A new code is on its way.')

export interface ResendForm {
  /** Requests a code, unless one was requested just now. */
  readonly submit: () => void
  /** For a code that was requested in another way, or another `code()`. */
  readonly startCountdown: () => void
}

/**
 * Binds the form `#resend`.
 *
 * @param options `fields`: what `resend` needs; they may stand in another form. `code`: which one is sent anew.
 *   `resend` ends as a submit does; "done" means that the service has accepted the request. `describe`: what to say then
 */
export function bindResend<Values extends object>(options: {
  readonly fields: FormOptions<Values>['fields']
  readonly code: () => EmailedCode
  readonly resend: (values: Values) => Promise<SubmitResult>
  readonly describe: () => string
}): ResendForm {
  const form = requireElement('#resend', HTMLFormElement)
  const button = requireElement('button', HTMLButtonElement, form)
  const countdown = requireElement('.countdown', HTMLElement, button)
  let isCounting = false

  bindForm<Values>({
    form: '#resend',
    fields: options.fields,
    announcesBusy: false,
    async submit(values) {
      const code = options.code()
      const result = await options.resend(values)
      if (result.kind !== 'done') return result
      return done(async () => {
        noteCodeSent(code)
        await result.afterwards?.()
        announceSent()
      })
    },
  })
  startCountdown()
  window.addEventListener('storage', startCountdown)

  function announceSent(): void {
    const time = new Intl.NumberFormat(pageLanguage, {
      style: 'unit',
      unit: 'second',
      unitDisplay: 'long',
    }).format(resendCooldownSeconds)
    const wait = t('You can get another one in {time}.', { time })
    announce(t('{sentence} {next}', { sentence: options.describe(), next: wait }))
    startCountdown()
  }

  function startCountdown(): void {
    if (isCounting || !button.isConnected || secondsLeft() === 0) return
    isCounting = true
    const { to } = options.code()
    disableFor(
      { button, countdown },
      {
        readSecondsLeft: secondsLeft,
        onReady() {
          isCounting = false
          // Another address has no countdown: nothing has ended.
          if (options.code().to === to) announceToScreenReaders(t('You can get a new code now.'))
        },
      },
    )
  }

  function secondsLeft(): number {
    return resendSecondsLeft(options.code())
  }

  return { submit: () => form.requestSubmit(), startCountdown }
}
