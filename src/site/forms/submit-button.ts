/** The submit button: busy while the form is being sent, disabled while the user must wait. */

import { t } from '../i18n/t.ts'
import { createElement } from '../lib/elements.ts'
import { announceToScreenReaders, clearAnnouncement } from '../lib/live-region.ts'
import { disableFor } from './disable-for.ts'

export interface SubmitButton {
  isDisabled(): boolean
  setBusy(isBusy: boolean): void
  /**
   * @param mustWait whether the user still has to wait, asked again and again
   * @param goOn runs when the wait is over. Returns whether something happens by itself: then nobody is told to press
   */
  disableForSeconds(
    seconds: number,
    mustWait: () => boolean,
    goOn?: (() => boolean) | undefined,
  ): void
}

/**
 * The text while busy stands in `data-busy`.
 *
 * @param options `announcesBusy`: whether screen readers say it too
 */
export function bindSubmitButton(
  button: HTMLButtonElement,
  { announcesBusy }: { announcesBusy: boolean },
): SubmitButton {
  const label = [...button.childNodes]
  const busyText = button.dataset.busy ?? ''
  let isBusy = false

  return {
    isDisabled: () => button.ariaDisabled === 'true',
    setBusy(busy) {
      if (busy === isBusy) return
      isBusy = busy
      button.style.minInlineSize = busy ? `min(${button.offsetWidth}px, 100%)` : ''
      // A label of two lines, on a narrow screen.
      button.style.minBlockSize = busy ? `${button.offsetHeight}px` : ''
      button.replaceChildren(...(busy ? [busyText] : label))
      button.ariaDisabled = busy ? 'true' : null
      if (!announcesBusy) return
      if (busy) announceToScreenReaders(busyText)
      else clearAnnouncement(busyText)
    },
    disableForSeconds(seconds, mustWait, goOn) {
      const endsAtMs = Date.now() + seconds * 1000
      const countdown = createElement('span')
      button.append(countdown)
      disableFor(
        { button, countdown },
        {
          readSecondsLeft: () => (mustWait() ? Math.ceil((endsAtMs - Date.now()) / 1000) : 0),
          onReady() {
            countdown.remove()
            if (!goOn?.()) announceToScreenReaders(t('You can try again now.'))
          },
        },
      )
    },
  }
}
