/** Ride page, for signed-in riders: who they are, and the ID token that the ride API will ask for. */

import type { Session } from '../auth/session.ts'
import { config } from '../config.ts'
import { startPage } from '../frame.ts'
import { describeError, messages } from '../messages.ts'
import { openSignedInPage, type SignedInPage } from '../signed-in-page.ts'
import { createElement, requireElement } from '../ui/elements.ts'
import { announce } from '../ui/status.ts'

const timeLeft = requireElement('#time-left', HTMLElement)
const tokenText = requireElement('#id-token', HTMLElement)
const claims = requireElement('#claims', HTMLElement)
const who = requireElement('#who', HTMLElement)

let expiresAtMs = 0

if (startPage()) {
  const page = openSignedInPage({ show, hide })
  requireElement('#copy-token', HTMLButtonElement).addEventListener(
    'click',
    () => void copyToken(page),
  )
  setInterval(showTimeLeft, 1000)
  void page.refresh()
}

function show(session: Session): void {
  expiresAtMs = session.expiresAtMs
  who.textContent = session.email ?? session.username
  requireElement('#api-missing', HTMLElement).hidden =
    config.kind === 'configured' && config.api.invokeUrl !== undefined
  tokenText.textContent = session.idToken.jwt
  claims.replaceChildren(
    ...Object.entries(session.idToken.claims).flatMap(([name, value]) => [
      createElement('dt', name),
      createElement('dd', typeof value === 'string' ? value : JSON.stringify(value)),
    ]),
  )
  showTimeLeft()
}

function hide(): void {
  expiresAtMs = 0
  who.textContent = ''
  tokenText.textContent = ''
  claims.replaceChildren()
}

function showTimeLeft(): void {
  const seconds = Math.floor((expiresAtMs - Date.now()) / 1000)
  timeLeft.textContent = seconds > 0 ? messages.tokenTimeLeft(seconds) : messages.tokenExpired
}

async function copyToken(page: SignedInPage): Promise<void> {
  try {
    await page.act(async (session) => {
      show(session)
      await copy(session.idToken.jwt)
      return () => undefined
    })
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
