/** The page's one live region, `#status`: tells what happened where the focus does not move. */

import { requireElement } from './elements.ts'

/** Shows `text` and has screen readers say it; an empty text clears the region. */
export function announce(text: string): void {
  setStatus(text, { isVisible: true })
}

/**
 * Has screen readers say what the page shows elsewhere. Where a visible text stands in the region already, this
 * one is visible too, so that nothing moves.
 */
export function announceToScreenReaders(text: string): void {
  const { textContent, classList } = requireElement('#status', HTMLElement)
  setStatus(text, { isVisible: textContent !== '' && !classList.contains('visually-hidden') })
}

/** Clears the region if it still says `text`. */
export function clearAnnouncement(text: string): void {
  if (requireElement('#status', HTMLElement).textContent === text) announce('')
}

/** Lets the message scroll away with the page once it covers what gets the focus. */
export function uncoverFocus({ target }: FocusEvent): void {
  // When the browser has scrolled to it.
  requestAnimationFrame(() => {
    if (!(target instanceof HTMLElement) || target.tabIndex < 0) return
    const status = requireElement('#status', HTMLElement)
    const isBelow = target.getBoundingClientRect().top >= status.getBoundingClientRect().bottom
    if (!isBelow) status.classList.add('scrolls')
  })
}

function setStatus(text: string, { isVisible }: { isVisible: boolean }): void {
  const status = requireElement('#status', HTMLElement)
  status.classList.remove('scrolls')
  status.classList.toggle('visually-hidden', !isVisible)
  if (status.textContent !== text) status.textContent = text
}
