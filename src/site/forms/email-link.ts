/** The link in an email: its fragment, `#code=…`, with or without `&email=…`, fills a form in. No server sees it. */

import { findLanguageLinks } from '../lib/language-links.ts'
import { createUserValue } from '../lib/tab-state.ts'

/** The code that the account page asks for: it waits while the rider signs in. */
export const linkedCode = createUserValue('linkedCode')

export interface EmailLink {
  readonly email: string | undefined
  readonly code: string | undefined
}

/**
 * Takes code and address from the URL, and out of the address bar and the history. Older links have the address in the
 * query.
 */
export function takeEmailLink(): EmailLink {
  const url = new URL(location.href)
  const { hash } = url
  const fragment = url.hash.slice(1)
  const email = findEmail(fragment) ?? findEmail(url.search) ?? undefined
  const code = new URLSearchParams(fragment).get('code') ?? undefined
  if (email !== undefined || code !== undefined) {
    url.searchParams.delete('email')
    url.hash = ''
    history.replaceState(null, '', url)
    // In another language the page is another one.
    for (const link of findLanguageLinks()) link.hash = hash
  }
  return { email, code }
}

/** Leads to a page of this site with a code. */
export function withEmailLink(path: string, link: { code: string; email?: string }): string {
  return `${path}#${new URLSearchParams(link)}`
}

/** A plus in an address is itself, and no space. */
function findEmail(query: string): string | null {
  return new URLSearchParams(query.replaceAll('+', '%2B')).get('email')
}
