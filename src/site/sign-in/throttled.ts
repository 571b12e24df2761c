/**
 * A sign-in that the service refuses because too many riders come at once. The form waits and shows how long; then it is
 * sent once more by itself, where the rider sees it and has not stopped it. One press sends one proof at most: only a
 * sign-in of which nothing was proved yet is sent again, once.
 *
 * @see docs/decisions/0024-a-client-that-behaves-in-a-crowd.md
 */

import type { AuthErrorReason } from '../auth/index.ts'
import type { FormError } from '../forms/submit-result.ts'
import { t } from '../i18n/t.ts'
import { createElement, requireElement } from '../lib/elements.ts'

/** whether the submit under way was not pressed */
let isRepeated = false
document.addEventListener('submit', () => (isRepeated = false), { capture: true })

/** What the form of the password shows, beside what every form shows. */
export function describeThrottled({
  isFirstCall,
}: Extract<AuthErrorReason, { code: 'too-many-requests' }>): Partial<FormError> {
  if (isRepeated || !isFirstCall) return {}
  return {
    text: t('Many riders are signing in right now.'),
    repeat: offerToStop,
  }
}

/** Says below the text what will happen, and lets the rider stop it. @returns does it, and tells whether it has */
function offerToStop(submit: () => void, signal: AbortSignal): () => boolean {
  const button = createElement('button', t('Stop'), 'button-link')
  button.type = 'button'
  const item = createElement('li', `${t('We try once more when the countdown ends.')} `)
  item.append(button)
  const summary = requireElement('#error-summary', HTMLElement)
  requireElement('ul', HTMLElement, summary).append(item)
  let isStopped = false
  const stop = () => {
    isStopped = true
    const hadFocus = item.contains(document.activeElement)
    // It keeps its place: nothing moves.
    item.style.minBlockSize = `${item.getBoundingClientRect().height}px`
    item.textContent = t('Stopped. Press “Sign in” to try again.')
    if (hadFocus) summary.focus()
  }
  button.addEventListener('click', stop)
  signal.addEventListener('abort', () => {
    if (!isRepeated) stop()
  })
  return () => {
    isRepeated = !isStopped && document.visibilityState === 'visible'
    if (isRepeated) submit()
    else stop()
    return isRepeated
  }
}
