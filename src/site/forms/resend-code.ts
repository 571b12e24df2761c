/** "Resend code": requests one code at a time and counts down to the next, across reloads of the page. */

import { t } from '../i18n/t.ts'
import { requireElement } from '../lib/elements.ts'
import { announce } from '../lib/live-region.ts'
import { bindForm, type FormOptions } from './bind-form.ts'
import { disableFor } from './disable-for.ts'
import { resendCooldownSeconds, resendSecondsLeft, startResendCooldown } from './resend-cooldown.ts'
import { done, type SubmitResult } from './submit-result.ts'

/**
 * Binds the form `#resend`.
 *
 * @param options `fields`: what `resend` needs; they may stand in another form. `resend` ends as a submit does;
 *   "done" means that a code was sent
 * @returns `submit`: requests a code, unless one was requested just now; `startCooldown`: for a code that was
 *   requested in another way
 */
export function bindResend<Values extends object>(options: {
  readonly fields: FormOptions<Values>['fields']
  readonly resend: (values: Values) => Promise<SubmitResult>
}): { readonly submit: () => void; readonly startCooldown: () => void } {
  const form = requireElement('#resend', HTMLFormElement)
  const button = requireElement('button', HTMLButtonElement, form)
  const countdown = requireElement('.countdown', HTMLElement, button)

  bindForm<Values>({
    form: '#resend',
    fields: options.fields,
    announcesBusy: false,
    async submit(values) {
      const result = await options.resend(values)
      if (result.kind !== 'done') return result
      return done(async () => {
        await result.afterwards?.()
        announceSent()
      })
    },
  })
  if (resendSecondsLeft(Date.now()) > 0) disableDuringCooldown()

  function announceSent(): void {
    announce(
      t('A new code is on its way. You can get another one in {seconds} seconds.', {
        seconds: resendCooldownSeconds,
      }),
    )
    startCooldown()
  }

  function startCooldown(): void {
    startResendCooldown(Date.now())
    disableDuringCooldown()
  }

  function disableDuringCooldown(): void {
    disableFor(
      { button, countdown },
      {
        readSecondsLeft: () => resendSecondsLeft(Date.now()),
        onReady: () => announce(t('You can get a new code now.')),
      },
    )
  }

  return { submit: () => form.requestSubmit(), startCooldown }
}
