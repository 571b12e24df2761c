/**
 * Ride page, for signed-in riders only. Shows nothing personal before it knows who is there; leaves to
 * sign-in when nobody is, or no longer.
 */

import { auth } from '../auth/auth.ts'
import type { Session } from '../auth/session.ts'
import { config } from '../config.ts'
import { startPage } from '../frame.ts'
import { announceArrival } from '../journey.ts'
import { describeError, messages } from '../messages.ts'
import { replaceWith, routes, withNext } from '../routes.ts'
import { createElement, requireElement } from '../ui/elements.ts'
import { announce } from '../ui/status.ts'

const checking = requireElement('#checking', HTMLElement)
const trouble = requireElement('#trouble', HTMLElement)
const content = requireElement('#content', HTMLElement)
const timeLeft = requireElement('#time-left', HTMLElement)
const tokenText = requireElement('#id-token', HTMLElement)

let shown: Session | undefined

if (startPage()) {
  checking.hidden = false
  requireElement('#sign-out', HTMLButtonElement).addEventListener('click', signOut)
  requireElement('#copy-token', HTMLButtonElement).addEventListener('click', () => void copyToken())
  requireElement('#try-again', HTMLButtonElement).addEventListener('click', () => void check())
  auth.onSessionChange(() => void check())
  // Back may bring the page up as it was left, after somebody signed out; a laptop wakes hours later.
  window.addEventListener('pageshow', ({ persisted }) => {
    if (persisted) void check()
  })
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') void check()
  })
  setInterval(showTimeLeft, 1000)
  void check()
}

/** Shows the page to whoever is signed in, and to nobody else. */
async function check(): Promise<void> {
  try {
    const session = await auth.session()
    if (session) show(session)
    else leave('session-ended')
  } catch (error) {
    checking.hidden = true
    requireElement('p', HTMLElement, trouble).textContent = describeError(error)
    trouble.hidden = false
  }
}

function leave(arrival: 'session-ended' | 'signed-out'): void {
  hide()
  if (arrival === 'signed-out' || shown) announceArrival(arrival)
  const wanted = location.pathname + location.search + location.hash
  replaceWith(arrival === 'signed-out' ? routes.signIn : withNext(routes.signIn, wanted))
}

function hide(): void {
  content.hidden = true
  tokenText.textContent = ''
  requireElement('#claims', HTMLElement).replaceChildren()
}

function show(session: Session): void {
  shown = session
  requireElement('#who', HTMLElement).textContent = session.email ?? session.username
  requireElement('#api-missing', HTMLElement).hidden =
    config.kind === 'configured' && config.api.invokeUrl !== undefined
  tokenText.textContent = session.idToken.jwt
  requireElement('#claims', HTMLElement).replaceChildren(
    ...Object.entries(session.idToken.claims).flatMap(([name, value]) => [
      createElement('dt', name),
      createElement('dd', typeof value === 'string' ? value : JSON.stringify(value)),
    ]),
  )
  showTimeLeft()
  checking.hidden = true
  trouble.hidden = true
  content.hidden = false
}

function showTimeLeft(): void {
  if (!shown) return
  const seconds = Math.floor((shown.expiresAtMs - Date.now()) / 1000)
  const text = seconds > 0 ? messages.tokenTimeLeft(seconds) : messages.tokenExpired
  const isJustOver = text === messages.tokenExpired && timeLeft.textContent !== text
  timeLeft.textContent = text
  if (isJustOver) void check()
}

async function copyToken(): Promise<void> {
  try {
    const session = await auth.session()
    if (!session) return leave('session-ended')
    show(session)
    await copy(session.idToken.jwt)
  } catch (error) {
    announce(describeError(error))
  }
}

async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
    announce(messages.tokenCopied)
  } catch (error) {
    if (!(error instanceof DOMException || error instanceof TypeError)) throw error
    // No clipboard here, or not allowed: the rider copies what is selected.
    getSelection()?.selectAllChildren(tokenText)
    announce(messages.tokenSelected)
  }
}

function signOut(): void {
  auth.signOut()
  leave('signed-out')
}
