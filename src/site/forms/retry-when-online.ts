/** Sends a form by itself when the network is back. */

/** milliseconds that networks need to settle; enough for the user to press the button first */
const settleMs = 2000

/** @param signal ends the waiting */
export function retryWhenOnline(retry: () => void, signal: AbortSignal): void {
  window.addEventListener(
    'online',
    () =>
      setTimeout(() => {
        if (!signal.aborted) retry()
      }, settleMs),
    { once: true, signal },
  )
}
