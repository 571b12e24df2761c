/** "Did you mean gmail.com?": a slip in the domain of an e-mail address, offered and never insisted on. */

import { messages } from './messages.ts'
import { createElement, requireElement } from './ui/elements.ts'
import { afterPointer } from './ui/form.ts'
import { readOut } from './ui/status.ts'

/** What slips are judged by: the largest providers, and those whose right names look like a slip of theirs. */
const domains = [
  'gmail.com',
  'googlemail.com',
  'hotmail.com',
  'outlook.com',
  'yahoo.com',
  'icloud.com',
  'protonmail.com',
  'fastmail.com',
  'cloud.com',
  'email.com',
  'hotmail.co.uk',
  'mail.com',
  'protonmail.ch',
  'yahoo.co.uk',
  'ymail.com',
]

/** Binds an e-mail field and the element `#<id>-suggestion`, which is empty at rest. */
export function bindEmailSuggestion(input: HTMLInputElement): void {
  const place = requireElement(`#${input.id}-suggestion`, HTMLElement)
  input.addEventListener('input', () => place.replaceChildren())
  input.addEventListener('change', () => void suggest())

  async function suggest(): Promise<void> {
    const typed = input.value.trim()
    const domain = await findDomain(typed)
    if (domain === undefined) return
    const text = messages.emailSuggestion(domain)
    const button = createElement('button', text, 'toggle')
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

/** @returns a well-known domain that the address's own is a slip of */
async function findDomain(email: string): Promise<string | undefined> {
  try {
    const { default: speller } = await import('@zootools/email-spell-checker')
    // Endings of other domains are left alone: there are a thousand right ones.
    const known = { domains, topLevelDomains: [], secondLevelDomains: [] }
    return speller.run({ email, ...known })?.domain
  } catch (error) {
    // A kindness that could not be fetched is no trouble of the rider's.
    if (error instanceof TypeError) return undefined
    throw error
  }
}
