/**
 * Prepares the pages that may come next, so that they are there at once: the browser prerenders them by the speculation rules
 * of this page, or what they are made of is prefetched.
 *
 * No page has an effect before it is seen: it sends nothing, stores nothing, and reads nothing of a rider.
 *
 * @see docs/decisions/0025-every-step-at-once.md
 */

import { createElement } from '../lib/elements.ts'
import { isSavingData } from '../lib/saving-data.ts'
import { isAuthPage, isProtectedPage } from '../routes.ts'

/** what the speculation rules select; a link must be rendered to count */
const nextPageClass = 'next-page'
const prefetched = new Set<string>()
/** milliseconds after which a link that is turned to is meant */
const turnMs = 100
/** whether a page that a submit will lead to is prepared */
let isSubmitNear = false

/** The page has been read for a while: prepares what its links lead to, and those that come later when they are turned to. */
export function prerenderLinks(): void {
  if (hasSpeculationRules()) {
    if (!isSubmitNear) for (const link of document.querySelectorAll('a')) prepare(link)
    for (const event of ['pointerover', 'pointerdown', 'focusin'] as const) onLink(event, prepare)
  } else prefetchLinks()
}

/** A press that comes at once must not share the line with a prefetch. */
function prefetchLinks(): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const prepareSoon = (link: HTMLAnchorElement) => {
    clearTimeout(timer)
    timer = setTimeout(() => prepare(link), turnMs)
  }
  onLink('pointerover', prepareSoon)
  onLink('focusin', prepareSoon)
  for (const event of ['pointerdown', 'click'] as const) onLink(event, () => clearTimeout(timer))
}

function onLink(
  event: 'pointerover' | 'pointerdown' | 'focusin' | 'click',
  run: (link: HTMLAnchorElement) => void,
): void {
  document.addEventListener(event, ({ target }) => {
    const link = target instanceof Element ? target.closest('a') : null
    if (link) run(link)
  })
}

/**
 * Prepares this page alone: three more prepared pages showed it 15 ms later, 36 ms on a slow processor.
 *
 * @param path of a page of this site, with query and hash, that a submit will lead to
 */
export function prerenderPage(path: string): void {
  isSubmitNear = true
  for (const link of document.querySelectorAll('a')) link.classList.remove(nextPageClass)
  const link = createElement('a', '', 'visually-hidden')
  link.href = path
  link.tabIndex = -1
  link.ariaHidden = 'true'
  document.body.append(link)
  prepare(link)
}

function prepare(link: HTMLAnchorElement): void {
  if (isSavingData() || !isOtherPage(link)) return
  if (hasSpeculationRules()) link.classList.add(nextPageClass)
  else void prefetchAssets(link.pathname)
}

/** In this language: who wants another one reads this page first. */
function isOtherPage({ origin, pathname, hreflang }: HTMLAnchorElement): boolean {
  const isOfSite = origin === location.origin && !hreflang && pathname !== location.pathname
  return isOfSite && (isAuthPage(pathname) || isProtectedPage(pathname))
}

function hasSpeculationRules(): boolean {
  return HTMLScriptElement.supports?.('speculationrules') === true
}

/** Once. The document is asked for anew all the same; its scripts are kept. */
async function prefetchAssets(path: string): Promise<void> {
  if (prefetched.has(path)) return
  prefetched.add(path)
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
    prefetched.delete(path)
  }
}
