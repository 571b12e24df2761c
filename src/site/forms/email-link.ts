/** The link in an email: its fragment, `#code=…`, with or without `&email=…`, fills a form in. No server sees it. */

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
  const fragment = parseQuery(url.hash.slice(1))
  const email = fragment.get('email') ?? parseQuery(url.search).get('email') ?? undefined
  const code = fragment.get('code') ?? undefined
  if (email !== undefined || code !== undefined) {
    url.searchParams.delete('email')
    url.hash = ''
    history.replaceState(null, '', url)
  }
  return { email, code }
}

/** Leads to a page of this site with a code. */
export function withEmailLink(path: string, link: { code: string; email?: string }): string {
  return `${path}#${new URLSearchParams(link)}`
}

/** A plus in an address is itself, and no space. */
function parseQuery(query: string): URLSearchParams {
  return new URLSearchParams(query.replaceAll('+', '%2B'))
}
