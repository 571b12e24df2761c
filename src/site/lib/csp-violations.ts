/** Notices when this site's own headers stop a call or a picture: all that the browser says there is that it failed. */

import { parseUrl } from '../../shared/url.ts'

/** what the pages' policy has stopped: a directive and an origin */
const blocked = new Set<string>()

document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => {
  const url = parseUrl(blockedURI)
  if (url) blocked.add(`${effectiveDirective} ${url.origin}`)
})

/**
 * Tells, after something has failed, whether the policy was the reason.
 *
 * @param url of the call or picture
 * @param directive of the policy that is about it
 * @returns its origin if so
 */
export async function findBlockedOrigin(
  url: string,
  directive: 'connect-src' | 'img-src',
): Promise<string | undefined> {
  // The browser reports a violation in a task of its own, which comes after the failure.
  for (let tasks = 0; tasks < 3; tasks += 1) await nextTask()
  const { origin } = new URL(url, location.href)
  return blocked.has(`${directive} ${origin}`) ? origin : undefined
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
