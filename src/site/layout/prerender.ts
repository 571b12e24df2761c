/**
 * Prerenders or prefetches the page that comes next, so that it is there at once.
 *
 * @see docs/decisions/0007-fast-first-page.md
 */

import { createElement } from '../lib/elements.ts'
import { isProtectedPage } from '../routes.ts'

/** @param path of a page of this site, with query and hash */
export function prerenderPage(path: string): void {
  // These read no session and call nobody before they are seen.
  if (!isProtectedPage(path)) return
  if (HTMLScriptElement.supports?.('speculationrules')) addPrerenderLink(path)
  else void prefetchAssets(path)
}

/** The page's speculation rules select links of this class; the link must be rendered to count. */
function addPrerenderLink(path: string): void {
  const link = createElement('a', '', 'next-page visually-hidden')
  link.href = path
  link.tabIndex = -1
  link.ariaHidden = 'true'
  document.body.append(link)
}

/** The document is never cached; its scripts are. */
async function prefetchAssets(path: string): Promise<void> {
  try {
    const html = await (await fetch(path)).text()
    for (const [, href = ''] of html.matchAll(/(?:href|src)="([^"]*\/assets\/[^"]+)"/g)) {
      const link = createElement('link')
      link.rel = 'prefetch'
      link.href = href
      document.head.append(link)
    }
  } catch (error) {
    // The browser fetches them again when the page is opened.
    if (!(error instanceof TypeError)) throw error
  }
}
