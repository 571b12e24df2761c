/** The list of cards beside them on a wide screen, in which the one being read is marked. */

import { requireElement } from '../lib/elements.ts'

/** Binds the links to cards in `#contents`. */
export function bindContents(): void {
  const links = [...requireElement('#contents', HTMLElement).querySelectorAll('a')]
  const cards = links.map(({ hash }) => requireElement(hash, HTMLElement))

  function markCurrent(): void {
    const boxes = cards.map((card) => card.getBoundingClientRect())
    const current = findCurrent({
      boxes,
      target: links.findIndex(({ hash }) => hash === location.hash),
      height: innerHeight,
      progress: scrollY / Math.max(1, document.documentElement.scrollHeight - innerHeight),
    })
    for (const [index, link] of links.entries()) {
      link.ariaCurrent = index === current ? 'true' : null
    }
  }

  new ResizeObserver(markCurrent).observe(document.documentElement)
  document.addEventListener('scroll', markCurrent, { passive: true })
  window.addEventListener('hashchange', markCurrent)
}

/**
 * Which card is being read: the one that the URL names while all of it is in view, so that a link marks its own
 * card; else the one at a line that moves down the window as the page is scrolled, so that the last ones get there.
 *
 * @param view `boxes`: of the cards, from the window's top, pixels; `target`: index of the card that the URL
 *   names, or -1; `height`: of the window; `progress`: of scrolling, from 0 to 1
 * @returns an index
 */
export function findCurrent({
  boxes,
  target,
  height,
  progress,
}: {
  readonly boxes: readonly { readonly top: number; readonly bottom: number }[]
  readonly target: number
  readonly height: number
  readonly progress: number
}): number {
  const named = boxes[target]
  if (named && named.top >= 0 && named.bottom <= height) return target
  const line = height * Math.min(Math.max(progress, 0.25), 1)
  return Math.max(
    0,
    boxes.findLastIndex(({ top }) => top <= line),
  )
}
