/** "Did you mean gmail.com?": a typing error in the domain of an email address, offered and never insisted on. */

import { t } from '../i18n/t.ts'
import { createElement, requireElement } from '../lib/elements.ts'
import { announceToScreenReaders } from '../lib/live-region.ts'
import { afterPress } from './after-press.ts'

/** Binds an email field and the element `#<id>-suggestion`, which is empty until there is one. */
export function bindEmailSuggestion(input: HTMLInputElement): void {
  const place = requireElement(`#${input.id}-suggestion`, HTMLElement)
  input.addEventListener('input', () => place.replaceChildren())
  input.addEventListener('change', () => void suggest())

  async function suggest(): Promise<void> {
    const typed = input.value.trim()
    const domain = await findDomain(typed)
    if (domain === undefined) return
    const text = t('Did you mean {domain}?', { domain })
    const button = createElement('button', text, 'button-link')
    button.type = 'button'
    button.addEventListener('click', () => {
      input.value = typed.slice(0, typed.lastIndexOf('@') + 1) + domain
      place.replaceChildren()
      input.dispatchEvent(new Event('input', { bubbles: true }))
      input.focus()
    })
    afterPress(() => {
      if (input.value.trim() !== typed) return
      place.replaceChildren(button)
      announceToScreenReaders(text)
    })
  }
}

async function findDomain(email: string): Promise<string | undefined> {
  try {
    const { suggestDomain } = await import('./email-typos.ts')
    return suggestDomain(email)
  } catch (error) {
    // The module could not be fetched: there is no suggestion.
    if (error instanceof TypeError) return undefined
    throw error
  }
}
