/** The one reader of email addresses and user names: the same text is the same name on every page. */

import { parseUrl } from '../../shared/url.ts'

/**
 * Takes away what comes with pasting and is never part of a name: spaces at the edges, invisible characters, and around
 * an address `mailto:`, `Ada <…>` and the punctuation of a sentence. The rest stays as typed.
 */
export function toAccountName(text: string): string {
  const visible = text.replace(/\p{Cf}/gu, '').trim()
  if (!visible.includes('@')) return visible
  const address = visible
    .replace(/^.*<([^<>]+@[^<>]+)>.*$/, '$1')
    .replace(/^mailto:([^?]*).*$/i, '$1')
    .replace(/^["“”‘«(<]+|["“”’»)>.,;:!?]+$/g, '')
    .trim()
  return toAsciiDomain(address)
}

/**
 * Writes an international domain in its ASCII form. Some browsers do so in email fields, none does in text fields,
 * and it must be the same user name on every page.
 */
function toAsciiDomain(address: string): string {
  const at = address.lastIndexOf('@') + 1
  const isInternational = at > 0 && /[^\x20-\x7e]/.test(address.slice(at))
  const url = isInternational ? parseUrl(`http://${address.slice(at)}`) : undefined
  return url ? address.slice(0, at) + url.hostname : address
}
