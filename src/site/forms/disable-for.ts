/** A button that cannot be pressed for a while, and shows how long. */

import { t } from '../i18n/t.ts'

/**
 * The seconds are for whoever looks; screen readers do not say them one by one.
 *
 * @param parts `countdown` is the place for the seconds inside `button`
 * @param wait `readSecondsLeft`: whole seconds, 0 or less when it is over
 */
export function disableFor(
  { button, countdown }: { button: HTMLButtonElement; countdown: HTMLElement },
  wait: { readonly readSecondsLeft: () => number; readonly onReady: () => void },
): void {
  button.ariaDisabled = 'true'
  // The label may stand anywhere in the sentence.
  const lead = document.createTextNode('')
  button.prepend(lead)
  const timer = setInterval(showSecondsLeft, 250)
  showSecondsLeft()

  function showSecondsLeft(): void {
    const seconds = wait.readSecondsLeft()
    const [before = '', after = ''] = seconds > 0 ? formatTimeLeft(seconds).split(label) : []
    lead.data = before
    if (countdown.textContent !== after) countdown.textContent = after
    // The step that the button is in may have been removed from the page.
    if (seconds > 0 && button.isConnected) return
    clearInterval(timer)
    lead.remove()
    button.ariaDisabled = null
    if (button.isConnected) wait.onReady()
  }
}

/** stands for the button's label in a sentence */
const label = '\n'

function formatTimeLeft(seconds: number): string {
  return seconds < 120
    ? t('{action} in {seconds} s', { action: label, seconds })
    : t('{action} in {minutes} min', { action: label, minutes: Math.ceil(seconds / 60) })
}
