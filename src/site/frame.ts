/** What every page has around its task: the header's state, the way onward, and word of missing set-up. */

import { auth } from './auth/auth.ts'
import { config } from './config.ts'
import { type Arrival, takeArrival } from './journey.ts'
import { arrivalMessages, describeConfigProblem, messages } from './messages.ts'
import { currentNext, isOnWayIn, withNext } from './routes.ts'
import { showNotice } from './ui/notice.ts'
import { announce } from './ui/status.ts'

/** @returns whether a user pool is configured; if not, the page has said so and offers nothing more */
export function startPage(): boolean {
  handNextOn()
  showWhoIsHere()
  auth.onSessionChange(showWhoIsHere)
  // A page brought back as it was left may show a header of another time.
  window.addEventListener('pageshow', showWhoIsHere)
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
