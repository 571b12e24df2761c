/**
 * What comes of the offer of a passkey:
 *
 *     asked     the user may add one, or not
 *               ── the browser makes one without a question, where it can ──> told
 *               ── "Add a passkey" ──> told, or asked again
 *               ── "Not now" ──> gone, for good
 *     told      they have one ── "Close" ──> gone
 */

import {
  type AddPasskeyOutcome,
  AuthError,
  isRecentSignIn,
  loadPasskeys,
  type Session,
} from '../auth/index.ts'
import { bindSubmitButton } from '../forms/submit-button.ts'
import { done } from '../forms/submit-result.ts'
import { fetchErrorText } from '../forms/to-form-error.ts'
import { t } from '../i18n/t.ts'
import { askInBackground } from '../layout/ask-in-background.ts'
import type { WithSession } from '../layout/protected-page.ts'
import { requireElement } from '../lib/elements.ts'
import { announceToScreenReaders } from '../lib/live-region.ts'
import { NetworkError } from '../lib/network-error.ts'
import { createPasskeyRefusal } from '../lib/tab-state.ts'
import { abortPasskeyRequest } from '../lib/webauthn.ts'
import { hasPasskeyCapability } from '../lib/webauthn-support.ts'

/** milliseconds for which a browser may try to make a passkey without a question */
const silentLimitMs = 5000

const madeText = t('You have a passkey now. Next time, press “Sign in with a passkey”.')

/** Binds the section `#passkey-offer`, and has the browser make a passkey without a question, where it can. */
export async function bindPasskeyOffer(sub: string, withSession: WithSession): Promise<void> {
  const section = requireElement('#passkey-offer', HTMLElement)
  const text = requireElement('#passkey-text', HTMLElement)
  const addButton = requireElement('#passkey-add', HTMLButtonElement)
  const closeButton = requireElement('#passkey-close', HTMLButtonElement)
  const submitButton = bindSubmitButton(addButton, { announcesBusy: true })
  let isAnswered = false
  /** settled when no attempt without a question is under way */
  let silent = Promise.resolve()

  closeButton.disabled = false
  closeButton.addEventListener('click', close)
  addButton.addEventListener('click', () => void add())
  // A page with a request under way cannot go into the back/forward cache.
  window.addEventListener('pagehide', abortPasskeyRequest)
  await run(async (session) => {
    const { listPasskeys } = await loadPasskeys()
    const passkeys = await askInBackground(() => listPasskeys(session), {
      isWanted: () => !isAnswered,
    })
    if (isAnswered) return
    if (passkeys.length > 0) {
      tell(t('You have a passkey. Next time, press “Sign in with a passkey”.'))
      return
    }
    addButton.disabled = false
    if (await hasPasskeyCapability('conditionalCreate')) silent = addSilently(session)
  })

  /** Nothing that goes wrong is shown: the user has asked for nothing. */
  async function addSilently(session: Session): Promise<void> {
    const { addPasskey } = await loadPasskeys()
    const timer = setTimeout(abortPasskeyRequest, silentLimitMs)
    try {
      if ((await addPasskey(session, 'conditional')) === 'added') tell(madeText)
    } catch (error) {
      if (!(error instanceof AuthError)) throw error
    } finally {
      clearTimeout(timer)
    }
  }

  async function add(): Promise<void> {
    if (submitButton.isDisabled()) return
    submitButton.setBusy(true)
    abortPasskeyRequest()
    await silent
    if (!isAnswered) {
      await run(async (session) => {
        if (!isRecentSignIn(session)) {
          tell(t('You signed in a while ago. Add a passkey on your account page.'))
          return
        }
        const { addPasskey } = await loadPasskeys()
        showOutcome(await addPasskey(session))
      })
    }
    submitButton.setBusy(false)
  }

  function showOutcome(outcome: AddPasskeyOutcome): void {
    switch (outcome) {
      case 'added':
        tell(madeText)
        break
      case 'already-registered':
        tell(t('This device already has a passkey for your account.'))
        break
      case 'unsupported':
        tell(
          t(
            "This device can't make a passkey for this site. You can add one on your account page.",
          ),
        )
        break
      case 'canceled':
        show(t('No passkey was made. Try again, or add one later on your account page.'))
        break
      case 'aborted':
        break
      default:
        outcome satisfies never
    }
  }

  /** There is nothing to choose any more. */
  function tell(sentence: string): void {
    isAnswered = true
    const hadFocus = addButton === document.activeElement
    addButton.hidden = true
    closeButton.textContent = t('Close')
    if (hadFocus) closeButton.focus()
    show(sentence)
  }

  function show(sentence: string): void {
    text.textContent = sentence
    announceToScreenReaders(sentence)
  }

  function close(): void {
    if (!isAnswered) createPasskeyRefusal(sub).write('true')
    isAnswered = true
    abortPasskeyRequest()
    section.hidden = true
    requireElement('main', HTMLElement).focus()
  }

  async function run(work: (session: Session) => Promise<void>): Promise<void> {
    try {
      await withSession(async (session) => {
        await work(session)
        return done()
      })
    } catch (error) {
      if (!(error instanceof AuthError || error instanceof NetworkError)) throw error
      show(await fetchErrorText(error))
    }
  }
}
