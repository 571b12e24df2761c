/** Notices when this site's own headers stop a call: all that `fetch` says is that it failed. */

import { parseUrl } from '../shared/url.ts'

/** origins that the pages' policy has stopped a call to */
const blockedOrigins = new Set<string>()

document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => {
  if (effectiveDirective !== 'connect-src') return
  const url = parseUrl(blockedURI)
  if (url) blockedOrigins.add(url.origin)
})

/**
 * Tells, after a call has failed, whether the policy was the reason.
 *
 * @param url of the call
 * @returns its origin if so
 */
export async function findBlockedOrigin(url: string): Promise<string | undefined> {
  // The browser reports a violation in a task of its own, which comes after the failure.
  for (let tasks = 0; tasks < 3; tasks += 1) await nextTask()
  const { origin } = new URL(url, location.href)
  return blockedOrigins.has(origin) ? origin : undefined
}

/** Timers may be held back in a page that is not seen; messages are not. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(undefined)
  })
}
