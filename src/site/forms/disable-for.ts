/** A button that cannot be pressed for a while, and shows how long. */

interface Wait {
  /** whole seconds; 0 or less when it is over */
  readonly readSecondsLeft: () => number
  readonly onReady: () => void
}

/**
 * The seconds stand in the button for whoever looks; nothing is read out while they pass.
 *
 * @param parts `wait` is the place for the seconds inside `button`
 */
export function pauseButton(
  { button, wait }: { button: HTMLButtonElement; wait: HTMLElement },
  toText: (seconds: number) => string,
  { readSecondsLeft, onReady }: Wait,
): void {
  button.ariaDisabled = 'true'
  const timer = setInterval(showWait, 250)
  showWait()

  function showWait(): void {
    const seconds = readSecondsLeft()
    const text = seconds > 0 ? toText(seconds) : ''
    if (wait.textContent !== text) wait.textContent = text
    // A button that was taken out of the page has nothing to be ready for.
    if (seconds > 0 && button.isConnected) return
    clearInterval(timer)
    button.ariaDisabled = null
    if (button.isConnected) onReady()
  }
}
