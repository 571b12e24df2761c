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
  const timer = setInterval(showSecondsLeft, 250)
  showSecondsLeft()

  function showSecondsLeft(): void {
    const seconds = wait.readSecondsLeft()
    const text = seconds > 0 ? formatTimeLeft(seconds) : ''
    if (countdown.textContent !== text) countdown.textContent = text
    // The step that the button is in may have been removed from the page.
    if (seconds > 0 && button.isConnected) return
    clearInterval(timer)
    button.ariaDisabled = null
    if (button.isConnected) wait.onReady()
  }
}

/** The button has its label already. It stands first in every language, which `tests/repo/catalogs.test.ts` holds. */
function formatTimeLeft(seconds: number): string {
  return seconds < 120
    ? t('{action} in {seconds} s', { action: '', seconds })
    : t('{action} in {minutes} min', { action: '', minutes: Math.ceil(seconds / 60) })
}
