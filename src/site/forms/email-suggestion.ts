/** "Did you mean gmail.com?": a slip in the domain of an e-mail address, offered and never insisted on. */

import { emailSuggestionWords } from '#words/email-suggestion.ts'
import { createElement, requireElement } from '../lib/elements.ts'
import { readOut } from '../lib/live-region.ts'
import { afterPointer } from './bind-form.ts'

/** Binds an e-mail field and the element `#<id>-suggestion`, which is empty at rest. */
export function bindEmailSuggestion(input: HTMLInputElement): void {
  const place = requireElement(`#${input.id}-suggestion`, HTMLElement)
  input.addEventListener('input', () => place.replaceChildren())
  input.addEventListener('change', () => void suggest())

  async function suggest(): Promise<void> {
    const typed = input.value.trim()
    const domain = await findDomain(typed)
    if (domain === undefined) return
    const text = emailSuggestionWords.didYouMean(domain)
    const button = createElement('button', text, 'button-link')
    button.type = 'button'
    button.addEventListener('click', () => {
      input.value = typed.slice(0, typed.lastIndexOf('@') + 1) + domain
      place.replaceChildren()
      input.dispatchEvent(new Event('input', { bubbles: true }))
      input.focus()
    })
    afterPointer(() => {
      if (input.value.trim() !== typed) return
      place.replaceChildren(button)
      readOut(text)
    })
  }
}

async function findDomain(email: string): Promise<string | undefined> {
  try {
    const { findMeantDomain } = await import('./email-typos.ts')
    return findMeantDomain(email)
  } catch (error) {
    // A kindness that could not be fetched is no trouble of the rider's.
    if (error instanceof TypeError) return undefined
    throw error
  }
}
