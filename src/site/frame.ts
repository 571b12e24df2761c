/**
 * What every page has around its task: the header's state, the way onward, word of a lost network, and of
 * what is missing for anyone to sign in here.
 */

import { auth } from './auth/auth.ts'
import { config } from './config.ts'
import { type Arrival, takeArrival } from './journey.ts'
import { arrivalMessages, describeConfigProblem, messages } from './messages.ts'
import { currentNext, isOnWayIn, withNext } from './routes.ts'
import { showNotice } from './ui/notice.ts'
import { announce } from './ui/status.ts'

/** @returns whether the page can do its work; if not, it has said why and offers nothing more */
export function startPage(): boolean {
  handNextOn()
  showWhoIsHere()
  auth.onSessionChange(showWhoIsHere)
  // A page brought back as it was left may show a header of another time.
  window.addEventListener('pageshow', showWhoIsHere)
  window.addEventListener('offline', () => announce(messages.offline))
  window.addEventListener('online', () => announce(messages.online))
  if (!window.isSecureContext) {
    showNotice({ heading: messages.insecureHeading, paragraphs: messages.insecure })
    return false
  }
  if (
    !(
      'fetch' in window &&
      'AbortController' in window &&
      'getRandomValues' in (window.crypto ?? {})
    )
  ) {
    showNotice({ heading: messages.outdatedHeading, paragraphs: messages.outdated })
    return false
  }
  switch (config.kind) {
    case 'configured':
      return true
    case 'not-configured':
      showNotice({ heading: messages.notConfiguredHeading, paragraphs: messages.notConfigured })
      return false
    case 'invalid':
      showNotice({
        heading: messages.misconfiguredHeading,
        paragraphs: messages.misconfigured,
        items: config.problems.map(describeConfigProblem),
      })
      return false
    default:
      return config satisfies never
  }
}

/** Says why the rider was brought here, once. */
export function greetArrival(): Arrival | undefined {
  const arrival = takeArrival()
  if (arrival) announce(arrivalMessages[arrival])
  return arrival
}

/** Links between the pages on the way in keep where the rider wanted to go. */
function handNextOn(): void {
  const next = currentNext()
  if (next === undefined) return
  for (const link of document.querySelectorAll('a')) {
    if (isOnWayIn(link.pathname)) link.href = withNext(link.pathname, next)
  }
}

function showWhoIsHere(): void {
  const isSignedIn = auth.isSignedIn()
  for (const element of document.querySelectorAll<HTMLElement>('[data-when]')) {
    element.hidden = (element.dataset.when === 'signed-in') !== isSignedIn
  }
}
