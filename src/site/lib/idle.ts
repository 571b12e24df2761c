/** Work that can wait until the page is drawn. */

/** milliseconds that work may be put off: some browsers report no idle time for minutes */
const idleLimitMs = 1000

/** Runs `work` when the browser has nothing more urgent to do. */
export function whenIdle(work: () => void): void {
  if ('requestIdleCallback' in window) window.requestIdleCallback(work, { timeout: idleLimitMs })
  else setTimeout(work)
}
