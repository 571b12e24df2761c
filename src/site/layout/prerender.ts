/** The page a rider comes to next, made or fetched ahead so that it is there at once. */

import { createElement } from '../lib/elements.ts'
import { routes } from '../routes.ts'

/** Pages that read no session and call nobody before somebody sees them. */
const madeAhead: readonly string[] = [routes.ride, routes.account]

/** @param path of a page of this site, with query and hash */
export function prepareNextPage(path: string): void {
  if (!madeAhead.includes(new URL(path, location.href).pathname)) return
  if (HTMLScriptElement.supports?.('speculationrules')) offerToBrowser(path)
  else void fetchAssets(path)
}

/** The page's speculation rules name links of this class; one that is not rendered does not count. */
function offerToBrowser(path: string): void {
  const link = createElement('a', '', 'next-page visually-hidden')
  link.href = path
  link.tabIndex = -1
  link.ariaHidden = 'true'
  document.body.append(link)
}

/** The document itself is never kept; what it is made of is. */
async function fetchAssets(path: string): Promise<void> {
  try {
    const html = await (await fetch(path)).text()
    for (const [, href = ''] of html.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)) {
      const link = createElement('link')
      link.rel = 'prefetch'
      link.href = href
      document.head.append(link)
    }
  } catch (error) {
    // It is fetched again when the rider goes there.
    if (!(error instanceof TypeError)) throw error
  }
}
