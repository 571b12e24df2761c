/** "Did you mean gmail.com?": a slip in the domain of an e-mail address, offered and never insisted on. */

import { emailSuggestionWords } from '#words/email-suggestion.ts'
import { createElement, requireElement } from './ui/elements.ts'
import { afterPointer } from './ui/form.ts'
import { readOut } from './ui/status.ts'

/** The largest providers, whose names slips are judged by. */
const providers = [
  'gmail.com',
  'googlemail.com',
  'hotmail.com',
  'outlook.com',
  'yahoo.com',
  'icloud.com',
  'protonmail.com',
  'fastmail.com',
]

/** Names that look like a slip of theirs, and are right. */
const lookalikes = ['cloud', 'email', 'mail', 'mailo', 'qmail', 'ymail']

/** Endings that nobody means: the right names of these providers have many, of many countries. */
const slipsOfCom = /^(?:co|cm|om|con|vom|xom|cim|cmo|ocm|comm|coom|c|)$/

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

/** @returns a provider's domain that the address's own is a slip of */
async function findDomain(email: string): Promise<string | undefined> {
  try {
    const { speller } = await import('./email-speller.ts')
    const known = { domains: providers, topLevelDomains: [], secondLevelDomains: [] }
    const domain = speller.run({ email, ...known })?.domain
    return domain !== undefined && isSlip(email, domain) ? domain : undefined
  } catch (error) {
    // A kindness that could not be fetched is no trouble of the rider's.
    if (error instanceof TypeError) return undefined
    throw error
  }
}

function isSlip(email: string, meant: string): boolean {
  const [, name = '', ending = ''] = /@([^@.]*)\.?([^@]*)$/.exec(email.toLowerCase()) ?? []
  if (lookalikes.includes(name)) return false
  return name !== meant.split('.')[0] || slipsOfCom.test(ending)
}
