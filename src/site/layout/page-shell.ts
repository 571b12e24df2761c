/**
 * What every page has around its task: the header's state, the way onward, word of a lost network, and of
 * what is missing for anyone to sign in here.
 */

import { arrivalWords, frameWords } from '#words/frame.ts'
import { isSignedIn, onSessionChange } from '../auth/session/token-storage.ts'
import { config } from '../config.ts'
import { fetchPart, whenIdle } from '../lib/lazy-import.ts'
import { announce } from '../lib/live-region.ts'
import { type Arrival, takeArrival } from '../lib/tab-state.ts'
import { currentNext, isOnWayIn, withNext } from '../routes.ts'
import type { Hindrance } from './setup-notices.ts'
import { bindThemeSwitch } from './theme.ts'

/**
 * Starts when somebody sees the page: a browser may make it ahead of a visit.
 *
 * @returns whether the page can do its work; if not, it says why and offers nothing more
 */
export async function startPage(): Promise<boolean> {
  await whenActivated()
  whenIdle(bindThemeSwitch)
  handNextOn()
  showWhoIsHere()
  onSessionChange(showWhoIsHere)
  // A page brought back as it was left may show a header of another time.
  window.addEventListener('pageshow', showWhoIsHere)
  window.addEventListener('offline', () => announce(frameWords.offline))
  window.addEventListener('online', () => announce(frameWords.online))
  const hindrance = findHindrance()
  if (hindrance) void tell(hindrance)
  return hindrance === undefined
}

/** @see https://developer.mozilla.org/docs/Web/API/Document/prerendering */
async function whenActivated(): Promise<void> {
  if (!('prerendering' in document && document.prerendering)) return
  await new Promise((resolve) => {
    document.addEventListener('prerenderingchange', resolve, { once: true })
  })
}

function findHindrance(): Hindrance | undefined {
  if (!window.isSecureContext) return 'insecure'
  const isRecent =
    'fetch' in window && 'AbortController' in window && 'getRandomValues' in (window.crypto ?? {})
  if (!isRecent) return 'outdated'
  return config.kind === 'configured' ? undefined : config
}

async function tell(hindrance: Hindrance): Promise<void> {
  for (const button of document.querySelectorAll<HTMLButtonElement>('[type=submit]')) {
    button.disabled = true
  }
  const { showHindrance } = await fetchPart(() => import('./setup-notices.ts'))
  showHindrance(hindrance)
}

/** Says why the rider was brought here, once. */
export function greetArrival(): Arrival | undefined {
  const arrival = takeArrival()
  if (!isArrival(arrival)) return undefined
  announce(arrivalWords[arrival])
  return arrival
}

function isArrival(text: string): text is Arrival {
  return Object.hasOwn(arrivalWords, text)
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
  const state = isSignedIn() ? 'signed-in' : 'signed-out'
  for (const element of document.querySelectorAll<HTMLElement>('[data-auth]')) {
    element.hidden = element.dataset.auth !== state
  }
}
