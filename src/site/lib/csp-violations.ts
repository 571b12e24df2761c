/**
 * Remembers what the Content Security Policy has blocked: to a blocked `fetch` or image the browser only says
 * that it failed.
 */

import { parseUrl } from '../../shared/url.ts'

/** a directive and an origin */
const blocked = new Set<string>()

document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => {
  const url = parseUrl(blockedURI)
  if (url) blocked.add(`${effectiveDirective} ${url.origin}`)
})

/**
 * Tells, after a request has failed, whether the policy was the reason.
 *
 * @param url of the request
 * @param directive of the policy that the request falls under
 * @returns the blocked origin
 */
export async function findBlockedOrigin(
  url: string,
  directive: 'connect-src' | 'img-src',
): Promise<string | undefined> {
  // The browser reports a violation in a task of its own, after the failure.
  for (let tasks = 0; tasks < 3; tasks += 1) await nextTask()
  const { origin } = new URL(url, location.href)
  return blocked.has(`${directive} ${origin}`) ? origin : undefined
}

/** Timers may be held back in a background tab; messages are not. */
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
